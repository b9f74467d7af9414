// SARIF 2.1.0 (OASIS), as code scanning of GitHub, SonarQube and editors read it: one run of one
// tool, with a rule for each kind of result that occurs.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/platform/checksum.hpp"
#include "sim/lab/report/annotations.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/report/reports.hpp"

namespace provlab::lab {

namespace {

struct SarifRule {
  std::string id;
  std::string about;
  std::string help;  ///< what to do about it
};

bool is_for_sarif(const Annotation& annotation) {
  return annotation.kind == Annotation::Kind::complaint ||
         annotation.kind == Annotation::Kind::invariant ||
         annotation.kind == Annotation::Kind::note;
}

/// What an invariant promises, by its number.
std::map<std::string, std::string> promises_of(const SuiteReport& suite) {
  std::map<std::string, std::string> promises;
  for (const RunReport& run : suite.runs) {
    for (const Finding& finding : run.verdict.findings) {
      if (!finding.invariant.empty()) promises.try_emplace(finding.invariant, finding.expected);
    }
  }
  return promises;
}

SarifRule rule_called(const std::string& id, const std::map<std::string, std::string>& promises) {
  if (id == "invalid-scenario") {
    return {id, "A scenario file says what it cannot mean",
            "The message says what to write instead; 'provlab validate FILE' tells all that is "
            "wrong"};
  }
  if (id == "unreadable-file") {
    return {id, "A file cannot be read", "See that the file is there and can be read"};
  }
  if (id == "does-nothing") {
    return {id, "An element did nothing in a scenario that passed",
            "Mend or remove the element; used=\"maybe\" on it says that it may do nothing"};
  }
  const auto promise = promises.find(id);
  return {id,
          fmt::format("Invariant {} of provisioning{}", id,
                      promise == promises.end() ? "" : ": " + promise->second),
          fmt::format("'provlab list --rules {}' says what the invariant is; the message has the "
                      "command that repeats the run",
                      id)};
}

/// A path as RFC 3986 has it: a relative reference, or by the scheme `file` where it begins at the
/// root of the machine.
std::string uri_of(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

/// A message has arguments in braces and links in brackets (3.11.5, 3.11.6); ours has neither, so
/// what looks like one is written as what is meant.
void write_message(JsonWriter& json, std::string_view name, std::string_view words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const char c = words[i];
    const std::size_t closing = c == '[' ? words.find(']', i) : words.npos;
    if (closing != words.npos && words.substr(closing).starts_with("](")) text += '\\';
    if (c == '{' || c == '}') text += c;
    text += c;
  }
  json.object(name);
  json.member("text", text);
  json.end_object();
}

void write_rules(JsonWriter& json, const std::vector<SarifRule>& rules) {
  json.array("rules");
  for (const SarifRule& rule : rules) {
    json.object();
    json.member("id", rule.id);
    write_message(json, "shortDescription", rule.about.substr(0, rule.about.find(": ")));
    write_message(json, "fullDescription", rule.about);
    write_message(json, "help", rule.help);
    json.end_object();
  }
  json.end_array();
}

void write_location(JsonWriter& json, const Annotation& annotation, const std::string& path) {
  json.array("locations");
  json.object();
  json.object("physicalLocation");
  json.object("artifactLocation");
  json.member("uri", uri_of(path));
  json.end_object();
  json.object("region");
  json.member("startLine", std::max(annotation.line, 1));
  if (annotation.column > 0) json.member("startColumn", annotation.column);
  json.end_object();
  json.end_object();
  json.end_object();
  json.end_array();
}

void write_result(JsonWriter& json, const Annotation& annotation, std::size_t rule,
                  const std::string& path) {
  json.object();
  json.member("ruleId", annotation.check);
  json.member("ruleIndex", rule);
  json.member("level", std::string_view(annotation.is_error ? "error" : "warning"));
  const bool of_runs = annotation.kind == Annotation::Kind::invariant;
  write_message(
      json, "message",
      of_runs ? fmt::format("{}: {}", annotation.title, annotation.text) : annotation.text);
  write_location(json, annotation, path);
  json.object("partialFingerprints");
  json.member(
      "provlab/v1",
      fmt::format("{:016x}", checksum_of(fmt::format("{}\n{}\n{}", annotation.check, path,
                                                     of_runs ? std::string() : annotation.text))));
  json.end_object();
  json.end_object();
}

}  // namespace

std::string sarif_report(const SuiteReport& suite, const PathInRepository& path) {
  std::vector<Annotation> results = annotations_of(suite);
  std::erase_if(results, [](const Annotation& each) { return !is_for_sarif(each); });
  const auto promises = promises_of(suite);
  std::vector<SarifRule> rules;
  const auto rule_of = [&](const std::string& id) {
    const auto known = std::ranges::find(rules, id, &SarifRule::id);
    const auto index = static_cast<std::size_t>(known - rules.begin());
    if (known == rules.end()) rules.push_back(rule_called(id, promises));
    return index;
  };
  std::vector<std::size_t> indices;
  for (const Annotation& each : results) indices.push_back(rule_of(each.check));

  JsonWriter json;
  json.object();
  json.member("$schema", std::string_view("https://json.schemastore.org/sarif-2.1.0.json"));
  json.member("version", std::string_view("2.1.0"));
  json.array("runs");
  json.object();
  json.object("tool");
  json.object("driver");
  json.member("name", std::string_view("provlab"));
  json.member("version", std::string_view(kProgramVersion));
  write_rules(json, rules);
  json.end_object();
  json.end_object();
  json.member("columnKind", std::string_view("unicodeCodePoints"));
  json.array("results");
  for (std::size_t i = 0; i < results.size(); ++i) {
    write_result(json, results[i], indices[i], path(results[i].file));
  }
  json.end_array();
  json.end_object();
  json.end_array();
  json.end_object();
  return json.out + "\n";
}

}  // namespace provlab::lab
