// Hostile documents that are well-formed: how long the worst ones known take a phone whose settings
// are as large as they may be. Marks: 300 ms of CPU and 128 MB each (SPEC 5.8, D32); beyond them a
// benchmark ends with an error.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <ctime>
#include <functional>
#include <string>

#include "core/settings/device_settings.hpp"
#include "core/settings/document_limits.hpp"
#include "tests/bench/memory_meter.hpp"
#include "tests/unit/settings/fake_host.hpp"

namespace provlab::bench {
namespace {

/// What settings may take, with some room for what surrounds them.
constexpr std::size_t kMostSettings = 1'020'000;
constexpr const char* kOpenBegin =
    "<keys><phoneXtensions><key keyNumber=\"1\" label=\"x\"><keyConfiguration>";
constexpr const char* kOpenEnd = "</keyConfiguration></key></phoneXtensions></keys>";

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// As many pieces as have room, at most `most`.
std::string filled(std::string begin, const std::function<std::string(std::size_t)>& piece,
                   const std::string& end, std::size_t octets,
                   std::size_t most = settings::kMaxDocumentOctets) {
  for (std::size_t i = 0; i < most; ++i) {
    const std::string next = piece(i);
    if (begin.size() + next.size() + end.size() > octets) break;
    begin += next;
  }
  return begin + end;
}

std::string open_content(const std::string& piece) {
  return filled(
      kOpenBegin, [&](std::size_t) { return piece; }, kOpenEnd, kMostSettings);
}

std::string operations(const std::function<std::string(std::size_t)>& piece) {
  return filled("<operations>", piece, "</operations>", settings::kMaxDocumentOctets,
                settings::kMaxOperations);
}

std::string deletes(const std::string& path) {
  return operations([&](std::size_t) { return "<delete path=\"" + path + "\"/>"; });
}

std::string many_keys(bool valid) {
  return filled(
      "<keys><phoneXtensions>",
      [&](std::size_t i) { return fmt::format("<key keyNumber=\"{}\"/>", valid ? i : i / 2); },
      "</phoneXtensions></keys>", kMostSettings);
}

std::string many_templates() {
  return filled(
      "<templates>", [](std::size_t i) { return fmt::format("<template name=\"{}\"/>", i); },
      "</templates>", kMostSettings);
}

std::string many_attributes(bool backwards) {
  std::string element = "<a";
  for (std::size_t i = 0; i < 250; ++i) {
    const std::size_t at = backwards ? 249 - i : i;
    element +=
        fmt::format(" {}{}=''", static_cast<char>('a' + at / 26), static_cast<char>('a' + at % 26));
  }
  return open_content(element + "/>");
}

std::string many_prefixes() {
  return filled(
      "<keys><phoneXtensions>",
      [](std::size_t i) {
        if (i >= 9000) return std::string("<a p8999:a='' p8998:b=''/>");
        return fmt::format("<a xmlns:p{}='http://www.w3.org/2001/XMLSchema-instance'/>", i);
      },
      "</phoneXtensions></keys>", kMostSettings);
}

std::string nested_text() {
  return kOpenBegin + repeated("<a>", 50) + std::string(1'000'000, 'x') + repeated("</a>", 50) +
         kOpenEnd;
}

std::string nested_pieces() {
  return filled(
      kOpenBegin + repeated("<a>", 50), [](std::size_t) { return "x<b/>"; },
      repeated("</a>", 50) + kOpenEnd, kMostSettings);
}

void apply(benchmark::State& state, const std::string& before, const std::string& document) {
  double longest = 0;
  std::size_t octets = 0;
  for (auto _ : state) {
    state.PauseTiming();
    settings::FakeHost host;
    settings::DeviceSettings phone(host, DeviceIdentity());
    phone.load();
    if (!before.empty()) phone.apply(*settings::read_document(before, ""), "");
    MemoryMeter::begin();
    state.ResumeTiming();
    const std::clock_t start = std::clock();
    if (const auto read = settings::read_document(document, "")) phone.apply(*read, "");
    longest = std::max(longest, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC * 1000);
    octets = std::max(octets, MemoryMeter::most());
  }
  state.counters["peak_kB"] = static_cast<double>(octets) / 1000;
  state.counters["longest_ms"] = longest;
  if (octets > 128'000'000) state.SkipWithError("takes more than 128 MB");
  if (longest > 300) state.SkipWithError("takes longer than 300 ms");
}

BENCHMARK_CAPTURE(apply, keys, "", many_keys(true))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, keys_given_twice, "", many_keys(false))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, keys_over_templates, many_templates(), many_keys(true))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, attributes_in_another_order, many_attributes(false), many_attributes(true))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, prefixes, "", many_prefixes())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, open_content, open_content("<a/>"), open_content("<b/>"))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, text_read_again, nested_text(),
                  deletes("//a" + repeated("[not(contains(.,'z'))]", 40)))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, text_in_pieces, nested_pieces(), deletes("//a[normalize-space()='z']"))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, attributes_selected, nested_pieces(), deletes("//@*"))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, unions, many_templates(), deletes(repeated("a|", 500) + "a"))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, parentheses, nested_text(),
                  deletes(repeated("(", 60) + "1" + repeated(")", 60)))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, conditions, nested_text(), deletes("a" + repeated("[1]", 340)))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, names, many_templates(), operations([](std::size_t i) {
                    return fmt::format("<delete path=\"/templates/template[@name='{}']\"/>", i);
                  }))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, short_operations, open_content("<a/>"), deletes("/x"))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, settings_added, nested_text(), operations([](std::size_t i) {
                    return fmt::format("<add path=\"/time\"><x{}/></add>", i);
                  }))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, settings_doubled, "",
                  operations([](std::size_t) { return "<add path=\"//*\"><a/></add>"; }))
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace provlab::bench
