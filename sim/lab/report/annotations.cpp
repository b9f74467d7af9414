// First everything that is wrong becomes an annotation, run by run. Those of one place and check
// are joined, so that the six variants of a race are one mark and not six. Then they are ranked,
// and each form writes the first ten.
#include "sim/lab/report/annotations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "core/platform/checksum.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

using Kind = Annotation::Kind;

std::string sentence_for(const Finding& finding) {
  std::string text = fmt::format("expected {}, but {}", finding.expected, finding.actual);
  if (finding.invariant.empty() && !finding.why.empty()) text += "\nwhy: " + finding.why;
  return text;
}

class Collection {
 public:
  void add(const Complaint& complaint) {
    add({.kind = Kind::complaint,
         .file = complaint.file,
         .line = complaint.line,
         .column = complaint.column,
         .check = complaint.line == 0 ? "unreadable-file" : "invalid-scenario",
         .subject = complaint.text,
         .title = complaint.line == 0 ? "not readable" : "not valid",
         .text = complaint.text},
        complaint.text);
  }
  void add_note(const Complaint& note, bool strict) {
    add({.kind = Kind::note,
         .is_error = strict,
         .file = note.file,
         .line = note.line,
         .column = note.column,
         .check = "does-nothing",
         .subject = note.text,
         .title = "it does nothing",
         .text = note.text},
        note.text);
  }
  void add(const RunReport& run) {
    if (is_good(run.verdict.outcome)) return;
    const auto of_run = [&](Kind kind, int line, std::string check, std::string text,
                            std::string subject = {}) {
      text += "\nrepeat: " + run.repeat();
      add({.kind = kind,
           .file = run.file,
           .line = line,
           .check = check,
           .subject = std::move(subject),
           .title = run.title(),
           .text = std::move(text)},
          check);
    };
    const std::string& reason = run.verdict.reason;
    if (run.verdict.outcome == Outcome::broken) return of_run(Kind::lab_fault, 0, "lab", reason);
    if (run.verdict.outcome == Outcome::too_slow) {
      return of_run(Kind::too_slow, 0, "machine", reason);
    }
    if (run.verdict.outcome == Outcome::invalid)
      of_run(Kind::race, run.verdict.line, "race", reason);
    for (const Finding& finding : run.verdict.findings) {
      if (finding.held) continue;
      const bool invariant = !finding.invariant.empty();
      of_run(invariant ? Kind::invariant : Kind::expectation, finding.line,
             invariant ? finding.invariant : "expectation", sentence_for(finding), finding.text);
    }
  }
  std::vector<Annotation> ranked() && {
    for (Annotation& each : all_) {
      if (each.runs > 1) each.title += fmt::format(" and {} more", each.runs - 1);
    }
    std::ranges::stable_sort(all_, [](const Annotation& a, const Annotation& b) {
      return a.kind != b.kind ? a.kind < b.kind : a.runs > b.runs;
    });
    return std::move(all_);
  }

 private:
  /// `which` tells things at one place apart.
  void add(Annotation annotation, const std::string& which) {
    const auto [known, is_new] =
        places_.try_emplace(std::tuple(annotation.file, annotation.line, which), all_.size());
    if (is_new) all_.push_back(std::move(annotation));
    ++all_[known->second].runs;
  }

  std::vector<Annotation> all_;
  std::map<std::tuple<std::string, int, std::string>, std::size_t> places_;
};

/// The first of them. Where there are more, the last says how many, at the place of the first that
/// it stands for.
std::vector<Annotation> shown_of(std::vector<Annotation> all) {
  if (all.size() <= kMostAnnotations) return all;
  const std::size_t more = all.size() - kMostAnnotations + 1;
  all.resize(kMostAnnotations);
  Annotation& last = all.back();
  last.title = fmt::format("and {} more", more);
  last.text = fmt::format(
      "{} more places have something wrong, this one first; the log of the run "
      "has them all",
      more);
  last.check = "others";
  return all;
}

/// As GitHub's workflow commands want the value of a property, or the message.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool hidden = c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ','));
    out += hidden ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

std::string_view severity_of(Kind kind) {
  static constexpr std::array<std::string_view, 7> kSeverities{
      "critical", "blocker", "major", "critical", "major", "info", "minor"};
  return kSeverities[static_cast<std::size_t>(kind)];
}

/// The same for the same thing wherever its line has moved to, and for no two of a report.
class Fingerprints {
 public:
  std::string of(const Annotation& annotation, const std::string& path) {
    const std::string what = fmt::format("{}\n{}\n{}", annotation.check, path, annotation.subject);
    return fmt::format("{:016x}", checksum_of(fmt::format("{}\n{}", what, ++seen_[what])));
  }

 private:
  std::map<std::string, unsigned> seen_;
};

}  // namespace

std::vector<Annotation> annotations_of(const SuiteReport& suite) {
  Collection collection;
  for (const Complaint& complaint : suite.complaints) collection.add(complaint);
  for (const RunReport& run : suite.runs) collection.add(run);
  for (const Complaint& note : suite.notes) collection.add_note(note, suite.strict);
  return std::move(collection).ranked();
}

std::string github_annotations(const SuiteReport& suite, const PathInRepository& path) {
  std::string out;
  for (const Annotation& each : shown_of(annotations_of(suite))) {
    const std::string place =
        each.line == 0 ? ""
                       : fmt::format(",line={}{}", each.line,
                                     each.column == 0 ? "" : fmt::format(",col={}", each.column));
    out += fmt::format("::{} file={}{},title={}::{}\n", each.is_error ? "error" : "warning",
                       escaped(visible(path(each.file)), true), place,
                       escaped(visible(each.title), true),
                       escaped(visible(each.text, Layout::lines), false));
  }
  return out;
}

std::string gitlab_code_quality(const SuiteReport& suite, const PathInRepository& path) {
  JsonWriter json;
  Fingerprints fingerprints;
  json.array();
  for (const Annotation& each : shown_of(annotations_of(suite))) {
    const std::string file = path(each.file);
    json.object();
    json.member("description", fmt::format("{}: {}", each.title, each.text));
    json.member("check_name", each.check);
    json.member("fingerprint", fingerprints.of(each, file));
    json.member("severity", severity_of(each.kind));
    json.object("location");
    json.member("path", file);
    json.object("lines");
    json.member("begin", std::max(each.line, 1));
    json.end_object();
    json.end_object();
    json.end_object();
  }
  json.end_array();
  return json.out + "\n";
}

}  // namespace provlab::lab
