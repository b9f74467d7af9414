#include "tools/limit_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "sim/lab/suite/runner.hpp"
#include "tools/read_options.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

/// `512MB`, `64KiB`, `2G`, `100000`: octets, by 1,024 whatever the unit is called.
std::optional<std::uint64_t> octets_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number == 0) return std::nullopt;
  std::string unit(stop, text.data() + text.size());
  for (char& c : unit) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (unit.ends_with('B')) unit.pop_back();
  if (unit.ends_with('I')) unit.pop_back();
  const std::string_view units = "KMGT";
  unsigned shift = 0;
  if (!unit.empty()) {
    const auto place = units.find(unit);
    if (unit.size() != 1 || place == std::string_view::npos) return std::nullopt;
    shift = 10 * (static_cast<unsigned>(place) + 1);
  }
  if (number > UINT64_MAX >> shift) return std::nullopt;
  return number << shift;
}

}  // namespace

void LimitOptions::add_options(CLI::App& app, Clock clock) {
  app.add_option("--limit-events", events_,
                 "A run that has more events than this in its trace is stopped and fails (2000000)")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{4'000'000'000}));
  app.add_option("--limit-memory", memory_,
                 "So does one whose trace, captures, and packets on their way take more memory "
                 "(512MB)");
  counts_wall_ = clock == Clock::virtual_time;
  if (!counts_wall_) return;
  add_time(app, "--limit-wall", wall_,
           "So does one that takes longer by the clock of this machine (60s)");
}

std::optional<lab::RunLimits> LimitOptions::limits() const {
  lab::RunLimits limits;
  limits.events = events_;
  const auto octets = octets_of(memory_);
  if (!octets) {
    say(stderr,
        "provlab: --limit-memory: '{}' is no amount of memory; write for example 512MB or 2GB\n",
        memory_);
    return std::nullopt;
  }
  limits.octets = *octets;
  if (wall_ <= Duration::zero()) {
    say(stderr, "provlab: --limit-wall: in no time nothing is played; write for example 60s\n");
    return std::nullopt;
  }
  limits.wall = wall_;
  if (counts_wall_) limits.clock = lab::wall_clock;
  return limits;
}

std::string limit_words(const lab::RunLimits& limits) {
  const lab::RunLimits usual;
  std::string words;
  if (limits.events != usual.events) words += fmt::format(" --limit-events {}", limits.events);
  if (limits.octets != usual.octets) words += fmt::format(" --limit-memory {}", limits.octets);
  return words;
}

}  // namespace provlab::tools
