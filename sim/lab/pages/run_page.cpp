#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/platform/html_writer.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/pages/diagram_svg.hpp"
#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/pages.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/lab/trace/narration.hpp"

namespace provlab::lab {

namespace {

std::string event_link(EventNumber event) {
  return fmt::format("#e{}", event);
}

class RunPage {
 public:
  RunPage(const RunReport& run, const std::string& folder) : run_(run), folder_(folder) {}

  std::string make() {
    std::string unreadable;
    if (run_.detail) {
      auto log = TraceLog::parse(run_.detail->trace);
      if (log) {
        log_ = std::move(*log);
        diagram_ = sequence_diagram(log_);
        mark_failures();
      } else {
        unreadable = log.error().to_string();
      }
    }
    header();
    html_.open("main", {{"id", "main"}});
    failures();
    order_of_answers();
    diagram();
    expectations();
    settings();
    events();
    daemons();
    if (!unreadable.empty()) html_.element("p", "The trace cannot be read: " + unreadable);
    html_.close();
    return framed_page(run_.title() + ": " + std::string(to_string(run_.verdict.outcome)),
                       html_.take());
  }

 private:
  void mark_failures() {
    for (const Finding& finding : run_.verdict.findings) {
      if (finding.held || finding.event == 0 || finding.event > log_.events().size()) continue;
      diagram_.marks.push_back({finding.event, log_.event(finding.event).at, 0, Mark::Kind::failure,
                                finding.line == 0
                                    ? "✗ " + finding.text
                                    : fmt::format("✗ line {} is not met", finding.line),
                                "expected: " + finding.expected});
    }
    std::ranges::stable_sort(diagram_.marks, {}, &Mark::event);
  }

  void heading(std::string_view text, std::string_view id) {
    html_.element("h2", text, {{"id", id}});
  }

  void header() {
    html_.open("header", {{"class", "top"}});
    html_.open("nav", {{"class", "crumbs"}, {"aria-label", "Where this page is"}});
    html_.element("a", "All runs", {{"href", "../index.html"}});
    html_.text(" › ");
    html_.element("span", run_.file);
    html_.close();
    html_.open("h1");
    const std::string outcome(to_string(run_.verdict.outcome));
    html_.element("span", outcome, {{"class", "badge " + outcome}});
    html_.text(" " + run_.scenario);
    if (!run_.variant.empty()) html_.element("span", " " + run_.variant, {{"class", "variant"}});
    html_.close();
    if (!run_.about.empty()) html_.element("p", run_.about, {{"class", "about"}});
    if (!run_.verdict.reason.empty()) {
      html_.element("p", run_.verdict.reason, {{"class", "card bad"}});
    }
    results();
    facts();
    html_.close();
  }

  /// What the phone itself said at the end of each run.
  void results() {
    for (const LoggedEvent& event : log_.events()) {
      if (!event.is("run_ended")) continue;
      html_.open("p", {{"class", "result"}});
      html_.text(fmt::format("The phone's run {} ended ", event.field("run")));
      html_.element("b", event.field("result"));
      html_.text(fmt::format(" after {}: ", event.field("duration")));
      html_.element("q", event.field("sentence"));
      html_.close();
    }
  }

  void facts() {
    html_.open("dl", {{"class", "facts"}});
    html_.element("dt", "Repeat this run");
    html_.open("dd");
    html_.element("code", run_.repeat(), {{"id", "repeat"}});
    html_.element("button", "Copy",
                  {{"type", "button"}, {"class", "copy needs-script"}, {"data-copy", "repeat"}});
    html_.close();
    html_.element("dt", "Trace");
    html_.open("dd");
    html_.text(fmt::format("{} events, checksum {:016x}, seed {}, {} of virtual time", run_.events,
                           run_.checksum, run_.seed, seconds_text(run_.virtual_time)));
    file_link(run_.trace_file, "trace as JSON lines");
    file_link(run_.capture_file, "capture for Wireshark");
    html_.close();
    html_.close();
  }

  void file_link(const std::string& file, std::string_view what) {
    if (file.empty()) return;
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path from = fs::absolute(fs::path(folder_) / "runs", error).lexically_normal();
    const fs::path to = fs::absolute(file, error).lexically_normal();
    html_.text(", ");
    html_.element("a", what, {{"href", address_of(to.lexically_relative(from).generic_string())}});
  }

  /// A path as an address: '#' and '?' would end it, '%' would stand for another character.
  static std::string address_of(std::string_view path) {
    std::string address;
    for (const char c : path) {
      const bool plain =
          is_letter(c) || is_digit(c) || std::string_view("-._~/").find(c) != path.npos;
      address += plain
                     ? std::string(1, c)
                     : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return address;
  }

  void finding_card(const Finding& finding) {
    html_.open("article", {{"class", "card bad"}});
    html_.open("p", {{"class", "head"}});
    html_.element("code", finding.text);
    html_.text(" ");
    html_.element(
        "span",
        finding.line == 0 ? "holds of every run" : fmt::format("{}:{}", run_.file, finding.line),
        {{"class", "quiet"}});
    html_.close();
    html_.open("dl", {{"class", "versus"}});
    html_.element("dt", "expected");
    html_.element("dd", finding.expected);
    html_.element("dt", "actual");
    html_.element("dd", finding.actual);
    if (!finding.why.empty()) {
      html_.element("dt", "why");
      html_.element("dd", finding.why);
    }
    html_.close();
    if (finding.event != 0 && finding.event <= log_.events().size()) {
      html_.element("a", fmt::format("See event {}", finding.event),
                    {{"href", event_link(finding.event)}});
    } else if (const auto lines = run_.time_line(finding); !lines.empty()) {
      html_.open("pre");
      for (const std::string& line : lines) html_.text(line + "\n");
      html_.close();
    }
    html_.close();
  }

  void failures() {
    if (run_.verdict.failed() == 0) return;
    html_.open("section", {{"aria-labelledby", "failed"}});
    heading("What was expected, and what happened", "failed");
    for (const Finding& finding : run_.verdict.findings) {
      if (!finding.held) finding_card(finding);
    }
    html_.close();
  }

  /// The race in words: who came when, and what became of it.
  void order_of_answers() {
    const auto answers = diagram_.answers_in_order();
    if (answers.size() < 2) return;
    html_.open("section", {{"aria-labelledby", "order"}});
    heading("The answers, in the order of their arrival", "order");
    html_.open("ol", {{"class", "order"}});
    for (const Message* message : answers) {
      const bool won = message->part == Message::Part::winner;
      html_.open("li", {{"class", won ? "win" : "late"}});
      const bool came = message->received_event != 0 && message->lost.empty();
      html_.element("b", came ? seconds_text(message->ended) : std::string("never"));
      html_.text(" ");
      html_.element("a", message->label, {{"href", event_link(message->sent_event)}});
      html_.text(fmt::format(" from {}", diagram_.lifelines[message->from].host));
      if (!message->answer.empty()) html_.element("code", message->answer);
      html_.element("span",
                    !came                                  ? "lost: " + message->lost
                    : won                                  ? std::string("came first and wins")
                    : message->part == Message::Part::late ? std::string("came late: not used")
                                                           : std::string("was not used"),
                    {{"class", won ? "badge passed" : "badge late"}});
      html_.close();
    }
    html_.close();
    html_.close();
  }

  void diagram() {
    if (log_.events().empty()) {
      html_.element(
          "p",
          "This report holds no trace of the run, so there is no diagram. Reports of "
          "shards hold traces of failed runs only; with --details all they hold every one.",
          {{"class", "quiet"}});
      return;
    }
    html_.open("section", {{"aria-labelledby", "diagram"}});
    heading("Who said what to whom", "diagram");
    html_.element("p",
                  "Time runs downwards: a row for each thing that happens, so distances say order, "
                  "not length. Silences of half a second and more are cut short and say so. A "
                  "message is a link to its event.",
                  {{"class", "quiet"}});
    legend();
    const bool transport = std::ranges::any_of(diagram_.messages, &Message::transport);
    if (transport) {
      html_.empty("input", {{"type", "checkbox"}, {"class", "filter"}, {"id", "tcp"}});
      html_.element("label", "Show TCP's own packets (handshakes, further segments)",
                    {{"for", "tcp"}});
    }
    figure("figure folded", {});
    if (transport) figure("figure full", {.transport = true});
    html_.close();
  }

  void figure(std::string_view type, const DiagramOptions& options) {
    html_.open("div", {{"class", type},
                       {"tabindex", "0"},
                       {"role", "region"},
                       {"aria-label", "Sequence diagram"}});
    html_.raw(diagram_heading(diagram_));
    html_.raw(diagram_svg(diagram_, options));
    html_.close();
  }

  void legend() {
    html_.raw(
        "<ul class=\"legend\" aria-label=\"Legend\"><li><i class=\"m\"></i> packet, from sending "
        "to "
        "arrival</li><li><i class=\"m again\"></i> sent again</li><li><i class=\"m lost\"></i> "
        "lost: "
        "ends in a cross, with the reason</li><li><i class=\"m win\"></i> the answer that wins</li>"
        "<li><i class=\"m late\"></i> an answer that came late</li><li><i class=\"dot\"></i> the "
        "host "
        "does or decides something</li><li><i class=\"dot fail\"></i> an expectation is not met"
        "</li></ul>");
  }

  void expectations() {
    html_.open("section", {{"aria-labelledby", "expectations"}});
    heading("Expectations", "expectations");
    if (run_.verdict.findings.empty()) html_.element("p", "None was looked at.");
    html_.open("table", {{"class", "findings"}});
    html_.raw(
        "<thead><tr><th scope=\"col\">Held</th><th scope=\"col\" class=\"num\">Line</th>"
        "<th scope=\"col\">Expectation</th><th scope=\"col\">In words</th></tr></thead>");
    html_.open("tbody");
    for (const bool held : {false, true}) {
      for (const Finding& finding : run_.verdict.findings) {
        if (finding.held == held) finding_row(finding);
      }
    }
    html_.close();
    html_.close();
    html_.close();
  }

  void finding_row(const Finding& finding) {
    html_.open("tr");
    html_.open("td");
    if (!finding.not_judged.empty()) {
      html_.element("span", "not judged", {{"class", "badge"}});
    } else {
      html_.element("span", finding.held ? "yes" : "no",
                    {{"class", finding.held ? "badge passed" : "badge failed"}});
    }
    html_.close();
    html_.element("td", finding.line == 0 ? "" : std::to_string(finding.line), {{"class", "num"}});
    html_.open("td");
    html_.element("code", finding.text);
    html_.close();
    html_.open("td");
    html_.text(finding.expected);
    if (!finding.held) html_.element("p", "But " + finding.actual, {{"class", "bad-text"}});
    if (!finding.not_judged.empty()) html_.element("p", finding.not_judged, {{"class", "quiet"}});
    if (!finding.why.empty()) html_.element("p", "Why: " + finding.why, {{"class", "quiet"}});
    html_.close();
    html_.close();
  }

  void settings() {
    if (!run_.detail) return;
    html_.open("section", {{"aria-labelledby", "settings"}});
    heading("Settings that changed", "settings");
    if (run_.detail->settings.empty()) {
      html_.element("p", "None: at the end the phone has the settings that it began with.");
    } else {
      html_.open("table", {{"class", "settings"}});
      html_.raw(
          "<thead><tr><th scope=\"col\">Setting</th><th scope=\"col\">Before</th>"
          "<th scope=\"col\">After</th></tr></thead>");
      html_.open("tbody");
      for (const provlab::settings::Difference& each : run_.detail->settings) {
        html_.open("tr");
        html_.open("td");
        html_.element("code", each.path);
        html_.close();
        html_.element("td", each.order_only ? "the same settings" : each.from, {{"class", "old"}});
        html_.element("td", each.order_only ? "in another order" : each.to, {{"class", "new"}});
        html_.close();
      }
      html_.close();
      html_.close();
    }
    html_.close();
  }

  void events() {
    if (log_.events().empty()) return;
    html_.open("section", {{"aria-labelledby", "events"}});
    heading("All events", "events");
    html_.empty("input", {{"type", "checkbox"}, {"class", "filter"}, {"id", "bare"}});
    html_.element("label", "Leave out packets that other events tell of", {{"for", "bare"}});
    html_.open("p", {{"class", "search needs-script"}, {"role", "search"}});
    html_.element("label", "Search ", {{"for", "search"}});
    html_.empty("input", {{"type", "search"},
                          {"id", "search"},
                          {"placeholder", "event, host, field …  ( / )"},
                          {"autocomplete", "off"}});
    html_.element("span", "", {{"id", "found"}, {"class", "quiet"}, {"aria-live", "polite"}});
    html_.raw(
        "<span class=\"keys quiet\"><kbd>/</kbd> search, <kbd>↑</kbd> <kbd>↓</kbd> from event "
        "to event, <kbd>c</kbd> to its cause, <kbd>Esc</kbd> back to all</span>");
    html_.close();
    html_.open("table", {{"class", "events"}});
    html_.raw(
        "<thead><tr><th scope=\"col\" class=\"num\">No.</th><th scope=\"col\" class=\"num\">"
        "Time</th><th scope=\"col\">Host</th><th scope=\"col\">Event</th><th scope=\"col\">What "
        "it says</th><th scope=\"col\" class=\"num\">Cause</th></tr></thead>");
    html_.open("tbody");
    for (const LoggedEvent& event : log_.events()) event_row(event);
    html_.close();
    html_.close();
    html_.close();
  }

  void daemons() {
    if (run_.logs.empty()) return;
    heading("What the daemons said", "daemons");
    for (const DaemonLog& log : run_.logs) {
      html_.open("details");
      html_.element("summary", log.daemon);
      html_.element("pre", log.text);
      html_.close();
    }
  }

  void event_row(const LoggedEvent& event) {
    const auto lookup = [&](std::string_view key) -> std::optional<std::string> {
      const auto found = std::ranges::find(event.fields, key, &LoggedField::name);
      if (found == event.fields.end()) return std::nullopt;
      return found->value;
    };
    const bool failed = std::ranges::any_of(run_.verdict.findings, [&](const Finding& finding) {
      return !finding.held && finding.event == event.number;
    });
    const bool packet = told_by_others(event.name, lookup);
    const std::string number = std::to_string(event.number);
    html_.open("tr", {{"id", "e" + number},
                      {"tabindex", "-1"},
                      {"class", failed   ? std::string_view("fail")
                                : packet ? std::string_view("packet")
                                         : std::string_view()}});
    html_.element("td", number, {{"class", "num"}});
    html_.element("td", seconds_text(event.at), {{"class", "num"}});
    html_.element("td", event.host);
    html_.element("td", event.name, {{"class", "name"}});
    html_.open("td");
    const std::string sentence = event_sentence(
        event.name, lookup, [] { return std::vector<std::pair<std::string, std::string>>(); });
    if (sentence != event.name) html_.element("span", sentence);
    html_.open("small");
    for (const LoggedField& field : event.fields) {
      html_.element("span", field.name + "=" + field.value);
      html_.text(" ");
    }
    html_.close();
    html_.close();
    html_.open("td", {{"class", "num"}});
    if (event.cause != 0) {
      html_.element("a", std::to_string(event.cause), {{"href", event_link(event.cause)}});
    }
    html_.close();
    html_.close();
    html_.raw("\n");
  }

  const RunReport& run_;
  const std::string& folder_;
  TraceLog log_;
  SequenceDiagram diagram_;
  HtmlWriter html_;
};

}  // namespace

std::string run_page(const RunReport& run, const std::string& folder) {
  return RunPage(run, folder).make();
}

}  // namespace provlab::lab
