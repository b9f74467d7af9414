// Hostile documents: how long it takes to refuse each, and how much memory that takes at most.
// Marks: 50 ms of CPU and 32 MB each; beyond them a benchmark ends with an error.
#include <benchmark/benchmark.h>

#include <ctime>
#include <string>

#include "core/settings/document.hpp"
#include "tests/bench/memory_meter.hpp"

namespace provlab::bench {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string billion_laughs() {
  std::string xml = "<!DOCTYPE keys [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    xml += "<!ENTITY a" + std::to_string(i) + " \"" + repeated(before, 10) + "\">";
  }
  return xml + "]><keys>&a29;</keys>";
}

/// `fits`: as many of them as a document may hold; they are read, and the root is what is refused.
std::string siblings(bool fits) {
  const std::size_t room = (settings::kMaxDocumentOctets - 8) / 4;
  return "<x>" + repeated("<a/>", fits ? room : 1'000'000) + "</x>";
}

std::string attributes() {
  std::string xml = "<keys";
  for (unsigned i = 0; xml.size() < settings::kMaxDocumentOctets - 32; ++i) {
    xml += " a" + std::to_string(i) + "=''";
  }
  return xml + "/>";
}

void refuse(benchmark::State& state, const std::string& document) {
  std::string reason;
  MemoryMeter::begin();
  double longest = 0;
  for (auto _ : state) {
    const std::clock_t start = std::clock();
    const auto read = settings::read_document(document, "");
    longest = std::max(longest, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC * 1000);
    if (read) return state.SkipWithError("the document was not refused");
    reason = read.error().to_string();
  }
  const std::size_t octets = MemoryMeter::most();
  state.counters["peak_kB"] = static_cast<double>(octets) / 1000;
  state.counters["longest_ms"] = longest;
  state.SetLabel(reason.substr(0, 60));
  if (octets > 32'000'000) state.SkipWithError("takes more than 32 MB");
  if (longest > 50) state.SkipWithError("takes longer than 50 ms");
}

BENCHMARK_CAPTURE(refuse, billion_laughs, billion_laughs());
BENCHMARK_CAPTURE(refuse, of_100_MB, std::string(100'000'000, ' '));
BENCHMARK_CAPTURE(refuse, nested_100000, repeated("<a>", 100'000) + repeated("</a>", 100'000));
BENCHMARK_CAPTURE(refuse, siblings_1000000, siblings(false));
BENCHMARK_CAPTURE(refuse, siblings_that_fit, siblings(true));
BENCHMARK_CAPTURE(refuse, countless_attributes, attributes());
BENCHMARK_CAPTURE(refuse, nul_at_the_end, "<keys>" + std::string(1'000'000, ' ') + '\0');
BENCHMARK_CAPTURE(refuse, utf8_cut_short, "<keys>" + repeated("\u00FC", 500'000) + '\xC3');
BENCHMARK_CAPTURE(refuse, comment_without_end, "<keys><!--" + std::string(1'000'000, '-'));
BENCHMARK_CAPTURE(refuse, ampersands, "<keys>" + repeated("&amp;", 200'000) + "&</keys>");

}  // namespace
}  // namespace provlab::bench
