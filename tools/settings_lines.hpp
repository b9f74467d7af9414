#pragma once
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings/document.hpp"
#include "sim/record/trace.hpp"

namespace provlab::tools {

/// Finds the lines of a document that events of its application are about.
class DocumentLines {
 public:
  /// `bytes` are what the document was read from.
  DocumentLines(std::string_view bytes, const settings::Document& document);

  /// Of the next event, in the order in which they were recorded; nothing where it is about no line
  /// that could be told.
  std::optional<int> line_of(const TraceRecord& record);
  std::optional<int> line_of_section(std::string_view name) const { return line_of(section(name)); }

 private:
  std::optional<int> line_of(pugi::xml_node element) const;
  pugi::xml_node section(std::string_view name) const;
  /// All that a path as the settings write it (`keys/key/@label`) may mean, in the document's
  /// order; where there is none, what it lies in.
  std::vector<pugi::xml_node> meant_by(std::string_view path) const;
  std::optional<int> line_of_rejection(std::string_view section, std::string_view reason) const;

  settings::Document document_;
  std::vector<std::size_t> line_ends_;
  std::map<std::string, std::size_t, std::less<>> seen_;  ///< so many events of a path
  std::size_t operations_ = 0;                            ///< so many events of operations
};

/// `line 7: what is wrong` as the line and the rest; without a line where it says none.
std::pair<std::optional<int>, std::string_view> split_line(std::string_view reason);

}  // namespace provlab::tools
