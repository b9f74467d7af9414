#include "tools/proving/prove_order.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// The run that is looked around.
struct Middle {
  std::string file;
  std::string variant;  ///< empty: of the scenario, or of an exploration
  lab::BaseRun base;
  lab::Mishaps mishaps;

  bool explored() const { return base.deviations.has_value(); }
  /// `5:1,9:2`, `12:+1.3ms`, or one behind the other.
  std::string token() const {
    if (!explored()) return lab::mishap_token(mishaps);
    const std::string order = lab::to_token(*base.deviations);
    return mishaps.empty() ? order : order + "@" + lab::mishap_token(mishaps);
  }
  /// The run itself without its mishaps.
  std::string run() const { return variant.empty() ? file : file + "@" + variant; }
  std::string operand() const {
    return explored() || !mishaps.empty() ? run() + "@" + token() : run();
  }
};

/// What the build before writes while this one works.
class BuildBefore {
 public:
  BuildBefore(const ProveRequest& request, const std::string& program, const Middle& middle)
      : program_(program),
        run_(program, words(request, middle), "/dev/null", folder_.file("said")) {}

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
  std::vector<std::string> words(const ProveRequest& request, const Middle& middle) const {
    std::vector<std::string> all = condition_words(request);
    all.insert(all.begin(), {"prove", middle.operand()});
    if (!request.root.empty()) all.insert(all.end(), {"--root", request.root});
    all.insert(all.end(), {"--json", folder_.file("orders.json")});
    return all;
  }

  ScratchFolder folder_;
  std::string program_;
  OtherProgram run_;
};

/// The command that plays a run of this token, or shows it beside the order whose packets fare
/// otherwise in it.
std::string look_words(const ProveRequest& request, const Middle& middle,
                       const std::string& token) {
  std::string root = lab::root_words(request.root);
  if (!middle.explored()) {
    std::string line =
        fmt::format("{} run {}{}", lab::program_name(), lab::quoted_path(middle.file), root);
    if (!middle.variant.empty()) line += " --variant " + middle.variant;
    if (request.options.seed != 0) line += fmt::format(" --seed {}", request.options.seed);
    return token == "natural" ? line : line + " --token " + token;
  }
  std::string terms =
      fmt::format("{} --window {}", root, to_string(request.options.delivery.window));
  if (request.options.delivery.faults > 0) {
    terms += fmt::format(" --{} {}", request.options.delivery.doubles ? "faults" : "losses",
                         request.options.delivery.faults);
  }
  if (request.racers_only) terms += " --answers";
  if (token.contains('@')) {
    const std::string seed =
        request.options.seed != 0 ? fmt::format("@seed={}", request.options.seed) : "";
    const std::string order = token.substr(0, token.find('@'));
    return fmt::format("{} compare{} {} {}@{}", lab::program_name(), terms,
                       lab::quoted_path(middle.file + seed + "@" + order), seed, token);
  }
  if (request.options.seed != 0) terms += fmt::format(" --seed {}", request.options.seed);
  return fmt::format("{} explore {}{} --token {}", lab::program_name(),
                     lab::quoted_path(middle.file), terms, token);
}

/// The runs that show something, with a command to look at the first.
std::string rows_text(const ProveRequest& request, const Middle& middle,
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
  return text + shown("    look at: {}\n", look_words(request, middle, rows.front()->token));
}

/// `312 orders and 45 delays`.
std::string count_text(const Orders& orders) {
  if (orders.delays == 0) return fmt::format("{} orders", orders.orders);
  if (orders.orders == 0) return fmt::format("{} delays", orders.delays);
  return fmt::format("{} orders and {} delays", orders.orders, orders.delays);
}

std::string left_text(const Orders& orders, std::string_view build) {
  if (orders.unplayed == 0) return {};
  return shown("  {}: not all was played: at least {} more, beyond --budget\n", build,
               orders.unplayed);
}

int tell_one(const ProveRequest& request, const Middle& middle, const Orders& orders) {
  std::vector<const Orders::Row*> rows;
  bool broken = false;
  for (const Orders::Row& row : orders.rows) {
    rows.push_back(&row);
    broken = broken || !row.broken.empty();
  }
  if (request.json != "-") {
    put(stdout, shown("{} around {}: {}, {}\n", middle.run(), middle.token(), count_text(orders),
                      conditions(request)) +
                    rows_text(request, middle, rows) + left_text(orders, "this build"));
  }
  return broken ? 1 : 0;
}

int tell_proof(const ProveRequest& request, const Middle& middle, const Orders& before,
               const Orders& now) {
  const Proof proof = proof_of(before, now);
  const bool all = before.unplayed == 0 && now.unplayed == 0;
  const auto count = [](std::size_t number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
  };
  if (request.json != "-") {
    std::string text = shown("{} around {}, {}\n  it came to: {}\n", middle.run(), middle.token(),
                             conditions(request), proof.symptom);
    text += shown("  so it was in {} of {}, now it is in {} of {}\n", proof.before,
                  count_text(before), proof.now, count_text(now));
    text += rows_text(request, middle, proof.still);
    text += shown("  {}\n", count(proof.new_outcomes.size(), "new outcome"));
    text += rows_text(request, middle, proof.new_outcomes);
    if (!proof.new_broken.empty()) {
      text += "  invariants break that held before\n";
      text += rows_text(request, middle, proof.new_broken);
    }
    text += left_text(before, request.build) + left_text(now, "this build");
    text += !proof.holds() ? "not proven\n"
            : all          ? "proven\n"
                           : "proven as far as was played; --budget plays more\n";
    put(stdout, text);
  }
  return proof.holds() ? 0 : 1;
}

bool take_racers(ProveRequest& request, const std::string& file, const lab::ScenarioPlan& plan,
                 bool explored) {
  if (!request.racers_only) return true;
  if (!explored) {
    say(stderr, "provlab: --answers is about tokens of 'explore'; {} names a run\n", request.order);
    return false;
  }
  if (!plan.race) {
    say(stderr, "provlab: --answers: {} has no <race>, whose answers it could take\n", file);
    return false;
  }
  request.options.delivery.answers = {plan.race->answers.begin(), plan.race->answers.end()};
  return true;
}

/// What was found, for people and for machines. `before` is null where this build is told alone.
int conclude(const ProveRequest& request, const Middle& middle, const Orders* before,
             const Orders& now) {
  const bool came_about = (before != nullptr ? *before : now).middle_came_about;
  if (!came_about) {
    say(stderr,
        "provlab: {}: not every departure of the token comes about; was it made with another "
        "--window, --faults, --seed or build?\n",
        request.order);
    return kUsage;
  }
  const int code = before != nullptr ? tell_proof(request, middle, *before, now)
                                     : tell_one(request, middle, now);
  if (request.json.empty()) return code;
  const OrdersHead head{.file = middle.run(),
                        .token = middle.token(),
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
  return parse_operand(order, "");
}

/// The variant that is meant: the one of that name, or the only one.
Expected<lab::Variant> variant_of(const lab::ScenarioPlan& plan, const Operand& operand) {
  if (const lab::Variant* named = plan.variant(operand.variant)) return *named;
  std::vector<std::string> names;
  for (const lab::Variant& each : plan.variants) names.push_back(each.name);
  return fail(fmt::format("write which run is meant: SCENARIO#TOKEN with a token that 'explore' "
                          "prints, such as race.xml#5:1,9:2, or a variant, SCENARIO@VARIANT: {}",
                          fmt::join(names, ", ")),
              operand.text);
}

Expected<Middle> middle_of(const ProveRequest& request, const Operand& operand,
                           const lab::Shared<lab::ScenarioPlan>& plan) {
  Middle middle{.file = operand.file,
                .variant = operand.variant,
                .base = {.plan = plan,
                         .seed = request.options.seed != 0 ? request.options.seed : plan->seed,
                         .limits = request.options.limits,
                         .deviations = operand.token,
                         .delivery = request.options.delivery},
                .mishaps = operand.mishaps};
  if (operand.token) return middle;
  const auto variant = variant_of(*plan, operand);
  if (!variant) return std::unexpected(variant.error());
  middle.base.variant = *variant;
  return middle;
}

/// What was found around it; `fault` is the lab's own.
struct Around {
  Orders orders;
  std::string fault;
};

Around orders_around(const ProveRequest& request, const Middle& middle,
                     const std::function<void(std::size_t)>& progress) {
  const lab::ExploreOptions& options = request.options;
  std::optional<Orders> orders;
  if (middle.explored()) {
    const lab::Neighbourhood found =
        lab::neighbourhood(middle.base.plan, options, *middle.base.deviations, request.swaps);
    if (!found.fault.empty()) return {{}, found.fault};
    orders = orders_of(found);
    if (request.racers_only) return {*std::move(orders), {}};
  }
  const lab::SurroundingsOptions packets{
      .window = options.delivery.window,
      .losses = options.delivery.faults > 0,
      .doubles = options.delivery.faults > 0 && options.delivery.doubles,
      .budget = options.budget,
      .jobs = options.jobs,
      .enough = options.enough,
      .progress = progress};
  const lab::Surroundings found = lab::surroundings(middle.base, middle.mishaps, packets);
  Orders delays = orders_of(found, middle.base, middle.mishaps);
  if (!orders) return {std::move(delays), {}};
  if (middle.mishaps.empty()) {
    orders->add(delays);
    return {*std::move(orders), {}};
  }
  delays.add(*orders);
  return {std::move(delays), {}};
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
  if (operand->seed) request.options.seed = *operand->seed;
  if (!take_racers(request, operand->file, *one.plan, operand->token.has_value())) return kUsage;
  const Interrupt interrupt;
  request.options.enough = [&interrupt] { return interrupt.asked(); };
  request.options.limits.enough = request.options.enough;
  const auto middle = middle_of(request, *operand, one.plan);
  if (!middle) {
    say(stderr, "provlab: {}\n", middle.error().to_string());
    return kUsage;
  }
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
    other.emplace(request, *program, *middle);
  }
  const Around found = orders_around(request, *middle, [&progress](std::size_t runs) {
    progress.show(fmt::format("{} runs with delays", runs));
  });
  std::optional<Expected<Orders>> before;
  if (other) before = other->read();
  progress.clear();
  if (interrupt.asked()) {
    say(stderr, "provlab: it was ended before all was played\n");
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
  return conclude(request, *middle, before ? &**before : nullptr, found.orders);
}

}  // namespace provlab::tools
