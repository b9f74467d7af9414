#include "tools/generated/judge/minutes.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <ranges>

#include "core/platform/checksum.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "tools/generated/judge/kept_lines.hpp"

namespace provlab::mutants {

namespace {

constexpr std::string_view kRoll = "called";

std::string minutes_heading(std::uint64_t program) {
  return fmt::format("# which scenarios notice which mutants, by program {:016x}\n", program);
}

/// `called 0123456789abcdef ...`: where each of these stands.
std::map<std::uint64_t, std::size_t> roll_of(std::string_view line) {
  std::map<std::uint64_t, std::size_t> roll;
  for (const auto word : line.substr(kRoll.size() + 1) | std::views::split(' ')) {
    std::uint64_t identity = 0;
    std::from_chars(word.data(), word.data() + word.size(), identity, 16);
    roll.emplace(identity, roll.size());
  }
  return roll;
}

std::string to_line(const std::map<std::uint64_t, std::size_t>& roll) {
  std::vector<std::uint64_t> by_place(roll.size());
  for (const auto& [identity, place] : roll) by_place[place] = identity;
  std::string line(kRoll);
  for (const std::uint64_t identity : by_place) line += fmt::format(" {:016x}", identity);
  return line + '\n';
}

}  // namespace

std::uint64_t identity_of_scenario(std::string_view text, const std::string& folder) {
  std::uint64_t identity = checksum_of(text);
  for (const auto part : text | std::views::split('"')) {
    const std::string_view value(part.data(), part.size());
    if (value.empty() || value.size() > 200 || value.find_first_of("<>\n=") != value.npos) continue;
    const auto file = std::filesystem::path(folder) / value;
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) continue;
    const auto content = lab::read_file(file.string(), lab::kMostReportOctets);
    if (content) identity = checksum_of(*content, identity);
  }
  return identity;
}

Expected<Minutes> Minutes::open(const std::string& file, std::uint64_t program) {
  auto lines = keep_lines(file, minutes_heading(program));
  if (!lines) return std::unexpected(lines.error());
  Minutes minutes;
  minutes.file_ = std::move(lines->file);
  for (const auto line : std::string_view(lines->known) | std::views::split('\n')) {
    minutes.read(std::string_view(line.data(), line.size()));
  }
  return minutes;
}

void Minutes::read(std::string_view line) {
  if (line.starts_with(kRoll)) return rolls_.push_back(roll_of(line));
  const std::size_t tab = line.find('\t');
  if (line.starts_with('#') || tab == line.npos || rolls_.empty()) return;
  const std::string_view voices = line.substr(tab + 1);
  if (!voices.empty() && voices.size() != rolls_.back().size()) return;
  entries_[std::string(line.substr(0, tab))].push_back({rolls_.size() - 1, std::string(voices)});
}

Minutes::Answer Minutes::answer(const std::string& mutant, std::uint64_t scenario) const {
  const auto found = entries_.find(mutant);
  if (found == entries_.end()) return Answer::unknown;
  for (const Entry& entry : found->second) {
    const auto place = rolls_[entry.roll].find(scenario);
    if (place == rolls_[entry.roll].end()) continue;
    if (entry.voices.empty()) return Answer::unheard;
    return entry.voices[place->second] == '1' ? Answer::noticed : Answer::silent;
  }
  return Answer::unknown;
}

void Minutes::call(std::vector<std::uint64_t> scenarios) {
  Roll roll;
  for (const std::uint64_t identity : scenarios) roll.emplace(identity, roll.size());
  if (!rolls_.empty() && rolls_.back() == roll) return;
  rolls_.push_back(std::move(roll));
  roll_is_written_ = false;
}

Expected<void> Minutes::write(const std::string& line) {
  if (!file_) return {};
  if (!std::exchange(roll_is_written_, true)) {
    if (const auto kept = file_->append(to_line(rolls_.back())); !kept) return kept;
  }
  return file_->append(line);
}

Expected<void> Minutes::add(const std::string& mutant,
                            const std::optional<std::set<std::uint64_t>>& noticed_by) {
  Entry entry{rolls_.size() - 1, {}};
  if (noticed_by) {
    entry.voices.assign(rolls_.back().size(), '0');
    for (const std::uint64_t identity : *noticed_by) {
      const auto place = rolls_.back().find(identity);
      if (place != rolls_.back().end()) entry.voices[place->second] = '1';
    }
  }
  const auto kept = write(fmt::format("{}\t{}\n", mutant, entry.voices));
  entries_[mutant].push_back(std::move(entry));
  return kept;
}

}  // namespace provlab::mutants
