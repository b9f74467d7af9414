#pragma once
#include <string>
#include <string_view>

/// What the fuzzers feed, and what must hold of it. Each gives what is wrong, or an empty text.
/// libFuzzer drives them (build preset `fuzz`), and the corpora in tests/fuzz/corpus/ are replayed
/// by an ordinary test.
namespace provlab::fuzz {

using Target = std::string (*)(std::string_view input);

/// Any octets as a document: refused with a reason, or read so that its canonical form is the same.
std::string classify(std::string_view input);
/// A patch on a phone in use: what is rejected is untouched, the second time changes nothing.
std::string merge(std::string_view input);
/// Operations on a phone in use.
std::string operations(std::string_view input);

/// A patch of some version on a phone of some release; the way over a release between is the same
/// as the way at once.
std::string migration(std::string_view input);

}  // namespace provlab::fuzz
