#include "tools/comparing/wire_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/platform/checksum.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/comparing/meaning.hpp"
#include "sim/lab/importing/divergence.hpp"
#include "sim/lab/importing/draft_world.hpp"
#include "sim/lab/importing/story.hpp"
#include "sim/lab/trace/narration.hpp"

namespace provlab::tools {

namespace {

using lab::Step;

Step phone_step(Duration at, std::string_view meaning, std::string said) {
  return {.at = at, .host = "device", .meaning = checksum_of(meaning), .said = std::move(said)};
}

/// What is heard and what follows from it may have the same time.
void put_in_order(lab::ComparedRun& run) {
  std::ranges::stable_sort(run.steps, {}, [](const Step& step) {
    return std::pair(step.at, step.weight != Step::Weight::heard);
  });
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    run.steps[i].event = static_cast<EventNumber>(i + 1);
  }
}

/// `dhcp request 192.0.2.100`: traces do not say which address is asked for.
std::string as_traces_say(const std::string& meaning) {
  if (!meaning.starts_with("dhcp ")) return meaning;
  return meaning.substr(0, meaning.find(' ', 5));
}

/// What a request of HTTP means, from its URL; empty where it is closed.
std::string meaning_of_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return {};
  url.remove_prefix(kScheme.size());
  const std::size_t path = url.find('/');
  if (path == url.npos) return fmt::format("GET / of {}", url);
  return fmt::format("GET {} of {}", url.substr(path), url.substr(0, path));
}

/// What an event of the phone means on the wire; empty where it puts nothing there, or again.
std::string meaning_on_wire(const lab::LoggedEvent& event) {
  const auto address = [&](std::string_view field) {
    const std::string_view endpoint = event.field(field);
    return std::string(endpoint.substr(0, endpoint.find(':')));
  };
  const std::string_view attempt = event.field("attempt");
  if (!attempt.empty() && attempt != "1") return {};
  if (event.is("dhcp_sent")) return "dhcp " + lower(event.field("message"));
  if (event.is("name_query_sent")) {
    return fmt::format("A {} to {}", event.field("name"), address("server"));
  }
  if (event.is("ntp_request_sent")) return "time of " + address("server");
  if (event.is("sip_request_sent")) return lower(event.field("method"));
  if (event.is("sip_response_sent")) {
    return fmt::format("{} to {}", event.field("status"), event.field("method"));
  }
  if (event.is("http_request_sent")) return meaning_of_url(event.field("url"));
  return {};
}

/// It is seen in one place, so it takes no time.
lab::Message message(EventNumber event, Duration at, std::size_t from, std::size_t to,
                     std::string words) {
  return {.sent_event = event,
          .received_event = event,
          .from = from,
          .to = to,
          .sent = at,
          .ended = at,
          .label = std::move(words),
          .protocol = {},
          .answer = {},
          .lost = {}};
}

bool is_after(const WireView& view, Duration at) {
  return view.until && at >= *view.until;
}

}  // namespace

lab::ComparedRun wire_run(std::string title, const lab::Conversation& heard, const WireView& view) {
  lab::ComparedRun run{.title = std::move(title),
                       .repeat = {},
                       .steps = {},
                       .facets = {},
                       .log = {},
                       .capture = true};
  lab::Facet requests{.name = "requests", .lines = {}};
  for (const lab::PhoneSays& says : lab::said_by_phone(heard)) {
    const lab::Said& said = heard.said[says.place];
    if (is_after(view, says.at) || (view.as_traces_say && said.talk == lab::Talk::tls)) continue;
    run.steps.push_back(phone_step(
        says.at, view.as_traces_say ? as_traces_say(says.meaning) : says.meaning, says.words));
    if (const auto* http = said.as<lab::HttpSaid>(); http != nullptr && http->request) {
      const std::string host = http->header("Host");
      requests.lines.push_back(fmt::format(
          "{} http://{}{}", http->method, host.empty() ? said.to.to_string() : host, http->target));
    }
  }
  run.facets.push_back(std::move(requests));
  for (const lab::StoryLine& line : lab::story_of(heard)) {
    if (line.who == "device" || line.concluded || view.as_traces_say) continue;
    Step step{.at = line.at, .host = line.who, .weight = Step::Weight::heard, .said = line.words};
    step.meaning =
        checksum_of(lab::without_chance(line.words, step.moments), checksum_of(line.who));
    step.moments.clear();  // the clocks of two captures are not the same
    run.steps.push_back(std::move(step));
  }
  put_in_order(run);
  return run;
}

lab::ComparedRun wire_run(std::string title, const lab::TraceLog& log) {
  lab::ComparedRun run{.title = std::move(title),
                       .repeat = {},
                       .steps = {},
                       .facets = {},
                       .log = {},
                       .capture = true};
  lab::Facet requests{.name = "requests", .lines = {}};
  std::optional<Duration> first;
  for (const lab::LoggedEvent& event : log.events()) {
    if (event.host != "device") continue;
    if (!first && event.is("packet_sent")) first = event.at;
    const std::string meaning = meaning_on_wire(event);
    if (meaning.empty()) continue;
    if (!first) first = event.at;  // it is recorded in front of its packet
    run.steps.push_back(
        phone_step(event.at - *first, meaning,
                   lab::event_sentence(
                       event.name,
                       [&](std::string_view key) -> std::optional<std::string> {
                         return std::string(event.field(key));
                       },
                       [] { return std::vector<std::pair<std::string, std::string>>(); })));
    if (event.is("http_request_sent")) {
      requests.lines.push_back(fmt::format("GET {}", event.field("url")));
    }
  }
  run.facets.push_back(std::move(requests));
  put_in_order(run);
  return run;
}

lab::SequenceDiagram wire_diagram(const lab::Conversation& heard, const lab::ComparedRun& run) {
  lab::SequenceDiagram diagram;
  diagram.lifelines.push_back({.host = "device", .address = {}});
  const lab::DraftWorld world(heard, true);
  std::map<std::string, std::size_t> places;
  const auto place_of = [&](Ipv4Address address) {
    const std::string name = address.is_broadcast() ? "everybody" : world.name_of(address);
    const auto [found, fresh] = places.emplace(name, diagram.lifelines.size());
    if (fresh) diagram.lifelines.push_back({.host = name, .address = address.to_string()});
    return found->second;
  };
  std::size_t next = 0;
  for (const lab::Said& said : heard.said) {
    if (said.again || run.steps.empty()) continue;
    // The step that says it, or else the last one before.
    while (next + 1 < run.steps.size() && run.steps[next + 1].at <= said.at) ++next;
    const Ipv4Address peer = said.by_phone ? said.to.address : said.from.address;
    if (said.by_phone && diagram.lifelines[0].address.empty() && said.from.address.value != 0) {
      diagram.lifelines[0].address = said.from.address.to_string();
    }
    const std::size_t place = place_of(peer);
    diagram.messages.push_back(said.by_phone
                                   ? message(run.steps[next].event, said.at, 0, place, said.words)
                                   : message(run.steps[next].event, said.at, place, 0, said.words));
  }
  return diagram;
}

lab::SequenceDiagram wire_diagram(const lab::ComparedRun& run) {
  lab::SequenceDiagram diagram;
  diagram.lifelines = {{.host = "device", .address = {}}, {.host = "network", .address = {}}};
  for (std::size_t i = 0; i < run.steps.size(); ++i) {
    diagram.messages.push_back(message(run.steps[i].event, run.steps[i].at, 0, 1, run.words(i)));
  }
  return diagram;
}

}  // namespace provlab::tools
