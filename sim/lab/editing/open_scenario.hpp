#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/language/load.hpp"
#include "sim/lab/markup/grammar.hpp"
#include "sim/lab/markup/loose_document.hpp"

namespace provlab::lab {

/// A scenario that is open in an editor, or watched: its text, whole or broken, and what stands in
/// it.
///  1. What it tells of names and places comes from a loose reading, so it is there while the file
///  is broken.
///  2. What only a valid scenario has is that of the last valid text.
///  3. What an attribute names is said by the types of the schema.
class OpenScenario {
 public:
  /// `file` is how complaints call it; beside it lie the files that it names, or anywhere below
  /// `root` where there is one.
  OpenScenario(std::string text, std::string file, std::string root = {});

  const LooseDocument& loose() const { return *loose_; }
  const std::string& text() const { return loose_->text(); }
  const std::string& file() const { return file_; }
  void set_text(std::string text);

  /// Whether the first element is the language's own: other documents are none of our business.
  bool is_scenario() const;
  /// What `validate` says of the text.
  std::vector<Complaint> judge();

  /// Null for an element that the language does not know, and for what stands in a document.
  const Grammar::ComplexType* type_of(std::size_t element) const;
  /// Null where the element has no such attribute.
  const Grammar::Attribute* type_of(std::size_t element, std::string_view attribute) const;

  struct Named {
    std::string id;
    std::size_t element;
  };
  /// The hosts that the file lists, with their ids.
  std::vector<Named> hosts() const;
  /// Those, and the standard world's where it plays there.
  std::vector<std::string> host_ids() const;
  /// Whether it plays in the standard world, which a file's own hosts may extend.
  bool has_standard_hosts() const;
  /// Answers in the responders and check-syncs that have an id.
  std::vector<Named> answers() const;
  /// What web servers have, by path.
  std::vector<std::string> paths_served() const;

  struct NamedFile {
    std::string path;  ///< as the program opens it
    std::size_t element;
    LooseDocument::Span value;
  };
  std::vector<NamedFile> files() const;

  /// Of the race, as the last valid text had them.
  const std::vector<std::string>& variants() const { return variants_; }

  std::string folder() const;  ///< the file's, with a slash behind it; empty where it has none

 private:
  bool is_inside(std::size_t element, std::string_view name) const;

  std::string file_;
  std::string root_;
  std::unique_ptr<LooseDocument> loose_;
  std::vector<const Grammar::ComplexType*> types_;
  std::vector<std::string> variants_;
};

}  // namespace provlab::lab
