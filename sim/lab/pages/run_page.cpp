#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/platform/text.hpp"
#include "sim/lab/pages/diagram_svg.hpp"
#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/pages.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/lab/trace/spoken_time.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

// Of the octets of a page; the table of events has what the others leave.
constexpr std::size_t kMostFolded = 20'000;
constexpr std::size_t kMostFull = 18'000;
constexpr std::size_t kMostContents = 24'000;
constexpr std::size_t kMostEvents = 100'000;
constexpr std::size_t kMostEventsOfGood = 16'000;  ///< most pages are of runs that passed
constexpr std::size_t kLeastEvents = 8'000;
constexpr std::size_t kMostAnswers = 24;

class RunPage {
 public:
  RunPage(const RunReport& run, const std::string& folder, const BesidePage* beside)
      : run_(run), folder_(folder), beside_(beside) {
    if (!run_.detail) return;
    auto log = TraceLog::parse(run_.detail->trace);
    if (log) {
      log_ = std::move(*log);
      diagram_ = sequence_diagram(log_, run_.detail->contents);
      mark_failures();
    } else {
      unreadable_ = log.error().to_string();
    }
  }

  /// The table of events is made smaller until the page is small enough, then the other parts whose
  /// size has no end, quarter by quarter.
  std::string make() {
    std::size_t room = is_good(run_.verdict.outcome) ? kMostEventsOfGood : kMostEvents;
    for (;;) {
      std::string page = with_events_of(room);
      if (page.size() <= kMostPageOctets) return page;
      if (room <= kLeastEvents && --quarters_ == 0) return page;
      const std::size_t over = page.size() - kMostPageOctets + 500;
      room = std::max(kLeastEvents, room > over ? room - over : 0);
    }
  }

 private:
  std::string with_events_of(std::size_t room) {
    PageLinks links;
    const std::string contents =
        run_.detail ? contents_part(*run_.detail, diagram_, part_of(kMostContents), links)
                    : std::string();
    const std::string events = events_part(run_, log_, room, links);
    html_ = {};
    header();
    html_.open("main", {{"id", "main"}});
    html_.raw(failures_part(run_, links));
    html_.raw(what_if_part(run_, links));
    order_of_answers(links);
    diagram(links);
    html_.raw(contents);
    html_.raw(expectations_part(run_));
    if (run_.detail) html_.raw(settings_part(*run_.detail));
    html_.raw(events);
    html_.raw(logs_part(run_));
    if (!unreadable_.empty()) html_.element("p", "The trace cannot be read: " + unreadable_);
    html_.close();
    return framed_page(run_.title() + ": " + std::string(to_string(run_.verdict.outcome)),
                       html_.take());
  }

  std::size_t part_of(std::size_t octets) const { return octets * quarters_ / 4; }

  void mark_failures() {
    constexpr std::size_t kMost = 40;
    std::size_t marked = 0;
    for (const Finding& finding : run_.verdict.findings) {
      if (finding.held || finding.event == 0 || finding.event > log_.events().size()) continue;
      if (++marked > kMost) break;
      diagram_.marks.push_back({finding.event, log_.event(finding.event).at, 0, Mark::Kind::failure,
                                finding.line == 0
                                    ? "✗ " + finding.text
                                    : fmt::format("✗ line {} is not met", finding.line),
                                cut_text("expected: " + finding.expected, 300)});
    }
    mark_no_return(diagram_, run_.what_if ? &*run_.what_if : nullptr, log_, "⚑ too late to pass");
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
    if (!run_.about.empty()) html_.element("p", cut_text(run_.about, 600), {{"class", "about"}});
    if (!run_.verdict.reason.empty()) {
      html_.element("p", cut_text(run_.verdict.reason, 1000), {{"class", "card bad"}});
    }
    results();
    facts();
    html_.close();
  }

  /// What the phone itself said at the end of each run.
  void results() {
    constexpr std::size_t kMost = 12;
    std::size_t ended = 0;
    for (const LoggedEvent& event : log_.events()) {
      if (!event.is("run_ended")) continue;
      if (++ended > kMost) continue;
      html_.open("p", {{"class", "result"}});
      html_.text(fmt::format("The phone's run {} ended ", event.field("run")));
      html_.element("b", event.field("result"));
      html_.text(fmt::format(" after {}: ", spoken_exactly(event.field("duration"))));
      html_.element("q", cut_text(std::string(event.field("sentence")), 600));
      html_.close();
    }
    if (ended > kMost) html_.element("p", fmt::format("And {} more runs.", ended - kMost));
  }

  void facts() {
    html_.open("dl", {{"class", "facts"}});
    html_.element("dt", "Repeat this run");
    html_.open("dd");
    html_.element("code", run_.repeat(), {{"id", "repeat"}});
    html_.element("button", "Copy",
                  {{"type", "button"}, {"class", "copy needs-script"}, {"data-copy", "repeat"}});
    html_.close();
    if (beside_ != nullptr) {
      html_.element("dt", "Beside one that passed");
      html_.open("dd");
      html_.element("a", beside_->variant,
                    {{"href", beside_->path.substr(beside_->path.find('/') + 1)}});
      html_.text(": " + cut_text(beside_->line, 400));
      html_.close();
    }
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

  /// The races in words: of each run of the phone, who came when, and what became of it.
  void order_of_answers(const PageLinks& links) {
    const std::vector<AnswersOfRun> runs = diagram_.answers_by_run();
    std::size_t answers = 0;
    for (const AnswersOfRun& each : runs) answers += each.answers.size();
    if (answers < 2) return;
    html_.open("section", {{"aria-labelledby", "order"}});
    heading("The answers, in the order of their arrival", "order");
    std::size_t room = kMostAnswers;
    for (const AnswersOfRun& each : runs) {
      if (runs.size() > 1 && room > 0) html_.element("h3", each.title());
      html_.open("ol", {{"class", "order"}});
      for (const Message* message : each.answers) {
        if (room == 0) break;
        --room;
        answer(*message, links);
      }
      html_.close();
    }
    if (answers > kMostAnswers) {
      html_.element("p", fmt::format("And {} more.", answers - kMostAnswers), {{"class", "quiet"}});
    }
    html_.close();
  }

  void answer(const Message& message, const PageLinks& links) {
    const bool won = message.part == Message::Part::winner;
    const bool came = message.received_event != 0 && message.lost.empty();
    html_.open("li", {{"class", won ? "win" : "late"}});
    html_.element("b", came ? seconds_text(message.ended) : std::string("never"));
    html_.text(" ");
    const std::string link = links.message(message.sent_event);
    html_.element("a", cut_text(message.label, 200),
                  {{"href", link.empty() ? std::string_view() : std::string_view(link)}});
    html_.text(fmt::format(" from {}", diagram_.lifelines[message.from].host));
    if (!message.answer.empty()) html_.element("code", message.answer);
    html_.element("span",
                  !came                                 ? "lost: " + message.lost
                  : won                                 ? std::string("came first and wins")
                  : message.part == Message::Part::late ? std::string("came late: not used")
                                                        : std::string("was not used"),
                  {{"class", won ? "badge passed" : "badge late"}});
    html_.close();
  }

  void diagram(const PageLinks& links) {
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
                  "message is a link to what it says.",
                  {{"class", "quiet"}});
    Legend legend;
    legend.of_runs({&diagram_, 1}, run_.verdict.failed() > 0, "an expectation is not met");
    html_.raw(legend.take());
    // They say little of a run that passed, and are half of its diagram.
    const bool transport = !is_good(run_.verdict.outcome) &&
                           std::ranges::any_of(diagram_.messages, &Message::transport);
    if (transport) {
      html_.empty("input", {{"type", "checkbox"}, {"class", "filter"}, {"id", "tcp"}});
      html_.element("label", "Show TCP's own packets (handshakes, further segments)",
                    {{"for", "tcp"}});
    }
    const std::vector<ReachBar> reach = reach_bars(run_.what_if ? &*run_.what_if : nullptr, {});
    figure("figure folded", {.links = links, .most_octets = part_of(kMostFolded), .reach = reach});
    if (transport) {
      figure(
          "figure full",
          {.links = links, .transport = true, .most_octets = part_of(kMostFull), .reach = reach});
    }
    html_.close();
  }

  void figure(std::string_view type, const DiagramOptions& options) {
    html_.raw(figure_part(type, "Sequence diagram", diagram_svg(diagram_, options)));
  }

  const RunReport& run_;
  const std::string& folder_;
  const BesidePage* beside_;
  std::string unreadable_;
  std::size_t quarters_ = 4;
  TraceLog log_;
  SequenceDiagram diagram_;
  HtmlWriter html_;
};

}  // namespace

std::string run_page(const RunReport& run, const std::string& folder, const BesidePage* beside) {
  return RunPage(run, folder, beside).make();
}

}  // namespace provlab::lab
