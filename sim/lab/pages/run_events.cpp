#include <fmt/format.h>

#include <algorithm>

#include "core/platform/html_writer.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/lab/trace/narration.hpp"

namespace provlab::lab {

namespace {

/// How many rows at the end, and around a failure, have room before those of the beginning.
constexpr std::size_t kLastRows = 12;
constexpr std::size_t kRowsAround = 10;
constexpr std::size_t kMostRowsTried = 3000;
constexpr std::size_t kGapOctets = 200;

class EventTable {
 public:
  EventTable(const RunReport& run, const TraceLog& log, std::size_t most, PageLinks& links)
      : run_(run), log_(log), links_(links), room_(most), rows_(log.events().size()) {}

  std::string make() {
    choose();
    HtmlWriter html;
    html.open("section", {{"aria-labelledby", "events"}});
    html.element("h2", "All events", {{"id", "events"}});
    controls(html);
    html.raw(
        "<div class=\"wide\"><table "
        "class=\"events\"><thead><tr><th>No.</th><th>Time</th><th>Host</th>"
        "<th>Event</th><th>What it says</th><th>Cause</th></tr></thead><tbody>\n");
    std::size_t left_out = 0;
    for (const std::string& row : rows_) {
      if (row.empty()) {
        ++left_out;
        continue;
      }
      gap(html, std::exchange(left_out, 0));
      html.raw(row);
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
    if (!rows_[i].empty()) return;
    std::string written = row(log_.events()[i]);
    const std::size_t octets = written.size() + 20;  // and its links
    if (octets > room_) return;
    room_ -= octets;
    rows_[i] = std::move(written);
  }

  static void controls(HtmlWriter& html) {
    html.empty("input", {{"type", "checkbox"}, {"class", "filter"}, {"id", "bare"}});
    html.element("label", "Leave out packets that other events tell of", {{"for", "bare"}});
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
    const auto lookup = [&](std::string_view key) -> std::optional<std::string> {
      const auto found = std::ranges::find(event.fields, key, &LoggedField::name);
      if (found == event.fields.end()) return std::nullopt;
      return found->value;
    };
    const bool failed = std::ranges::any_of(run_.verdict.findings, [&](const Finding& finding) {
      return !finding.held && finding.event == event.number;
    });
    const bool packet = told_by_others(event.name, lookup);
    HtmlWriter html;
    const std::string number = std::to_string(event.number);
    html.open("tr", {{"id", "e" + number},
                     {"class", failed   ? std::string_view("fail")
                               : packet ? std::string_view("packet")
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
    says(html, event, lookup, is_good(run_.verdict.outcome));
    html.close();
    html.open("td");
    if (event.cause != 0) {
      const std::string link = links_.event(event.cause);
      html.element("a", std::to_string(event.cause),
                   {{"href", link.empty() ? std::string_view() : std::string_view(link)}});
    }
    html.close();
    html.close();
    html.raw("\n");
    return html.take();
  }

  static void says(HtmlWriter& html, const LoggedEvent& event, const FieldLookup& lookup,
                   bool brief) {
    constexpr std::size_t kMostField = 600;
    const std::string sentence = event_sentence(
        event.name, lookup, [] { return std::vector<std::pair<std::string, std::string>>(); });
    if (sentence != event.name) html.text(cut_text(sentence, kMostField));
    std::string fields;
    for (const LoggedField& field : event.fields) {
      // Where nothing failed nobody looks for the names of what the sentence says.
      const bool told = field.value.size() > 2 && sentence.find(field.value) != sentence.npos;
      if (brief && told && sentence != event.name) continue;
      fields += fields.empty() ? "" : "  ";
      fields += field.name + "=" + cut_text(field.value, kMostField);
    }
    if (!fields.empty()) html.element("small", fields);
  }

  const RunReport& run_;
  const TraceLog& log_;
  PageLinks& links_;
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
