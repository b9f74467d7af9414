#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tools/command.hpp"
#include "tools/generated/judge/account.hpp"
#include "tools/generated/judge/choice.hpp"
#include "tools/progress.hpp"
#include "tools/terminal.hpp"

// Has the library judge the mutants that were written into the core of this program. tools/mutants
// calls it, and its help says what comes out.
namespace provlab::mutants {
namespace {

struct Request {
  std::string manifest;
  std::string scenarios = "scenarios";
  std::string results;
  std::string equivalents;
  std::string touched;
  std::string survivors;
  Choice choice;
  unsigned jobs = 0;
  bool no_explorations = false;
  bool list = false;
};

void describe(CLI::App& app, Request& request) {
  app.add_option("MANIFEST", request.manifest, "The list of mutants")->required();
  app.add_option("--scenarios", request.scenarios, "The library (scenarios)");
  app.add_option("--results", request.results, "Where verdicts are kept, and taken up again");
  app.add_option("--equivalents", request.equivalents, "Those that nothing can notice, and why");
  app.add_option("--touched", request.touched, "Only mutants in the lines that this file names");
  app.add_option("--survivors", request.survivors, "Write the survivors into a file as well");
  app.add_option("--only", request.choice.globs, "Only ids that match")->take_all();
  app.add_option("--count", request.choice.count, "So many, drawn by chance (all)")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1'000'000}));
  app.add_option("--seed", request.choice.seed, "Which ones (1)")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1'000'000}));
  app.add_option("--jobs,-j", request.jobs, "Mutants at once (one per core)")
      ->check(CLI::Range(1U, 1024U));
  app.add_flag("--no-explorations", request.no_explorations, "Ask the scenarios alone");
  app.add_flag("--list", request.list, "Only name the mutants that would be judged");
}

int refuse(const Error& error, int code) {
  tools::say(stderr, "mutants: {}\n", error.to_string());
  return code;
}

template <class T>
Expected<std::vector<T>> read_list(const std::string& file,
                                   Expected<std::vector<T>> (*parse)(std::string_view,
                                                                     const std::string&)) {
  if (file.empty()) return std::vector<T>{};
  const auto text = lab::read_file(file, lab::kMostReportOctets);
  if (!text) return std::unexpected(text.error());
  return parse(*text, file);
}

/// Differs where the program was built anew or the library has changed.
Expected<std::uint64_t> identity(const Library& library) {
  const auto program = lab::read_file("/proc/self/exe", lab::kMostReportOctets * 4);
  if (!program) return std::unexpected(program.error());
  std::uint64_t hash = library.identity();
  for (const char c : *program) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

void list(const std::vector<const Mutant*>& mutants) {
  for (const Mutant* one : mutants) {
    tools::say(stdout, "{}\n    {}:{}: {}\n    {}\n", one->id, one->file, one->line, one->text,
               one->change);
  }
}

/// Judges those that the record does not know.
Expected<void> judge(const Library& library, const std::vector<const Mutant*>& mutants,
                     unsigned jobs, Record& record) {
  std::vector<const Mutant*> open;
  for (const Mutant* one : mutants) {
    if (!record.verdicts().contains(one->id)) open.push_back(one);
  }
  Expected<void> kept;
  std::size_t done = 0;
  std::size_t survived = 0;
  tools::ProgressLine progress;
  Court(library, lab::thread_count(jobs))
      .judge(open, [&](const Mutant& one, const Verdict& verdict) {
        ++done;
        if (verdict.ending.end == End::survived) ++survived;
        progress.show(fmt::format("[{}/{}] {} survived; {}", done, open.size(), survived, one.id));
        if (const auto added = record.add(one, verdict); !added) kept = added;
      });
  return kept;
}

int report(const Library& library, const std::vector<const Mutant*>& mutants,
           const Request& request, const Record& record, const std::vector<Equivalent>& known) {
  Account account(library, known);
  for (const Mutant* one : mutants) {
    const auto verdict = record.verdicts().find(one->id);
    if (verdict != record.verdicts().end()) account.add(*one, verdict->second);
  }
  tools::put(stdout, account.survivors() + account.complaints() + account.tables());
  if (!request.survivors.empty()) {
    const auto written = lab::write_file(request.survivors, account.survivors());
    if (!written) return refuse(written.error(), tools::kUsage);
  }
  return account.survived() == 0 ? 0 : 1;
}

int run(const Request& original) {
  Request request = original;
  const auto mutants = read_list(request.manifest, parse_manifest);
  if (!mutants) return refuse(mutants.error(), tools::kUsage);
  const auto known = read_list(request.equivalents, parse_equivalents);
  if (!known) return refuse(known.error(), tools::kUsage);
  auto touched = read_list(request.touched, parse_lines);
  if (!touched) return refuse(touched.error(), tools::kUsage);
  request.choice.only_touched = !request.touched.empty();
  request.choice.touched = std::move(*touched);
  const std::vector<const Mutant*> all = chosen(*mutants, request.choice);
  if (request.list) {
    list(all);
    return 0;
  }
  const Duration start = lab::wall_clock();
  const auto library = Library::load(request.scenarios, !request.no_explorations,
                                     mutants->empty() ? 0 : mutants->back().number);
  if (!library) return refuse(library.error(), tools::kLabFault);
  const Duration loaded = lab::wall_clock();
  const auto who = identity(*library);
  if (!who) return refuse(who.error(), tools::kLabFault);
  auto record =
      Record::open(request.results.empty() ? request.manifest + ".results" : request.results, *who);
  if (!record) return refuse(record.error(), tools::kUsage);
  const std::size_t before = record->verdicts().size();
  if (const auto kept = judge(*library, all, request.jobs, *record); !kept) {
    return refuse(kept.error(), tools::kUsage);
  }
  const int code = report(*library, all, request, *record, *known);
  const auto seconds = [](Duration time) { return std::chrono::duration<double>(time).count(); };
  tools::say(
      stdout,
      "{} of {} mutants, {} judged before; {} runs and {} explorations recorded in {:.1f} s, "
      "judged in {:.1f} s\n",
      all.size(), mutants->size(), before, library->runs().size(), library->explorations().size(),
      seconds(loaded - start), seconds(lab::wall_clock() - loaded));
  return code;
}

}  // namespace
}  // namespace provlab::mutants

int main(int count, char** words) {
  CLI::App app("Judges generated mutants by the library of scenarios");
  provlab::mutants::Request request;
  provlab::mutants::describe(app, request);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : provlab::tools::kUsage;
  }
  return provlab::mutants::run(request);
}
