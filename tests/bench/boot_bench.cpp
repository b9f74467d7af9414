// Whole boots of the reference scenarios of the library with the trace on, alone and with what a
// run of the program does besides (verdict, invariants, checksum), and beside each its floor: as
// many GETs, to as many servers, by bare libcurl with a fresh multi and easy handle.
#include <benchmark/benchmark.h>

#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/world/memory.hpp"
#include "tests/bench/floor_client.hpp"

namespace provlab::bench {
namespace {

void boot(benchmark::State& state, const std::string& scenario, const char* servers, bool judged) {
  world::keep_freed_memory();  // as the program does
  const std::string file = PROVLAB_SOURCE_DIR "/scenarios/reference/" + scenario + ".xml";
  const lab::PlanResult plan = lab::load_scenario(file);
  if (!plan) {
    state.SkipWithError(plan.error().front().to_string().c_str());
    return;
  }
  const lab::Variant& variant = (*plan)->variants.front();
  std::uint64_t seed = (*plan)->seed;
  std::size_t events = 0;
  for (auto _ : state) {
    lab::Play play(*plan, variant, seed++);
    play.run();
    events = play.trace().size();
    if (!judged) continue;
    benchmark::DoNotOptimize(play.trace().checksum());
    if (lab::judge(**plan, variant, play.trace()).outcome != lab::Outcome::passed) {
      state.SkipWithError("the scenario did not pass");
    }
  }
  const double floor = floor_rate("fresh", servers, 1);
  state.SetItemsProcessed(state.iterations());
  state.counters["events"] = static_cast<double>(events);
  state.counters["floor_per_s"] = floor;
  state.counters["of_floor"] = benchmark::Counter(static_cast<double>(state.iterations()) / floor,
                                                  benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(boot, reference, "redirect-beats-multicast", "01", false);
BENCHMARK_CAPTURE(boot, reference_judged, "redirect-beats-multicast", "01", true);
BENCHMARK_CAPTURE(boot, reference_chain, "reference-chain", "011121", false);
BENCHMARK_CAPTURE(boot, reference_chain_judged, "reference-chain", "011121", true);

}  // namespace
}  // namespace provlab::bench
