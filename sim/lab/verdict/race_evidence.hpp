#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// How a scenario's race went, by the trace. Without a race nothing arrived. Plan and trace must
/// outlive it.
class RaceEvidence {
 public:
  /// `slack`: by so much answers that are to come in one instant may be apart.
  RaceEvidence(const ScenarioPlan& plan, const Trace& trace, Duration slack);

  /// Why the race of this variant did not form; empty where it did, or there is none.
  std::string problem(const Variant& variant) const;
  /// Whether a racing answer arrived.
  bool came(std::string_view answer) const;
  /// The source whose racing answer arrived first, and in time; `none` where none did.
  std::string first_source() const;
  /// Request targets of the URL that arrived first, or of the other racing URLs.
  const std::vector<std::string>& targets(bool winner) const {
    return winner ? winner_targets_ : loser_targets_;
  }

 private:
  struct Arrival {
    std::string answer;
    Instant at;
    EventNumber event = 0;  ///< decides between those of one instant

    bool before(const Arrival& other) const {
      return at != other.at ? at < other.at : event < other.event;
    }
  };
  std::optional<Arrival> arrival(const std::string& answer) const;
  std::optional<Arrival> arrival_of(const std::string& answer, EventNumber answer_sent) const;
  std::optional<Arrival> timeout() const;
  const Arrival* first() const;
  bool apart_as_told(const Arrival& before, const Arrival& here, bool tied) const;
  std::string advice_on_gap() const;
  std::string absence(const std::string& answer) const;
  std::string never_due(const NamedAnswer& answer) const;
  std::string not_asked(const std::string& source) const;
  std::string missing_text(const Variant& variant) const;

  const ScenarioPlan& plan_;
  const Trace& trace_;
  Duration slack_;
  std::vector<Arrival> arrivals_;  ///< of racing answers, in the order in which they came
  std::vector<std::string> winner_targets_;
  std::vector<std::string> loser_targets_;
};

}  // namespace provlab::lab
