#include "tools/new_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <pugixml.hpp>

#include "core/discovery/events.hpp"
#include "core/platform/text.hpp"
#include "core/service/events.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/markup/scenario_text.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/record/trace.hpp"
#include "tools/scratch_folder.hpp"

namespace provlab::tools {

namespace {

namespace fs = std::filesystem;
using pugi::xml_node;

constexpr const char* kServer = "http://prov.server.com";

void give(xml_node element, const char* attribute, const std::string& value) {
  element.append_attribute(attribute).set_value(value.c_str());
}

/// `/a/b/@c` without what stands before its first step.
std::string_view plain_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return path;
}

/// A document of the settings, an element for each step that they do not share.
std::string document_of(const std::vector<std::pair<std::string, std::string>>& settings) {
  pugi::xml_document document;
  xml_node root = document.append_child("configuration");
  for (const auto& [path, value] : settings) {
    xml_node element = root;
    std::string_view rest = plain_path(path);
    for (bool more = true; more;) {
      const std::size_t slash = rest.find('/');
      const std::string step(rest.substr(0, slash));
      more = slash != rest.npos;
      if (more) rest.remove_prefix(slash + 1);
      if (step.starts_with('@')) {
        give(element, step.c_str() + 1, value);
        element = {};
        break;
      }
      const xml_node known = element.child(step.c_str());
      element = known ? known : element.append_child(step.c_str());
    }
    if (element) element.text().set(value.c_str());
  }
  return lab::scenario_text(document);
}

/// What happened in the play of a scenario that expects nothing yet.
struct Seen {
  std::string source, url;
  std::vector<std::string> paths;   ///< that the web server was asked for
  std::vector<std::string> values;  ///< of the settings; those that are not there are empty
  std::string result;
  std::string trouble;  ///< why the phone did not take something of the document
};

class Composer {
 public:
  explicit Composer(const NewScenario& wanted) : wanted_(wanted) {}

  Expected<std::vector<NewFile>> compose();

 private:
  bool race() const { return wanted_.source == "race"; }
  bool has_document() const { return wanted_.fault != "missing" && wanted_.fault != "error"; }
  /// Who never gets as far as to ask leaves a source unused, as it is meant to.
  void may_stay_unused(xml_node source) const {
    if (wanted_.fault == "no-names" || wanted_.fault == "no-time") {
      source.append_attribute("used").set_value("maybe");
    }
  }
  /// Whether anybody asks the web server; before it was seen, whoever may.
  bool asked(const Seen* seen) const {
    return wanted_.source != "none" && (seen == nullptr || race() || !seen->paths.empty());
  }
  std::string path() const { return "/" + wanted_.name + ".xml"; }
  std::string document_name() const { return "documents/" + wanted_.name + ".xml"; }
  std::string place(const std::string& folder, const std::string& name) const {
    return folder.empty() ? name : (fs::path(folder) / name).string();
  }
  Expected<void> check() const;
  void write_world(xml_node scenario) const;
  void write_sources(xml_node responders) const;
  void write_server(xml_node http) const;
  void write_expectations(xml_node expect, const Seen* seen) const;
  std::string scenario(const Seen* seen) const;
  std::vector<NewFile> files(const std::string& folder, const Seen* seen) const;
  Expected<Seen> look(const std::string& file) const;
  Expected<void> prove(const std::string& file) const;

  const NewScenario& wanted_;
  std::string document_;
};

Expected<void> Composer::check() const {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (wanted_.name.empty() || wanted_.name.front() == '.' || wanted_.name.front() == '-' ||
      !std::ranges::all_of(wanted_.name, plain)) {
    return fail(
        fmt::format("'{}' is no name of a scenario: write letters, digits, '-', '_' and "
                    "'.', such as slow-server",
                    wanted_.name));
  }
  constexpr std::string_view kOfServer[] = {"missing", "error", "slow"};
  if (wanted_.source == "none" &&
      std::ranges::find(kOfServer, wanted_.fault) != std::end(kOfServer)) {
    return fail(fmt::format("where nobody knows a URL, no server can be '{}'", wanted_.fault));
  }
  if (race() && (wanted_.fault == "no-names" || wanted_.fault == "no-time")) {
    return fail(fmt::format("with the fault '{}' there is no race: nobody is asked that answers",
                            wanted_.fault));
  }
  return {};
}

void Composer::write_world(xml_node scenario) const {
  if (wanted_.type != DeviceType::d200 || wanted_.release != Release::r2_2A ||
      wanted_.source == "configured") {
    xml_node device = scenario.append_child("device");
    if (wanted_.type != DeviceType::d200)
      give(device, "type", std::string(to_string(wanted_.type)));
    if (wanted_.release != Release::r2_2A) {
      give(device, "release", std::string(to_string(wanted_.release)));
    }
    if (wanted_.source == "configured") {
      xml_node set = device.append_child("set");
      give(set, "path", "/provisioning/url");
      give(set, "value", kServer + path());
    }
  }
  if (wanted_.fault != "lost") return;
  xml_node lose = scenario.append_child("world").append_child("lose");
  give(lose, "from", "device");
  give(lose, "port", "67");
  give(lose, "nth", "1");
}

void Composer::write_sources(xml_node responders) const {
  if (wanted_.source == "dhcp") {
    xml_node option = responders.append_child("dhcp").append_child("option");
    give(option, "code", "66");
    give(option, "text", kServer + path());
  }
  if (wanted_.fault == "no-names") give(responders.append_child("dns"), "host", "none");
  if (wanted_.fault == "no-time") give(responders.append_child("ntp"), "host", "none");
  if (wanted_.source == "redirect" || race()) {
    xml_node assign = responders.append_child("redirect").append_child("assign");
    if (race()) give(assign, "id", "redirect-answer");
    give(assign, "url", kServer + (race() ? "/redirect" + path() : path()));
    may_stay_unused(assign);
  }
  if (wanted_.source == "multicast" || race()) {
    xml_node notify = responders.append_child("multicast").append_child("notify");
    if (race()) give(notify, "id", "multicast-answer");
    give(notify, "url", kServer + (race() ? "/multicast" + path() : path()));
    may_stay_unused(notify);
  }
}

void Composer::write_server(xml_node http) const {
  std::vector<std::string> paths{path()};
  if (race()) paths = {"/redirect" + path(), "/multicast" + path()};
  for (const std::string& each : paths) {
    if (!has_document()) continue;
    xml_node file = http.append_child("file");
    give(file, "path", each);
    give(file, "src", document_name());
  }
  if (wanted_.fault != "error" && wanted_.fault != "slow") return;
  for (const std::string& each : paths) {
    xml_node on = http.append_child("on");
    give(on, "request", "GET " + each);
    give(on.append_child("answer"), wanted_.fault == "error" ? "status" : "after",
         wanted_.fault == "error" ? "503" : "3s");
  }
}

/// Without what was seen yet, only what has to be looked at.
void Composer::write_expectations(xml_node expect, const Seen* seen) const {
  const auto request = [](xml_node parent, const std::string& path) {
    xml_node element = parent.append_child("request");
    give(element, "to", "prov");
    give(element, "path", path);
  };
  if (seen != nullptr && race()) {
    give(expect.append_child("winner"), "is", "first-answer");
    request(expect.append_child("requests"), "winner");
    xml_node never = expect.append_child("never");
    give(never, "why", "the loser's document is not asked for");
    request(never, "loser");
  } else if (seen != nullptr && !seen->source.empty()) {
    xml_node winner = expect.append_child("winner");
    give(winner, "is", seen->source);
    give(winner, "url", seen->url);
    if (!seen->paths.empty()) {
      xml_node requests = expect.append_child("requests");
      give(requests, "to", "prov");
      for (const std::string& path : seen->paths) {
        give(requests.append_child("request"), "path", path);
      }
    }
  }
  for (std::size_t i = 0; i < wanted_.settings.size(); ++i) {
    const auto& [path, value] = wanted_.settings[i];
    if (seen != nullptr && seen->values[i] != value) continue;
    xml_node setting = expect.append_child("setting");
    give(setting, "path", fmt::format("/{}", plain_path(path)));
    give(setting, "equals", value);
  }
  give(expect.append_child("result"), "is", seen == nullptr ? "no-url" : seen->result);
}

std::string Composer::scenario(const Seen* seen) const {
  pugi::xml_document document;
  xml_node scenario = document.append_child("scenario");
  give(scenario, "name", wanted_.name);
  scenario.append_child("about").text().set(wanted_.about.c_str());
  write_world(scenario);
  xml_node responders = scenario.append_child("responders");
  write_sources(responders);
  if (asked(seen)) write_server(responders.append_child("http"));
  if (!responders.first_child()) scenario.remove_child(responders);
  if (race()) {
    xml_node answers = scenario.append_child("race");
    for (const char* id : {"redirect-answer", "multicast-answer"}) {
      give(answers.append_child("answer"), "ref", id);
    }
  }
  write_expectations(scenario.append_child("expect"), seen);
  return lab::scenario_text(document);
}

std::vector<NewFile> Composer::files(const std::string& folder, const Seen* seen) const {
  std::vector<NewFile> all;
  if (asked(seen) && has_document()) all.push_back({place(folder, document_name()), document_});
  all.push_back({place(folder, wanted_.name + ".xml"), scenario(seen)});
  return all;
}

std::string text_of(const std::vector<lab::Complaint>& complaints) {
  return complaints.front().text;
}

Expected<Seen> Composer::look(const std::string& file) const {
  const auto plan = lab::load_scenario(file);
  if (!plan) return fail(text_of(plan.error()));
  lab::Play play(*plan, (*plan)->variants.front(), (*plan)->seed);
  play.run();
  Seen seen;
  seen.values.resize(wanted_.settings.size());
  for (const TraceRecord record : play.trace()) {
    const auto field = [&](std::string_view key) { return record.field(key).value_or(""); };
    if (record.is<discovery::WinnerChosen>()) {
      seen.source = field("source");
      seen.url = field("url");
    } else if (record.is<service::RunEnded>()) {
      seen.result = field("result");
      seen.trouble = field("sentence");
    } else if (record.is("request_received") && field("kind") == "http" &&
               play.trace().host_name(record.host()) == "prov") {
      const std::string request = field("request");
      seen.paths.push_back(request.substr(request.find(' ') + 1));
    } else if (record.is<lab::SettingObserved>()) {
      for (std::size_t i = 0; i < wanted_.settings.size(); ++i) {
        const std::string path = fmt::format("/{}", plain_path(wanted_.settings[i].first));
        if (field("path") == path) seen.values[i] = field("value");
      }
    }
  }
  return seen;
}

/// That it passes, in each of its variants.
Expected<void> Composer::prove(const std::string& file) const {
  const auto plan = lab::load_scenario(file);
  if (!plan) return fail(text_of(plan.error()));
  for (const lab::Variant& variant : (*plan)->variants) {
    lab::Play play(*plan, variant, (*plan)->seed);
    play.run();
    const lab::Verdict verdict = lab::judge(**plan, variant, play.trace());
    if (verdict.outcome == lab::Outcome::passed) continue;
    const auto wrong = std::ranges::find(verdict.findings, false, &lab::Finding::held);
    return fail(wrong == verdict.findings.end() ? verdict.reason
                                                : fmt::format("{}: expected {}; {}", wrong->text,
                                                              wrong->expected, wrong->actual));
  }
  return {};
}

Expected<std::vector<NewFile>> Composer::compose() {
  if (auto fine = check(); !fine) return std::unexpected(fine.error());
  document_ = wanted_.document.value_or(document_of(wanted_.settings));
  lab::prepare_language();
  const ScratchFolder scratch;
  if (!scratch.made()) return fail("no temporary folder can be made");
  const auto lay_down = [&](const Seen* seen) -> Expected<std::string> {
    const auto all = files(scratch.path(), seen);
    for (const NewFile& each : all) {
      if (auto written = lab::write_file(each.path, each.content); !written) {
        return std::unexpected(written.error());
      }
    }
    return all.back().path;
  };
  const auto first = lay_down(nullptr);
  if (!first) return std::unexpected(first.error());
  const auto seen = look(*first);
  if (!seen) return std::unexpected(seen.error());
  // A document of one's own may be meant to fail; settings that are named are meant to be taken.
  const bool document_came = seen->result != "no-url" && seen->result != "no-network" &&
                             seen->result != "no-valid-time" && seen->result != "download-failed";
  for (std::size_t i = 0; !wanted_.document && document_came && i < wanted_.settings.size(); ++i) {
    const auto& [path, value] = wanted_.settings[i];
    if (seen->values[i] == value) continue;
    return fail(fmt::format(
        "a {} with release {} does not take {}={}: {} ('provlab settings schema' "
        "prints what there is)",
        to_string(wanted_.type), to_string(wanted_.release), path, value, seen->trouble));
  }
  const auto second = lay_down(&*seen);
  if (!second) return std::unexpected(second.error());
  if (auto passes = prove(*second); !passes) return std::unexpected(passes.error());
  return files(wanted_.folder, &*seen);
}

}  // namespace

Expected<std::pair<std::string, std::string>> parse_new_setting(const std::string& text) {
  const std::size_t equal = text.find('=');
  const auto name = [](std::string_view step) {
    if (step.starts_with('@')) step.remove_prefix(1);
    const auto letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
             (c >= '0' && c <= '9');
    };
    return !step.empty() && !(step.front() >= '0' && step.front() <= '9') && step.front() != '-' &&
           std::ranges::all_of(step, letter);
  };
  std::string_view rest = plain_path(std::string_view(text).substr(0, equal));
  bool fine = equal != text.npos && rest.find('/') != rest.npos;
  while (fine && !rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const bool last = end == rest.size();
    fine = name(rest.substr(0, end)) && (last || (rest.front() != '@' && end + 1 < rest.size()));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!fine) {
    return fail(
        fmt::format("'{}' is no setting with its value; write for example "
                    "telephony/callWaiting/active=true",
                    text));
  }
  return std::pair{text.substr(0, equal), text.substr(equal + 1)};
}

Expected<std::vector<NewFile>> compose(const NewScenario& wanted) {
  return Composer(wanted).compose();
}

Expected<void> write_new(const std::vector<NewFile>& files) {
  for (const NewFile& each : files) {
    std::error_code none;
    if (fs::exists(fs::symlink_status(each.path, none))) {
      return fail("this file is there already; give the scenario another name", each.path);
    }
  }
  for (const NewFile& each : files) {
    if (auto written = lab::write_file(each.path, each.content); !written) return written;
  }
  return {};
}

}  // namespace provlab::tools
