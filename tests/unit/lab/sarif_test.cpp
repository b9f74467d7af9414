// What SARIF 2.1.0 demands of the objects that we write, in our own words: which properties there
// are, which must be there, and what they may be. Sections are those of the OASIS standard.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <regex>
#include <set>

#include "sim/lab/report/annotations.hpp"
#include "sim/lab/suite/suite_report.hpp"
#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

namespace json = boost::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Looks at a log and lists what is wrong with it, each with its place.
class SarifFacts {
 public:
  std::vector<std::string> faults(const json::value& log) {
    object(log, "log", {"$schema", "version", "runs"}, {"version", "runs"});  // 3.13
    text(log, "log", "version", "2\\.1\\.0");
    text(log, "log", "$schema", "https?://[^ ]+");
    for (const json::value& run : list(log, "log", "runs")) this->run(run);
    return std::move(faults_);
  }

 private:
  using Names = std::set<std::string_view>;

  void fault(const std::string& place, const std::string& what) {
    faults_.push_back(place + ": " + what);
  }

  /// Nothing that the standard does not know: its schema allows no additional properties.
  bool object(const json::value& value, const std::string& place, const Names& known,
              const Names& needed) {
    if (!value.is_object()) {
      fault(place, "is no object");
      return false;
    }
    for (const auto& [name, member] : value.get_object()) {
      if (!known.contains(std::string_view(name)))
        fault(place, fmt::format("has {}", std::string_view(name)));
    }
    for (const std::string_view name : needed) {
      if (!value.get_object().contains(name)) fault(place, fmt::format("lacks {}", name));
    }
    return true;
  }
  static const json::value* member(const json::value& of, std::string_view name) {
    return of.is_object() ? of.get_object().if_contains(name) : nullptr;
  }
  void text(const json::value& of, const std::string& place, std::string_view name,
            const std::string& pattern = "[\\s\\S]+") {
    const json::value* value = member(of, name);
    if (value == nullptr) return;
    if (!value->is_string() ||
        !std::regex_match(std::string(value->get_string()), std::regex(pattern))) {
      fault(place, fmt::format("{} is {}", name, json::serialize(*value)));
    }
  }
  std::int64_t number(const json::value& of, const std::string& place, std::string_view name,
                      std::int64_t least) {
    const json::value* value = member(of, name);
    if (value == nullptr) return least;
    if (value->is_int64() && value->get_int64() >= least) return value->get_int64();
    fault(place, fmt::format("{} is {}", name, json::serialize(*value)));
    return least;
  }
  const json::array& list(const json::value& of, const std::string& place, std::string_view name) {
    static const json::array kNone;
    const json::value* value = member(of, name);
    if (value == nullptr) return kNone;
    if (value->is_array()) return value->get_array();
    fault(place, fmt::format("{} is no array", name));
    return kNone;
  }
  const json::value& part(const json::value& of, std::string_view name) {
    static const json::value kNothing = json::object();
    const json::value* value = member(of, name);
    return value == nullptr ? kNothing : *value;
  }

  static std::string words_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : std::string();
  }

  /// 3.11.5: a brace that is meant stands there twice; what is between single ones is the number of
  /// an argument, of which we give none. 3.11.6: `[a](b)` would be a link.
  void message(const json::value& of, const std::string& place, std::string_view name) {
    const json::value& value = part(of, name);
    object(value, place, {"text"}, {"text"});
    text(value, place, "text");
    const std::string bare =
        std::regex_replace(words_of(part(value, "text")), std::regex("\\{\\{|\\}\\}"), "");
    if (bare.find_first_of("{}") != bare.npos) fault(place, "has a single brace");
    if (std::regex_search(bare, std::regex("(^|[^\\\\])\\[[^\\]]*\\]\\(")))
      fault(place, "has a link");
  }

  void run(const json::value& run) {
    object(run, "run", {"tool", "results", "columnKind"}, {"tool", "results"});  // 3.14
    text(run, "run", "columnKind", "utf16CodeUnits|unicodeCodePoints");
    const json::value& tool = part(run, "tool");
    object(tool, "tool", {"driver"}, {"driver"});  // 3.18
    const json::value& driver = part(tool, "driver");
    object(driver, "driver", {"name", "version", "rules"}, {"name"});  // 3.19
    text(driver, "driver", "name");
    text(driver, "driver", "version");
    std::vector<std::string> rules;
    for (const json::value& rule : list(driver, "driver", "rules")) {  // 3.49
      object(rule, "rule", {"id", "shortDescription", "fullDescription", "help"},
             {"id", "fullDescription", "help"});
      text(rule, "rule", "id");
      message(rule, "rule", "shortDescription");
      // GitHub wants these two.
      message(rule, "rule", "fullDescription");
      message(rule, "rule", "help");
      rules.push_back(words_of(part(rule, "id")));
    }
    if (std::set(rules.begin(), rules.end()).size() < rules.size()) fault("driver", "a rule twice");
    for (const json::value& result : list(run, "run", "results")) this->result(result, rules);
  }

  void result(const json::value& result, const std::vector<std::string>& rules) {
    object(result, "result",  // 3.27
           {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"},
           {"message"});
    text(result, "result", "level", "none|note|warning|error");
    message(result, "result", "message");
    const auto index = static_cast<std::size_t>(number(result, "result", "ruleIndex", 0));
    if (index >= rules.size() || rules[index] != words_of(part(result, "ruleId"))) {
      fault("result", "ruleIndex is not that of its ruleId");
    }
    for (const json::value& location : list(result, "result", "locations")) {  // 3.28
      object(location, "location", {"physicalLocation"}, {});
      const json::value& place = part(location, "physicalLocation");
      object(place, "place", {"artifactLocation", "region"}, {"artifactLocation"});  // 3.29
      const json::value& artifact = part(place, "artifactLocation");
      object(artifact, "artifact", {"uri"}, {"uri"});  // 3.4
      // RFC 3986: relative, and then its first segment has no colon, or by a scheme; a path that
      // begins at the root of a machine has the scheme `file`.
      text(artifact, "artifact", "uri",
           "(file:///)?([A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-F]{2})+"
           "(/([A-Za-z0-9._~!$&'()*+,;=@:-]|%[0-9A-F]{2})*)*");
      const json::value& region = part(place, "region");
      object(region, "region", {"startLine", "startColumn"}, {"startLine"});  // 3.30
      number(region, "region", "startLine", 1);
      number(region, "region", "startColumn", 1);
    }
    // 3.27.17: strings, each under a name that ends in the version of how it is made.
    const json::value& prints = part(result, "partialFingerprints");
    if (!prints.is_object()) return fault("result", "partialFingerprints is no object");
    for (const auto& [name, print] : prints.get_object()) {
      text(prints, "print", name);
      if (!std::regex_match(std::string(name), std::regex("[^/]+(/[^/]+)*/v[0-9]+"))) {
        fault("print", fmt::format("{} has no version", std::string_view(name)));
      }
    }
  }

  std::vector<std::string> faults_;
};

std::string as_given(const std::string& file) {
  return file;
}

/// Everything that is told in SARIF, with all that can stand in texts and paths.
SuiteReport suite_with_everything() {
  SuiteReport suite;
  suite.complaints = {{"a b.xml", 3, "no such element", 7},
                      {"none.xml", 0, "cannot be read"},
                      {"/tmp/x:y/\xc3\xa4#?.xml", 1, "{0} and {} [a](b) \"quoted\" \xe2\x80\xa6"}};
  suite.notes = {{"c.xml", 9, "<on>: this rule was never used"}};
  RunReport run;
  run.program = "provlab";
  run.scenario = "s";
  run.file = "d.xml";
  run.verdict.outcome = Outcome::failed;
  Finding broken;
  broken.held = false;
  broken.invariant = "I4";
  broken.text = "invariant I4";
  broken.expected = "one {thing}";
  broken.actual = "another [1](2)";
  run.verdict.findings = {broken};
  suite.runs = {run};
  return suite;
}

TEST(SarifFacts, HoldOfEverythingThatIsTold) {
  SuiteReport suite = suite_with_everything();
  for (const bool strict : {false, true}) {
    suite.strict = strict;
    const json::value log = json::parse(sarif_report(suite, as_given));
    EXPECT_THAT(SarifFacts().faults(log), IsEmpty());
    EXPECT_EQ(log.at("runs").at(0).at("results").as_array().size(), 5U);
  }
}

TEST(SarifFacts, HoldWhereNothingIsWrong) {
  const json::value log = json::parse(sarif_report(SuiteReport{}, as_given));
  EXPECT_THAT(SarifFacts().faults(log), IsEmpty());
  EXPECT_THAT(log.at("runs").at(0).at("results").as_array(), IsEmpty());
}

class SarifSlip : public ::testing::TestWithParam<Slip> {};

TEST_P(SarifSlip, IsSeen) {
  const std::string log = sarif_report(suite_with_everything(), as_given);
  EXPECT_THAT(SarifFacts().faults(json::parse(GetParam().in(log))),
              Contains(HasSubstr(GetParam().complaint)));
}

INSTANTIATE_TEST_SUITE_P(
    Of, SarifSlip,
    ::testing::Values(
        Slip{"OtherVersion", "\"version\":\"2.1.0\"", "\"version\":\"2.0\"", "log: version is"},
        Slip{"UnknownProperty", "\"ruleId\":", "\"x\":1,\"ruleId\":", "result: has x"},
        Slip{"NoName", "\"name\":\"provlab\",", "", "driver: lacks name"},
        Slip{"NoMessage", "\"message\":", "\"x\":", "result: lacks message"},
        Slip{"LevelThatIsNone", "\"level\":\"error\"", "\"level\":\"fatal\"", "result: level is"},
        Slip{"LineZero", "\"startLine\":3", "\"startLine\":0", "region: startLine is"},
        Slip{"LineAsText", "\"startLine\":3", "\"startLine\":\"3\"", "region: startLine is"},
        Slip{"ColumnZero", "\"startColumn\":7", "\"startColumn\":0", "region: startColumn is"},
        Slip{"BlankInUri", "a%20b.xml", "a b.xml", "artifact: uri is"},
        Slip{"PathAsUri", "file:///tmp", "/tmp", "artifact: uri is"},
        Slip{"OtherRule", "\"ruleIndex\":0", "\"ruleIndex\":1", "ruleIndex is not that"},
        Slip{"SingleBrace", "{{thing}}", "{thing}", "has a single brace"},
        Slip{"Link", "\\\\[1](2)", "[1](2)", "result: has a link"},
        Slip{"PrintWithoutVersion", "provlab/v1", "provlab", "has no version"},
        Slip{"UnknownColumns", "unicodeCodePoints", "octets", "run: columnKind is"}),
    kSlipName);

}  // namespace
}  // namespace provlab::lab
