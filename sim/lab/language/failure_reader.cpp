#include "sim/lab/language/failure_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/settings/store.hpp"
#include "sim/lab/language/answer_rule_reader.hpp"
#include "sim/lab/language/faults_reader.hpp"

namespace provlab::lab {

namespace {

using world::HostOperation;
using world::HostTrouble;

/// What a call can be told by, and how it may fail: as usual by the first.
struct Failing {
  HostOperation operation;
  const char* said_by;  ///< the attribute besides port
  bool has_port;
  std::vector<std::string> troubles;
};

const std::map<std::string_view, Failing>& failing() {
  static const std::vector<std::string> kOfDisk{"io-error", "no-space", "read-only"};
  static const std::map<std::string_view, Failing> kFailing{
      {"read", {HostOperation::read, "file", false, {"io-error"}}},
      {"write", {HostOperation::write, "file", false, kOfDisk}},
      {"sync", {HostOperation::sync, "file", false, kOfDisk}},
      {"rename", {HostOperation::rename, "file", false, kOfDisk}},
      {"remove", {HostOperation::remove, "file", false, kOfDisk}},
      {"sync-folder", {HostOperation::sync_folder, nullptr, false, kOfDisk}},
      {"bind", {HostOperation::bind, nullptr, true, {"in-use", "too-many-files", "no-buffers"}}},
      {"listen",
       {HostOperation::listen, nullptr, true, {"in-use", "too-many-files", "no-buffers"}}},
      {"send", {HostOperation::send, "to", true, {"no-network", "no-route", "no-buffers"}}},
      {"connect",
       {HostOperation::connect, "to", true, {"too-many-files", "no-network", "no-route"}}}};
  return kFailing;
}

HostTrouble trouble_called(std::string_view word) {
  static const std::map<std::string_view, HostTrouble> kTroubles{
      {"io-error", HostTrouble::io_error},
      {"no-space", HostTrouble::no_space},
      {"read-only", HostTrouble::read_only},
      {"in-use", HostTrouble::in_use},
      {"no-network", HostTrouble::no_network},
      {"no-route", HostTrouble::no_route},
      {"too-many-files", HostTrouble::too_many_files},
      {"no-buffers", HostTrouble::no_buffers}};
  return kTroubles.at(word);
}

/// Complains about what says nothing of such a call.
void check_attributes(const Element& element, std::string_view operation, const Failing& kind) {
  for (const char* attribute : {"file", "to"}) {
    if (!element.has(attribute)) continue;
    if (kind.said_by != nullptr && std::string_view(kind.said_by) == attribute) continue;
    element.complain(attribute, fmt::format("a {} has no {}; remove it", operation, attribute));
  }
  if (element.has("port") && !kind.has_port) {
    element.complain("port", fmt::format("a {} has no port; remove it", operation));
  }
}

}  // namespace

FailPlan read_failure(const Element& element, const Names& names) {
  FailPlan plan;
  const auto found = failing().find(element.text("operation"));
  if (found == failing().end()) return plan;  // which the schema has complained about
  const auto& [word, kind] = *found;
  plan.operation = kind.operation;
  plan.word = word;
  check_attributes(element, word, kind);
  const std::string error = element.text("error", kind.troubles.front());
  plan.trouble = trouble_called(error);
  if (std::ranges::find(kind.troubles, error) == kind.troubles.end()) {
    element.complain(
        "error", fmt::format("error=\"{}\": a {} fails by {}", error, word, any_of(kind.troubles)));
  }
  plan.file = element.text("file");
  plan.port = static_cast<Port>(element.number("port").value_or(0));
  if (const auto to = element.get("to")) {
    const std::size_t colon = to->find(':');
    if (colon == std::string::npos) {
      plan.to = names.address(element, "to", *to);
    } else {
      element.complain("to", fmt::format("to=\"{}\": the port is said by port=\"{}\"", *to,
                                         to->substr(colon + 1)));
    }
  }
  plan.nth = element.nth("nth");
  plan.every = element.number("every");
  if (plan.nth && plan.every) {
    element.complain("every", "nth and every exclude each other; keep one of them");
  }
  read_times(element, plan.since, plan.until);
  plan.use = names.watch(element, "nothing failed by it");
  return plan;
}

DamageFile read_file_damage(const Element& element, const Names& names) {
  constexpr std::size_t kMostOctets = std::size_t{64} << 20;
  DamageFile damage;
  damage.file = element.text("file", settings::kStorePiece);
  damage.missing = element.flag("missing").value_or(false);
  if (const auto hex = element.octets("hex")) damage.content.emplace(hex->begin(), hex->end());
  if (const auto text = element.get("text")) damage.content = *text;
  if (element.has("src")) damage.content = element.file("src", kMostOctets);
  if (const auto faults = read_faults(element, names)) damage.faults = *faults;
  const bool spoilt = element.has("cut") || element.has("grow") || element.has("corrupt");
  const auto ways =
      std::ranges::count_if(std::vector<const char*>{"hex", "text", "src", "missing"},
                            [&](const char* attribute) { return element.has(attribute); });
  if (ways > 1) {
    element.complain(
        "<damage> has one of hex=\"...\", text=\"...\", src=\"...\" and missing=\"true\"");
  } else if (ways == 0 && !spoilt) {
    element.complain(
        "<damage> says nothing of the file; write for example cut=\"0B\", "
        "corrupt=\"4B\", text=\"...\" or missing=\"true\"");
  } else if (damage.missing && spoilt) {
    element.complain("missing", "of a file that is missing nothing can be cut, grown or corrupt");
  }
  return damage;
}

}  // namespace provlab::lab
