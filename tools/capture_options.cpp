#include "tools/capture_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/platform/text.hpp"
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

}  // namespace

void CaptureOptions::add_options(CLI::App& options) {
  options.add_option("CAPTURE", options_.capture, "A file of pcap or pcapng, also in gzip")
      ->required();
  add_mac(options, "--mac", options_.mac,
          "The phone, where there are several or it is no Auerswald");
  options.add_option("--to", options_.folder,
                     "The folder for scenario and documents; by default one of its name here");
  options.add_option("--name", options_.name,
                     "The name of the scenario; by default that of the capture");
  options.add_flag("--keep", options_.keep, "Keep addresses, names, serials and texts as they are");
  add_time(options, "--slack", options_.slack,
           "How much later or sooner our phone may do something (default 1s)");
  options.add_option("--keys", options_.keys,
                     "A key log that opens TLS (SSLKEYLOGFILE); a pcapng may carry one itself");
  options.add_option("--phone", options_.phone,
                     "A scenario whose <device> the phone is, and whose hands did to it what its "
                     "<timeline> says");
  options.add_flag("--no-story", quiet_, "Do not tell what happened");
}

std::optional<lab::ImportOptions> CaptureOptions::take() {
  if (options_.name.empty()) options_.name = name_for_capture(options_.capture);
  if (name_for_capture(options_.name) != options_.name) {
    say(stderr, "provlab: --name: '{}' has more than letters, digits and '-'\n", options_.name);
    return std::nullopt;
  }
  if (options_.folder.empty()) options_.folder = options_.name;
  return options_;
}

namespace {

/// How another of several phones is chosen.
std::string others_of(const lab::Import& import, bool alone) {
  if (!alone) return "; --mac takes another alone";
  std::vector<lab::SeenPhone> others;
  for (const lab::SeenPhone& phone : import.phones) {
    const bool kind = phone.auerswald() || !import.heard.phone.auerswald();
    if (kind && phone.mac != import.seen) others.push_back(phone);
  }
  return " is told of alone; --mac takes another: " + lab::listed(others);
}

}  // namespace

void say_phones(const lab::Import& import, bool alone) {
  // Machines of other vendors are no phones, unless somebody says so.
  const bool ours = import.heard.phone.auerswald();
  const auto phones = static_cast<std::size_t>(std::ranges::count_if(
      import.phones, [&](const lab::SeenPhone& phone) { return phone.auerswald() || !ours; }));
  const MacAddress& mac = import.heard.phone.mac;
  say(stdout, "{} in {} frames: {}{}\n",
      phones <= 1 ? "one phone" : fmt::format("{} {}", phones, ours ? "phones" : "machines"),
      import.frames, mac.to_string(), phones > 1 ? others_of(import, alone) : std::string());
  for (const std::string& remark : import.heard.remarks) say(stdout, "  note: {}\n", remark);
}

void say_another_phone(const lab::Import& import, std::size_t number) {
  say(stdout, "\nphone {}: {}\n", number, import.heard.phone.mac.to_string());
  for (const std::string& remark : import.heard.remarks) say(stdout, "  note: {}\n", remark);
}

void say_replaced(const lab::Import& import) {
  std::string text;
  const auto counts = import.stand_ins.counts();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[i],
                        lab::words_for(static_cast<lab::Private>(i), counts[i] > 1));
  }
  if (!text.empty()) say(stdout, "replaced: {}\n", text);
}

void say_divergence(const lab::Import& import) {
  if (!import.divergence) {
    say(stdout, "our phone says the same, {} of {}\n", import.compared, import.compared);
    return;
  }
  say(stdout, "our phone says the same, {} of {}; then they part:\n  {}\n", import.divergence->same,
      import.compared, import.divergence->text);
}

}  // namespace provlab::tools
