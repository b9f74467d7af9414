// Datagrams are read one by one. Streams are put together first (tcp_stream.hpp); what TLS hides is
// taken from those who heard it, whose records say which packet carried it. Each message belongs to
// the packet that carried its beginning. Secrets are hidden in octets before anything is cut or
// written in another way, so that no half of one is left.
#include "sim/lab/contents/contents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/platform/text.hpp"
#include "sim/lab/contents/datagram_text.hpp"
#include "sim/lab/contents/http_text.hpp"
#include "sim/lab/contents/tcp_stream.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

constexpr Port kDns = 53;

bool is_tls(std::string_view octets) {
  return octets.size() > 2 && octets[0] == '\x16' && octets[1] == '\x03';
}

/// What one direction says, and which packets carry it.
struct Speech {
  std::string text;
  std::vector<std::pair<std::size_t, EventNumber>> carriers;  ///< from which octet on

  EventNumber carrier(std::size_t place) const {
    const auto behind =
        std::ranges::upper_bound(carriers, place, {}, [](const auto& each) { return each.first; });
    return behind == carriers.begin() ? 0 : std::prev(behind)->second;
  }
};

/// Where the TLS record begins that ends there or behind.
std::size_t record_begin(std::string_view octets, std::size_t end) {
  constexpr std::size_t kHead = 5;
  std::size_t at = 0;
  while (at + kHead <= octets.size()) {
    const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(octets[at + 3]))
                                 << 8 |
                             static_cast<unsigned char>(octets[at + 4]);
    const std::size_t next = at + kHead + size;
    if (next >= end) return at;
    at = next;
  }
  return at;
}

class Speeches {
 public:
  explicit Speeches(const PacketLog& log) : log_(log), found_(tcp_streams(log.packets())) {}

  const TcpStreams& streams() const { return found_; }

  /// Calls `each(stream, speech)`; of a stream with TLS that nobody heard the speech is empty.
  template <class Each>
  void visit(Each&& each) const {
    for (std::size_t i = 0; i < found_.streams.size(); ++i) {
      const TcpStream& stream = found_.streams[i];
      each(stream, is_tls(stream.octets) ? heard_in(i) : Speech{stream.octets, stream.pieces});
    }
  }

 private:
  Speech heard_in(std::size_t number) const {
    const TcpStream& stream = found_.streams[number];
    std::size_t ends = log_.packets().size() + 1;
    for (std::size_t i = number + 1; i < found_.streams.size(); ++i) {
      const TcpStream& other = found_.streams[i];
      if (other.from == stream.from && other.to == stream.to) {
        ends = other.begins;
        break;
      }
    }
    Speech speech;
    for (const HeardText& heard : log_.texts()) {
      if (heard.from != stream.from || heard.to != stream.to) continue;
      if (heard.packets <= stream.begins || heard.packets > ends) continue;
      speech.carriers.emplace_back(speech.text.size(),
                                   stream.carrier(record_begin(stream.octets, heard.end)));
      speech.text += heard.text;
    }
    return speech;
  }

  const PacketLog& log_;
  TcpStreams found_;
};

class ContentsReader {
 public:
  ContentsReader(const PacketLog& log, const Secrets& secrets)
      : log_(log), secrets_(secrets), speeches_(log) {}

  std::vector<PacketContent> read() {
    for (const SentPacket& packet : log_.packets()) {
      if (!packet.tcp && !packet.payload.empty()) add(packet.event, datagram(packet));
    }
    speeches_.visit([this](const TcpStream& stream, const Speech& speech) { say(stream, speech); });
    for (const auto& [event, first] : speeches_.streams().again) contents_[event].first = first;
    return within_bounds();
  }

 private:
  void add(EventNumber event, std::vector<ContentPart> parts) {
    if (event == 0) return;
    auto& all = contents_[event].parts;
    std::ranges::move(parts, std::back_inserter(all));
  }

  std::vector<ContentPart> datagram(const SentPacket& packet) const {
    const auto between = [&](Port one, Port other) {
      return packet.from.port == one || packet.to.port == one || packet.from.port == other ||
             packet.to.port == other;
    };
    const std::string octets = secrets_.hide(packet.payload);
    if (between(67, 68)) return hidden(dhcp_parts(packet.payload));
    if (between(kDns, kDns)) return hidden(dns_parts(packet.payload));
    if (between(123, 123)) return hidden(ntp_parts(packet.payload));
    if (!is_readable(octets)) return {{octets_heading(packet.payload), hex_text(octets)}};
    const std::size_t head = octets.find("\r\n\r\n");
    if (head == std::string_view::npos) return {{"Text", shortened_text(octets)}};
    std::vector<ContentPart> parts{{"Head", shortened_text(octets.substr(0, head))}};
    if (const std::string body = octets.substr(head + 4); !body.empty()) {
      parts.push_back({body_heading(body.size()), shortened_text(body)});
    }
    return parts;
  }

  /// Their texts were decoded, so that secrets stand there as they are.
  std::vector<ContentPart> hidden(std::vector<ContentPart> parts) const {
    for (ContentPart& part : parts) part.text = shortened_text(secrets_.hide(part.text));
    return parts;
  }

  void say(const TcpStream& stream, const Speech& speech) {
    if (speech.text.empty()) return;
    if (stream.from.port == kDns || stream.to.port == kDns) return say_dns(speech);
    const std::vector<HttpText> messages = http_messages(speech.text);
    for (const HttpText& message : messages) {
      const bool within_tls = is_tls(stream.octets);
      add(speech.carrier(message.begin), http_parts(message, within_tls));
    }
    if (!messages.empty()) return;
    const std::string octets = secrets_.hide(speech.text);
    add(speech.carrier(0),
        is_readable(octets)
            ? std::vector<ContentPart>{{"Text", shortened_text(octets)}}
            : std::vector<ContentPart>{{octets_heading(speech.text), hex_text(octets)}});
  }

  void say_dns(const Speech& speech) {
    std::size_t at = 0;
    while (at + 2 <= speech.text.size()) {
      const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(speech.text[at]))
                                   << 8 |
                               static_cast<unsigned char>(speech.text[at + 1]);
      add(speech.carrier(at),
          hidden(dns_parts(std::string_view(speech.text).substr(at + 2, size))));
      at += 2 + size;
    }
  }

  std::vector<ContentPart> http_parts(const HttpText& message, bool within_tls) const {
    std::vector<ContentPart> parts{
        {within_tls ? "Head (within TLS)" : "Head", shortened_text(secrets_.hide(message.head))}};
    if (!message.body.empty()) parts.push_back(body_part(message));
    if (message.body.empty() && !message.note.empty()) parts.push_back({"Note", message.note});
    return parts;
  }

  ContentPart body_part(const HttpText& message) const {
    ContentPart part{body_heading(message.body.size()), {}};
    if (!message.note.empty()) part.heading += ". " + message.note;
    if (message.compressed) {
      part.text = "It is compressed, and not shown.";
      return part;
    }
    const std::string text = secrets_.hide(as_utf8(message.body));
    if (is_readable(text)) {
      part.text = shortened_text(text);
    } else {
      part.heading += part.heading.ends_with('.') ? " It is no text." : ". It is no text.";
      part.text = hex_text(text);
    }
    return part;
  }

  static std::string body_heading(std::size_t size) {
    return fmt::format("Body, {} {}", size, size == 1 ? "octet" : "octets");
  }
  static std::string octets_heading(std::string_view octets) {
    return fmt::format("{} octets that are no text", octets.size());
  }

  static std::string shortened_text(std::string text) {
    if (text.size() <= kMostPartOctets) return text;
    std::size_t end = kMostPartOctets;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
    const std::size_t left_out = text.size() - end;
    text.resize(end);
    return text + left_out_sentence(left_out);
  }

  /// Lines end as lines do here; that SIP and HTTP end them otherwise is no news.
  static std::string with_plain_lines(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool before_end = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] == '\n');
      if (!before_end) plain += text[i];
    }
    return plain;
  }

  static std::string left_out_sentence(std::size_t octets) {
    return fmt::format("\n… {} more octets are left out here; a capture (--pcap) has them all.\n",
                       octets);
  }

  std::vector<PacketContent> within_bounds() {
    std::vector<PacketContent> list;
    std::size_t octets = 0;
    for (auto& [event, content] : contents_) {
      content.event = event;
      for (ContentPart& part : content.parts) {
        part.text = visible(with_plain_lines(part.text), Layout::lines);
        if (octets + part.text.size() > kMostContentOctets) {
          part.text = left_out_sentence(part.text.size()).substr(1);
        }
        octets += part.text.size();
      }
      list.push_back(std::move(content));
    }
    return list;
  }

  const PacketLog& log_;
  const Secrets& secrets_;
  Speeches speeches_;
  std::map<EventNumber, PacketContent> contents_;
};

}  // namespace

std::vector<PacketContent> read_contents(const PacketLog& log, const Secrets& secrets) {
  return ContentsReader(log, secrets).read();
}

void learn_secrets(const PacketLog& log, Secrets& secrets) {
  for (const SentPacket& packet : log.packets()) {
    if (!packet.tcp) secrets.learn(packet.payload);
  }
  Speeches(log).visit([&](const TcpStream&, const Speech& speech) {
    const std::vector<HttpText> messages = http_messages(speech.text);
    for (const HttpText& message : messages) {
      secrets.learn(message.head);
      secrets.learn(as_utf8(message.body));
    }
    if (messages.empty()) secrets.learn(speech.text);
  });
}

}  // namespace provlab::lab
