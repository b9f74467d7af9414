#include "tools/soaking/telling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/lab/trace/trace_log.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::tools {

namespace {

constexpr std::size_t kMostOfAKind = 12;

/// What can be expected of a run.
struct Facts {
  std::vector<std::string> results;
  std::vector<std::string> sentences;
  std::vector<std::string> winners;
  std::map<std::string, std::size_t> requests;  ///< by their pattern
  std::map<std::string, std::size_t> events;    ///< by their name
  std::map<std::string, std::size_t> fields;    ///< of events, by their pattern
  std::map<std::string, std::string> settings;
};

/// What the lab and the network record is no behaviour of a phone.
bool is_of_phone(const lab::LoggedEvent& event) {
  return event.host == "device" && !event.name.starts_with("packet_") &&
         !event.name.starts_with("scenario_") && !event.is("setting_observed") &&
         !event.is("configuration_judged");
}

std::string request_pattern(const lab::LoggedEvent& event) {
  const std::string_view kind = event.field("kind");
  std::string_view text = event.field("request");
  std::string_view word = "is";
  if (kind == "http" && text.starts_with("GET ")) {
    text.remove_prefix(4);
    word = "path";
  }
  return fmt::format("<request to=\"{}\" kind=\"{}\" {}=\"{}\"", html_escaped(event.host), kind,
                     word, html_escaped(text));
}

/// What a phone draws by chance, another may draw otherwise.
bool is_drawn(const lab::LoggedField& field) {
  return field.name == "xid" || field.name == "call_id";
}

void take_fields(const lab::LoggedEvent& event, Facts& facts) {
  for (const lab::LoggedField& field : event.fields) {
    if (is_drawn(field) || field.value.empty() || field.value.size() > 200) continue;
    ++facts.fields[fmt::format("<event name=\"{}\" count=\"{{}}\"><with field=\"{}\" is=\"{}\"/>",
                               event.name, field.name, html_escaped(field.value))];
  }
}

Facts facts_of(const lab::RunReport& run) {
  Facts facts;
  if (!run.detail) return facts;
  const auto log = lab::TraceLog::parse(run.detail->trace);
  if (!log) return facts;
  std::string winner = "none";
  for (const lab::LoggedEvent& event : log->events()) {
    if (event.is("winner_chosen")) winner = event.field("source");
    if (event.is("request_received")) ++facts.requests[request_pattern(event)];
    if (event.is("run_ended")) {
      facts.results.emplace_back(event.field("result"));
      facts.sentences.emplace_back(event.field("sentence"));
      facts.winners.push_back(std::exchange(winner, "none"));
    }
    if (!is_of_phone(event)) continue;
    ++facts.events[event.name];
    take_fields(event, facts);
  }
  for (const lab::Difference& each : run.detail->settings) {
    if (!each.order_only) facts.settings[each.path] = each.to;
  }
  return facts;
}

class Telling {
 public:
  Telling(const lab::RunReport& ours, const lab::RunReport& theirs)
      : ours_(facts_of(ours)), theirs_(facts_of(theirs)) {}

  std::vector<std::string> all() {
    of_runs(ours_.results, theirs_.results, "<result run=\"{}\" is=\"{}\"/>");
    of_runs(ours_.winners, theirs_.winners, "<winner run=\"{}\" is=\"{}\"/>");
    of_requests();
    of_settings();
    of_runs(ours_.sentences, theirs_.sentences, "<result run=\"{}\" says=\"{}\"/>");
    of_counts(ours_.events, theirs_.events, [](const std::string& name, std::size_t count) {
      return count == 0 ? fmt::format("<never><event name=\"{}\"/></never>", name)
                        : fmt::format("<event name=\"{}\" count=\"{}\"/>", name, count);
    });
    of_counts(ours_.fields, theirs_.fields, [](const std::string& pattern, std::size_t count) {
      std::string text = pattern;
      const std::string place = " count=\"{}\"";
      text.replace(text.find(place), place.size(),
                   count == 0 ? std::string() : fmt::format(" count=\"{}\"", count));
      text += "</event>";
      return count == 0 ? "<never>" + text + "</never>" : text;
    });
    return std::move(all_);
  }

 private:
  void of_runs(const std::vector<std::string>& ours, const std::vector<std::string>& theirs,
               std::string_view words) {
    for (std::size_t i = 0; i < ours.size(); ++i) {
      if (i < theirs.size() && ours[i] == theirs[i]) continue;
      all_.push_back(fmt::format(fmt::runtime(words), i + 1, html_escaped(ours[i])));
    }
  }

  void of_requests() {
    of_counts(ours_.requests, theirs_.requests, [](const std::string& pattern, std::size_t count) {
      return count == 0 ? fmt::format("<never>{}/></never>", pattern)
                        : fmt::format("{} count=\"{}\"/>", pattern, count);
    });
  }

  void of_settings() {
    for (const auto& [path, value] : ours_.settings) {
      const auto other = theirs_.settings.find(path);
      if (other != theirs_.settings.end() && other->second == value) continue;
      all_.push_back(fmt::format("<setting path=\"/{}\" equals=\"{}\"/>", html_escaped(path),
                                 html_escaped(value)));
    }
  }

  /// What one of them has more often: what happens here, then what happens there alone, of which
  /// can only be said that it never does.
  void of_counts(const std::map<std::string, std::size_t>& ours,
                 const std::map<std::string, std::size_t>& theirs, auto words) {
    std::size_t taken = 0;
    for (const auto& [key, count] : ours) {
      const auto other = theirs.find(key);
      if (other != theirs.end() && count == other->second) continue;
      if (++taken > kMostOfAKind) break;
      all_.push_back(words(key, count));
    }
    taken = 0;
    for (const auto& [key, count] : theirs) {
      if (ours.contains(key)) continue;
      if (++taken > kMostOfAKind) break;
      all_.push_back(words(key, std::size_t{0}));
    }
  }

  Facts ours_;
  Facts theirs_;
  std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> telling_expectations(const lab::RunReport& ours,
                                              const lab::RunReport& theirs) {
  return Telling(ours, theirs).all();
}

}  // namespace provlab::tools
