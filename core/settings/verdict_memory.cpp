#include "core/settings/verdict_memory.hpp"

#include "core/platform/checksum.hpp"

namespace provlab::settings {

VerdictMemory& VerdictMemory::of_this_thread() {
  thread_local VerdictMemory memory;
  return memory;
}

std::optional<bool> VerdictMemory::find(const void* judge, std::string_view text) const {
  if (text.size() > kLongest) return std::nullopt;
  const Entry& entry = entries_[place_of(judge, text)];
  if (entry.judge != judge || entry.text != text) return std::nullopt;
  return entry.valid;
}

void VerdictMemory::keep(const void* judge, std::string_view text, bool valid) {
  if (text.size() > kLongest) return;
  Entry& entry = entries_[place_of(judge, text)];
  entry.judge = judge;
  entry.text = text;
  entry.valid = valid;
}

/// Where a text is kept depends on addresses, which differ from run to run; what is answered does
/// not.
std::size_t VerdictMemory::place_of(const void* judge, std::string_view text) {
  const auto basis = reinterpret_cast<std::uintptr_t>(judge) ^ text.size();
  return (checksum_of(text, basis) * 0x9E3779B97F4A7C15U >> 40) % kPlaces;
}

}  // namespace provlab::settings
