#include "sim/lab/importing/draft_race.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

/// The first answer that names a URL.
const Said* first_with_url(const Conversation& heard, std::string_view kind) {
  for (const Said& said : heard.said) {
    if (said.by_phone || !said.answers) continue;
    const Said& question = heard.said[*said.answers];
    if (kind_of_question(question) != kind) continue;
    const auto* http = said.as<HttpSaid>();
    const auto* sip = said.as<SipSaid>();
    if (http != nullptr && !http->header("Location").empty()) return &said;
    if (sip != nullptr && sip->request && !sip->body.empty()) return &said;
  }
  return nullptr;
}

MarkupNode* find_child(MarkupNode& parent, std::string_view name) {
  const auto found = std::ranges::find(parent.children, name, &MarkupNode::name);
  return found == parent.children.end() ? nullptr : &*found;
}

/// Gives the only answer of that name in a responder an id; false where there is none or there are
/// several.
bool give_id(MarkupNode& responders, std::string_view kind, std::string_view answer,
             const std::string& id) {
  MarkupNode* const responder = find_child(responders, kind);
  if (responder == nullptr || responder->children.size() != 1) return false;
  MarkupNode& only = responder->children.front();
  if (only.name != answer) return false;
  only.attributes.insert(only.attributes.begin(), {"id", id});
  std::erase_if(only.attributes, [](const auto& each) { return each.first == "after"; });
  return true;
}

}  // namespace

void add_race(MarkupNode& scenario, const DraftInputs& inputs) {
  const Said* const redirect = first_with_url(inputs.heard, "redirect");
  const Said* const multicast = first_with_url(inputs.heard, "multicast");
  if (redirect == nullptr || multicast == nullptr) return;
  // Each was under way when the other was asked for.
  const Said& asked_redirect = inputs.heard.said[*redirect->answers];
  const Said& asked_multicast = inputs.heard.said[*multicast->answers];
  if (redirect->at < asked_multicast.at || multicast->at < asked_redirect.at) return;
  // What was lost on the way came at another time than it was sent.
  const OpenedConnection& connection = inputs.heard.connections[redirect->connection];
  if (!connection.lost_by_server.empty() || !connection.lost_by_client.empty()) return;
  MarkupNode* const responders = find_child(scenario, "responders");
  const MarkupNode before = *responders;
  if (!give_id(*responders, "redirect", "assign", "redirect-answer") ||
      !give_id(*responders, "multicast", "notify", "multicast-answer")) {
    *responders = before;
    return;
  }
  MarkupNode race{.name = "race"};
  race.set("orders", "given").set("missing", "none").set("ties", "none");
  const Duration gap = std::chrono::abs(redirect->at - multicast->at);
  if (gap != std::chrono::milliseconds(1) && gap > Duration::zero()) {
    race.set("gap", to_string(inputs.world.rounded(gap)));
  }
  const bool redirect_first = redirect->at < multicast->at;
  for (const bool first : {redirect_first, !redirect_first}) {
    race.add({.name = "answer"}).set("ref", first ? "redirect-answer" : "multicast-answer");
  }
  scenario.add(std::move(race));
}

}  // namespace provlab::lab
