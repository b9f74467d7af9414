#include "tools/comparing/kept_findings.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <map>

#include "sim/lab/explore/baseline.hpp"
#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/mapping/plane_drift.hpp"
#include "sim/lab/mapping/plane_text.hpp"
#include "tools/comparing/other_program.hpp"

namespace provlab::tools {

namespace {

namespace json = boost::json;

std::string beside(const std::string& file, std::string_view ending) {
  return std::filesystem::path(file).replace_extension(ending).string();
}

bool is_there(const std::string& file) {
  std::error_code error;
  return std::filesystem::is_regular_file(file, error);
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// An exploration as it is compared: what was found, each with the token of a run that shows it.
struct Explored {
  struct Row {
    std::string token;
    std::string short_words;  ///< the same in many scenarios
    std::string when;
  };
  std::map<std::string, Row> outcomes;  ///< by all that tells them apart
  std::map<std::string, Row> broken;    ///< by the invariant
};

std::string joined(const json::object& row) {
  std::string text;
  const json::value* when = row.if_contains("when");
  if (when == nullptr || !when->is_array()) return text;
  for (const json::value& each : when->get_array()) {
    if (each.is_string()) text += (text.empty() ? "" : "; ") + std::string(each.get_string());
  }
  return text;
}

/// The JSON of an exploration; null: there is none.
json::value read_found(const std::string& file) {
  const auto text = lab::read_file(file, lab::kMostReportOctets);
  if (!text) return nullptr;
  json::error_code error;
  json::value value = json::parse(*text, error);
  return !error && value.is_object() ? value : json::value();
}

template <class Take>
void each_row(const json::value& found, std::string_view key, Take&& take) {
  const json::value* array = found.get_object().if_contains(key);
  if (array == nullptr || !array->is_array()) return;
  for (const json::value& row : array->get_array()) {
    if (row.is_object()) take(row.get_object());
  }
}

/// Whether its outcomes say which check-syncs were heard; those of older builds do not.
bool tells_heard(const json::value& found) {
  bool all = true;
  each_row(found, "outcomes", [&](const json::object& row) { all = all && row.contains("heard"); });
  return all;
}

Explored explored_in(const json::value& found, bool with_heard) {
  Explored explored;
  each_row(found, "outcomes", [&](const json::object& row) {
    const std::string head =
        fmt::format("winner {}, result {}", text_at(row, "winner"), text_at(row, "result"));
    const std::string told = with_heard ? text_at(row, "heard") : "";
    explored
        .outcomes[fmt::format("{}, requests {}{}, settings {}", head, text_at(row, "requests"),
                              told.empty() ? "" : ", heard " + told, text_at(row, "settings"))] = {
        text_at(row, "token"), head, joined(row)};
  });
  each_row(found, "broken", [&](const json::object& row) {
    explored.broken[text_at(row, "invariant")] = {text_at(row, "token"), text_at(row, "actual"),
                                                  joined(row)};
  });
  return explored;
}

/// The command that shows one run of an exploration under the conditions of its baseline.
std::string look_at(const std::string& file, const std::string& root, const std::string& token) {
  std::string line = fmt::format("{} explore {}{}", lab::program_name(), lab::quoted_path(file),
                                 lab::root_words(root));
  if (const auto baseline = lab::read_baseline(beside(file, ".outcomes"))) {
    line += " --window " + to_string(baseline->delivery.window);
    if (baseline->delivery.faults > 0) {
      line += fmt::format(" --{} {}", baseline->delivery.doubles ? "faults" : "losses",
                          baseline->delivery.faults);
    }
    if (baseline->racers_only) line += " --answers";
  }
  return line + " --token " + token;
}

}  // namespace

bool KeptFindings::has(const std::string& file) {
  return is_there(beside(file, ".outcomes")) || is_there(beside(file, ".map"));
}

void KeptFindings::compare(const std::string& file, BuildReport& report) const {
  if (is_there(beside(file, ".outcomes"))) explore(file, report);
  if (is_there(beside(file, ".map"))) map(file, report);
}

std::string KeptFindings::result_of(lab::SideName side) const {
  return folder_.file(side == lab::SideName::a ? "found-a" : "found-b");
}

bool KeptFindings::both(std::vector<std::string> words, const std::string& what,
                        BuildReport& report) const {
  std::error_code none;
  for (const lab::SideName side : lab::kBothSides) {
    std::filesystem::remove(result_of(side), none);
  }
  if (!root_.empty()) words.insert(words.end() - 1, {"--root", root_});
  const auto with_result = [&](lab::SideName side) {
    std::vector<std::string> all = words;
    all.push_back(result_of(side));
    return all;
  };
  const std::string said_a = folder_.file("said-a");
  const std::string said_b = folder_.file("said-b");
  OtherProgram a(program_, with_result(lab::SideName::a), "/dev/null", said_a);
  OtherProgram b(this_program(), with_result(lab::SideName::b), "/dev/null", said_b);
  a.wait();
  b.wait();
  for (const lab::SideName side : lab::kBothSides) {
    if (is_there(result_of(side))) continue;
    const bool is_a = side == lab::SideName::a;
    report.notes.push_back(fmt::format("{} was not compared, for {} comes to none: {}", what,
                                       is_a ? report.a : report.b,
                                       is_a ? a.last_words(said_a) : b.last_words(said_b)));
    return false;
  }
  return true;
}

void KeptFindings::explore(const std::string& file, BuildReport& report) const {
  if (!both({"explore", file, "--baseline", beside(file, ".outcomes"), "--json"},
            "the exploration of " + file, report)) {
    return;
  }
  const json::value found_a = read_found(result_of(lab::SideName::a));
  const json::value found_b = read_found(result_of(lab::SideName::b));
  if (found_a.is_null() || found_b.is_null()) {
    report.notes.push_back("the exploration of " + file + " was not compared: no JSON of it");
    return;
  }
  ++report.explorations;
  const bool with_heard = tells_heard(found_a) && tells_heard(found_b);
  const Explored a = explored_in(found_a, with_heard);
  const Explored b = explored_in(found_b, with_heard);
  bool differs = false;
  const auto tell = [&](const auto& in, const auto& not_in, std::string_view words,
                        lab::SideName side) {
    for (const auto& [key, row] : in) {
      if (not_in.contains(key)) continue;
      differs = true;
      lab::Notice notice{.text = fmt::format("{} {}", words, row.short_words), .example = {}};
      notice.example[lab::index_of(side)] = key + (row.when.empty() ? "" : ", when " + row.when);
      report.add(std::move(notice), file, look_at(file, root_, row.token));
    }
  };
  tell(b.outcomes, a.outcomes, "some order of arrivals now comes to", lab::SideName::b);
  tell(a.outcomes, b.outcomes, "no order of arrivals comes any more to", lab::SideName::a);
  tell(b.broken, a.broken, "some order of arrivals now breaks an invariant:", lab::SideName::b);
  tell(a.broken, b.broken, "no order of arrivals breaks an invariant any more:", lab::SideName::a);
  if (differs) report.count_different();
}

void KeptFindings::map(const std::string& file, BuildReport& report) const {
  const std::string kept = beside(file, ".map");
  const auto text = lab::read_file(kept, lab::kMostScenarioOctets);
  const auto plane = text ? lab::read_plane(*text, kept) : std::unexpected(text.error());
  if (!plane) {
    report.notes.push_back("the map of " + file +
                           " was not compared: " + plane.error().to_string());
    return;
  }
  const auto axis = [](const lab::DelayAxis& each) {
    return fmt::format("{}={}..{}", each.answer, to_string(each.extent.from),
                       to_string(each.extent.to));
  };
  std::vector<std::string> words{"map",          file,           "--x",
                                 axis(plane->x), "--resolution", to_string(plane->resolution)};
  if (plane->y) words.insert(words.end(), {"--y", axis(*plane->y)});
  words.insert(words.end(), {"--update", "--baseline"});
  if (!both(std::move(words), "the map of " + file, report)) return;
  lab::BothSides<std::optional<lab::Plane>> planes;
  for (const lab::SideName side : lab::kBothSides) {
    const auto found = lab::read_file(result_of(side), lab::kMostScenarioOctets);
    if (auto read = found ? lab::read_plane(*found, kept) : std::unexpected(found.error())) {
      planes[lab::index_of(side)] = std::move(*read);
    }
  }
  if (!planes[0] || !planes[1]) {
    report.notes.push_back("the map of " + file + " was not compared: it cannot be read");
    return;
  }
  ++report.maps;
  const std::vector<std::string> sentences =
      lab::moved(*planes[0], *planes[1], lab::OutcomeNames::words);
  if (!sentences.empty()) report.count_different();
  for (const std::string& sentence : sentences) {
    report.add({.text = sentence, .example = {}}, file,
               fmt::format("{} map {}{} --baseline {}", lab::program_name(), lab::quoted_path(file),
                           lab::root_words(root_), lab::quoted_path(kept)));
  }
}

}  // namespace provlab::tools
