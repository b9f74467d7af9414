#include "sim/lab/language/faults_reader.hpp"

#include <fmt/format.h>

#include <map>

namespace provlab::lab {

namespace {

using netfakes::Faults;

constexpr std::size_t kLargestDatagram = 65507;

/// What an answer may be made to have.
constexpr std::size_t kMostOctets = std::size_t{64} << 20;

bool read_stream_faults(const Element& answer, netfakes::StreamFaults& faults) {
  using Then = netfakes::StreamFaults::Then;
  static const std::map<std::string_view, Then> kThen{
      {"close", Then::close}, {"close-at-next", Then::close_at_next}, {"reset", Then::reset}};
  bool any = false;
  for (const auto& [name, target] :
       {std::pair("reset-at", &faults.reset_at), std::pair("stall-at", &faults.stall_at),
        std::pair("drip", &faults.drip), std::pair("chunked", &faults.chunk)}) {
    *target = answer.size(name);
    any = any || target->has_value();
  }
  if (const auto said = answer.get("length")) {
    faults.no_length = *said == "none";
    if (!faults.no_length) faults.length = answer.size("length");
    any = true;
  }
  faults.endless = answer.flag("endless").value_or(false);
  faults.gzip = answer.flag("gzip").value_or(false);
  if (const auto then = answer.get("then")) {
    faults.then = kThen.at(*then);
    any = true;
  }
  return any || faults.endless || faults.gzip;
}

void check_stream_faults(const Element& answer, const Faults& faults) {
  const netfakes::StreamFaults& stream = faults.stream;
  if (stream.drip && faults.gap <= Duration::zero()) {
    answer.complain("drip", "drip needs the time between its pieces; add gap=\"100ms\"");
  }
  if (stream.drip && *stream.drip == 0) {
    answer.complain("drip", "pieces of 0 octets never end; write drip=\"1B\" or more");
  }
  if (stream.chunk && *stream.chunk == 0) {
    answer.complain("chunked", "a chunk of 0 octets is the last one; write chunked=\"1B\" or more");
  }
  if (stream.reset_at && stream.stall_at) {
    answer.complain("stall-at", "reset-at and stall-at exclude each other; keep one of them");
  }
  if (stream.endless && (stream.reset_at || stream.stall_at)) {
    answer.complain("endless", "an endless body cannot stop as well; remove one of the two");
  }
}

void check_faults(const Element& answer, const Faults& faults) {
  if (answer.has("gap") && faults.copies < 2 && !faults.stream.drip) {
    answer.complain(
        "gap",
        "gap is the time between copies=\"2\" of a datagram, or between the pieces of a "
        "drip=\"10B\"; add one of them");
  }
  check_stream_faults(answer, faults);
  if (answer.has("corrupt-from") && !faults.corruption) {
    answer.complain("corrupt-from",
                    "corrupt-from says where the corrupt octets begin; add corrupt=\"1B\"");
  }
  if (faults.cut && faults.grow) {
    answer.complain("grow", "cut and grow exclude each other; keep one of them");
  }
  if (faults.grow && *faults.grow > kLargestDatagram) {
    answer.complain("grow", fmt::format("grow=\"{}\": a datagram has at most {}B",
                                        answer.text("grow"), kLargestDatagram));
  }
}

Bytes raw_octets(const Element& raw) {
  if (raw.has("hex") == raw.has("src")) {
    raw.complain("<raw> has either hex=\"...\" or src=\"...\"; give one of them");
    return {};
  }
  if (const auto hex = raw.octets("hex")) return *hex;
  const auto file = raw.body();
  return file ? Bytes(file->begin(), file->end()) : Bytes();
}

/// `from` of an answer: an address or a host, with or without a port.
std::optional<Endpoint> sender(const Element& answer, const Names& names) {
  const auto text = answer.get("from");
  if (!text) return std::nullopt;
  const std::size_t colon = text->find(':');
  const auto address = names.address(answer, "from", text->substr(0, colon));
  if (!address) return std::nullopt;
  Endpoint from{*address, 0};
  if (colon != std::string::npos) {
    const unsigned long port = std::stoul(text->substr(colon + 1));
    if (port == 0 || port > 65535) {
      answer.complain("from", fmt::format("from=\"{}\": a port goes from 1 to 65535", *text));
    }
    from.port = static_cast<Port>(port);
  }
  return from;
}

}  // namespace

std::shared_ptr<const Faults> read_faults(const Element& answer, const Names& names) {
  Faults faults;
  bool any = false;
  const auto found = [&any](auto& target, auto value) {
    if (!value) return;
    target = *value;
    any = true;
  };
  if (answer.name() == "raw") {
    faults.raw = raw_octets(answer);
    any = true;
  }
  found(faults.cut, answer.size("cut", kMostOctets));
  found(faults.grow, answer.size("grow", kMostOctets));
  found(faults.copies, answer.number("copies"));
  found(faults.from, sender(answer, names));
  if (const auto transaction = answer.get("transaction")) {
    faults.transaction =
        *transaction == "right" ? Faults::Transaction::right : Faults::Transaction::wrong;
    any = true;
  }
  if (answer.text("order") == "after-next") any = faults.after_next = true;
  if (const auto octets = answer.size("corrupt", kMostOctets)) {
    faults.corruption = Faults::Corruption{*octets, answer.size("corrupt-from", kMostOctets)};
    any = true;
  }
  // The last copy comes after all gaps together.
  faults.gap =
      answer.duration("gap", kLongestTime / std::max(faults.copies, 1U)).value_or(Duration::zero());
  any = read_stream_faults(answer, faults.stream) || any;
  check_faults(answer, faults);
  return any ? std::make_shared<const Faults>(std::move(faults)) : nullptr;
}

}  // namespace provlab::lab
