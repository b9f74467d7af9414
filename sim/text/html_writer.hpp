#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace provlab {

/// Text that is safe between tags and in attributes of HTML and XML alike: markup is escaped, and
/// what nobody should obey or overlook is made visible (sim/text/visible.hpp).
std::string html_escaped(std::string_view text);

/// Writes elements that are well-formed XML and mean the same to an HTML parser. Everything that
/// goes in is escaped, except through raw().
class HtmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// An attribute without a value here is left out.
  void open(std::string_view element, Attributes attributes = {});
  void close();  ///< the element opened last
  void text(std::string_view text);
  /// An element that holds just this text.
  void element(std::string_view element, std::string_view text, Attributes attributes = {});
  void empty(std::string_view element, Attributes attributes = {});  ///< `<br/>` and its like
  void raw(std::string_view markup) { out_ += markup; }

  std::string take();  ///< the text; every element must be closed

 private:
  void start(std::string_view element, Attributes attributes);
  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace provlab
