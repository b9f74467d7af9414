#include <fmt/format.h>

#include <chrono>

#include "sim/lab/importing/story.hpp"
#include "sim/lab/language/load.hpp"
#include "tools/capture_options.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class ImportCommand final : public Command {
 public:
  explicit ImportCommand(CLI::App& app)
      : Command(app, "import", "Makes a scenario of a capture, and plays it at once") {
    capture_.add_options(options());
    options().footer(
        "It says which phones are in the capture, tells what each of them and its servers said "
        "(in\n"
        "brackets what follows from that without having been seen), and writes the scenario that "
        "a\n"
        "person would have written, of the second phone in NAME-2/NAME-2.xml within the folder, "
        "and\n"
        "so on (16 at most; --mac takes one alone): hosts, what each server does otherwise than "
        "usual, the\n"
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
    const auto given = capture_.take();
    if (!given) return kUsage;
    lab::prepare_language();
    started_ = std::chrono::steady_clock::now();
    const auto imported =
        lab::import_phones(*given, [this](const lab::Import& import) { tell(import); });
    if (!imported) {
      say(stderr, "provlab: {}\n", imported.error().to_string());
      return kUsage;
    }
    if (!imported->empty()) {
      say(stdout,
          "\n{} more {} not told, since {} are at most; --mac takes one of them alone: {}\n",
          imported->size(), imported->size() == 1 ? "phone is" : "phones are", lab::kMostImported,
          lab::listed(*imported));
    }
    return parted_ ? 1 : 0;
  }

 private:
  void tell(const lab::Import& import) {
    if (told_++ == 0) {
      say_phones(import);
    } else {
      say_another_phone(import, told_);
    }
    if (capture_.story()) put(stdout, lab::to_text(lab::story_of(import.heard)));
    say_replaced(import);
    for (const lab::Complaint& complaint : import.complaints) {
      say(stderr, "{}\n", complaint.to_string());
    }
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> time = now - started_;
    started_ = now;
    const std::size_t documents = import.draft.documents.size();
    say(stdout, "wrote {}{} ({:.2f} s)\n", import.scenario,
        documents == 0 ? std::string()
                       : fmt::format(" and {} {} beside it", documents,
                                     documents == 1 ? "document" : "documents"),
        time.count());
    say_divergence(import);
    parted_ = parted_ || import.divergence;
  }

  CaptureOptions capture_;
  std::chrono::steady_clock::time_point started_;
  std::size_t told_ = 0;  ///< phones
  bool parted_ = false;   ///< one of ours from one of those
};

}  // namespace

std::unique_ptr<Command> add_import(CLI::App& app) {
  return std::make_unique<ImportCommand>(app);
}

}  // namespace provlab::tools
