#include <algorithm>

#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

namespace {

std::vector<const Said*> notifies_in(const Exchange& exchange) {
  std::vector<const Said*> found;
  for (const Said* answer : exchange.answers) {
    if (answer->as<SipSaid>()->request && !answer->again) found.push_back(answer);
  }
  return found;
}

/// An answer that no words of a scenario make; null: there is none.
const Said* odd_notify(const DraftInputs& inputs, const Exchange& exchange) {
  for (const Said* notify : notifies_in(exchange)) {
    const auto& sip = *notify->as<SipSaid>();
    if (inputs.raw.contains(Talk::sip) || !is_plain_text(sip.body) ||
        !is_plain_text(sip.content_type)) {
      return notify;
    }
  }
  for (const Said* answer : exchange.answers) {
    const auto& sip = *answer->as<SipSaid>();
    constexpr int kOk = 200;
    if (!sip.request && sip.status != kOk) return answer;
  }
  return nullptr;
}

const Said* ok_in(const Exchange& exchange) {
  for (const Said* answer : exchange.answers) {
    if (!answer->as<SipSaid>()->request) return answer;
  }
  return nullptr;
}

std::vector<MarkupNode> notify_words(const DraftInputs& inputs, const DraftHost& host,
                                     const Exchange& exchange) {
  std::vector<MarkupNode> words;
  for (const Said* notify : notifies_in(exchange)) {
    const auto& sip = *notify->as<SipSaid>();
    MarkupNode node{.name = "notify"};
    node.set("url", sip.body);
    if (!sip.content_type.empty() && sip.content_type != "application/url") {
      node.set("type", sip.content_type);
    }
    if (const auto delay = inputs.delay_of(host, exchange.question->at, notify->at)) {
      node.set("after", to_string(*delay));
    }
    words.push_back(std::move(node));
  }
  return words;
}

}  // namespace

MarkupNode draft_multicast(const DraftInputs& inputs, const DraftHost& host) {
  MarkupNode multicast{.name = "multicast"};
  multicast.set("host", host.id);
  const std::vector<Exchange> exchanges = exchanges_of(inputs, host, "multicast");
  std::optional<std::vector<MarkupNode>> usual;
  std::vector<Treatment> treatments;
  for (const Exchange& exchange : exchanges) {
    if (exchange.answers.empty()) {
      treatments.emplace_back(no_answer());
      continue;
    }
    const Said* const odd = odd_notify(inputs, exchange);
    if (odd != nullptr && odd->octets.empty()) {
      treatments.emplace_back(no_answer());
      continue;
    }
    if (odd != nullptr) {
      MarkupNode raw = raw_answer(*odd);
      if (const auto delay = inputs.delay_of(host, exchange.question->at, odd->at)) {
        raw.set("after", to_string(*delay));
      }
      treatments.emplace_back(std::move(raw));
      continue;
    }
    std::vector<MarkupNode> words = notify_words(inputs, host, exchange);
    if (!usual) {
      usual = words;
      const Said* const ok = ok_in(exchange);
      const auto notifies = notifies_in(exchange);
      if (ok == nullptr) {
        multicast.set("ok", "never");
      } else if (!notifies.empty() && notifies.front()->at < ok->at) {
        multicast.set("ok", "last");
      } else if (const auto delay = inputs.delay_of(host, exchange.question->at, ok->at)) {
        multicast.set("ok-after", to_string(*delay));
      }
      treatments.emplace_back();
    } else if (exchange.question->again || words == *usual) {
      treatments.emplace_back();
    } else {
      treatments.emplace_back(MarkupNode{.name = "answer", .children = std::move(words)});
    }
  }
  if (usual) {
    for (MarkupNode& notify : *usual) multicast.add(std::move(notify));
  }
  add_rules(multicast, "subscribe", treatments);
  return multicast;
}

}  // namespace provlab::lab
