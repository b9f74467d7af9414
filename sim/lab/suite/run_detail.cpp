#include "sim/lab/suite/run_detail.hpp"

#include <algorithm>

#include "netfakes/responder_kinds.hpp"
#include "sim/lab/contents/http_text.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

void learn_of_settings(const settings::Configuration* configuration, Secrets& secrets) {
  if (configuration == nullptr) return;
  const auto values = configuration->select("//*[local-name()='password']");
  if (!values) return;
  for (const std::string& value : *values) secrets.learn_value(value);
}

/// Documents of files beside the scenario's, which its text does not show.
bool learn_of_documents(const ScenarioPlan& plan, Secrets& secrets) {
  bool any = false;
  for (const ResponderPlan& responder : plan.responders) {
    const auto* const http = std::get_if<Shared<netfakes::HttpConfig>>(&responder.config);
    if (http == nullptr) continue;
    for (const netfakes::HttpResource& resource : (*http)->resources) {
      if (!may_hold_secrets(resource.body)) continue;
      any = true;
      secrets.learn(resource.body);
    }
  }
  return any;
}

/// Whether an expectation's text has a path of the settings that ends with a password.
bool asks_for_password(std::string_view expectation) {
  const std::size_t path = expectation.find("path=");
  if (path == expectation.npos || path + 5 >= expectation.size()) return false;
  const std::size_t begin = path + 6;
  const std::size_t end = expectation.find(expectation[path + 5], begin);
  return end != expectation.npos && names_password(expectation.substr(begin, end - begin));
}

/// `it is 'secret'`: what is quoted, whatever it is.
std::string without_quotations(std::string_view sentence) {
  std::string out;
  std::size_t at = 0;
  while (at < sentence.size()) {
    const std::size_t open = sentence.find('\'', at);
    const std::size_t close = open == sentence.npos ? open : sentence.find('\'', open + 1);
    if (close == sentence.npos) break;
    out += sentence.substr(at, open - at);
    out += close > open + 1 ? "'***'" : "''";
    at = close + 1;
  }
  return out += sentence.substr(std::min(at, sentence.size()));
}

/// `-- setting /users/user/password = secret` of a time line.
std::string hidden_line(std::string_view line, const Secrets& secrets) {
  constexpr std::string_view kSetting = "-- setting ";
  const std::size_t begin = line.find(kSetting);
  const std::size_t equals = line.find(" = ");
  if (begin != line.npos && equals != line.npos && equals > begin + kSetting.size()) {
    const std::string_view path =
        line.substr(begin + kSetting.size(), equals - begin - kSetting.size());
    if (names_password(path)) {
      return secrets.hide(line.substr(0, equals + 3)) +
             secrets.hide_value(path, line.substr(equals + 3));
    }
  }
  return secrets.hide(line);
}

void hide(Finding& finding, const Secrets& secrets) {
  const bool of_password = asks_for_password(finding.text);
  finding.text = secrets.hide(finding.text);
  finding.why = secrets.hide(finding.why);
  for (std::string* sentence : {&finding.expected, &finding.actual}) {
    *sentence = secrets.hide(of_password ? without_quotations(*sentence) : *sentence);
  }
  for (std::string& line : finding.slice) line = hidden_line(line, secrets);
}

}  // namespace

Secrets secrets_of(const Leavings& left, Secrets::Told told) {
  Secrets secrets(told);
  if (secrets.shown()) return secrets;
  secrets.learn(left.plan.text);
  const bool documents = learn_of_documents(left.plan, secrets);
  if (left.log != nullptr) learn_secrets(*left.log, secrets);
  // The phone has no others than the factory's where nobody spoke of any.
  if (documents || may_hold_secrets(left.plan.text) || left.plan.phone.initial_configuration_xml) {
    learn_of_settings(left.before, secrets);
    learn_of_settings(left.after, secrets);
  }
  return secrets;
}

RunDetail detail_of(const Leavings& left, const Secrets& secrets) {
  RunDetail detail;
  detail.trace = secrets.hide_trace(left.trace.json_lines());
  detail.source = visible(secrets.hide(as_utf8(left.plan.text)), Layout::lines);
  if (left.before != nullptr && left.after != nullptr) {
    detail.settings = differences(*left.before, *left.after);
    for (Difference& each : detail.settings) {
      each.from = secrets.hide_value(each.path, each.from);
      each.to = secrets.hide_value(each.path, each.to);
    }
  }
  if (left.log != nullptr) detail.contents = read_contents(*left.log, secrets);
  return detail;
}

void hide_secrets(RunReport& report, const Secrets& secrets) {
  if (secrets.shown()) return;
  for (Finding& finding : report.verdict.findings) hide(finding, secrets);
  report.verdict.reason = secrets.hide(report.verdict.reason);
  report.about = secrets.hide(report.about);
  for (std::string& line : report.narration) line = hidden_line(line, secrets);
  for (DaemonLog& log : report.logs) log.text = secrets.hide(log.text);
}

}  // namespace provlab::lab
