#include "sim/lab/markup/scenario_text.hpp"

#include <sstream>

namespace provlab::lab {

std::string scenario_text(const pugi::xml_document& scenario) {
  std::ostringstream stream;
  scenario.save(stream, "  ", pugi::format_indent | pugi::format_no_declaration);
  // Values have their line ends escaped and texts their '>', so that these are ends of tags.
  std::string text = stream.str();
  for (std::size_t at = text.find(" />\n"); at != std::string::npos; at = text.find(" />\n", at)) {
    text.erase(at, 1);
  }
  return text;
}

pugi::xml_document scenario_tree(const std::string& text) {
  pugi::xml_document document;
  document.load_buffer(text.data(), text.size(),
                       pugi::parse_default | pugi::parse_ws_pcdata_single);
  return document;
}

}  // namespace provlab::lab
