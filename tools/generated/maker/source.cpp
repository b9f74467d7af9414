#include "tools/generated/maker/source.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::mutants {

Source::Source(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)) {
  lines_.push_back(0);
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (text_[at] == '\n') lines_.push_back(at + 1);
  }
}

std::uint32_t Source::take(std::size_t at, const std::string& function, const std::string& kind,
                           const std::vector<std::string>& changes) {
  const auto after = std::ranges::upper_bound(lines_, at);
  const auto line = static_cast<int>(after - lines_.begin());
  const std::size_t begin = lines_[static_cast<std::size_t>(line) - 1];
  std::string_view written = text(begin, after == lines_.end() ? text_.size() : *after - 1);
  written.remove_prefix(std::min(written.find_first_not_of(" \t"), written.size()));
  const std::string short_path = path_.substr(path_.find('/') + 1);
  if (left_out_.contains(fmt::format("{}:{}", path_, line))) {
    leave(Left::uncompiled, function, kind, changes.size());
    return 0;
  }
  int& ordinal = ordinals_[function + ':' + kind];
  const auto first = static_cast<std::uint32_t>(mutants_.size() + 1);
  std::uint32_t number = first;
  for (const std::string& change : changes) {
    mutants_.push_back({number++, fmt::format("{}:{}:{}.{}", short_path, function, kind, ++ordinal),
                        path_, line, kind, change, std::string(written)});
    std::ranges::replace(mutants_.back().text, '\t', ' ');
    std::ranges::replace_if(
        mutants_.back().change, [](char c) { return c == '\t' || c == '\n'; }, ' ');
  }
  return first;
}

std::uint32_t Source::number_from(std::uint32_t base) {
  constexpr std::uint32_t kBlock = 128;
  base_ = base;
  for (Mutant& mutant : mutants_) mutant.number += base;
  const auto count = static_cast<std::uint32_t>(mutants_.size());
  return base + (count + kBlock - 1) / kBlock * kBlock;
}

std::string Source::rewritten(const std::string& root) const {
  return fmt::format(
      "#include \"tools/generated/switch.hpp\"\n#undef PROVLAB_MUTANT\n"
      "#define PROVLAB_MUTANT(number) ({}U + number##U)\n#line 1 \"{}/{}\"\n{}",
      base_, root, path_, rewriting_.apply(text_));
}

}  // namespace provlab::mutants
