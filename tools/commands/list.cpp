#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "sim/lab/language/coverage.hpp"
#include "sim/lab/language/rule_search.hpp"
#include "sim/lab/language/rule_text.hpp"
#include "sim/lab/markup/complaint.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/lab/trace/field_values.hpp"
#include "sim/lab/trace/known_events.hpp"
#include "tools/command.hpp"
#include "tools/rule_places.hpp"
#include "tools/scenario_files.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class ListCommand final : public Command {
 public:
  explicit ListCommand(CLI::App& app)
      : Command(app, "list", "Lists scenarios, rules, or the events of the trace") {
    options().add_option("PATH", paths_, "Scenario files or folders (default: scenarios)");
    options().add_flag("--variants", variants_, "Also the variants of races");
    CLI::Option* events =
        options().add_flag("--events", events_,
                           "All events of the trace with their fields and the values "
                           "that some of these can have, instead");
    rules_ = options()
                 .add_option("--rules", numbers_,
                             "Every rule of the specification and the scenarios that cover it, "
                             "instead; or what the rules of these numbers say, the titles of "
                             "those of a section, and of those that say a word")
                 ->type_name("[NUMBER|SECTION|WORD ...]")
                 ->expected(0, -1)
                 ->excludes(events);
    options()
        .add_flag("--where", where_,
                  "Also where the rules are at work: code that cites them, scenarios, mutants")
        ->needs(rules_);
    add_sources_root(options(), root_);
    options().footer(
        "Examples:\n"
        "  provlab list scenarios --variants\n"
        "  provlab list --rules                    what the library covers\n"
        "  provlab list scenarios/faults --rules   what a part of it covers\n"
        "  provlab list --rules 2.10 I7            what two rules say\n"
        "  provlab list --rules 2                  what rules section 2 has\n"
        "  provlab list --rules unsynchronised     what rules say that word\n"
        "  provlab list --rules 2.10 --where       and the code, scenarios and mutants of one\n"
        "  provlab list --events                   what expectations can name");
  }

  int run() override {
    std::erase(numbers_, "");  // which is what CLI11 reads where no number is given
    if (events_) return list_events();
    return numbers_.empty() && !where_ ? list_scenarios() : list_rules();
  }

 private:
  int list_scenarios() {
    if (rules_->count() > 0 && paths_.empty() && !std::filesystem::exists("scenarios")) {
      put(stdout, lab::all_rule_titles());
      say(stderr,
          "provlab: there is no folder 'scenarios' here, so these are the rules alone; write "
          "'provlab list FOLDER --rules' for the scenarios that cover them\n");
      return 0;
    }
    const auto files = scenario_files(paths_);
    if (!files) return kUsage;
    const lab::LoadedSuite suite = lab::load_all(*files, 0, root_);
    complain(suite.complaints);
    const bool rules = rules_->count() > 0;
    if (rules)
      put(stdout, visible(lab::coverage_text(lab::rule_coverage(suite.plans)), Layout::lines));
    for (const auto& plan : suite.plans) {
      if (!plan || rules) continue;
      say(stdout, "{:<44} {}\n  {}\n", plan->name, plan->file, plan->about);
      if (!variants_) continue;
      for (const lab::Variant& variant : plan->variants) {
        if (!variant.name.empty()) say(stdout, "    {}\n", variant.name);
      }
    }
    return code_of(suite);
  }

  static void complain(const std::vector<lab::Complaint>& complaints) {
    for (const lab::Complaint& complaint : complaints) {
      say(stderr, "{}\n", complaint.to_string());
    }
  }

  static int code_of(const lab::LoadedSuite& suite) {
    if (suite.unreadable > 0) return kUsage;
    return suite.complaints.empty() ? 0 : kInvalid;
  }

  /// The rules that the words name; their places too, if asked for.
  int list_rules() {
    if (numbers_.empty()) {
      say(stderr, "provlab: --where is about single rules: write --rules 2.10 --where\n");
      return kUsage;
    }
    std::vector<lab::RulesMeant> meant;
    std::vector<const lab::SpecRule*> rules;
    for (const std::string& word : numbers_) {
      lab::RulesMeant& here = meant.emplace_back(lab::rules_meant(word));
      const bool named = !here.rules.empty() && here.said.empty();
      if (!named && std::filesystem::exists(word)) {
        say(stderr, "provlab: '{}' is no number of a rule; paths stand before --rules\n", word);
        return kUsage;
      }
      if (here.rules.empty()) {
        say(stderr, "provlab: {}\n", lab::names_no_rule(word));
        return kUsage;
      }
      rules.insert(rules.end(), here.rules.begin(), here.rules.end());
    }
    if (where_) return list_places(rules);
    for (const lab::RulesMeant& each : meant) {
      put(stdout, gap());
      put(stdout,
          each.heading.empty() ? lab::rule_text(*each.rules.front()) : lab::rule_titles(each));
    }
    return 0;
  }

  /// An empty line between what is told of one word and of the next.
  static const char* gap() {
    static const char* before = "";
    return std::exchange(before, "\n");
  }

  static void print_rule(const lab::SpecRule& rule) {
    put(stdout, gap());
    put(stdout, lab::rule_text(rule));
  }

  int list_places(const std::vector<const lab::SpecRule*>& rules) {
    const auto root = source_tree();
    std::optional<RulePlaces> places;
    if (root) {
      places.emplace(*root);
      if (paths_.empty()) paths_ = {std::filesystem::proximate(*root / "scenarios").string()};
    }
    lab::LoadedSuite suite;
    if (!paths_.empty()) {
      const auto files = scenario_files(paths_);
      if (!files) return kUsage;
      suite = lab::load_all(*files, 0, root_);
      complain(suite.complaints);
    }
    for (const lab::SpecRule* rule : rules) {
      print_rule(*rule);
      if (places) print_code(places->citing(rule->number));
      if (!paths_.empty()) print_scenarios(suite, rule->number);
      if (places) print_mutants(places->mutants(rule->number));
      if (!places) {
        say(stdout,
            "\nwhere it is at work is not known: there is no source tree here, nor where the "
            "program lies\n");
      }
    }
    return code_of(suite);
  }

  static void print_code(const std::vector<CitingLine>& lines) {
    say(stdout, "\ncited in {}\n", count(lines.size(), "line"));
    for (const CitingLine& each : lines) {
      say(stdout, "{}:{}: {}\n", each.file, each.line, each.text);
    }
  }

  static void print_scenarios(const lab::LoadedSuite& suite, const std::string& rule) {
    std::vector<const lab::ScenarioPlan*> plans;
    for (const auto& plan : suite.plans) {
      if (plan && std::ranges::find(plan->rules, rule) != plan->rules.end()) {
        plans.push_back(&*plan);
      }
    }
    say(stdout, "\ncovered by {}\n", count(plans.size(), "scenario"));
    for (const auto* plan : plans) say(stdout, "{:<44} {}\n", plan->name, plan->file);
  }

  static void print_mutants(const std::vector<MutantFile>& mutants) {
    say(stdout, "\nbroken by {}\n", count(mutants.size(), "mutant"));
    for (const MutantFile& each : mutants) say(stdout, "{}: {}\n", each.file, each.about);
  }

  static std::string count(std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
  }

  static int list_events() {
    for (const auto& [name, fields] : lab::known_events()) {
      say(stdout, "{:<28} {}\n", name, fmt::join(fields, " "));
      for (const std::string& field : fields) {
        if (const auto values = lab::values_of_field(name, field)) {
          say(stdout, "  {} is {}\n", field, lab::any_of(*values));
        }
      }
    }
    return 0;
  }

  std::vector<std::string> paths_;
  bool variants_ = false;
  std::vector<std::string> numbers_;
  CLI::Option* rules_ = nullptr;
  bool where_ = false;
  bool events_ = false;
  std::string root_;
};

}  // namespace

std::unique_ptr<Command> add_list(CLI::App& app) {
  return std::make_unique<ListCommand>(app);
}

}  // namespace provlab::tools
