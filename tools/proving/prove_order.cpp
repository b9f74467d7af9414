#include "tools/proving/prove_order.hpp"

#include <fmt/format.h>

#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "tools/command.hpp"
#include "tools/comparing/build_of.hpp"
#include "tools/comparing/other_program.hpp"
#include "tools/comparing/run_operand.hpp"
#include "tools/interrupt.hpp"
#include "tools/one_scenario.hpp"
#include "tools/progress.hpp"
#include "tools/proving/orders.hpp"
#include "tools/scenario_files.hpp"
#include "tools/scratch_folder.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

constexpr std::size_t kMostOrderRows = 20;

/// The options that say which orders there are.
std::vector<std::string> condition_words(const ProveRequest& request) {
  const lab::DeliveryOptions& delivery = request.options.delivery;
  std::vector<std::string> words{"--swaps",  std::to_string(request.swaps),
                                 "--window", to_string(delivery.window),
                                 "--budget", std::to_string(request.options.budget)};
  if (delivery.faults > 0) {
    words.insert(words.end(),
                 {delivery.doubles ? "--faults" : "--losses", std::to_string(delivery.faults)});
  }
  if (request.racers_only) words.emplace_back("--answers");
  if (request.options.seed != 0) {
    words.insert(words.end(), {"--seed", std::to_string(request.options.seed)});
  }
  return words;
}

std::string conditions(const ProveRequest& request) {
  std::string text;
  for (const std::string& word : condition_words(request)) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

/// What the build before writes while this one works.
class BuildBefore {
 public:
  BuildBefore(const ProveRequest& request, const std::string& program, const Operand& operand)
      : program_(program),
        run_(program, words(request, operand), "/dev/null", folder_.file("said")) {}

  Expected<Orders> read() {
    if (!run_.started()) return fail(run_.why_not(), program_);
    run_.wait();
    const auto text = lab::read_file(folder_.file("orders.json"), lab::kMostReportOctets);
    if (!text) {
      return fail("it proves nothing: " + first_line(folder_.file("said")), program_);
    }
    return read_orders(*text, program_);
  }

 private:
  std::vector<std::string> words(const ProveRequest& request, const Operand& operand) const {
    std::vector<std::string> all = condition_words(request);
    all.insert(all.begin(), {"prove", operand.file + "@" + lab::to_token(*operand.token)});
    if (!request.root.empty()) all.insert(all.end(), {"--root", request.root});
    all.insert(all.end(), {"--json", folder_.file("orders.json")});
    return all;
  }

  ScratchFolder folder_;
  std::string program_;
  OtherProgram run_;
};

/// The orders that show something, with a command for each to look at one.
std::string rows_text(const ProveRequest& request, const std::string& file,
                      const std::vector<const Orders::Row*>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size() && i < kMostOrderRows; ++i) {
    const Orders::Row& row = *rows[i];
    std::string broken;
    for (const std::string& number : row.broken) broken += "breaks " + number + ", ";
    text += shown("    {:>6}  {}{}\n            when {}\n            token {}\n", row.orders,
                  broken, row.outcome, row.when, row.token);
  }
  if (rows.size() > kMostOrderRows)
    text += shown("    and {} more\n", rows.size() - kMostOrderRows);
  if (rows.empty()) return text;
  std::string line =
      fmt::format("{} explore {}{} --window {}", lab::program_name(), lab::quoted_path(file),
                  lab::root_words(request.root), to_string(request.options.delivery.window));
  if (request.options.delivery.faults > 0) {
    line += fmt::format(" --{} {}", request.options.delivery.doubles ? "faults" : "losses",
                        request.options.delivery.faults);
  }
  if (request.racers_only) line += " --answers";
  if (request.options.seed != 0) line += fmt::format(" --seed {}", request.options.seed);
  return text + shown("    look at: {} --token {}\n", line, rows.front()->token);
}

std::string left_text(const Orders& orders, std::string_view build) {
  if (orders.unplayed == 0) return {};
  return shown("  {}: not all was played: at least {} more, beyond --budget\n", build,
               orders.unplayed);
}

int tell_one(const ProveRequest& request, const Operand& operand, const Orders& orders) {
  std::vector<const Orders::Row*> rows;
  bool broken = false;
  for (const Orders::Row& row : orders.rows) {
    rows.push_back(&row);
    broken = broken || !row.broken.empty();
  }
  if (request.json != "-") {
    put(stdout, shown("{} around {}: {} orders, {}\n", operand.file, lab::to_token(*operand.token),
                      orders.orders, conditions(request)) +
                    rows_text(request, operand.file, rows) + left_text(orders, "this build"));
  }
  return broken ? 1 : 0;
}

int tell_proof(const ProveRequest& request, const Operand& operand, const Orders& before,
               const Orders& now) {
  const Proof proof = proof_of(before, now);
  const bool all = before.unplayed == 0 && now.unplayed == 0;
  const auto count = [](std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
  };
  if (request.json != "-") {
    std::string text = shown("{} around {}, {}\n  it came to: {}\n", operand.file,
                             lab::to_token(*operand.token), conditions(request), proof.symptom);
    text += shown("  so it was in {} of {} orders, now it is in {} of {}\n", proof.before,
                  before.orders, proof.now, now.orders);
    text += rows_text(request, operand.file, proof.still);
    text += shown("  {}\n", count(proof.new_outcomes.size(), "new outcome"));
    text += rows_text(request, operand.file, proof.new_outcomes);
    if (!proof.new_broken.empty()) {
      text += "  invariants break that held before\n";
      text += rows_text(request, operand.file, proof.new_broken);
    }
    text += left_text(before, request.build) + left_text(now, "this build");
    text += !proof.holds() ? "not proven\n"
            : all          ? "proven\n"
                           : "proven as far as was played; --budget plays more\n";
    put(stdout, text);
  }
  return proof.holds() ? 0 : 1;
}

bool take_racers(ProveRequest& request, const std::string& file, const lab::ScenarioPlan& plan) {
  if (!request.racers_only) return true;
  if (!plan.race) {
    say(stderr, "provlab: --answers: {} has no <race>, whose answers it could take\n", file);
    return false;
  }
  request.options.delivery.answers = {plan.race->answers.begin(), plan.race->answers.end()};
  return true;
}

/// What was found, for people and for machines. `before` is null where this build is told alone.
int conclude(const ProveRequest& request, const Operand& operand, const Orders* before,
             const Orders& now) {
  const bool came_about = (before != nullptr ? *before : now).middle_came_about;
  if (!came_about) {
    say(stderr,
        "provlab: {}: not every departure of the token comes about; was it made with another "
        "--window, --faults, --seed or build?\n",
        request.order);
    return kUsage;
  }
  const int code = before != nullptr ? tell_proof(request, operand, *before, now)
                                     : tell_one(request, operand, now);
  if (request.json.empty()) return code;
  const OrdersHead head{.file = operand.file,
                        .token = lab::to_token(*operand.token),
                        .conditions = conditions(request),
                        .exit_code = code};
  const std::string json =
      before != nullptr ? proof_json(*before, now, head) : orders_json(now, head);
  if (request.json == "-") {
    put(stdout, json);
    return code;
  }
  return write_report(request.json, json) ? code : kUsage;
}

Expected<Operand> take_operand(const std::string& text) {
  std::string order = text;
  const std::size_t hash = order.rfind('#');
  if (hash != order.npos) order[hash] = '@';
  auto operand = parse_operand(order, "");
  if (!operand) return operand;
  if (!operand->token || operand->seed || !operand->variant.empty()) {
    return fail(
        "write which order of which scenario is meant, SCENARIO#TOKEN, such as "
        "race.xml#5:1,9:2; 'explore' prints tokens",
        text);
  }
  return operand;
}

}  // namespace

int prove_order(ProveRequest request) {
  const auto operand = take_operand(request.order);
  if (!operand) {
    say(stderr, "provlab: {}\n", operand.error().to_string());
    return kUsage;
  }
  const OneScenario one = load_one(operand->file, request.root);
  if (!one.plan) return one.exit_code;
  if (!take_racers(request, operand->file, *one.plan)) return kUsage;
  const Interrupt interrupt;
  request.options.enough = [&interrupt] { return interrupt.asked(); };
  request.options.limits.enough = request.options.enough;
  ProgressLine progress;
  request.options.progress = [&progress](std::size_t runs, std::size_t waiting) {
    progress.show(fmt::format("{} runs, {} more known of", runs, waiting));
  };
  std::optional<BuildBefore> other;
  if (!request.build.empty()) {
    const auto program =
        build_of(request.build, [&progress](const std::string& what) { progress.show(what); });
    if (!program) {
      say(stderr, "provlab: {}\n", program.error().to_string());
      return kUsage;
    }
    other.emplace(request, *program, *operand);
  }
  const lab::Neighbourhood found =
      lab::neighbourhood(one.plan, request.options, *operand->token, request.swaps);
  std::optional<Expected<Orders>> before;
  if (other) before = other->read();
  progress.clear();
  if (interrupt.asked()) {
    say(stderr, "provlab: it was ended before all orders were played\n");
    return kInterrupted;
  }
  if (!found.fault.empty()) {
    say(stderr, "provlab: the lab's own fault: {}\n", found.fault);
    return kLabFault;
  }
  if (before && !*before) {
    say(stderr, "provlab: {}\n", before->error().to_string());
    return kUsage;
  }
  return conclude(request, *operand, before ? &**before : nullptr, orders_of(found));
}

}  // namespace provlab::tools
