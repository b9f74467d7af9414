#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/net/sip_message.hpp"
#include "core/net/sip_text.hpp"
#include "core/platform/text.hpp"

namespace provlab::net {

namespace {

/// What an error quotes of a message.
constexpr std::size_t kLongestQuote = 200;

/// The headers that something depends on. What others hold is nobody's concern here, so that they
/// make no request malformed (RFC 3261 8.2.2, RFC 4475, SPEC 7.1).
constexpr std::array<std::string_view, 9> kNeeded{
    "Via", "From", "To", "Call-ID", "CSeq", "Event", "Require", "Content-Type", "Content-Length"};

bool is_needed(std::string_view name) {
  return std::ranges::any_of(kNeeded,
                             [&](std::string_view each) { return same_ignoring_case(each, name); });
}

bool begins_with_sip(std::string_view text) {
  return text.size() >= 4 && same_ignoring_case(text.substr(0, 4), "SIP/");
}

}  // namespace

/// Reads one datagram from front to back. The first fault is kept and reading goes on as far as it
/// can, so that a faulty request can still be answered: its top Via says whither, and what else
/// RFC 3261 8.2.6 has an answer repeat is repeated as far as it was read.
class SipReader {
 public:
  SipReader(std::string_view text, SipContentLength length) : rest_(text), length_(length) {}

  std::expected<SipMessage, SipMalformed> read() {
    // RFC 3261 7.5: empty lines before the start line are ignored.
    while (rest_.starts_with('\r') || rest_.starts_with('\n')) rest_.remove_prefix(1);
    const std::optional<std::string_view> start = next_line();
    if (!start) {
      note("the datagram holds no whole line");
    } else if (read_start_line(*start)) {
      read_headers();
      leave_out_unreadable();
      check_via();
      check_headers();
      read_body();
    }
    if (!fault_) return std::move(message_);
    SipMalformed malformed{std::move(*fault_), std::nullopt, status_};
    if (answerable()) malformed.answerable = std::move(message_);
    return std::unexpected(std::move(malformed));
  }

 private:
  void note(std::string_view text, std::string_view where = {}) {
    if (!fault_) fault_ = Error{shortened(text, kLongestQuote), shortened(where, kLongestQuote)};
  }

  /// The next line without its end; LF alone ends one too.
  std::optional<std::string_view> next_line() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = rest_.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    rest_.remove_prefix(end + 1);
    return line;
  }

  /// False where the line is not SIP at all.
  bool read_start_line(std::string_view line) {
    if (begins_with_sip(line)) return read_status(line);
    // RFC 4475 3.1.2.9, 3.1.2.10: more white space than there should be leaves no doubt.
    line = trimmed_end(line);
    const std::size_t first = line.find_first_of(kBlanks);
    if (first == std::string_view::npos || !sip_is_token(line.substr(0, first))) {
      note("the start line is neither a request line nor a status line of SIP");
      return false;
    }
    message_.method_ = line.substr(0, first);
    const std::size_t last = line.find_last_of(kBlanks);
    const std::string_view version = line.substr(last + 1);
    if (!begins_with_sip(version)) {
      note("the start line does not end with the version SIP/2.0");
      return true;
    }
    message_.uri_ = trimmed(line.substr(first, last - first), kBlanks);
    if (!same_ignoring_case(version, "SIP/2.0")) {
      status_ = 505;
      note(fmt::format("the version is {}, only SIP/2.0 is understood", version));
    } else if (message_.uri_.empty() ||
               message_.uri_.find_first_of(" \t<>\"") != std::string::npos ||
               sip_has_control_character(message_.uri_)) {
      note("the Request-URI is empty or holds white space, brackets or control characters");
    }
    return true;
  }

  static std::string_view trimmed_end(std::string_view line) {
    return line.substr(0, line.find_last_not_of(kBlanks) + 1);
  }

  bool read_status(std::string_view line) {
    const std::string_view code = line.size() >= 11 ? line.substr(8, 3) : std::string_view();
    unsigned status = 0;
    const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), status);
    const bool number = error == std::errc() && end == code.data() + code.size();
    if (!same_ignoring_case(line.substr(0, 8), "SIP/2.0 ") || !number || status < 100 ||
        status > 699 || (line.size() > 11 && line[11] != ' ')) {
      note("the status line is not `SIP/2.0`, a code from 100 to 699 and a phrase");
      return false;
    }
    message_.status_ = status;
    message_.reason_ = line.substr(std::min<std::size_t>(line.size(), 12));
    return true;
  }

  /// A line that is no header is left out, and what continues it too.
  void read_headers() {
    message_.headers_.reserve(16);
    bool continues = false;  // whether the last line was a header that this one may continue
    for (;;) {
      const std::optional<std::string_view> line = next_line();
      if (!line) return note("the header does not end with an empty line");
      if (line->empty()) return;
      if (line->front() != ' ' && line->front() != '\t') {
        continues = read_header(*line);
      } else if (continues) {
        fold(trimmed(*line, kBlanks));
      }
    }
  }

  void fold(std::string_view more) {
    std::string& value = message_.headers_.back().value;
    if (!value.empty() && !more.empty()) value += ' ';
    value += more;
  }

  bool read_header(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view name = colon == std::string_view::npos
                                      ? std::string_view()
                                      : trimmed(line.substr(0, colon), kBlanks);
    if (!sip_is_token(name)) return false;
    message_.add(std::string(sip_long_name(name)),
                 std::string(trimmed(line.substr(colon + 1), kBlanks)));
    return true;
  }

  /// No control character gets into an answer or a decision, but for those that a quoted string may
  /// hold.
  void leave_out_unreadable() {
    std::erase_if(message_.headers_, [this](const SipHeader& header) {
      if (!sip_has_control_character(header.value)) return false;
      if (is_needed(header.name)) note(fmt::format("{} holds a control character", header.name));
      return true;
    });
  }

  void check_via() {
    const std::vector<std::string_view> vias = message_.values("Via");
    if (vias.empty()) note("Via is missing");
    for (const std::string_view via : vias) {
      const auto empty = [](std::string_view piece) { return piece.empty(); };
      if (parse_sip_via(via) && std::ranges::none_of(sip_split(via, ';'), empty)) continue;
      return note("Via cannot be read", shortened(via));
    }
  }

  void check_headers() {
    for (const char* header : {"From", "To", "Call-ID", "CSeq"}) {
      const auto count = std::ranges::count_if(message_.headers_, [&](const SipHeader& each) {
        return same_ignoring_case(each.name, header);
      });
      if (count == 0) note(fmt::format("{} is missing", header));
      if (count > 1) note(fmt::format("{} is there {} times, once is allowed", header, count));
      if (count == 1 &&
          (message_.find(header)->empty() || !sip_is_balanced(*message_.find(header)))) {
        note(fmt::format("{} cannot be read", header), *message_.find(header));
      }
    }
    const std::string* cseq = message_.find("CSeq");
    if (cseq == nullptr) return;
    const std::optional<SipSequence> sequence = parse_sip_sequence(*cseq);
    if (!sequence) {
      note("CSeq is not a number below 2^31 and a method", *cseq);
    } else if (message_.is_request() && sequence->method != message_.method_) {
      note(fmt::format("CSeq names {}, the request is {}", sequence->method, message_.method_));
    }
  }

  void read_body() {
    if (length_ == SipContentLength::lenient) {
      message_.body_ = rest_;
      return;
    }
    std::optional<std::size_t> stated;
    for (const SipHeader& header : message_.headers_) {
      if (!same_ignoring_case(header.name, "Content-Length")) continue;
      std::size_t length = 0;
      const std::string& digits = header.value;
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), length);
      if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
        return note("Content-Length is not a number", digits);
      }
      if (stated && *stated != length) return note("two Content-Length headers differ");
      stated = length;
    }
    if (stated && *stated > rest_.size()) {
      return note(fmt::format("Content-Length says {} octets, the datagram holds {}", *stated,
                              rest_.size()));
    }
    // RFC 3261 18.3: octets after the body are no part of the message; without a Content-Length the
    // body goes on to the end of the datagram.
    message_.body_ = rest_.substr(0, stated.value_or(rest_.size()));
  }

  bool answerable() const { return !message_.method_.empty() && message_.top_via(); }

  std::string_view rest_;
  SipContentLength length_;
  SipMessage message_;
  std::optional<Error> fault_;
  unsigned status_ = 400;
};

std::expected<SipMessage, SipMalformed> SipMessage::parse(BytesView datagram,
                                                          SipContentLength length) {
  if (datagram.size() > kMaximumSize) {
    return std::unexpected(SipMalformed{
        {fmt::format("{} octets are more than a UDP datagram can hold", datagram.size()), {}},
        std::nullopt});
  }
  return SipReader(text_of(datagram), length).read();
}

}  // namespace provlab::net
