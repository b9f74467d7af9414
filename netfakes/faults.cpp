#include "netfakes/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace provlab::netfakes {

namespace {

constexpr std::uint8_t kFiller = 'X';
constexpr std::string_view kCallIdMarker = "{call-id}";
constexpr std::string_view kBranchMarker = "{branch}";

bool fits(OctetRange range, std::size_t size) {
  return range.size > 0 && range.offset + range.size <= size;
}

/// Puts `value` in place of a marker; false where there is none.
bool put_marked(Bytes& raw, std::string_view marker, BytesView value) {
  const auto found = std::search(raw.begin(), raw.end(), marker.begin(), marker.end());
  if (found == raw.end()) return false;
  const auto at = raw.erase(found, found + static_cast<std::ptrdiff_t>(marker.size()));
  raw.insert(at, value.begin(), value.end());
  return true;
}

/// The branch in the topmost Via of a SIP message; empty for other messages.
BytesView branch_of(BytesView message) {
  const std::string_view text = text_of(message);
  const std::size_t start = text.find(";branch=");
  if (start == std::string_view::npos) return {};
  const std::size_t first = start + std::string_view(";branch=").size();
  return message.subspan(first, std::min(text.find_first_of(";,\r\n", first), text.size()) - first);
}

/// The raw octets with the transaction of the message that they stand for. SIP has it at no fixed
/// place: octets without markers stay as they are.
void put_transaction(Bytes& raw, BytesView message, OctetRange place) {
  if (!fits(place, message.size())) return;
  const BytesView right = message.subspan(place.offset, place.size);
  const BytesView branch = branch_of(message);
  put_marked(raw, kBranchMarker, branch);
  if (put_marked(raw, kCallIdMarker, right) || !branch.empty()) return;
  if (fits(place, raw.size())) {
    std::copy(right.begin(), right.end(), raw.begin() + static_cast<std::ptrdiff_t>(place.offset));
  }
}

/// Which octets of a message of this size become others, in ascending order.
std::vector<std::size_t> corrupted_places(const Faults::Corruption& corruption, std::size_t size,
                                          Random& random) {
  std::vector<std::size_t> places;
  if (corruption.from) {
    for (std::size_t i = *corruption.from; i < size && places.size() < corruption.octets; ++i) {
      places.push_back(i);
    }
    return places;
  }
  const std::size_t wanted = std::min(corruption.octets, size);
  while (places.size() < wanted) {
    const std::size_t place = random.below(size);
    const auto at = std::lower_bound(places.begin(), places.end(), place);
    if (at == places.end() || *at != place) places.insert(at, place);
  }
  return places;
}

std::string list(const std::vector<std::size_t>& places) {
  constexpr std::size_t kShown = 8;
  const auto shown = std::min(places.size(), kShown);
  return fmt::format(
      "octet {}{}",
      fmt::join(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
      places.size() > shown ? fmt::format(" and {} more", places.size() - shown) : "");
}

}  // namespace

Bytes spoil(const Faults& faults, BytesView message, OctetRange transaction, Random& random,
            FaultSink sink) {
  Bytes octets(message.begin(), message.end());
  if (faults.raw) {
    octets = *faults.raw;
    if (faults.transaction == Faults::Transaction::right) {
      put_transaction(octets, message, transaction);
    }
    sink({"raw", fmt::format("{} octets of the scenario", octets.size())});
  }
  if (faults.transaction == Faults::Transaction::wrong && fits(transaction, octets.size())) {
    // The lowest bit: text stays text.
    octets[transaction.offset] ^= 1;
    sink({"wrong-transaction", fmt::format("octet {}", transaction.offset)});
  }
  if (faults.corruption && !octets.empty()) {
    const auto places = corrupted_places(*faults.corruption, octets.size(), random);
    for (const std::size_t place : places) {
      octets[place] ^= static_cast<std::uint8_t>(1 + random.below(255));
    }
    sink({"corrupt", list(places)});
  }
  if (faults.cut && *faults.cut < octets.size()) {
    sink({"cut", fmt::format("{} of {} octets", *faults.cut, octets.size())});
    octets.resize(*faults.cut);
  }
  if (faults.grow && *faults.grow > octets.size()) {
    sink({"grow", fmt::format("{} octets made {}", octets.size(), *faults.grow)});
    octets.resize(*faults.grow, kFiller);
  }
  return octets;
}

}  // namespace provlab::netfakes
