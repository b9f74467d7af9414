#include <fmt/format.h>

#include <array>

#include "core/platform/visible.hpp"
#include "sim/lab/report/reports.hpp"

namespace provlab::lab {

namespace {

class TextWriter {
 public:
  explicit TextWriter(const TextOptions& options) : options_(options) {}

  std::string out;

  void run(const RunReport& run) {
    out += mark(run.verdict.outcome);
    line(" {:<60} {:>9}  {:>8.1f} ms", run.title(), virtual_time(run.virtual_time),
         milliseconds(run.wall_time));
    if (options_.verbose) {
      line("       trace {} events, checksum {:016x}, seed {}", run.events, run.checksum, run.seed);
      for (const std::string& text : run.narration) line("  {}", text);
    }
    for (const Finding& finding : run.verdict.findings) {
      if (finding.not_judged.empty()) continue;
      line("       {}: {}", run.heading(finding), finding.not_judged);
    }
    if (run.verdict.outcome == Outcome::passed) return;
    if (run.verdict.outcome == Outcome::left_out) return line("       {}", run.verdict.reason);
    if (!run.verdict.reason.empty()) line("       {}: {}", run.file, run.verdict.reason);
    for (const Finding& finding : run.verdict.findings) {
      if (!finding.held) show(run, finding);
    }
    for (const DaemonLog& log : run.logs) show(log);
    line("       repeat: {}\n", run.repeat());
  }

  template <class... Args>
  void line(fmt::format_string<Shown<Args>...> format, const Args&... args) {
    out += shown(format, args...);
    out += '\n';
  }

 private:
  void show(const RunReport& run, const Finding& finding) {
    line("     {}", run.heading(finding));
    line("       expected: {}", finding.expected);
    line("       actual:   {}", finding.actual);
    if (!finding.why.empty()) line("       why:      {}", finding.why);
    for (const std::string& text : run.time_line(finding)) line("       {}", text);
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

  std::string mark(Outcome outcome) const {
    static constexpr std::array<std::string_view, kOutcomes.size()> kMarks{
        "  ok   ", "FAILED ", "INVALID", "BROKEN ", "SLOW   ", "  -    "};
    const std::string_view text = kMarks[static_cast<std::size_t>(outcome)];
    if (!options_.colour) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", is_good(outcome) ? "32" : "31;1", text);
  }

  static std::string virtual_time(Duration time) {
    return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
  }
  static double milliseconds(Duration time) {
    return std::chrono::duration<double, std::milli>(time).count();
  }

  TextOptions options_;
};

}  // namespace

std::string text_report(const SuiteReport& suite, const TextOptions& options) {
  TextWriter writer(options);
  for (const Complaint& complaint : suite.complaints) writer.line("{}", complaint.to_string());
  if (options.table) writer.out += table_of(suite);
  for (const RunReport& run : suite.runs) {
    if (!options.table || !is_good(run.verdict.outcome)) writer.run(run);
  }
  for (const Complaint& note : suite.notes) {
    writer.line("{}:{}: {}: {}", note.file, note.line, suite.strict ? "error" : "note", note.text);
  }
  std::string counts = fmt::format("{} passed", suite.count(Outcome::passed));
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) counts += fmt::format(", {} {}", count, what);
  };
  add(suite.count(Outcome::failed), "failed");
  add(suite.count(Outcome::invalid), "invalid");
  add(suite.count(Outcome::broken), "broken");
  add(suite.count(Outcome::too_slow), "not judged, since the machine is too slow");
  add(suite.count(Outcome::left_out), "left out");
  add(suite.complaints.size(),
      suite.complaints.size() == 1 ? "complaint about a file" : "complaints about files");
  add(suite.notes.size(), suite.notes.size() == 1 ? "note" : "notes");
  writer.line("{} ({} {}, {:.2f} s wall time, {} {})", counts, suite.files,
              suite.files == 1 ? "file" : "files",
              std::chrono::duration<double>(suite.wall_time).count(), suite.jobs,
              suite.jobs == 1 ? "thread" : "threads");
  return std::move(writer.out);
}

}  // namespace provlab::lab
