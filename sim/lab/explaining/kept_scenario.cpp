#include "sim/lab/explaining/kept_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/explaining/scenario_change.hpp"
#include "sim/lab/importing/draft_device.hpp"
#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

/// Every whole sentence of it.
std::string sentences_of(const std::vector<Assumption>& assumptions) {
  std::string text;
  for (const Assumption& each : assumptions)
    text += fmt::format("{}{}", text.empty() ? "" : "; ", each.words);
  return text;
}

void expect_results(pugi::xml_node expect, const DraftOutcome& outcome) {
  const bool several = outcome.results.size() > 1;
  if (!outcome.winner.empty()) {
    pugi::xml_node winner = expect.append_child("winner");
    if (several) put_attribute(winner, "run", "1");
    put_attribute(winner, "is", outcome.winner);
    put_attribute(winner, "url", outcome.url);
  }
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    pugi::xml_node result = expect.append_child("result");
    if (several) put_attribute(result, "run", std::to_string(i + 1));
    put_attribute(result, "is", outcome.results[i]);
  }
}

void expect_requests(pugi::xml_node expect, const DraftWorld& world, const Conversation& heard) {
  pugi::xml_node requests;
  for (const Said& said : heard.said) {
    if (!is_document_request(said) || world.at(said.to.address) == nullptr) continue;
    if (!requests) requests = expect.append_child("requests");
    pugi::xml_node request = requests.append_child("request");
    put_attribute(request, "to", world.name_of(said.to.address));
    put_attribute(request, "path", said.as<HttpSaid>()->target);
  }
}

/// What ours came to is expected in place of what a draft could know.
void expect_outcome(pugi::xml_node scenario, const DraftWorld& world, const Trial& trial) {
  const pugi::xml_node before = part_of(scenario, "expect");
  pugi::xml_node expect = scenario.append_child("expect");
  expect_results(expect, trial.outcome);
  expect_requests(expect, world, trial.heard);
  for (const pugi::xml_node event : before.children("event")) expect.append_copy(event);
  if (expect.first_child()) {
    scenario.remove_child(before);
  } else {
    scenario.remove_child(expect);
  }
}

}  // namespace

Hypothesis read_well(const Bench& bench, const Hypothesis& found, const DraftOptions& options) {
  // Where something is undone in its place, that place is of the scenario which was searched.
  const bool placed = std::ranges::any_of(found.assumptions, [](const Assumption& each) {
    return each.kind == AssumptionKind::reading;
  });
  for (const auto& [exact, patient] : {std::pair{false, false}, {false, true}, {true, false}}) {
    if (placed) break;
    DraftOptions manner = options;
    manner.exact = exact;
    manner.patient = patient;
    Hypothesis well{
        .assumptions = found.assumptions,
        .text = with_assumptions(draft_scenario(bench.captured(), manner).text, found.assumptions),
        .trial = {}};
    if (well.text.empty()) continue;
    well.trial = bench.play(well.text, unseen_by_tap(well.assumptions), false);
    if (well.trial.explains() && well.trial.likeness.apart <= found.trial.likeness.apart) {
      return well;
    }
  }
  Hypothesis as_found = found;
  as_found.trial = bench.play(found.text, unseen_by_tap(found.assumptions), false);
  return as_found;
}

std::string kept_scenario(const Bench& bench, const Hypothesis& hypothesis,
                          const std::string& name) {
  pugi::xml_document document = scenario_tree(hypothesis.text);
  pugi::xml_node scenario = document.document_element();
  put_attribute(scenario, "name", name);
  pugi::xml_node about = part_of(scenario, "about");
  const std::string before = about.text().get();
  about.text().set(fmt::format("Supposed is {}: {}. {}", class_of(hypothesis.assumptions),
                               sentences_of(hypothesis.assumptions), before)
                       .c_str());
  const DraftWorld world(bench.captured(), false);
  expect_outcome(scenario, world, hypothesis.trial);
  return scenario_text(document);
}

}  // namespace provlab::lab
