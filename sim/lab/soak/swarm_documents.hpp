#pragma once
#include <pugixml.hpp>
#include <string>

#include "core/platform/device_identity.hpp"
#include "sim/lab/soak/draw.hpp"

namespace provlab::lab {

/// Makes documents that a phone can apply as a whole, and puts them as files of web servers into a
/// scenario.
class SwarmDocuments {
 public:
  /// `http` is the server's element and `server` its URL; everything drawn comes from `draw`.
  SwarmDocuments(Draw& draw, pugi::xml_node http, std::string server, DeviceType type,
                 Release release)
      : draw_(draw), http_(http), server_(std::move(server)), type_(type), release_(release) {}

  /// A file with a document of any type, and those that it refers to; gives its path.
  std::string add();
  /// The element of a document of patch or operations type, as child of `parent`.
  void write(pugi::xml_node parent);

 private:
  std::string add(unsigned level);
  void patch(pugi::xml_node parent);
  void operations(pugi::xml_node parent);
  void references(pugi::xml_node parent, unsigned level);
  /// The path of a setting that is true or false, such as `telephony/callWaiting/active`.
  std::string draw_switch();

  Draw& draw_;
  pugi::xml_node http_;
  std::string server_;
  DeviceType type_;
  Release release_;
  unsigned files_ = 0;
};

}  // namespace provlab::lab
