#pragma once
#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::lab {

/// One thing wrong with a scenario file: a sentence without a final full stop that says what is
/// wrong and what to write instead.
struct Complaint {
  std::string file;
  int line = 0;  ///< from 1; 0 where the whole file is meant
  std::string text;
  int column = 0;  ///< of characters, from 1; 0 where the whole line is meant

  /// `file:line: text` or `file:line:column: text`, as editors and compilers print it.
  std::string to_string() const;
  friend auto operator<=>(const Complaint&, const Complaint&) = default;
};

/// Collects the complaints about one file, so that its author sees all of them in one go.
class Complaints {
 public:
  explicit Complaints(std::string file) : file_(std::move(file)) {}

  /// Beyond kMost it is only counted. A text that quotes much loses its middle.
  void add(int line, std::string text);
  /// One about another file, which this one refers to.
  void add(Complaint complaint);
  bool empty() const { return list_.empty(); }
  /// What would be said now is not kept, so that nobody needs to find words for it.
  bool full() const { return list_.size() >= kMost; }
  const std::string& file() const { return file_; }
  /// In the order of their lines, each once, those about other files behind; last, how many there
  /// are beside them.
  std::vector<Complaint> sorted() const;

 private:
  static constexpr std::size_t kMost = 200;

  std::string file_;
  std::vector<Complaint> list_;
  std::size_t left_out_ = 0;
};

/// The candidate that `word` is most likely a misspelling of; empty where none is near enough.
std::string_view nearest(std::string_view word, std::span<const std::string> candidates);

/// ` (did you mean 'latency'?)`, or nothing where no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

/// `a, b or c`; of many words the first, and how many more there are.
std::string any_of(std::span<const std::string> words);

}  // namespace provlab::lab
