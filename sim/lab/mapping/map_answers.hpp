#pragma once
#include <functional>
#include <string>
#include <vector>

#include "sim/lab/mapping/plane.hpp"
#include "sim/lab/mapping/trial.hpp"

namespace provlab::lab {

struct MapOptions {
  Duration resolution{};        ///< nothing: a 48th of the longer axis
  std::size_t budget = 50'000;  ///< runs, at most
  unsigned jobs = 0;            ///< threads; 0: one per core
  std::function<void(std::size_t runs, Duration y)> progress;
  std::function<bool()> enough = [] { return false; };  ///< asked between batches
};

struct AnswerMap {
  Plane plane;
  std::vector<OutcomeClass> outcomes;  ///< as in the plane
  std::size_t runs = 0;
  bool complete = false;  ///< else budget, `enough` or a fault ended it, and bands are missing
  std::string fault;      ///< of the lab, such as no memory left; else empty
};

/// Which outcome the scenario has where, over the delays of one answer or two (D59). The result is
/// the same for every number of jobs.
AnswerMap map_answers(const TrialSetting& setting, const MapOptions& options);

}  // namespace provlab::lab
