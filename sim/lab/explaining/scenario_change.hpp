#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>

/// What is changed in the `scenario` element of a draft. Element and attribute names are those of
/// the language; what is already there is changed, and what is missing is put in its place.
namespace provlab::lab {

/// The child, made where it is missing, behind those that the language wants before it.
pugi::xml_node part_of(pugi::xml_node scenario, std::string_view name);

void put_attribute(pugi::xml_node node, const char* name, const std::string& value);

/// The nth packet of those from one to the other is lost.
void add_loss(pugi::xml_node scenario, const std::string& from, const std::string& to,
              std::string_view protocol, unsigned nth);
void put_setting(pugi::xml_node scenario, const std::string& path, const std::string& value);
/// Of several entries of a list: the setting stands beside those that are there.
void add_setting(pugi::xml_node scenario, const std::string& path, const std::string& value);
void put_knob(pugi::xml_node scenario, const std::string& name, const std::string& value);

/// One request, as rules count them.
struct AskedOnce {
  std::string kind;     ///< of the responder
  std::string host;     ///< id
  std::string request;  ///< as rules name it
  unsigned nth = 1;
};
/// The element that says how it is answered, of a rule for it alone, which is made where there is
/// none: `answer`, `nak` or `raw`. Null where there is no such responder, or no answer.
pugi::xml_node answer_to(pugi::xml_node scenario, const AskedOnce& asked);

}  // namespace provlab::lab
