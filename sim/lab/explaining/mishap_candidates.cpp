#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/lab/explaining/candidates.hpp"
#include "sim/lab/explaining/scenario_change.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

/// So many packets before the point where they part are looked at.
constexpr std::size_t kMostPackets = 200;
constexpr std::size_t kMostAnswers = 40;

/// An answer of a server to a question of the phone, in a run of ours.
struct OurAnswer {
  const Said* said = nullptr;
  AskedOnce asked;
};

class MishapCandidates {
 public:
  MishapCandidates(const Conversation& captured, const DraftWorld& world, const Trial& trial)
      : captured_(captured), world_(world), trial_(trial) {
    const Likeness& like = trial.likeness;
    if (like.theirs || like.ours) {
      until_ =
          std::max(like.theirs.value_or(Duration::zero()), like.ours.value_or(Duration::zero()));
    }
    // A phone that says something later was waiting.
    if (like.theirs && like.ours && *like.theirs > *like.ours) {
      waited_ = *like.theirs - *like.ours;
    }
  }

  std::vector<Assumption> all() {
    find_answers();
    add_losses();
    add_late_answers();
    add_late_syncs();
    add_doubles();
    add_other_order();
    return std::move(all_);
  }

 private:
  void add(AssumptionKind kind, std::string words, std::function<bool(pugi::xml_node)> change,
           std::optional<Unseen> unseen = std::nullopt, std::string subject = {}) {
    all_.push_back({kind, std::move(words), std::move(change), unseen, std::move(subject)});
  }

  // Losses.

  void add_losses() {
    std::size_t taken = 0;
    for (auto each = trial_.packets.rbegin(); each != trial_.packets.rend(); ++each) {
      if (each->at > until_ || each->words.empty()) continue;
      if (++taken > kMostPackets) break;
      add_loss_of(*each);
    }
  }

  void add_loss_of(const RunPacket& packet) {
    const bool to_phone = packet.to == "device";
    const std::string protocol = packet.protocol == world::Protocol::udp ? "udp" : "tcp";
    const std::string words =
        to_phone ? fmt::format(
                       "the {} of {} at {} was lost behind the tap and did not reach the "
                       "phone",
                       packet.words, packet.from, time_words(packet.at))
                 : fmt::format("the phone's {} to {} at {} was lost before the tap", packet.words,
                               packet.to, time_words(packet.at));
    const auto change = [packet, protocol](pugi::xml_node scenario) {
      lab::add_loss(scenario, packet.from, packet.to, protocol, packet.nth);
      return true;
    };
    // Where one of two answers that race is lost, the other has nobody to wait for.
    if (to_phone) {
      add(AssumptionKind::lost, words,
          [change, as_seen = racers_as_seen()](pugi::xml_node scenario) {
            return race_by_times(scenario, as_seen) && change(scenario);
          });
    }
    std::optional<Unseen> unseen;
    if (!to_phone && protocol == "udp") unseen = Unseen{packet.at, packet.target};
    add(AssumptionKind::lost, words, change, unseen);
  }

  // Answers.

  void find_answers() {
    for (auto each = trial_.heard.said.rbegin(); each != trial_.heard.said.rend(); ++each) {
      if (each->by_phone || !each->answers || each->at > until_) continue;
      if (answers_.size() >= kMostAnswers) return;
      const Said& question = trial_.heard.said[*each->answers];
      const std::string_view kind = kind_of_question(question);
      if (kind.empty()) continue;
      OurAnswer answer{.said = &*each,
                       .asked = {.kind = std::string(kind),
                                 .host = world_.name_of(each->from.address),
                                 .request = kind == "redirect" ? "assignment" : question.words,
                                 .nth = count_of(question)}};
      answers_.push_back(std::move(answer));
    }
  }

  unsigned count_of(const Said& question) const {
    unsigned count = 0;
    for (const Said& said : trial_.heard.said) {
      const bool same = said.by_phone && said.words == question.words && said.talk == question.talk;
      if (same && said.to == question.to) ++count;
      if (&said == &question) break;
    }
    return count;
  }

  static std::string name_of(const OurAnswer& answer) {
    const std::string& words = answer.said->words;
    switch (answer.said->talk) {
      case Talk::dhcp:
        return "DHCP " + words;
      case Talk::sip:
        return answer.said->as<SipSaid>()->request ? "SIP " + answer.said->as<SipSaid>()->method
                                                   : "SIP " + words;
      case Talk::ntp:
        return "answer with the time";
      case Talk::http:
        return fmt::format("answer {} to {}", words, answer.asked.request);
      default:
        return "answer to " + words;
    }
  }

  /// Calls `use` with what says how this is answered; false where there is no such thing.
  template <class Use>
  static bool change_answer(pugi::xml_node scenario, const AskedOnce& asked, Use use) {
    const pugi::xml_node answer = answer_to(scenario, asked);
    if (!answer) return false;
    bool inside = false;
    for (const pugi::xml_node notify : answer.children("notify")) {
      use(notify);
      inside = true;
    }
    if (!inside) use(answer);
    return true;
  }

  /// Long enough for the phone to have given up, at one of its patiences or another.
  std::vector<Duration> delays() const {
    using namespace std::chrono_literals;
    std::vector<Duration> all;
    if (waited_) all.push_back(*waited_);
    for (const Duration each :
         {Duration(300ms), Duration(1500ms), Duration(6s), Duration(12s), Duration(75s)}) {
      all.push_back(each);
    }
    return all;
  }

  void add_late_answers() {
    for (const OurAnswer& answer : answers_) {
      for (const Duration delay : delays()) add_late(answer, delay);
    }
  }

  void add_late(const OurAnswer& answer, Duration delay) {
    const std::string subject =
        fmt::format("the {} of {} that the tap saw at {} reached the phone", name_of(answer),
                    answer.asked.host, time_words(answer.said->at));
    const auto change = [asked = answer.asked, delay](pugi::xml_node scenario) {
      scenario.remove_child("race");
      return change_answer(scenario, asked, [&](pugi::xml_node node) {
        const auto before = parse_duration(node.attribute("after").value());
        put_attribute(node, "after", to_string(delay + before.value_or(Duration::zero())));
      });
    };
    add(AssumptionKind::late, fmt::format("{} {} later", subject, to_string(delay)), change, {},
        subject);
  }

  void add_doubles() {
    for (const OurAnswer& answer : answers_) {
      if (answer.said->tcp) continue;
      const std::string words =
          fmt::format("the {} of {} at {} reached the phone twice", name_of(answer),
                      answer.asked.host, time_words(answer.said->at));
      add(AssumptionKind::doubled, words, [asked = answer.asked](pugi::xml_node scenario) {
        return change_answer(scenario, asked,
                             [](pugi::xml_node node) { put_attribute(node, "copies", "2"); });
      });
    }
    each_sync([&](unsigned number, const std::string& words) {
      add(AssumptionKind::doubled, words + " reached the phone twice",
          [number](pugi::xml_node scenario) {
            return change_sync(scenario, number, [](pugi::xml_node sync) {
              put_attribute(sync, "copies", "2");
              return true;
            });
          });
    });
  }

  // What servers say unasked.

  template <class Use>
  void each_sync(Use use) const {
    unsigned number = 0;
    for (const Said& said : captured_.said) {
      if (said.by_phone || said.answers || said.again || said.talk != Talk::sip) continue;
      if (!said.as<SipSaid>()->request) continue;
      use(number++, fmt::format("the SIP {} of {} at {}", said.as<SipSaid>()->method,
                                world_.name_of(said.from.address), time_words(said.at)));
    }
  }

  template <class Use>
  static bool change_sync(pugi::xml_node scenario, unsigned number, Use use) {
    for (const pugi::xml_node action : scenario.child("timeline").children()) {
      const std::string_view name = action.name();
      if (name != "check-sync" && name != "send-sip" && name != "send-datagram") continue;
      if (number-- == 0) return use(action);
    }
    return false;
  }

  void add_late_syncs() {
    each_sync([&](unsigned number, const std::string& words) {
      for (const Duration delay : delays()) {
        add(
            AssumptionKind::late,
            fmt::format("{} reached the phone {} later", words, to_string(delay)),
            [number, delay](pugi::xml_node scenario) {
              return change_sync(scenario, number, [&](pugi::xml_node sync) {
                const auto at = parse_duration(sync.attribute("at").value());
                if (at) put_attribute(sync, "at", to_string(*at + delay));
                return at.has_value();
              });
            },
            {}, words);
      }
    });
  }

  /// The first answer with a URL to a question of that kind.
  const Said* racer(std::string_view kind) const {
    for (const Said& said : captured_.said) {
      if (said.by_phone || !said.answers) continue;
      if (kind_of_question(captured_.said[*said.answers]) != kind) continue;
      const auto* sip = said.as<SipSaid>();
      const auto* http = said.as<HttpSaid>();
      if (sip != nullptr && sip->request && !sip->body.empty()) return &said;
      if (http != nullptr && !http->header("Location").empty()) return &said;
    }
    return nullptr;
  }

  /// How late a server sent an answer that came at that time.
  std::string lateness(const Said& answer, Duration at) const {
    const DraftHost* const host = world_.at(answer.from.address);
    const Duration way = host == nullptr ? Duration::zero() : world_.round_trip_to(*host);
    const Duration asked = captured_.said[*answer.answers].at;
    return to_string(std::max(at - asked - way, Duration::zero()));
  }

  /// How late two answers that were under way together were sent.
  struct Racers {
    std::string redirect;
    std::string multicast;
  };

  Racers racers_as_seen() const {
    const Said* const redirect = racer("redirect");
    const Said* const multicast = racer("multicast");
    if (redirect == nullptr || multicast == nullptr) return {};
    return {lateness(*redirect, redirect->at), lateness(*multicast, multicast->at)};
  }

  /// In place of a race the two answers come when they are said to.
  static bool race_by_times(pugi::xml_node scenario, const Racers& racers) {
    if (!scenario.remove_child("race")) return false;
    const pugi::xml_node responders = scenario.child("responders");
    const pugi::xml_node assign = responders.child("redirect").child("assign");
    const pugi::xml_node notify = responders.child("multicast").child("notify");
    if (!assign || !notify || racers.redirect.empty()) return false;
    put_attribute(assign, "after", racers.redirect);
    put_attribute(notify, "after", racers.multicast);
    return true;
  }

  /// Of two answers that were under way together the one that the tap saw first was behind the
  /// other.
  void add_other_order() {
    constexpr Duration kBehind = std::chrono::milliseconds(100);
    const Said* const redirect = racer("redirect");
    const Said* const multicast = racer("multicast");
    if (redirect == nullptr || multicast == nullptr) return;
    const Duration last = std::max(redirect->at, multicast->at) + kBehind;
    const bool late = redirect->at < multicast->at;
    const Racers racers{lateness(*redirect, late ? last : redirect->at),
                        lateness(*multicast, late ? multicast->at : last)};
    add(AssumptionKind::late,
        fmt::format("the answer of the {} that the tap saw at {} reached the phone behind that of "
                    "the {}",
                    late ? "redirect service" : "multicast responder",
                    time_words(late ? redirect->at : multicast->at),
                    late ? "multicast responder" : "redirect service"),
        [racers](pugi::xml_node scenario) { return race_by_times(scenario, racers); });
  }

  const Conversation& captured_;
  const DraftWorld& world_;
  const Trial& trial_;
  Duration until_ = Duration::max();
  std::optional<Duration> waited_;
  std::vector<OurAnswer> answers_;
  std::vector<Assumption> all_;
};

}  // namespace

std::vector<Assumption> mishap_candidates(const Conversation& captured, const DraftWorld& world,
                                          const Trial& trial) {
  return MishapCandidates(captured, world, trial).all();
}

}  // namespace provlab::lab
