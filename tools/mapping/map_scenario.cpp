#include "tools/mapping/map_scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/mapping/plane_drift.hpp"
#include "sim/lab/mapping/plane_text.hpp"
#include "sim/text/parse.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/mapping/map_report.hpp"
#include "tools/one_scenario.hpp"
#include "tools/progress.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using lab::DelayAxis;
using lab::Plane;

/// A plane has no more room than virtual time lasts in a run without anything to wait for.
constexpr Duration kLongest = std::chrono::hours(24);

bool is_taken(const MapRequest& request) {
  return request.json == "-" || request.junit == "-";
}

std::string axis_words(const DelayAxis& axis) {
  return fmt::format("{}={}..{}", axis.answer, to_string(axis.extent.from),
                     to_string(axis.extent.to));
}

std::string axes_words(const Plane& plane) {
  std::string words = "--x " + axis_words(plane.x);
  if (plane.y) words += " --y " + axis_words(*plane.y);
  return words;
}

/// The plane that a request names, whose axes hold where it gives none.
Expected<std::optional<Plane>> take_baseline(MapRequest& request) {
  if (request.baseline.empty()) return std::nullopt;
  if (request.update && (request.x || !std::filesystem::exists(request.baseline))) {
    return std::nullopt;
  }
  const auto content = lab::read_file(request.baseline, lab::kMostScenarioOctets);
  if (!content) {
    return fail(content.error().text + " (--update writes a baseline)", request.baseline);
  }
  auto plane = lab::read_plane(*content, request.baseline);
  if (!plane) return std::unexpected(plane.error());
  const bool same = request.x == plane->x && request.y == plane->y;
  if ((request.x || request.y) && !same) {
    return fail(fmt::format("the baseline was written for {}; leave the axes out, or write it anew "
                            "by --update",
                            axes_words(*plane)),
                request.baseline);
  }
  request.x = plane->x;
  request.y = plane->y;
  if (request.options.resolution > Duration::zero() &&
      request.options.resolution != plane->resolution) {
    return fail(fmt::format("the baseline was written for --resolution {}; leave it out, or write "
                            "it anew by --update",
                            to_string(plane->resolution)),
                request.baseline);
  }
  request.options.resolution = plane->resolution;
  return std::move(*plane);
}

/// Whether the scenario has the answers of the axes; else a word on stderr.
bool has_answers(const MapRequest& request, const lab::TrialSetting& setting) {
  const std::vector<std::string> there =
      lab::answers_of(setting.plan, setting.seed, request.limits);
  for (const DelayAxis* axis : {&setting.x, setting.y ? &*setting.y : nullptr}) {
    if (axis == nullptr || std::ranges::find(there, axis->answer) != there.end()) continue;
    say(stderr, "provlab: {} has no answer '{}'; it has: {}\n", request.file, axis->answer,
        fmt::join(there, ", "));
    return false;
  }
  return true;
}

int write_baseline(const MapRequest& request, const std::string& name, const Plane& plane) {
  if (!write_report(request.baseline, lab::plane_file(plane, name))) return kUsage;
  say(is_taken(request) ? stderr : stdout, "baseline {} written: {} {}, {} {}\n", request.baseline,
      plane.outcomes.size(), plane.outcomes.size() == 1 ? "outcome" : "outcomes",
      plane.borders.size(), plane.borders.size() == 1 ? "border" : "borders");
  return 0;
}

int exit_code_of(const MapRequest& request, MapReport& report) {
  if (!report.found.fault.empty()) {
    say(stderr, "provlab: the lab's own fault: {}\n", report.found.fault);
    return kLabFault;
  }
  if (report.early) return kInterrupted;
  if (!report.found.complete && !request.baseline.empty()) {
    say(stderr,
        "provlab: --budget ended before the plane did; {} was neither compared nor "
        "written: give it more\n",
        request.baseline);
    return kUsage;
  }
  if (request.update) return write_baseline(request, report.scenario, report.found.plane);
  return report.moved.empty() ? 0 : 1;
}

/// What was found, for people and for machines; the exit code.
int conclude(const MapRequest& request, MapReport& report) {
  if (!is_taken(request)) put(stdout, map_text(report));
  report.exit_code = exit_code_of(request, report);
  bool written = true;
  const auto put_or_write = [&written](const std::string& file, const std::string& text) {
    if (file == "-") return put(stdout, text);
    written = write_report(file, text) && written;
  };
  if (!request.html.empty()) put_or_write(request.html, map_html(report));
  if (!request.json.empty()) put_or_write(request.json, map_json(report));
  if (!request.junit.empty()) put_or_write(request.junit, map_junit(report));
  return written ? report.exit_code : kUsage;
}

}  // namespace

Expected<DelayAxis> parse_axis(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const std::size_t dots = text.find("..", equals == text.npos ? 0 : equals);
  if (equals == text.npos || equals == 0 || dots == text.npos) {
    return fail("'" + text + "' is no axis; write ANSWER=FROM..TO, such as redirect-answer=0..12s");
  }
  const auto time = [](std::string_view word) {
    return word == "0" ? Expected<Duration>(Duration::zero()) : parse_duration(word);
  };
  const auto from = time(std::string_view(text).substr(equals + 1, dots - equals - 1));
  if (!from) return std::unexpected(from.error());
  const auto to = time(std::string_view(text).substr(dots + 2));
  if (!to) return std::unexpected(to.error());
  if (*from < Duration::zero() || *to <= *from || *to > kLongest) {
    return fail("'" + text + "' leads nowhere; from 0 on, up to 24h, the second time is the later");
  }
  return DelayAxis{.answer = text.substr(0, equals), .extent = {*from, *to}};
}

int map_scenario(MapRequest request) {
  const OneScenario one = load_one(request.file, request.root);
  if (!one.plan) return one.exit_code;
  const auto known = take_baseline(request);
  if (!known) {
    say(stderr, "provlab: {}\n", known.error().to_string());
    return kUsage;
  }
  if (!request.x) {
    say(stderr,
        "provlab: --x ANSWER=FROM..TO says which answer is delayed, such as "
        "--x redirect-answer=0..12s\n");
    return kUsage;
  }
  const Interrupt interrupt;
  request.options.enough = [&interrupt] { return interrupt.asked(); };
  request.limits.enough = request.options.enough;
  const lab::TrialSetting setting{.plan = one.plan,
                                  .x = *request.x,
                                  .y = request.y,
                                  .seed = request.seed != 0 ? request.seed : one.plan->seed,
                                  .limits = request.limits};
  if (!has_answers(request, setting)) return kUsage;
  ProgressLine progress;
  request.options.progress = [&](std::size_t runs, Duration y) {
    progress.show(setting.y
                      ? fmt::format("{} runs, at {} {}", runs, setting.y->answer, to_string(y))
                      : fmt::format("{} runs", runs));
  };
  const auto start = std::chrono::steady_clock::now();
  const lab::AnswerMap found = lab::map_answers(setting, request.options);
  const auto spent = std::chrono::steady_clock::now() - start;
  progress.clear();
  MapReport report{.file = request.file,
                   .scenario = one.plan->name,
                   .found = found,
                   .baseline = {},
                   .moved = {},
                   .before = nullptr,
                   .time = std::chrono::duration_cast<Duration>(spent),
                   .early = interrupt.asked() && !found.complete};
  if (*known && !request.update && found.complete) {
    report.baseline = request.baseline;
    report.moved = lab::moved(**known, found.plane);
    report.before = &**known;
  }
  return conclude(request, report);
}

}  // namespace provlab::tools
