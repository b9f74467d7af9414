#include "core/discovery/stage.hpp"

#include "core/discovery/events.hpp"
#include "core/net/markers.hpp"
#include "core/platform/user_info.hpp"

namespace provlab::discovery {

void Stage::end(SourceKind source) {
  std::erase(running_, source);
}

Stage::Judgement Stage::judge(SourceKind source, std::string_view text, std::string_view origin,
                              const net::Url* base) {
  const std::string_view name = to_string(source);
  if (winner_) {
    host_.record(LateAnswerIgnored{name, shown_url(text)});
    return Judgement::late;
  }
  const std::string replaced = net::replace_markers(text, device_, host_);
  Expected<net::Url> url = base != nullptr ? base->resolve(replaced) : net::Url::parse(replaced);
  if (!url) {
    host_.record(SourceAnswered{name, shown_url(replaced), false, url.error().text});
    return Judgement::unusable;
  }
  if (base != nullptr && *url == *base) {
    host_.record(SourceAnswered{name, replaced, false, "it leads back to the URL just asked"});
    return Judgement::unusable;
  }
  host_.record(SourceAnswered{name, url->to_string(), true, origin});
  choose(source, std::move(*url));
  return Judgement::won;
}

Stage::Judgement Stage::judge_empty(SourceKind source, std::string_view reason) {
  if (winner_) {
    host_.record(LateAnswerIgnored{to_string(source), ""});
    return Judgement::late;
  }
  host_.record(SourceAnswered{to_string(source), "", false, reason});
  return Judgement::unusable;
}

void Stage::fail(SourceKind source, std::string_view reason) {
  host_.record(SourceFailed{to_string(source), reason});
  failures_.push_back(std::string(to_string(source)).append(": ").append(reason));
}

void Stage::choose(SourceKind source, net::Url url) {
  const std::string_view name = to_string(source);
  const bool authenticated = source != SourceKind::multicast;
  host_.record(WinnerChosen{name, url.to_string(), number_});
  if (!authenticated) host_.record(UnauthenticatedSource{name});
  for (const SourceKind other : running_) {
    if (other != source) host_.record(SourceCancelled{to_string(other)});
  }
  winner_ = FoundUrl{std::move(url), source, authenticated};
}

}  // namespace provlab::discovery
