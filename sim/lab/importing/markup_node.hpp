#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace provlab::lab {

/// An element of a scenario that is being written. Equal ones say the same.
struct MarkupNode {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::vector<MarkupNode> children{};
  std::string text{};    ///< in place of children
  std::string inside{};  ///< markup in place of both
  friend bool operator==(const MarkupNode&, const MarkupNode&) = default;

  MarkupNode& set(std::string_view attribute, std::string value) {
    attributes.emplace_back(attribute, std::move(value));
    return *this;
  }
  MarkupNode& add(MarkupNode child) { return children.emplace_back(std::move(child)); }
  bool has(std::string_view attribute) const;
  /// Empty where it is not there.
  std::string value(std::string_view attribute) const;
  /// It says nothing beside its name.
  bool bare() const {
    return attributes.empty() && children.empty() && text.empty() && inside.empty();
  }
};

/// As the author of a scenario would write it.
std::string markup_text(const MarkupNode& root);

/// Pairs of hexadecimal digits.
std::string pairs_of_hex(std::string_view octets);

/// Whether an attribute can hold it as it is: no control characters, and nothing that is no UTF-8.
bool is_plain_text(std::string_view text);

}  // namespace provlab::lab
