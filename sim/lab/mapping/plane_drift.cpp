#include "sim/lab/mapping/plane_drift.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "sim/lab/mapping/plane_text.hpp"

namespace provlab::lab {

namespace {

/// By what a border of one plane is found in another.
struct BorderKey {
  std::string before;  ///< outcomes in full: letters differ between planes
  std::string behind;
  bool across_x = false;
  int slope = 0;

  auto operator<=>(const BorderKey&) const = default;
};

using Places = std::set<Duration>;

Duration place_of(const Border& border) {
  return border.line ? border.line->at : border.last;
}

class Drift {
 public:
  Drift(const Plane& before, const Plane& now, OutcomeNames names)
      : before_(before), now_(now), names_(names) {}

  std::vector<std::string> tell() {
    if (before_.bands == now_.bands && before_.outcomes == now_.outcomes &&
        before_.borders == now_.borders) {
      return {};
    }
    tell_outcomes();
    tell_patience();
    tell_borders();
    tell_ties();
    if (sentences_.empty()) tell_point();
    return std::move(sentences_);
  }

 private:
  template <class... Args>
  void say(fmt::format_string<Args...> format, Args&&... args) {
    sentences_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  void tell_outcomes() {
    const auto lacks = [](const Plane& plane, const std::string& outcome) {
      return std::ranges::find(plane.outcomes, outcome) == plane.outcomes.end();
    };
    for (const std::string& outcome : now_.outcomes) {
      if (lacks(before_, outcome)) say("a new outcome: {}", outcome);
    }
    for (const std::string& outcome : before_.outcomes) {
      if (lacks(now_, outcome)) say("an outcome is gone: {}", outcome);
    }
  }

  static std::map<std::string, Places> patience_in(const Plane& plane) {
    std::map<std::string, Places> found;
    for (const Border& border : plane.borders) {
      if (border.cause && border.cause->kind == BorderCause::Kind::patience) {
        found[border.cause->other].insert(border.cause->after);
      }
    }
    return found;
  }

  static std::string times(const Places& places) {
    std::vector<std::string> words;
    for (const Duration place : places) words.push_back(to_string(place));
    return fmt::format("{}", fmt::join(words, " and "));
  }

  void tell_patience() {
    const auto before = patience_in(before_);
    const auto now = patience_in(now_);
    for (const auto& [source, ends] : now) {
      const auto former = before.find(source);
      if (former == before.end()) {
        say("the patience with {} now ends within the plane, at {}", source, times(ends));
      } else if (former->second != ends) {
        say("the patience with {} now ends at {} instead of {}", source, times(ends),
            times(former->second));
      }
    }
    for (const auto& [source, ends] : before) {
      if (!now.contains(source)) {
        say("the patience with {} does not end within the plane any more; it ended at {}", source,
            times(ends));
      }
    }
  }

  static std::map<BorderKey, Places> places_in(const Plane& plane) {
    std::map<BorderKey, Places> found;
    for (const Border& border : plane.borders) {
      found[{plane.outcomes[border.before], plane.outcomes[border.behind], border.line.has_value(),
             border.line ? border.line->slope : 0}]
          .insert(place_of(border));
    }
    return found;
  }

  /// `A`, or `'winner dhcp, result provisioned'`.
  std::string name_of(const std::string& outcome) const {
    if (names_ == OutcomeNames::words) {
      return fmt::format("'{}'", outcome.substr(0, outcome.find(", requests ")));
    }
    const auto found = std::ranges::find(now_.outcomes, outcome);
    return found == now_.outcomes.end()
               ? "what is gone"
               : outcome_letter(static_cast<std::size_t>(found - now_.outcomes.begin()));
  }

  std::string border_words(const BorderKey& key) const {
    return fmt::format("the border of {} and {}", name_of(key.before), name_of(key.behind));
  }

  std::string places_words(const BorderKey& key, const Places& places) const {
    std::vector<std::string> words;
    for (const Duration place : places) {
      Border border;
      if (key.across_x) {
        border.line = Line{.at = place, .slope = key.slope};
      } else {
        border.last = place;
      }
      words.push_back(border_place(now_, border));
    }
    return fmt::format("{}", fmt::join(words, " and "));
  }

  void tell_borders() {
    const auto before = places_in(before_);
    const auto now = places_in(now_);
    for (const auto& [key, places] : now) {
      const auto former = before.find(key);
      if (former == before.end()) {
        say("{} is new, at {}", border_words(key), places_words(key, places));
      } else if (former->second != places) {
        say("{} is now at {} instead of {}", border_words(key), places_words(key, places),
            places_words(key, former->second));
      }
    }
    for (const auto& [key, places] : before) {
      if (!now.contains(key)) {
        say("{} is gone; it was at {}", border_words(key), places_words(key, places));
      }
    }
  }

  using Meeting = std::tuple<BorderCause::Kind, std::string, std::string>;

  static std::map<Meeting, std::set<std::string>> ties_in(const Plane& plane) {
    std::map<Meeting, std::set<std::string>> found;
    for (const Border& border : plane.borders) {
      if (!border.cause) continue;
      found[{border.cause->kind, border.cause->answer, border.cause->other}].insert(
          plane.outcomes[border.cause->tie]);
    }
    return found;
  }

  void tell_ties() {
    const auto before = ties_in(before_);
    for (const auto& [meeting, outcomes] : ties_in(now_)) {
      const auto former = before.find(meeting);
      if (former == before.end() || former->second == outcomes) continue;
      const auto& [kind, answer, other] = meeting;
      say("where {} arrives in one instant with {}, it is now {} instead of {}", answer,
          kind == BorderCause::Kind::patience ? "the end of the patience with " + other : other,
          fmt::join(outcomes, " or "), fmt::join(former->second, " or "));
    }
  }

  /// Nothing else tells it: a place where the planes differ.
  void tell_point() {
    for (const Plane* plane : {&now_, &before_}) {
      for (const Band& band : plane->bands) {
        for (const Duration y : {band.y.from, band.y.middle(), band.y.to}) {
          for (const Cell& cell : band.cells) {
            const PlanePoint point{cell.end ? cell.end->x_at(y) : now_.x.extent.to, y};
            const auto was = before_.outcome_at(point);
            const auto is = now_.outcome_at(point);
            if (!was || !is || before_.outcomes[*was] == now_.outcomes[*is]) continue;
            return say("with {} after {}{} it is now {} instead of {}", now_.x.answer,
                       to_string(point.x),
                       now_.y ? fmt::format(" and {} after {}", now_.y->answer, to_string(y)) : "",
                       now_.outcomes[*is], before_.outcomes[*was]);
          }
        }
      }
    }
    say("why outcomes part at a border is told otherwise than before");
  }

  const Plane& before_;
  const Plane& now_;
  OutcomeNames names_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> moved(const Plane& before, const Plane& now, OutcomeNames names) {
  return Drift(before, now, names).tell();
}

}  // namespace provlab::lab
