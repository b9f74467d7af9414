// What the settings cost: documents applied by a device whose storage is memory, and the share
// that a boot of the reference scenario spends on its one document.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/settings/device_settings.hpp"
#include "core/settings/section.hpp"
#include "sim/world/world.hpp"

namespace provlab::bench {
namespace {

/// Passes every section on to the release's judge and counts how many it is asked about.
class CountingJudge final : public settings::SectionJudge {
 public:
  Expected<void> judge(const settings::Section& section) const override {
    ++count;
    return inner_->judge(section);
  }
  mutable std::uint64_t count = 0;

 private:
  std::shared_ptr<const settings::SectionJudge> inner_ =
      settings::release_judge(DeviceType::d200, Release::r2_2A);
};

/// A device alone in a world of its own.
struct BenchDevice {
  BenchDevice() { settings.load(); }
  settings::ApplyOutcome apply(const settings::Document& document) {
    return settings.apply(document, "");
  }

  world::World world;
  world::VirtualHost& host = world.add_host({.name = "device"});
  std::shared_ptr<const CountingJudge> judge = std::make_shared<CountingJudge>();
  settings::DeviceSettings settings{host, DeviceIdentity(), judge};
};

/// About 2 KB: a few settings in four of the ten sections. `i` makes it differ from others.
std::string patch_document(std::uint64_t i) {
  std::string keys;
  for (int key = 1; key <= 16; ++key) {
    keys += fmt::format(
        "<key keyNumber=\"{}\" label=\"Extension {}\" icon=\"person\">"
        "<keyConfiguration/></key>",
        key, i);
  }
  return fmt::format(
      "<configuration><telephony><callForwarding><busy><target>{}</target></busy></callForwarding>"
      "</telephony><time><ntpServer>ntp{}.local</ntpServer></time>"
      "<userInterface><display><brightness>{}</brightness></display></userInterface>"
      "<keys><phoneXtensions>{}</phoneXtensions></keys></configuration>",
      i, i, i % 100, keys);
}

/// About 200 KB, as a device with many keys, templates and libraries writes it.
std::string backup_document(std::uint64_t i) {
  std::string templates;
  std::string libraries;
  for (int n = 0; n < 200; ++n) {
    templates += fmt::format(
        "<template name=\"T{}\" prio=\"{}\"><keyConfiguration><function><invite><uri>{}</uri>"
        "</invite></function></keyConfiguration><parameters><parameter name=\"@string/uri\">"
        "<path>//invite/uri</path></parameter></parameters></template>",
        n, n, i);
    libraries += fmt::format("<luaLibrary name=\"L{}\"><code>{}</code></luaLibrary>", n,
                             std::string(700, 'x'));
  }
  return fmt::format(
      "<configuration patchDefault=\"false\"><time version=\"1.34.0\"><ntpServer>{}</ntpServer>"
      "</time><templates version=\"1.34.0\">{}</templates><luaLibraries version=\"1.34.0\">{}"
      "</luaLibraries></configuration>",
      i, templates, libraries);
}

/// 100 operations on three sections.
std::string operations_document(std::uint64_t i) {
  std::string xml = "<operations>";
  for (int n = 0; n < 50; ++n) {
    xml += fmt::format(
        "<replace path=\"/identities/identity[{}]/username\"><username>{}</username>"
        "</replace>",
        n % 6 + 1, i + static_cast<std::uint64_t>(n));
    xml += fmt::format("<replace path=\"/{}\"><{}>{}</{}></replace>",
                       n % 2 == 0 ? "time/ntpServer" : "network/hostName",
                       n % 2 == 0 ? "ntpServer" : "hostName", i,
                       n % 2 == 0 ? "ntpServer" : "hostName");
  }
  return xml + "</operations>";
}

/// Reads and applies documents by turns; `different` makes each one new, so that no verdict is
/// remembered.
void apply(benchmark::State& state, std::string (*write)(std::uint64_t), bool different) {
  BenchDevice device;
  std::uint64_t i = 0;
  std::size_t octets = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::string text = write(different ? i : i % 2);
    ++i;
    octets = text.size();
    state.ResumeTiming();
    const auto document = settings::read_document(text, "");
    if (!document || device.apply(*document).rejected != 0) {
      state.SkipWithError("the document was not taken");
      break;
    }
  }
  state.counters["octets"] = static_cast<double>(octets);
  state.counters["judged"] = benchmark::Counter(static_cast<double>(device.judge->count),
                                                benchmark::Counter::kAvgIterations);
  state.counters["sections"] =
      static_cast<double>(device.settings.configuration().sections().size());
}

BENCHMARK_CAPTURE(apply, patch_2KB, patch_document, true);
BENCHMARK_CAPTURE(apply, patch_2KB_seen_before, patch_document, false);
BENCHMARK_CAPTURE(apply, backup_200KB, backup_document, true);
BENCHMARK_CAPTURE(apply, operations_100, operations_document, true);

/// What a boot of the reference scenario does with settings: load, one small patch, store. The
/// share is this time against that of bench_boot's `reference`.
void settings_of_a_boot(benchmark::State& state) {
  world::World world;
  world::VirtualHost& host = world.add_host({.name = "device"});
  const std::string text =
      "<configuration><telephony><callWaiting><active>true</active></callWaiting></telephony>"
      "</configuration>";
  for (auto _ : state) {
    (void)host.storage().remove(settings::kStorePiece);
    settings::DeviceSettings settings(host, DeviceIdentity());
    settings.load();
    const auto document = settings.read(text, "text/xml", "http://prov.server.com/a.xml");
    if (!document || !settings.apply(*document, "http://prov.server.com/a.xml").changed) {
      state.SkipWithError("the document was not taken");
      break;
    }
  }
}
BENCHMARK(settings_of_a_boot);

}  // namespace
}  // namespace provlab::bench
