#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

/// How many rows at the end, and around a failure, have room before those of the beginning.
constexpr std::size_t kLastRows = 12;
constexpr std::size_t kRowsAround = 10;
constexpr std::size_t kMostRowsTried = 3000;
constexpr std::size_t kGapOctets = 200;

/// The events of a run. Where it passed, packets that other events tell of say little and are half
/// of all: they are left out, and what they caused is linked to what caused them.
class EventTable {
 public:
  EventTable(const RunReport& run, const TraceLog& log, std::size_t most, PageLinks& links)
      : run_(run),
        log_(log),
        links_(links),
        good_(is_good(run.verdict.outcome)),
        room_(most),
        rows_(log.events().size()) {}

  std::string make() {
    choose();
    HtmlWriter html;
    html.open("section", {{"aria-labelledby", "events"}});
    html.element("h2", good_ ? "Events" : "All events", {{"id", "events"}});
    if (good_) {
      html.raw(
          "<p class=\"quiet\">Without packets that other events tell of; <code>--trace</code> "
          "writes "
          "all.</p>");
    } else {
      html.empty("input", {{"type", "checkbox"}, {"class", "filter"}, {"id", "bare"}});
      html.element("label", "Leave out packets that other events tell of", {{"for", "bare"}});
    }
    search(html);
    html.raw(
        "<div class=\"wide\"><table "
        "class=\"events\"><thead><tr><th>No.</th><th>Time</th><th>Host</th>"
        "<th>Event</th><th>What it says</th><th>Cause</th></tr></thead><tbody>\n");
    std::size_t left_out = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].empty()) {
        left_out += is_told(log_.events()[i]) ? 0 : 1;
        continue;
      }
      gap(html, std::exchange(left_out, 0));
      html.raw(rows_[i]);
    }
    gap(html, left_out);
    html.raw("</tbody></table></div>");
    html.close();
    return html.take();
  }

 private:
  /// Links lead to rows that are there, so first it is said which are, and then they are written.
  void choose() {
    std::vector<std::size_t> order;
    const auto add = [&](std::size_t i) {
      if (i < rows_.size()) order.push_back(i);
    };
    for (const Finding& finding : run_.verdict.findings) {
      if (finding.held || finding.event == 0) continue;
      const std::size_t at = finding.event - 1;
      add(at);
      for (std::size_t away = 1; away <= kRowsAround; ++away) {
        if (at >= away) add(at - away);
        add(at + away);
      }
    }
    for (std::size_t i = 0; i < std::min(kLastRows, rows_.size()); ++i) add(rows_.size() - 1 - i);
    for (std::size_t i = 0; i < std::min(kMostRowsTried, rows_.size()); ++i) add(i);
    for (const std::size_t i : order) {
      if (room_ < kGapOctets) break;
      take(i);
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].empty()) links_.add_event(log_.events()[i].number);
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].empty()) rows_[i] = row(log_.events()[i]);
    }
  }
  void take(std::size_t i) {
    if (!rows_[i].empty() || is_told(log_.events()[i])) return;
    std::string written = row(log_.events()[i]);
    const std::size_t octets = written.size() + 20;  // and its links
    if (octets > room_) return;
    room_ -= octets;
    rows_[i] = std::move(written);
  }

  static void search(HtmlWriter& html) {
    html.open("p", {{"class", "search needs-script"}, {"role", "search"}});
    html.element("label", "Search ", {{"for", "search"}});
    html.empty("input", {{"type", "search"},
                         {"id", "search"},
                         {"placeholder", "event, host, field …  ( / )"},
                         {"autocomplete", "off"}});
    html.element("span", "", {{"id", "found"}, {"class", "quiet"}, {"aria-live", "polite"}});
    html.raw(
        "<span class=\"keys quiet\"><kbd>/</kbd> search, <kbd>↑</kbd> <kbd>↓</kbd> from event "
        "to event, <kbd>c</kbd> to its cause, <kbd>Esc</kbd> back to all</span>");
    html.close();
  }

  static void gap(HtmlWriter& html, std::size_t left_out) {
    if (left_out == 0) return;
    html.raw(
        fmt::format("<tr class=\"gap\"><td colspan=\"6\">⋮ {} {} left out here: the page has no "
                    "room for them; <code>--trace</code> writes all</td></tr>\n",
                    left_out, left_out == 1 ? "event is" : "events are"));
  }

  std::string row(const LoggedEvent& event) const {
    const bool failed = std::ranges::any_of(run_.verdict.findings, [&](const Finding& finding) {
      return !finding.held && finding.event == event.number;
    });
    HtmlWriter html;
    const std::string number = std::to_string(event.number);
    html.open("tr", {{"id", "e" + number},
                     {"class", failed             ? std::string_view("fail")
                               : is_packet(event) ? std::string_view("packet")
                                                  : std::string_view()}});
    html.element("td", number);
    html.element("td", seconds_text(event.at));
    html.element("td", event.host);
    html.open("td");
    if (links_.has_content(event.number)) {
      html.element("a", event.name, {{"href", links_.message(event.number)}});
    } else {
      html.text(event.name);
    }
    html.close();
    html.open("td");
    says(html, event);
    html.close();
    html.open("td");
    if (const LoggedEvent* cause = shown_cause_of(event)) {
      const std::string link = links_.event(cause->number);
      html.element("a", std::to_string(cause->number),
                   {{"href", link.empty() ? std::string_view() : std::string_view(link)}});
    }
    html.close();
    html.close();
    html.raw("\n");
    return html.take();
  }

  /// A packet that has no row stands for the event that tells of its sending.
  const LoggedEvent* shown_cause_of(const LoggedEvent& event) const {
    const LoggedEvent* cause = log_.cause_of(event);
    while (cause != nullptr && is_told(*cause)) {
      if (cause->name == "packet_sent" && cause->number > 1) {
        const LoggedEvent& before = log_.event(cause->number - 1);
        const bool tells = before.host == cause->host && before.at == cause->at;
        if (tells && !is_told(before)) return &before;
      }
      cause = log_.cause_of(*cause);
    }
    return cause;
  }

  static bool is_packet(const LoggedEvent& event) {
    return told_by_others(event.name, [&](std::string_view key) { return lookup(event, key); });
  }
  /// Whether it has no row because others tell of it.
  bool is_told(const LoggedEvent& event) const { return good_ && is_packet(event); }

  void says(HtmlWriter& html, const LoggedEvent& event) const {
    constexpr std::size_t kMostField = 600;
    std::set<std::string_view> named;
    const std::string sentence = event_sentence(
        event.name,
        [&](std::string_view key) {
          named.insert(key);
          return lookup(event, key);
        },
        [] { return std::vector<std::pair<std::string, std::string>>(); });
    const bool told = sentence != event.name;
    if (told) html.text(cut_text(sentence, kMostField));
    std::string fields;
    for (const LoggedField& field : event.fields) {
      const bool said = named.contains(field.name) || (told && field.value.size() > 2 &&
                                                       sentence.find(field.value) != sentence.npos);
      // Where nothing failed nobody looks for what stands elsewhere as well.
      const bool elsewhere = said || is_of_course(field) || is_shown(event, field);
      if (elsewhere && good_) continue;
      fields += fields.empty() ? "" : "  ";
      fields += field.name + "=" + cut_text(field.value, kMostField);
    }
    if (fields.empty()) return;
    if (told) {
      html.element("small", fields);
    } else {
      html.text(fields);
    }
  }

  /// The answer's id says of which responder and kind it is.
  static bool is_of_course(const LoggedField& field) {
    return field.name == "responder" || field.name == "kind" || field.name == "xid";
  }
  /// In the diagram, or in the panel of what a message says.
  bool is_shown(const LoggedEvent& event, const LoggedField& field) const {
    if (event.name.starts_with("packet_")) {
      return field.name == "protocol" || field.name == "from" || field.name == "to";
    }
    return field.name == "contents" && has_panel(event);
  }
  bool has_panel(const LoggedEvent& event) const {
    for (const LoggedEvent* cause = log_.cause_of(event);
         cause != nullptr && cause->name.starts_with("packet_"); cause = log_.cause_of(*cause)) {
      if (links_.has_content(cause->number)) return true;
    }
    return false;
  }

  static std::optional<std::string> lookup(const LoggedEvent& event, std::string_view key) {
    const auto found = std::ranges::find(event.fields, key, &LoggedField::name);
    if (found == event.fields.end()) return std::nullopt;
    return found->value;
  }

  const RunReport& run_;
  const TraceLog& log_;
  PageLinks& links_;
  bool good_;
  std::size_t room_;
  std::vector<std::string> rows_;  ///< empty: left out
};

}  // namespace

std::string events_part(const RunReport& run, const TraceLog& log, std::size_t most_octets,
                        PageLinks& links) {
  if (log.events().empty()) return {};
  return EventTable(run, log, most_octets, links).make();
}

}  // namespace provlab::lab
