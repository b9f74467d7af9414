#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <optional>
#include <set>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tools/command.hpp"
#include "tools/generated/judge/account.hpp"
#include "tools/generated/judge/call.hpp"
#include "tools/generated/judge/choice.hpp"
#include "tools/generated/judge/identity.hpp"
#include "tools/generated/judge/repetition.hpp"
#include "tools/generated/judge/witnesses.hpp"
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
  std::string explained;
  std::string touched;
  std::string survivors;
  std::vector<std::string> tests;
  std::string noticed;
  std::string repeats;
  Choice choice;
  std::size_t orders = 300;
  unsigned jobs = 0;
  int objection_to = -1;
  bool no_explorations = false;
  bool list = false;
  bool redundant = false;
};

void describe(CLI::App& app, Request& request) {
  app.add_option("MANIFEST", request.manifest, "The list of mutants")->required();
  app.add_option("--scenarios", request.scenarios, "The library (scenarios)");
  app.add_option("--results", request.results, "Where verdicts are kept, and taken up again");
  app.add_option("--equivalents", request.equivalents, "Those that nothing can notice, and why");
  app.add_option("--explained", request.explained, "Those that survive, and why");
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
  app.add_option("--tests", request.tests, "Test programs that are asked what the library leaves");
  app.add_option("--orders", request.orders,
                 "Play so many orders of each exploration, at most (300)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
  app.add_flag("--redundant", request.redundant,
               "Instead name the scenarios that notice nothing that one other does not");
  app.add_option("--noticed", request.noticed,
                 "What else scenarios notice: lines of a mutant and a scenario");
  app.add_option("--repeats", request.repeats, "Scenarios that stay though another covers them");
  app.add_flag("--list", request.list, "Only name the mutants that would be judged");
  app.add_option("--objection-to", request.objection_to,
                 "Only play the runs, with the mutant of the environment, and name the first that "
                 "does not pass to this descriptor")
      ->group("");
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

/// Of a change only its files are known.
void keep_remarks_on(const std::vector<Mutant>& mutants, std::vector<Remark>& remarks) {
  const auto file_of = [](const std::string& id) { return id.substr(0, id.find(':')); };
  std::set<std::string> files;
  for (const Mutant& one : mutants) files.insert(file_of(one.id));
  std::erase_if(remarks, [&](const Remark& one) { return !files.contains(file_of(one.id)); });
}

void list(const std::vector<const Mutant*>& mutants) {
  for (const Mutant* one : mutants) {
    tools::say(stdout, "{}\n    {}:{}: {}\n    {}\n", one->id, one->file, one->line, one->text,
               one->change);
  }
}

/// Has a court judge those that the record does not know.
Expected<void> judge(Court court, const std::string& by, const std::vector<const Mutant*>& mutants,
                     Record& record) {
  std::vector<const Mutant*> open;
  for (const Mutant* one : mutants) {
    if (!record.verdicts().contains(one->id)) open.push_back(one);
  }
  Expected<void> kept;
  std::size_t done = 0;
  std::size_t survived = 0;
  tools::ProgressLine progress;
  court.judge(open, [&](const Mutant& one, const Verdict& verdict) {
    ++done;
    if (verdict.ending.end == End::survived) ++survived;
    progress.show(
        fmt::format("{}: [{}/{}] {} survived; {}", by, done, open.size(), survived, one.id));
    if (const auto added = record.add(one, verdict); !added) kept = added;
  });
  return kept;
}

/// The one that plays all runs in a process that begins anew.
Trial fresh_trial(const std::string& scenarios, Duration spent) {
  Trial trial;
  trial.name = "all runs in a fresh process";
  trial.kind = Kind::fresh;
  trial.spent = spent;
  Call call{{"/proc/self/exe", "-", "--scenarios", scenarios, "--objection-to"},
            {},
            std::chrono::seconds(10) + 3 * spent};
  trial.passes = [call = std::move(call)](std::string& by) { return passes_call(call, by); };
  return trial;
}

/// What this process has taken up to now.
Duration processor_time() {
  return std::chrono::microseconds(std::int64_t{std::clock()} * 1'000'000 / CLOCKS_PER_SEC);
}

int object(const Request& request) {
  const std::string name = Library::first_objection(request.scenarios);
  if (name.empty()) return 0;
  [[maybe_unused]] const auto told = write(request.objection_to, name.data(), name.size());
  return 1;
}

struct Judged {
  Record library;
  std::optional<Record> tests;
};

int report(const Library& library, const std::vector<Mutant>& all,
           const std::vector<const Mutant*>& mutants, const Request& request, const Judged& judged,
           const Remarks& remarks) {
  Account account(library, remarks);
  account.know(all);
  for (const Mutant* one : mutants) {
    const auto verdict = judged.library.verdicts().find(one->id);
    if (verdict == judged.library.verdicts().end()) continue;
    const Verdict* by_tests = nullptr;
    if (judged.tests) {
      const auto said = judged.tests->verdicts().find(one->id);
      if (said != judged.tests->verdicts().end()) by_tests = &said->second;
    }
    account.add(*one, verdict->second, by_tests);
  }
  tools::put(stdout, account.survivors() + account.complaints() + account.tables());
  if (!request.survivors.empty()) {
    const auto written = lab::write_file(request.survivors, account.survivors());
    if (!written) return refuse(written.error(), tools::kUsage);
  }
  return account.survived() == 0 ? 0 : 1;
}

double seconds(Duration time) {
  return std::chrono::duration<double>(time).count();
}

/// Asks the tests about what the library has left, but for what is argued equivalent: nobody would
/// be heard to the end so often in vain.
Expected<std::optional<Record>> ask_tests(const Request& request, const std::string& file,
                                          const std::vector<const Mutant*>& mutants,
                                          std::size_t most, const Record& library,
                                          const std::vector<Remark>& equivalents) {
  if (request.tests.empty()) return std::nullopt;
  const Duration start = lab::wall_clock();
  auto witnesses = Witnesses::load(request.tests, most, request.jobs);
  if (!witnesses) return std::unexpected(witnesses.error());
  const Duration loaded = lab::wall_clock();
  auto record = Record::open(file, witnesses->identity());
  if (!record) return std::unexpected(record.error());
  std::vector<const Mutant*> left;
  for (const Mutant* one : mutants) {
    const auto verdict = library.verdicts().find(one->id);
    if (verdict == library.verdicts().end() || verdict->second.ending.end != End::survived)
      continue;
    const bool argued = std::ranges::any_of(equivalents, [one](const Remark& remark) {
      return remark.id == one->id && remark.text == one->text;
    });
    if (!argued) left.push_back(one);
  }
  const Court court([&](const Mutant& mutant,
                        const Noticed& noticed) { return witnesses->trials_for(mutant, noticed); },
                    lab::thread_count(request.jobs));
  if (const auto kept = judge(court, "tests", left, *record); !kept) {
    return std::unexpected(kept.error());
  }
  tools::say(stdout,
             "{} mutants were left to {} tests of {} programs, recorded in {:.1f} s, judged in "
             "{:.1f} s\n",
             left.size(), witnesses->tests(), witnesses->programs(), seconds(loaded - start),
             seconds(lab::wall_clock() - loaded));
  return std::optional<Record>(std::move(*record));
}

/// Loads the library and has it judge, then the tests.
int judge_all(const Request& request, const std::vector<Mutant>& mutants,
              const std::vector<const Mutant*>& all, const Remarks& remarks) {
  const std::size_t most = mutants.empty() ? 0 : mutants.back().number;
  const Duration start = lab::wall_clock();
  auto library = Library::load(request.scenarios, most);
  if (!library) return refuse(library.error(), tools::kLabFault);
  library->add_fresh(fresh_trial(request.scenarios, processor_time()));
  if (!request.no_explorations) {
    const auto added = library->load_explorations(request.scenarios, request.orders,
                                                  lab::thread_count(request.jobs));
    if (!added) return refuse(added.error(), tools::kLabFault);
  }
  const Duration loaded = lab::wall_clock();
  const auto who = identity_of("/proc/self/exe", library->identity());
  if (!who) return refuse(who.error(), tools::kLabFault);
  auto record = Record::open(request.results, *who);
  if (!record) return refuse(record.error(), tools::kUsage);
  const std::size_t before = record->verdicts().size();
  const Court court(*library, lab::thread_count(request.jobs));
  if (const auto kept = judge(court, "library", all, *record); !kept) {
    return refuse(kept.error(), tools::kUsage);
  }
  tools::say(stdout,
             "{} of {} mutants, {} judged before; {} runs and {} explorations recorded in {:.1f} "
             "s, judged in {:.1f} s\n",
             all.size(), mutants.size(), before, library->runs().size(),
             library->explorations().size(), seconds(loaded - start),
             seconds(lab::wall_clock() - loaded));
  auto tests =
      ask_tests(request, request.results + ".tests", all, most, *record, remarks.equivalents);
  if (!tests) return refuse(tests.error(), tools::kLabFault);
  return report(*library, mutants, all, request, {std::move(*record), std::move(*tests)}, remarks);
}

/// Names the scenarios that only repeat what another one notices.
int name_redundant(const Request& request, const std::vector<Mutant>& mutants,
                   const std::vector<const Mutant*>& all, const std::vector<Remark>& remarks) {
  const auto library =
      Library::load(request.scenarios, mutants.empty() ? 0 : mutants.back().number);
  if (!library) return refuse(library.error(), tools::kLabFault);
  Overlap overlap;
  for (const Trial& run : library->runs())
    overlap.add_scenario(run.scenario, run.rules, run.statements);
  if (!request.noticed.empty()) {
    const auto text = lab::read_file(request.noticed, lab::kMostReportOctets);
    if (!text) return refuse(text.error(), tools::kUsage);
    const auto added = overlap.add_list(*text, request.noticed);
    if (!added) return refuse(added.error(), tools::kUsage);
  }
  const auto who = identity_of("/proc/self/exe");
  if (!who) return refuse(who.error(), tools::kLabFault);
  auto minutes = Minutes::open(request.results + ".minutes", *who);
  if (!minutes) return refuse(minutes.error(), tools::kUsage);
  Repetition repetition(*library, std::move(overlap), std::move(*minutes),
                        lab::thread_count(request.jobs));
  tools::ProgressLine progress;
  const auto kept = repetition.ask(all, [&](std::size_t asked, std::size_t left) {
    progress.show(fmt::format("{} mutants, {} scenarios left", asked, left));
  });
  if (!kept) return refuse(kept.error(), tools::kUsage);
  const OverlapReport report = report_of(repetition.overlap(), remarks);
  tools::put(stdout, report.text);
  if (repetition.unheard() > 0) {
    tools::say(stdout, "{} mutants were left out, since most of their runs crash or never end\n",
               repetition.unheard());
  }
  return report.unspoken == 0 ? 0 : 1;
}

int run(const Request& original) {
  if (original.objection_to != -1) return object(original);
  Request request = original;
  if (request.results.empty()) request.results = request.manifest + ".results";
  const auto mutants = read_list(request.manifest, parse_manifest);
  if (!mutants) return refuse(mutants.error(), tools::kUsage);
  auto equivalents = read_list(request.equivalents, parse_remarks);
  if (!equivalents) return refuse(equivalents.error(), tools::kUsage);
  auto explained = read_list(request.explained, parse_remarks);
  if (!explained) return refuse(explained.error(), tools::kUsage);
  auto touched = read_list(request.touched, parse_lines);
  if (!touched) return refuse(touched.error(), tools::kUsage);
  request.choice.only_touched = !request.touched.empty();
  request.choice.touched = std::move(*touched);
  if (request.choice.only_touched) {
    keep_remarks_on(*mutants, *equivalents);
    keep_remarks_on(*mutants, *explained);
  }
  const std::vector<const Mutant*> all = chosen(*mutants, request.choice);
  if (request.list) {
    list(all);
    return 0;
  }
  if (request.redundant) {
    const auto repeats = read_list(request.repeats, parse_remarks);
    if (!repeats) return refuse(repeats.error(), tools::kUsage);
    return name_redundant(request, *mutants, all, *repeats);
  }
  return judge_all(request, *mutants, all, {*equivalents, *explained});
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
