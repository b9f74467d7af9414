#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/capture/byte_streams.hpp"
#include "sim/lab/capture/phone_traffic.hpp"
#include "sim/lab/importing/anonymise.hpp"
#include "tests/fuzz/targets.hpp"

namespace provlab::fuzz {

namespace {

using namespace lab;

bool is_sentence(std::string_view text) {
  return !text.empty() && text.size() < 500;
}

std::string stream_problem(const SeenStream& stream) {
  std::pair<std::size_t, std::int64_t> last{0, INT64_MIN};
  for (const auto& [place, time] : stream.arrivals) {
    if (place < last.first || time < last.second) return "octets that arrive before their time";
    last = {place, time};
  }
  return last.first > stream.octets.size() ? "an octet behind the end of its stream" : "";
}

std::string traffic_problem(const PhoneTraffic& traffic, std::size_t octets) {
  if (!std::ranges::is_sorted(traffic.packets, {}, &SeenPacket::time)) return "packets in disorder";
  std::size_t carried = 0;
  for (const SeenPacket& packet : traffic.packets) carried += packet.payload.size();
  // No compressed input: a fragment of 8 octets takes at least a block.
  if (carried > octets) return "more octets than the capture has";
  for (const SeenConnection& connection : connections_of(traffic.packets)) {
    for (const SeenStream* stream : {&connection.to_server, &connection.to_client}) {
      if (auto problem = stream_problem(*stream); !problem.empty()) return problem;
    }
  }
  return {};
}

}  // namespace

std::string capture(std::string_view input) {
  if (input.starts_with("\x1f\x8b") && input.size() > 4096) return {};
  auto reader = CaptureReader::of_octets(std::string(input));
  if (!reader) return is_sentence(reader.error().text) ? "" : "refused without a sentence";
  const PhonesInFile found = find_phones(**reader);
  if (!found.trouble.empty() && !is_sentence(found.trouble)) return "a trouble without a sentence";
  for (const SeenPhone& phone : found.phones) {
    auto again = CaptureReader::of_octets(std::string(input));
    if (!again) return "refused the second time";
    const PhoneTraffic traffic = traffic_of(**again, phone);
    if (traffic.frames != found.frames) return "other frames the second time";
    if (input.starts_with("\x1f\x8b")) continue;
    if (auto problem = traffic_problem(traffic, input.size()); !problem.empty()) return problem;
    if (&phone - found.phones.data() == 3) break;
  }
  return {};
}

std::string anonymise(std::string_view input) {
  constexpr std::string_view kSecret = "Zq9xTr0ub4dor";
  static lab::StandIns fresh;
  const std::size_t half = input.size() / 2;
  for (const std::string_view before : {"<password>", "<a>", "", "<url>http://kunde.de/"}) {
    lab::StandIns stand_ins = fresh;
    std::string document(input.substr(0, half));
    document.append(before).append(kSecret).append(before.empty() ? "" : "<");
    document += input.substr(half);
    // A name of an element or an attribute is the settings' own language.
    if (before.empty() && document.find('<') < half) continue;
    const std::string written = lab::anonymised_document(document, stand_ins);
    if (written.find(kSecret) != std::string::npos) return "a secret that is still there";
    if (lab::anonymised_document(document, stand_ins) != written) return "other stand-ins";
  }
  // A name of an element stays, in UTF-16 too.
  std::string wide = "\xff\xfe";
  const std::string_view front = input.substr(0, half);
  const std::string narrow = front.find('<') < half ? "" : std::string(front);
  for (const char c : narrow + "<a>" + std::string(kSecret) + "</a>") wide.append({c, '\0'});
  std::string hidden;
  for (const char c : kSecret) hidden.append({c, '\0'});
  lab::StandIns others = fresh;
  if (lab::anonymised_document(wide, others).find(hidden) != std::string::npos) {
    return "a secret that is still there in UTF-16";
  }
  const std::string url = std::string(input.substr(0, half)) + "/" + std::string(kSecret);
  lab::StandIns stand_ins = fresh;
  if (lab::anonymised_url(url, stand_ins).find(kSecret) != std::string::npos) {
    return "a secret that is still in the URL";
  }
  return {};
}

}  // namespace provlab::fuzz
