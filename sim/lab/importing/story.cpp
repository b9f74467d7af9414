#include "sim/lab/importing/story.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/importing/draft_world.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

class Story {
 public:
  explicit Story(const Conversation& heard) : heard_(heard), world_(heard, true) {}

  std::vector<StoryLine> tell() {
    for (std::size_t i = 0; i < heard_.said.size(); ++i) {
      const Said& said = heard_.said[i];
      if (said.by_phone) {
        tell_phone(i, said);
      } else {
        tell_server(said);
      }
    }
    for (const OpenedConnection& connection : heard_.connections) tell_connection(connection);
    std::ranges::stable_sort(lines_, {}, &StoryLine::at);
    return std::move(lines_);
  }

 private:
  void add(Duration at, std::string who, std::string words, bool concluded = false) {
    lines_.push_back({at, std::move(who), std::move(words), concluded});
  }

  std::string name(Ipv4Address address) const {
    if (address.is_broadcast()) return "everybody";
    return world_.name_of(address);
  }

  void tell_phone(std::size_t place, const Said& said) {
    const std::string to = name(said.to.address);
    const std::string again = said.again ? " again" : "";
    if (said.talk == Talk::dhcp) {
      add(said.at, "device", fmt::format("sends DHCP {}{} to {}", said.words, again, to));
    } else if (said.talk == Talk::dns) {
      add(said.at, "device", fmt::format("asks {} for {}{}", to, said.words, again));
    } else if (said.talk == Talk::ntp) {
      add(said.at, "device", fmt::format("asks {} for the time{}", to, again));
    } else if (said.talk == Talk::tls) {
      add(said.at, "device", fmt::format("begins {} with {}", said.words, to));
    } else if (const auto* sip = said.as<SipSaid>()) {
      add(said.at, "device",
          sip->request
              ? fmt::format("sends SIP {} to {}{}", sip->method_words(), to, again)
              : fmt::format("responds {} to SIP {} of {}", sip->status, sip->method_words(), to));
    } else if (const auto* http = said.as<HttpSaid>(); http != nullptr && http->request) {
      add(said.at, "device", fmt::format("requests {} from {}", http->target, to));
    } else {
      return;
    }
    conclude_unanswered(place, said);
  }

  void conclude_unanswered(std::size_t place, const Said& said) {
    const auto* const tls = said.as<TlsSaid>();
    if (tls != nullptr && !tls->silent) return;
    const bool question = !said.answers && said.words != "release" && said.words != "decline";
    if (!question || !said.answered_by.empty()) return;
    const bool repeated =
        std::any_of(heard_.said.begin() + static_cast<long>(place) + 1, heard_.said.end(),
                    [&](const Said& later) {
                      return later.again && later.by_phone && later.words == said.words;
                    });
    add(said.at, "device",
        repeated ? "got no answer to that: it was lost, or nobody answers; the phone asks again"
                 : "got no answer to that within the capture",
        true);
  }

  void tell_server(const Said& said) {
    const std::string who = name(said.from.address);
    std::string words = fmt::format("answers {}", said.words);
    if (const auto* dhcp = said.as<DhcpSaid>()) {
      words = fmt::format("answers with DHCP {} {}", said.words, dhcp->your_address.to_string());
      for (const std::uint8_t code : {66, 67}) {
        if (const std::string* text = dhcp->option(code)) {
          words += fmt::format(" {}={}", code, text->substr(0, text->find('\0')));
        }
      }
      if (!dhcp->file.empty()) words += " file=" + dhcp->file;
    } else if (const auto* dns = said.as<DnsSaid>()) {
      words = fmt::format("answers {}:", said.words);
      for (const DnsSaid::Record& record : dns->records) words += " " + record.data;
      if (dns->code != 0) words += fmt::format(" code {}", dns->code);
      if (dns->code == 0 && dns->records.empty()) words += " no address";
    } else if (const auto* ntp = said.as<NtpSaid>()) {
      words = fmt::format("says that it is {}{}", to_string(ntp->time),
                          ntp->stratum == 0 ? " (a kiss: do not ask me)"
                          : ntp->leap == 3  ? " (not synchronised)"
                                            : "");
    } else if (const auto* sip = said.as<SipSaid>()) {
      words = sip->request
                  ? fmt::format("sends SIP {}{}", sip->method_words(), said.again ? " again" : "")
                  : fmt::format("responds {} to SIP {}", sip->status, sip->method_words());
      if (sip->request && !sip->body.empty()) words += ": " + sip->body;
    } else if (const auto* http = said.as<HttpSaid>()) {
      words =
          fmt::format("answers {} with {} octets", said.words, http->body.size() + http->left_out);
      const std::string location = http->header("Location");
      if (!location.empty()) words += ", to " + location;
      if (!http->note.empty()) words += ". " + http->note;
    }
    add(said.at, who, words);
    if (!said.answers && said.talk == Talk::sip && !said.again) {
      add(said.at, who, "was not asked for that: it makes the phone provision itself", true);
    }
  }

  void tell_connection(const OpenedConnection& connection) {
    if (!connection.by_phone) return;
    const std::string who = name(connection.server.address);
    if (connection.syns > 1) {
      add(connection.at, "device",
          fmt::format(
              "had to ask {} times for a connection to {}: packets were lost, or {} is slow",
              connection.syns, who, who),
          true);
    }
    if (connection.refused()) add(*connection.reset, who, "refuses the connection");
    if (connection.never_taken()) {
      add(connection.at, who, "never takes the connection", true);
    }
    if (connection.reset && !connection.reset_by_client && !connection.refused()) {
      add(*connection.reset, who, "ends the connection by a reset");
    }
  }

  const Conversation& heard_;
  DraftWorld world_;
  std::vector<StoryLine> lines_;
};

}  // namespace

std::vector<StoryLine> story_of(const Conversation& heard) {
  return Story(heard).tell();
}

std::string to_text(const std::vector<StoryLine>& story) {
  std::string text;
  for (const StoryLine& line : story) {
    const double seconds = std::chrono::duration<double>(line.at).count();
    fmt::format_to(std::back_inserter(text), "  {:>12.6f} s  {:<10} {}{}{}\n", seconds, line.who,
                   line.concluded ? "(" : "", visible(line.words), line.concluded ? ")" : "");
  }
  return text;
}

}  // namespace provlab::lab
