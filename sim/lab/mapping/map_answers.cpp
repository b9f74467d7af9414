#include "sim/lab/mapping/map_answers.hpp"

#include <algorithm>
#include <map>

#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/mapping/causes.hpp"
#include "sim/lab/mapping/survey.hpp"

namespace provlab::lab {

namespace {

constexpr int kSteps = 48;

/// Ends a survey whose runs are used up.
struct MapEnded {};

/// Plays points, each once, and gives their outcomes numbers in the order in which they came.
class Sampler {
 public:
  Sampler(const TrialSetting& setting, const MapOptions& options)
      : setting_(setting), options_(options) {}

  std::vector<std::size_t> outcomes(std::span<const PlanePoint> points) {
    std::vector<PlanePoint> fresh;
    for (const PlanePoint& point : points) {
      if (!known_.contains(point)) fresh.push_back(point);
    }
    play(fresh);
    std::vector<std::size_t> outcomes;
    for (const PlanePoint& point : points) outcomes.push_back(known_.at(point));
    return outcomes;
  }
  std::size_t runs() const { return runs_; }
  const std::vector<OutcomeClass>& classes() const { return classes_; }

 private:
  void play(const std::vector<PlanePoint>& points) {
    if (points.empty()) return;
    if (options_.enough() || runs_ + points.size() > options_.budget) throw MapEnded();
    std::vector<OutcomeClass> found(points.size());
    parallel_for(points.size(), options_.jobs,
                 [&](std::size_t i) { found[i] = outcome_at(setting_, points[i]); });
    for (std::size_t i = 0; i < points.size(); ++i) {
      auto known = std::ranges::find(classes_, found[i]);
      if (known == classes_.end()) known = classes_.insert(known, std::move(found[i]));
      known_.emplace(points[i], known - classes_.begin());
    }
    runs_ += points.size();
    if (options_.progress) options_.progress(runs_, points.front().y);
  }

  const TrialSetting& setting_;
  const MapOptions& options_;
  std::map<PlanePoint, std::size_t> known_;
  std::vector<OutcomeClass> classes_;
  std::size_t runs_ = 0;
};

/// Numbers outcomes in the order in which bands and cells name them.
void number_anew(AnswerMap& map, const std::vector<OutcomeClass>& classes) {
  std::map<std::size_t, std::size_t> numbers;
  for (Band& band : map.plane.bands) {
    for (Cell& cell : band.cells) {
      const auto [number, fresh] = numbers.emplace(cell.outcome, numbers.size());
      if (fresh) {
        map.outcomes.push_back(classes[cell.outcome]);
        map.plane.outcomes.push_back(classes[cell.outcome].to_string());
      }
      cell.outcome = number->second;
    }
  }
}

void find_causes(const TrialSetting& setting, const MapOptions& options, Plane& plane) {
  std::vector<std::string> axes{plane.x.answer};
  if (plane.y) axes.push_back(plane.y->answer);
  parallel_for(plane.borders.size(), options.jobs, [&](std::size_t i) {
    Border& border = plane.borders[i];
    const BorderSides sides = sides_of(border);
    border.cause = cause_of(border, watched_trial(setting, sides.before),
                            watched_trial(setting, sides.behind), axes);
  });
}

}  // namespace

AnswerMap map_answers(const TrialSetting& setting, const MapOptions& options) {
  AnswerMap map;
  Plane& plane = map.plane;
  plane.x = setting.x;
  plane.y = setting.y;
  const Extent x = setting.x.extent;
  const Extent y = setting.y ? setting.y->extent : Extent{};
  plane.resolution = options.resolution > Duration::zero()
                         ? options.resolution
                         : std::max(Duration(1), std::max(x.to - x.from, y.to - y.from) / kSteps);
  Sampler sampler(setting, options);
  const AskPoints ask = [&](std::span<const PlanePoint> points) {
    return sampler.outcomes(points);
  };
  Survey survey(x, y, plane.resolution, ask);
  try {
    survey.run();
    map.complete = true;
  } catch (const MapEnded&) {
  } catch (const RunAbandoned&) {
  } catch (const std::exception& error) {
    map.fault = fault_text(error);
  }
  map.runs = sampler.runs();
  plane.bands = survey.bands();
  number_anew(map, sampler.classes());
  plane.borders = borders_of(plane.bands, x);
  try {
    if (map.fault.empty()) find_causes(setting, options, plane);
  } catch (const RunAbandoned&) {
    map.complete = false;
  } catch (const std::exception& error) {
    map.fault = fault_text(error);
  }
  return map;
}

}  // namespace provlab::lab
