#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "sim/lab/report/reports.hpp"
#include "sim/lab/trace/spoken_time.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

/// A sentence as long as this is said once.
constexpr std::size_t kLongSentence = 48;
/// A complaint is read by itself, in an editor for instance, so only a very long one is.
constexpr std::size_t kLongComplaint = 160;
/// So many reasons for what is left out are told where not every run is.
constexpr std::size_t kMostTold = 8;

/// What was said, and of whom first.
class Told {
 public:
  /// Nothing where it is new; else words that refer to where it was said: `as above`, `as for
  /// NAME`.
  std::string before(const std::string& what, const std::string& whose) {
    const auto [known, is_new] = told_.try_emplace(what, whose);
    if (is_new) return {};
    return known->second == whose ? "as above" : "as for " + known->second;
  }
  /// The sentence, unless it is long and was said before.
  std::string once(const std::string& sentence, const std::string& whose) {
    if (sentence.size() < kLongSentence) return sentence;
    std::string reference = before(sentence, whose);
    return reference.empty() ? sentence : reference;
  }

 private:
  std::map<std::string, std::string> told_;
};

class TextWriter {
 public:
  explicit TextWriter(const TextOptions& options) : options_(options) {}

  std::string out;

  void complaint(const Complaint& complaint) {
    Complaint said = complaint;
    std::string place = complaint.file;
    if (complaint.line != 0) place += fmt::format(":{}", complaint.line);
    if (complaint.text.size() >= kLongComplaint) said.text = told_.once(complaint.text, place);
    line("{}", said.to_string());
  }

  void run(const RunReport& run) {
    const Outcome outcome = run.verdict.outcome;
    if (options_.quiet && is_good(outcome)) return count_not_judged(run);
    out += mark(outcome);
    line(" {:<60} {:>9}  {:>8.1f} ms", run.title(), spoken(run.virtual_time),
         milliseconds(run.wall_time));
    if (options_.verbose) {
      line("       trace {} events, checksum {:016x}, seed {}", run.events, run.checksum, run.seed);
      for (const std::string& text : run.narration) line("  {}", text);
    }
    for (const Finding& finding : run.verdict.findings) {
      if (finding.not_judged.empty()) continue;
      line("       {}: {}", run.heading(finding), told_.once(finding.not_judged, run.title()));
    }
    if (outcome == Outcome::passed) return;
    if (outcome == Outcome::left_out) {
      return line("       {}", told_.once(run.verdict.reason, run.title()));
    }
    if (!run.verdict.reason.empty()) {
      line("       {}: {}", run.place(run.verdict.line),
           told_.once(run.verdict.reason, run.title()));
    }
    for (const Finding& finding : run.verdict.findings) {
      if (!finding.held) show(run, finding);
    }
    if (run.what_if) {
      for (const std::string& text : what_if_lines(*run.what_if)) {
        line("       {}", text);
      }
    }
    for (const DaemonLog& log : run.logs) show(log);
    line("       repeat: {}\n", run.repeat());
  }

  /// What a reader looks for at the end of a long text.
  void recap(const SuiteReport& suite) {
    const auto is_bad = [](const RunReport& run) { return !is_good(run.verdict.outcome); };
    if (suite.runs.size() < 2 || std::ranges::none_of(suite.runs, is_bad)) return;
    for (const RunReport& run : suite.runs) {
      if (!is_bad(run)) continue;
      line("{}: {}: {}", run.place(run.line_at_fault()), to_string(run.verdict.outcome),
           run.title());
    }
  }

  void not_told(const SuiteReport& suite) {
    if (!options_.quiet) return;
    if (not_judged_ > 0) {
      line("{} {} not judged (--no-quiet says which, and why)", not_judged_,
           not_judged_ == 1 ? "expectation was" : "expectations were");
    }
    if (!options_.table) out += left_out_text(suite, kMostTold);
  }

  template <class... Args>
  void line(fmt::format_string<Shown<Args>...> format, const Args&... args) {
    out += shown(format, args...);
    out += '\n';
  }

 private:
  void show(const RunReport& run, const Finding& finding) {
    const std::string title = run.title();
    line("     {}", run.heading(finding));
    const std::string whole = fmt::format("{}\n{}\n{}\n{}", run.heading(finding), finding.expected,
                                          finding.actual, finding.why);
    if (const std::string reference = told_.before(whole, title); !reference.empty()) {
      line("       {}", reference);
    } else {
      line("       expected: {}", told_.once(finding.expected, title));
      line("       actual:   {}", told_.once(finding.actual, title));
      if (!finding.why.empty()) line("       why:      {}", told_.once(finding.why, title));
    }
    const auto lines = run.time_line(finding);
    if (lines.empty()) return;
    const std::string reference = told_.before(fmt::format("{}", fmt::join(lines, "\n")), title);
    if (!reference.empty()) return line("       time line {}", reference);
    for (const std::string& text : lines) line("       {}", text);
  }

  /// The end of what a daemon said.
  void show(const DaemonLog& log) {
    constexpr int kLines = 8;
    std::string_view text = log.text;
    while (text.ends_with('\n')) text.remove_suffix(1);
    std::size_t begin = text.size();
    for (int lines = 0; lines < kLines && begin != std::string_view::npos; ++lines) {
      begin = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
    }
    text.remove_prefix(begin == std::string_view::npos ? 0 : begin + 1);
    line("       {} said {}", log.daemon, text.empty() ? "nothing" : "at last:");
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      line("         {}", text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void count_not_judged(const RunReport& run) {
    not_judged_ += static_cast<std::size_t>(std::ranges::count_if(
        run.verdict.findings, [](const Finding& finding) { return !finding.not_judged.empty(); }));
  }

  std::string mark(Outcome outcome) const {
    static constexpr std::array<std::string_view, kOutcomes.size()> kMarks{
        "  ok   ", "FAILED ", "INVALID", "BROKEN ", "SLOW   ", "  -    "};
    const std::string_view text = kMarks[static_cast<std::size_t>(outcome)];
    if (!options_.colour) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", is_good(outcome) ? "32" : "31;1", text);
  }

  static double milliseconds(Duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
  }

  TextOptions options_;
  Told told_;
  std::size_t not_judged_ = 0;
};

std::string counts_of(const SuiteReport& suite) {
  std::string counts = fmt::format("{} passed", suite.count(Outcome::passed));
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) counts += fmt::format(", {} {}", count, what);
  };
  add(suite.count(Outcome::failed), "failed");
  add(suite.count(Outcome::invalid), "invalid");
  add(suite.count(Outcome::broken), "broken");
  add(suite.count(Outcome::too_slow), "not judged, since the machine is too slow");
  add(suite.count(Outcome::left_out), "left out");
  if (suite.ended_early) counts += ", the others not played: it was ended early";
  add(suite.complaints.size(),
      suite.complaints.size() == 1 ? "complaint about a file" : "complaints about files");
  add(suite.notes.size(), suite.notes.size() == 1 ? "note" : "notes");
  return counts;
}

/// `0.42 s`, `1 min 12 s`: hundredths are fine enough for people.
std::string wall_words(Duration time) {
  if (time >= std::chrono::minutes(1)) return spoken(time);
  return fmt::format("{:.2f} s", std::chrono::duration<double>(time).count());
}

}  // namespace

std::string text_report(const SuiteReport& suite, const TextOptions& options) {
  TextWriter writer(options);
  for (const Complaint& complaint : suite.complaints) writer.complaint(complaint);
  if (options.table) writer.out += table_of(suite);
  for (const RunReport& run : suite.runs) {
    if (!options.table || !is_good(run.verdict.outcome)) writer.run(run);
  }
  for (const Complaint& note : suite.notes) {
    writer.line("{}:{}: {}: {}", note.file, note.line, suite.strict ? "error" : "note", note.text);
  }
  writer.recap(suite);
  writer.not_told(suite);
  writer.line("{} ({} {}, {} wall time, {} {})", counts_of(suite), suite.files,
              suite.files == 1 ? "file" : "files", wall_words(suite.wall_time), suite.jobs,
              suite.jobs == 1 ? "thread" : "threads");
  return std::move(writer.out);
}

}  // namespace provlab::lab
