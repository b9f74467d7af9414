#include "sim/lab/play/mishaps.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/platform/text.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

/// Before all else that arrives in the instant.
constexpr auto kRightBehind =
    static_cast<world::Rank>(static_cast<std::int16_t>(world::Rank::delivery) - 1);
/// No run of ours is longer.
constexpr Duration kLongest = std::chrono::hours(24 * 366);

std::string words_of(const Mishap& mishap) {
  switch (mishap.kind) {
    case Mishap::Kind::later:
      return "+" + provlab::to_string(mishap.by);
    case Mishap::Kind::swapped:
      return "swapped";
    case Mishap::Kind::twice:
      return "twice";
    case Mishap::Kind::lost:
      break;
  }
  return "lost";
}

std::optional<Mishap> parse_mishap(std::string_view text) {
  if (text == "lost") return Mishap{Mishap::Kind::lost};
  if (text == "twice") return Mishap{Mishap::Kind::twice};
  if (text == "swapped") return Mishap{Mishap::Kind::swapped};
  if (!text.starts_with('+')) return std::nullopt;
  const auto by = parse_duration(text.substr(1));
  if (!by || *by <= Duration::zero() || *by > kLongest) return std::nullopt;
  return Mishap{Mishap::Kind::later, *by};
}

}  // namespace

std::string mishap_token(const Mishaps& mishaps) {
  std::string token;
  for (const auto& [packet, mishap] : mishaps) {
    token += fmt::format("{}{}:{}", token.empty() ? "" : ",", packet, words_of(mishap));
  }
  return token.empty() ? "natural" : token;
}

bool is_mishap_token(std::string_view token) {
  const std::size_t colon = token.find(':');
  return colon != token.npos && colon > 0 && colon + 1 < token.size() &&
         !is_digit(token[colon + 1]) &&
         token.substr(0, colon).find_first_not_of("0123456789") == token.npos;
}

Expected<Mishaps> parse_mishaps(std::string_view token) {
  Mishaps mishaps;
  if (token == "natural") return mishaps;
  const auto wrong = [&] {
    return fail(
        fmt::format("'{}' is no token of a neighbour; it reads like 12:+1.3ms,15:lost with the "
                    "packets to the phone in their order, each later, swapped, twice or lost",
                    shortened(token)));
  };
  std::size_t last = 0;
  for (std::string_view rest = token;;) {
    const std::string_view piece = rest.substr(0, rest.find(','));
    const std::size_t colon = std::min(piece.find(':'), piece.size());
    std::size_t packet = 0;
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + colon, packet);
    if (error != std::errc() || end != piece.data() + colon || packet <= last) return wrong();
    const auto mishap = parse_mishap(piece.substr(std::min(colon + 1, piece.size())));
    if (!mishap) return wrong();
    mishaps[last = packet] = *mishap;
    if (piece.size() == rest.size()) return mishaps;
    rest.remove_prefix(piece.size() + 1);
  }
}

MishapMaker::MishapMaker(world::World& world, world::VirtualHost& device, Mishaps mishaps)
    : world_(world), device_(device), mishaps_(std::move(mishaps)) {
  world_.network().intercept(device_, this);
}

MishapMaker::~MishapMaker() {
  world_.network().intercept(device_, nullptr);
}

bool MishapMaker::keeps(world::Packet& packet, EventNumber sent) {
  if (passing_ || packet.bare_ack()) return false;
  arrivals_.push_back({world_.now(), sent});
  const auto mishap = mishaps_.find(arrivals_.size());
  if (mishap != mishaps_.end() && make(mishap->second, packet, sent)) return true;
  if (!swapped_ || packet.number == swapped_->packet.number) return false;
  // What waits comes behind this one, when the phone has dealt with it.
  Waiting waiting = *std::move(swapped_);
  swapped_.reset();
  ++came_;
  pass(packet, sent);
  schedule(waiting.packet, waiting.sent, Duration::zero(), kRightBehind);
  return true;
}

/// Whether the packet does not come now.
bool MishapMaker::make(const Mishap& mishap, world::Packet& packet, EventNumber sent) {
  switch (mishap.kind) {
    case Mishap::Kind::lost:
      ++came_;
      world_.network().lose(device_, packet, "lost by a mishap");
      return true;
    case Mishap::Kind::twice:
      ++came_;
      pass(packet, sent);
      pass(packet, sent);
      return true;
    case Mishap::Kind::swapped:
      if (swapped_) return false;
      swapped_ = {packet, sent};
      return true;
    case Mishap::Kind::later:
      break;
  }
  ++came_;
  schedule(packet, sent, mishap.by, world::Rank::delivery);
  return true;
}

void MishapMaker::schedule(const world::Packet& packet, EventNumber sent, Duration by,
                           world::Rank rank) {
  const EventNumber cause = world_.trace().cause();
  world_.trace().set_cause(0);
  world_.queue().schedule(world_.now() + by, rank, [this, packet, sent](error_code error) {
    if (!error) pass(packet, sent);
  });
  world_.trace().set_cause(cause);
}

void MishapMaker::pass(world::Packet packet, EventNumber sent) {
  passing_ = true;
  world_.network().deliver(device_, std::move(packet), sent);
  passing_ = false;
}

}  // namespace provlab::lab
