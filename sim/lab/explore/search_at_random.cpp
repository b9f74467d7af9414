#include <cmath>

#include "core/platform/checksum.hpp"
#include "sim/lab/explore/priority_pilot.hpp"
#include "sim/lab/explore/search.hpp"
#include "sim/world/random.hpp"

namespace provlab::lab {

namespace {

PriorityCourse drawn(const PriorityCourse& natural, std::size_t arrivals, std::uint64_t seed,
                     std::size_t run) {
  world::SeededRandom random(checksum_of(run, seed));
  PriorityCourse course = natural;
  course.seed = random.next();
  const std::size_t changes = std::min(RandomRuns::depth_of(run) - 1, arrivals);
  while (course.changes.size() < changes) course.changes.insert(1 + random.below(arrivals));
  return course;
}

}  // namespace

double RandomRuns::chance(std::size_t depth) const {
  if (flows == 0) return 0;
  return 1 / (static_cast<double>(flows) *
              std::pow(static_cast<double>(arrivals), static_cast<double>(depth) - 1));
}

double RandomRuns::chance_of_all(std::size_t depth) const {
  const std::size_t of_depth = (runs + kDepths - depth) / kDepths;
  return -std::expm1(static_cast<double>(of_depth) * std::log1p(-chance(depth)));
}

void search_at_random(Search& search) {
  const ExploreOptions& options = search.options;
  RandomRuns& random = search.found.random;
  random.seed = options.random_seed;
  const ExploredRun natural = follow(search.plan, options, Course{});
  PriorityCourse course;
  for (const Delivery& delivery : natural.deliveries) course.flows.insert(delivery.flow);
  random.flows = course.flows.size();
  random.arrivals = natural.deliveries.size();
  search.counts = true;
  const std::size_t wanted =
      options.random / options.shards + (options.shard < options.random % options.shards ? 1 : 0);
  while (random.runs < wanted && !options.enough()) {
    const std::size_t count = std::min(kBatch, wanted - random.runs);
    const auto runs = search.play(count, [&](std::size_t i) {
      const std::size_t number = (random.runs + i) * options.shards + options.shard;
      return follow(search.plan, options, drawn(course, random.arrivals, random.seed, number));
    });
    for (const ExploredRun& run : runs) search.take(run);
    random.runs += count;
    if (options.progress) options.progress(search.found.runs, wanted - random.runs);
  }
}

}  // namespace provlab::lab
