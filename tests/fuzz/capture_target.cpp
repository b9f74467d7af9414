#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/capture/byte_streams.hpp"
#include "sim/lab/capture/phone_traffic.hpp"
#include "sim/lab/importing/anonymise.hpp"
#include "sim/lab/importing/text_codings.hpp"
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

namespace {

constexpr std::string_view kKeptBack = "Zq9xTr0ub4dor";

/// A text as others write it.
struct Form {
  std::string_view name;
  std::string (*written)(std::string_view);
  std::string (*read)(std::string_view);
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += escape(c, true);
  return out;
}
std::string small_hex(std::string_view text) {
  return as_hex(text, "a");
}
std::string capital_hex(std::string_view text) {
  return as_hex(text, "A");
}
std::string hex_read(std::string_view text) {
  return from_hex(text).value_or("no hexadecimal");
}
std::string base64(std::string_view text) {
  return as_base64(text, "=");
}
std::string base64_read(std::string_view text) {
  return from_base64(text).value_or("no base64");
}
std::string wide(std::string_view text) {
  return widened(text, WideOrder::little);
}
std::string wide_read(std::string_view text) {
  return narrowed(text, WideOrder::little);
}
std::string wide_hex(std::string_view text) {
  return small_hex(widened(text, WideOrder::big));
}
std::string wide_hex_read(std::string_view text) {
  return narrowed(hex_read(text), WideOrder::big);
}
std::string plain(std::string_view text) {
  return std::string(text);
}

constexpr std::array<Form, 7> kForms{{{"plain", plain, plain},
                                      {"percent escapes", escaped, percent_decoded},
                                      {"small hexadecimal", small_hex, hex_read},
                                      {"capital hexadecimal", capital_hex, hex_read},
                                      {"base64", base64, base64_read},
                                      {"UTF-16", wide, wide_read},
                                      {"UTF-16 in hexadecimal", wide_hex, wide_hex_read}}};

/// Wherever it stands, and in whatever form, it does not stay. The input says in which form where.
std::string secret_problem(std::string_view input) {
  const std::size_t half = input.size() / 2;
  std::size_t next = input.empty() ? 0 : static_cast<unsigned char>(input.back());
  for (const std::string_view before : {"<password>", "<a>", "", "<url>http://kunde.de/"}) {
    const Form& form = kForms.at(next++ % kForms.size());
    lab::StandIns stand_ins;
    const std::string hidden = form.written(kKeptBack);
    std::string document(input.substr(0, half));
    document.append(before).append(hidden).append(before.empty() ? "" : "<");
    document += input.substr(half);
    // A name of an element or an attribute is the settings' own language.
    if (before.empty() && document.find('<') < half) continue;
    const std::string written = lab::anonymised_document(document, stand_ins);
    if (written.find(hidden) != std::string::npos || written.find(kKeptBack) != std::string::npos) {
      return fmt::format("a secret that is still there in {}", form.name);
    }
    if (lab::anonymised_document(document, stand_ins) != written) return "other stand-ins";
  }
  return {};
}

/// The same original has the same stand-in in every form; `word`: letters and digits.
std::string equality_problem(std::string_view word) {
  lab::StandIns stand_ins;
  const auto in_element = [&](const std::string& value) {
    const std::string out = lab::anonymised_document("<a>" + value + "</a>", stand_ins);
    return out.substr(3, out.size() - 7);
  };
  const std::string stand_in = in_element(std::string(word));
  if (stand_in == word) return {};  // a word of the settings' own language, or a number
  for (const Form& form : kForms) {
    const std::string hidden = form.written(word);
    if (form.read(hidden) != word) continue;  // too short for that form
    if (form.read(in_element(hidden)) != stand_in) {
      return fmt::format("another stand-in in {}", form.name);
    }
  }
  return {};
}

}  // namespace

std::string anonymise(std::string_view input) {
  // Where the input itself has it, it may stand in the name of an element.
  const bool given = std::ranges::any_of(
      kForms, [&](const Form& form) { return input.find(form.written(kKeptBack)) != input.npos; });
  if (given) return {};
  if (auto problem = secret_problem(input); !problem.empty()) return problem;
  // A name of an element stays, in UTF-16 too.
  std::string wide_document = "\xff\xfe";
  const std::string_view front = input.substr(0, input.size() / 2);
  const std::string narrow = front.find('<') != front.npos ? "" : std::string(front);
  wide_document += wide(narrow + "<a>" + std::string(kKeptBack) + "</a>");
  lab::StandIns others;
  if (lab::anonymised_document(wide_document, others).find(wide(kKeptBack)) != std::string::npos) {
    return "a secret that is still there in UTF-16";
  }
  const std::string url = std::string(front) + "/" + std::string(kKeptBack);
  lab::StandIns stand_ins;
  if (lab::anonymised_url(url, stand_ins).find(kKeptBack) != std::string::npos) {
    return "a secret that is still in the URL";
  }
  std::string word;
  for (const char c : input.substr(0, 40)) {
    if (is_letter(c) || is_digit(c)) word += c;
  }
  return word.empty() ? std::string() : equality_problem("x" + word);
}

}  // namespace provlab::fuzz
