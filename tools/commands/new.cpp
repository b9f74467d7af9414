#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <span>

#include "core/platform/text.hpp"
#include "core/settings/document_limits.hpp"
#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "tools/command.hpp"
#include "tools/new_scenario.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

constexpr const char* kUsualSetting = "telephony/callWaiting/active=true";

std::vector<std::string> words_of(std::span<const Choice> choices) {
  std::vector<std::string> words;
  for (const Choice& each : choices) words.emplace_back(each.word);
  return words;
}

class NewCommand final : public Command {
 public:
  explicit NewCommand(CLI::App& app)
      : Command(app, "new", "Makes a scenario of your own that runs at once and passes") {
    options().add_option("NAME", name_,
                         "Of the scenario and its file, such as slow-server or my/slow-server");
    CLI::Option* source =
        options()
            .add_option("--source", wanted_.source,
                        "Where the phone finds its URL (dhcp); race: redirect service and "
                        "multicast answer both")
            ->check(CLI::IsMember(words_of(kNewSources)));
    CLI::Option* fault =
        options()
            .add_option("--fault", wanted_.fault,
                        "What goes wrong (none): the document is missing (404), the server has an "
                        "error (503) or is slow, the first DHCP message is lost, no name or time "
                        "server")
            ->check(CLI::IsMember(words_of(kNewFaults)));
    CLI::Option* document =
        options().add_option("--document", document_, "The document that is served: a file's copy");
    CLI::Option* set =
        options()
            .add_option("--set", settings_,
                        "A setting of the document, such as telephony/callWaiting/active=true; may "
                        "be given again")
            ->take_all()
            ->allow_extra_args(false)
            ->excludes(document);
    CLI::Option* about =
        options().add_option("--about", wanted_.about, "What it is about, in a sentence");
    options()
        .add_option("--type", type_, "The device: D100 or D200 (default)")
        ->check(CLI::IsMember({"D100", "D200"}));
    options()
        .add_option("--release", release_, "Its firmware: 1.10A, 2.0C or 2.2A (default)")
        ->check(CLI::IsMember({"1.10A", "2.0C", "2.2A"}));
    options().add_flag("--yes,-y", yes_, "Ask nothing: what is not said is as usual");
    said_ = {source, fault, document, set, about};
    options().footer(
        "At a terminal it asks for what was not said. The scenario is played before it is "
        "written,\n"
        "and expects what happens: look over whether that is what should. Nothing is overwritten.\n"
        "Exit codes: 0 done, 2 wrong usage, or a file is there already or cannot be written.\n"
        "Examples:\n"
        "  provlab new my-first\n"
        "  provlab new tests/slow-server --source redirect --fault slow\n"
        "  provlab new both-answer --source race --yes\n"
        "  provlab new bad-keys --document keys.xml --about 'The keys of ticket 4711'\n"
        "  provlab new german --set userInterface/language=de --set time/timezone=UTC0");
  }

  int run() override {
    const bool asks = !yes_ && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
    if (asks && !ask()) return refuse({"the questions were not answered to the end", ""});
    if (name_.empty()) return refuse({"name the scenario: provlab new my-first", ""});
    if (const auto taken = take_options(); !taken) return refuse(taken.error());
    const auto files = compose(wanted_);
    if (!files) return refuse(files.error());
    if (const auto written = write_new(*files); !written) return refuse(written.error());
    for (const NewFile& each : *files) say(stdout, "wrote {}\n", each.path);
    say(stdout, "It passes: {} run {}\n", lab::program_name(),
        lab::quoted_path(files->back().path));
    return 0;
  }

 private:
  static int refuse(const Error& error) {
    say(stderr, "provlab: {}\n", error.to_string());
    return kUsage;
  }

  bool was_said(std::size_t which) const { return said_[which]->count() > 0; }

  /// The answer, or `usual` for an empty line; nothing where there is no more.
  static std::optional<std::string> answer(const std::string& question, const std::string& usual) {
    say(stdout, "{}{} ", question, usual.empty() ? ":" : fmt::format(" [{}]:", usual));
    std::fflush(stdout);
    std::string line;
    if (!std::getline(std::cin, line)) {
      put(stdout, "\n");
      return std::nullopt;
    }
    const std::string given(trimmed(line));
    return given.empty() ? usual : given;
  }

  /// One of the words; asks again where it is none.
  static bool choose(const std::string& question, std::span<const Choice> choices,
                     std::string& chosen) {
    say(stdout, "{}\n", question);
    for (const Choice& each : choices) say(stdout, "  {:<11} {}\n", each.word, each.about);
    for (;;) {
      const auto given = answer("Which", chosen);
      if (!given) return false;
      if (std::ranges::find(choices, std::string_view(*given), &Choice::word) != choices.end()) {
        chosen = *given;
        return true;
      }
      say(stdout, "'{}' is none of these.\n", *given);
    }
  }

  /// For what the command line does not say; false where the answers end early.
  bool ask() {
    while (name_.empty()) {
      const auto given = answer("Name of the scenario, such as slow-server", "");
      if (!given) return false;
      name_ = *given;
    }
    if (!was_said(4)) {
      const auto given = answer("What is it about, in a sentence", "");
      if (!given) return false;
      wanted_.about = *given;
    }
    if (!was_said(0) &&
        !choose("Where does the phone find its URL?", kNewSources, wanted_.source)) {
      return false;
    }
    if (!was_said(2) && !was_said(3) && wanted_.source != "none") {
      while (settings_.empty()) {
        const auto given = answer("Which setting does the document change", kUsualSetting);
        if (!given) return false;
        if (const auto fine = parse_new_setting(*given); !fine) {
          say(stdout, "{}\n", fine.error().to_string());
          continue;
        }
        settings_ = {*given};
      }
    }
    return was_said(1) || choose("What goes wrong?", kNewFaults, wanted_.fault);
  }

  Expected<void> take_options() {
    const std::filesystem::path path(name_.ends_with(".xml") ? name_.substr(0, name_.size() - 4)
                                                             : name_);
    wanted_.name = path.filename().string();
    wanted_.folder = path.parent_path().string();
    wanted_.type = *parse_device_type(type_);
    wanted_.release = *parse_release(release_);
    if (wanted_.about.empty()) wanted_.about = usual_about();
    if (!document_.empty()) {
      auto content = lab::read_file(document_, settings::kMaxDocumentOctets);
      if (!content) return std::unexpected(content.error());
      wanted_.document = std::move(*content);
      return {};
    }
    if (wanted_.source == "none") return {};
    if (settings_.empty()) settings_ = {kUsualSetting};
    for (const std::string& each : settings_) {
      auto setting = parse_new_setting(each);
      if (!setting) return fail(setting.error().text, "--set");
      wanted_.settings.push_back(std::move(*setting));
    }
    return {};
  }

  std::string usual_about() const {
    const auto text = [](std::span<const Choice> choices, std::string_view word) {
      return std::ranges::find(choices, word, &Choice::word)->about;
    };
    return fmt::format("URL: {}. What goes wrong: {}.", text(kNewSources, wanted_.source),
                       text(kNewFaults, wanted_.fault));
  }

  NewScenario wanted_;
  std::string name_;
  std::string document_;
  std::vector<std::string> settings_;
  std::string type_ = "D200";
  std::string release_ = "2.2A";
  bool yes_ = false;
  std::vector<const CLI::Option*> said_;  ///< source, fault, document, set, about
};

}  // namespace

std::unique_ptr<Command> add_new(CLI::App& app) {
  return std::make_unique<NewCommand>(app);
}

}  // namespace provlab::tools
