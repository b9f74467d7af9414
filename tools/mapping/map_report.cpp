#include "tools/mapping/map_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/lab/mapping/plane_text.hpp"
#include "sim/lab/neighbours/what_if_words.hpp"
#include "sim/lab/pages/map_page.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/report/junit.hpp"
#include "sim/text/visible.hpp"

namespace provlab::tools {

namespace {

using lab::Band;
using lab::Border;
using lab::Cell;
using lab::JsonWriter;
using lab::Plane;

constexpr std::size_t kMostLines = 60;

std::string y_name(const Plane& plane) {
  return plane.y ? plane.y->answer : "";
}

std::string extent_words(const lab::Extent& extent) {
  return fmt::format("{} to {}", to_string(extent.from), to_string(extent.to));
}

std::string effort_words(const MapReport& report) {
  return fmt::format("{} runs in {:.2f} s, resolution {}", report.found.runs,
                     std::chrono::duration<double>(report.time).count(),
                     to_string(report.found.plane.resolution));
}

/// Without what the machine's clock says, so that equal maps are equal pages.
std::string page_effort(const MapReport& report) {
  return fmt::format("{} runs; what is smaller than {}{} may be missing.", report.found.runs,
                     report.found.plane.y ? "a square of " : "",
                     to_string(report.found.plane.resolution));
}

/// With outcomes as people say them, and by what else they differ where that is the same.
Plane spoken_plane(const lab::AnswerMap& found) {
  Plane plane = found.plane;
  std::map<std::string, std::size_t> said;
  for (const lab::OutcomeClass& outcome : found.outcomes) ++said[lab::outcome_words(outcome)];
  for (std::size_t i = 0; i < std::min(plane.outcomes.size(), found.outcomes.size()); ++i) {
    const lab::OutcomeClass& outcome = found.outcomes[i];
    std::string words = lab::outcome_words(outcome);
    if (said[words] > 1) {
      if (!outcome.heard.empty()) words += "; heard " + outcome.heard;
      words += fmt::format("; settings {:016x}", outcome.settings);
    }
    plane.outcomes[i] = std::move(words);
  }
  return plane;
}

std::string head_words(const MapReport& report) {
  const Plane& plane = report.found.plane;
  std::string text =
      shown("{}: {} after {}", report.scenario, plane.x.answer, extent_words(plane.x.extent));
  if (plane.y) text += shown(", {} after {}", plane.y->answer, extent_words(plane.y->extent));
  return text + fmt::format("\n  {}\n", effort_words(report));
}

std::string missing_words(const MapReport& report) {
  if (report.found.complete) return {};
  const Plane& plane = report.found.plane;
  const std::string_view why = !report.found.fault.empty() ? "because of a fault of the lab"
                               : report.early              ? "because it was to end early"
                                                           : "beyond --budget";
  if (plane.bands.empty()) return fmt::format("nothing is known yet {}", why);
  return fmt::format("beyond {} {} nothing is known {}", y_name(plane),
                     to_string(plane.bands.back().y.to), why);
}

std::string band_words(const Plane& plane, const Band& band) {
  std::string text;
  if (plane.y) {
    text = shown("  {} {}{}\n", plane.y->answer, extent_words(band.y),
                 band.exact ? ""
                            : ": more changes here than is told; this is its beginning "
                              "(--resolution looks closer)");
  }
  for (const Cell& cell : band.cells) {
    text +=
        shown("    {} up to {}\n", lab::outcome_letter(cell.outcome),
              cell.end ? lab::line_words(*cell.end, y_name(plane)) : to_string(plane.x.extent.to));
  }
  return text;
}

std::string border_words(const Plane& plane, const Border& border) {
  std::string text =
      shown("  {}  up to {}", lab::sides_words(border), lab::border_place(plane, border));
  if (plane.y) {
    text += shown(", for {} {}", border.line ? plane.y->answer : plane.x.answer,
                  extent_words(border.along));
  }
  if (border.cause) text += shown("\n         {}", lab::cause_words(*border.cause));
  return text + "\n";
}

template <class Item, class Words>
std::string listed(std::string_view head, const std::vector<Item>& items, Words&& words) {
  if (items.empty()) return {};
  std::string text(head);
  for (std::size_t i = 0; i < items.size() && i < kMostLines; ++i) text += words(items[i]);
  if (items.size() > kMostLines) {
    text += shown("  and {} more, which --json has\n", items.size() - kMostLines);
  }
  return text;
}

void write_axis(JsonWriter& json, std::string_view name, const lab::DelayAxis& axis) {
  json.object(name);
  json.member("answer", axis.answer);
  json.seconds("from_seconds", axis.extent.from, 9);
  json.seconds("to_seconds", axis.extent.to, 9);
  json.end_object();
}

void write_extent(JsonWriter& json, const lab::Extent& extent) {
  json.seconds("from_seconds", extent.from, 9);
  json.seconds("to_seconds", extent.to, 9);
}

void write_line(JsonWriter& json, std::string_view name, const lab::Line& line) {
  json.object(name);
  json.seconds("seconds", line.at, 9);
  json.member("slope", line.slope);
  json.end_object();
}

void write_band(JsonWriter& json, const Band& band) {
  json.object();
  write_extent(json, band.y);
  json.member("exact", band.exact);
  json.array("cells");
  for (const Cell& cell : band.cells) {
    json.object();
    json.member("outcome", lab::outcome_letter(cell.outcome));
    if (cell.end) write_line(json, "up_to", *cell.end);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_border(JsonWriter& json, const Plane& plane, const Border& border) {
  json.object();
  json.member("before", lab::outcome_letter(border.before));
  json.member("behind", lab::outcome_letter(border.behind));
  json.member("across", std::string_view(border.line ? "x" : "y"));
  if (border.line) {
    write_line(json, "last", *border.line);
  } else {
    write_line(json, "last", {.at = border.last});
  }
  json.object("along");
  write_extent(json, border.along);
  json.end_object();
  json.member("place", lab::border_place(plane, border));
  if (border.cause) {
    json.member("cause", lab::cause_words(*border.cause));
    json.member("tie", lab::outcome_letter(border.cause->tie));
  }
  json.end_object();
}

void write_outcomes(JsonWriter& json, const lab::AnswerMap& found) {
  json.array("outcomes");
  for (std::size_t i = 0; i < found.outcomes.size(); ++i) {
    const lab::OutcomeClass& outcome = found.outcomes[i];
    json.object();
    json.member("letter", lab::outcome_letter(i));
    json.member("winner", outcome.winner);
    json.member("result", outcome.result);
    json.member("requests", outcome.requests);
    json.member("settings", fmt::format("{:016x}", outcome.settings));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string map_text(const MapReport& report) {
  const Plane& plane = report.found.plane;
  std::string text = head_words(report);
  if (!plane.bands.empty()) text += visible(lab::plane_drawing(plane), Layout::lines);
  for (std::size_t i = 0; i < plane.outcomes.size(); ++i) {
    text += shown("  {}  {}\n", lab::outcome_letter(i), plane.outcomes[i]);
  }
  text += listed(shown("which is where, along {}:\n", plane.x.answer), plane.bands,
                 [&](const Band& band) { return band_words(plane, band); });
  text += listed("borders, to the nanosecond:\n", plane.borders,
                 [&](const Border& border) { return border_words(plane, border); });
  if (!report.found.complete) text += shown("  {}\n", missing_words(report));
  if (report.baseline.empty()) return text;
  for (const std::string& sentence : report.moved) text += shown("  changed: {}\n", sentence);
  return text + shown("baseline {}: {}\n", report.baseline,
                      report.moved.empty() ? "nothing has changed"
                                           : "it has changed; --update takes over what is so now");
}

std::string map_html(const MapReport& report) {
  const Plane plane = spoken_plane(report.found);
  return lab::map_page({.scenario = report.scenario,
                        .effort = page_effort(report),
                        .plane = plane,
                        .missing = missing_words(report),
                        .baseline = report.baseline,
                        .moved = report.moved,
                        .before = report.before});
}

std::string map_json(const MapReport& report) {
  const Plane& plane = report.found.plane;
  JsonWriter json;
  json.object();
  json.member("kind", std::string_view("map"));
  json.member("version", 1);
  json.member("file", report.file);
  json.member("scenario", report.scenario);
  write_axis(json, "x", plane.x);
  if (plane.y) write_axis(json, "y", *plane.y);
  json.seconds("resolution_seconds", plane.resolution, 9);
  json.member("runs", report.found.runs);
  json.member("complete", report.found.complete);
  if (report.early) json.member("ended_early", true);
  if (!report.found.fault.empty()) json.member("fault", report.found.fault);
  json.seconds("wall_seconds", report.time, 6);
  write_outcomes(json, report.found);
  json.array("bands");
  for (const Band& band : plane.bands) write_band(json, band);
  json.end_array();
  json.array("borders");
  for (const Border& border : plane.borders) write_border(json, plane, border);
  json.end_array();
  if (!report.baseline.empty()) {
    json.object("baseline");
    json.member("file", report.baseline);
    json.array("changed");
    for (const std::string& sentence : report.moved) json.text(sentence);
    json.end_array();
    json.end_object();
  }
  json.member("exit_code", report.exit_code);
  json.end_object();
  return json.out + "\n";
}

std::string map_junit(const MapReport& report) {
  lab::JUnitCase test{.classname = lab::junit_class(report.file),
                      .name = report.scenario + ": the plane as in the baseline",
                      .time = report.time};
  if (!report.found.fault.empty()) {
    test.result = lab::JUnitCase::Result::error;
    test.type = "lab";
    test.message = report.found.fault;
  } else if (report.baseline.empty() || !report.found.complete) {
    test.result = lab::JUnitCase::Result::skipped;
    test.message = report.baseline.empty() ? "no --baseline was given" : "not all was tried";
  } else if (!report.moved.empty()) {
    test.result = lab::JUnitCase::Result::failure;
    test.type = "baseline";
    test.message = report.moved.front();
    for (const std::string& sentence : report.moved) test.text += shown("{}\n", sentence);
  }
  const lab::JUnitCase cases[] = {std::move(test)};
  return lab::junit_document("provlab map", cases, report.time);
}

}  // namespace provlab::tools
