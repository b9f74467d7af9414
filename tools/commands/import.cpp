#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "core/platform/text.hpp"
#include "sim/lab/importing/importer.hpp"
#include "sim/lab/importing/story.hpp"
#include "sim/lab/language/load.hpp"
#include "tools/command.hpp"
#include "tools/read_options.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

/// A name for a scenario: letters, digits and '-'.
std::string name_for_capture(const std::string& capture) {
  std::string name;
  std::string stem = std::filesystem::path(capture).filename().string();
  stem = stem.substr(0, stem.find('.'));
  for (const char c : stem) name += is_letter(c) || is_digit(c) ? c : '-';
  while (!name.empty() && !is_letter(name[0]) && !is_digit(name[0])) name.erase(0, 1);
  return name.empty() ? "imported" : name;
}

class ImportCommand final : public Command {
 public:
  explicit ImportCommand(CLI::App& app)
      : Command(app, "import", "Makes a scenario of a capture, and plays it at once") {
    options()
        .add_option("CAPTURE", options_.capture, "A file of pcap or pcapng, also in gzip")
        ->required();
    add_mac(options(), "--mac", options_.mac,
            "The phone, where there are several or it is no Auerswald");
    options().add_option("--to", options_.folder,
                         "The folder for scenario and documents; by default one of its name here");
    options().add_option("--name", options_.name,
                         "The name of the scenario; by default that of the capture");
    options().add_flag("--keep", options_.keep,
                       "Keep addresses, names, serials and texts as they are");
    add_time(options(), "--slack", options_.slack,
             "How much later or sooner our phone may do something (default 1s)");
    options().add_option("--keys", options_.keys,
                         "A key log that opens TLS (SSLKEYLOGFILE); a pcapng may carry one itself");
    options().add_option(
        "--phone", options_.phone,
        "A scenario whose <device> the phone is, and whose hands did to it what its "
        "<timeline> says");
    options().add_flag("--no-story", quiet_, "Do not tell what happened");
    options().footer(
        "It says which phones are in the capture, tells what one of them and its servers said (in\n"
        "brackets what follows from that without having been seen), and writes the scenario that "
        "a\n"
        "person would have written: hosts, what each server does otherwise than usual, the\n"
        "documents beside it, and what the phone did as expectations. Unless --keep is given all\n"
        "addresses, names, serials, and words of documents and URLs are replaced by others of the\n"
        "same kind. What TLS hides shows with its keys. Settings, knobs and hands at the phone do\n"
        "not show at all; what is known of them is taken from a scenario (--phone).\n"
        "Then our phone plays it; where it parts from the one in the capture is said\n"
        "with both sides. Exit codes: 0 both did the same, 1 they part, 2 it cannot be read.\n"
        "Examples:\n"
        "  provlab import customer.pcapng\n"
        "  provlab import all-phones.pcap.gz --mac 00:09:52:12:34:56 --to found\n"
        "  provlab import bench.pcap --keep --slack 200ms\n"
        "  provlab import https.pcap --keys sslkeys.log --phone their-settings.xml");
  }

  int run() override {
    if (!take_options()) return kUsage;
    lab::prepare_language();
    const auto started = std::chrono::steady_clock::now();
    const auto import = lab::import_capture(options_);
    if (!import) {
      say(stderr, "provlab: {}\n", import.error().to_string());
      return kUsage;
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - started;
    say_phones(*import);
    if (!quiet_) put(stdout, lab::to_text(lab::story_of(import->heard)));
    say_replaced(*import);
    for (const lab::Complaint& complaint : import->complaints) {
      say(stderr, "{}\n", complaint.to_string());
    }
    const std::size_t documents = import->draft.documents.size();
    say(stdout, "wrote {}{} ({:.2f} s)\n", import->scenario,
        documents == 0 ? std::string()
                       : fmt::format(" and {} {} beside it", documents,
                                     documents == 1 ? "document" : "documents"),
        time.count());
    return say_divergence(*import);
  }

 private:
  bool take_options() {
    if (options_.name.empty()) options_.name = name_for_capture(options_.capture);
    if (name_for_capture(options_.name) != options_.name) {
      say(stderr, "provlab: --name: '{}' has more than letters, digits and '-'\n", options_.name);
      return false;
    }
    if (options_.folder.empty()) options_.folder = options_.name;
    return true;
  }

  void say_phones(const lab::Import& import) const {
    // Machines of other vendors are no phones, unless somebody says so.
    const bool ours = import.heard.phone.auerswald();
    const auto phones = static_cast<std::size_t>(std::ranges::count_if(
        import.phones, [&](const lab::SeenPhone& phone) { return phone.auerswald() || !ours; }));
    const MacAddress& mac = import.heard.phone.mac;
    say(stdout, "{} in {} frames: {}{}\n",
        phones <= 1 ? "one phone" : fmt::format("{} {}", phones, ours ? "phones" : "machines"),
        import.frames, mac.to_string(), phones > 1 ? "; --mac imports another" : "");
    for (const std::string& remark : import.heard.remarks) say(stdout, "  note: {}\n", remark);
  }

  void say_replaced(const lab::Import& import) const {
    if (options_.keep) return;
    std::string text;
    const auto counts = import.stand_ins.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[i],
                          lab::words_for(static_cast<lab::Private>(i), counts[i] > 1));
    }
    if (!text.empty()) say(stdout, "replaced: {}\n", text);
  }

  static int say_divergence(const lab::Import& import) {
    if (!import.divergence) {
      say(stdout, "our phone says the same, {} of {}\n", import.compared, import.compared);
      return 0;
    }
    say(stdout, "our phone says the same, {} of {}; then they part:\n  {}\n",
        import.divergence->same, import.compared, import.divergence->text);
    return 1;
  }

  lab::ImportOptions options_;
  bool quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> add_import(CLI::App& app) {
  return std::make_unique<ImportCommand>(app);
}

}  // namespace provlab::tools
