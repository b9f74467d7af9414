#include "sim/lab/report/junit.hpp"

#include <gmock/gmock.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <filesystem>
#include <memory>

#include "sim/lab/report/reports.hpp"
#include "sim/lab/report/soak_report.hpp"
#include "tests/file_content.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

/// JUnit XML, held against what Jenkins' xUnit plugin and Surefire accept.
namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kSchemas[] = {"jenkins-xunit.xsd", "surefire.xsd"};

void keep_schema_error(void* user, const xmlError* error) {
  *static_cast<std::string*>(user) += error->message;
}

/// What a schema has against a document; nothing where it is valid.
std::string refusal(const std::string& schema, const std::string& document) {
  const std::string file = std::string(PROVLAB_TEST_DATA "/junit/") + schema;
  const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(
      xmlSchemaNewParserCtxt(file.c_str()), &xmlSchemaFreeParserCtxt);
  const std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> parsed(xmlSchemaParse(parser.get()),
                                                                    &xmlSchemaFree);
  if (!parsed) return "the schema " + file + " is none";
  const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> validator(
      xmlSchemaNewValidCtxt(parsed.get()), &xmlSchemaFreeValidCtxt);
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> tree(
      xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR),
      &xmlFreeDoc);
  if (!tree) return "the document is no XML";
  std::string said;
  xmlSchemaSetValidStructuredErrors(
      validator.get(), reinterpret_cast<xmlStructuredErrorFunc>(&keep_schema_error), &said);
  return xmlSchemaValidateDoc(validator.get(), tree.get()) == 0 ? "" : "invalid: " + said;
}

void expect_accepted(const std::string& document) {
  for (const char* schema : kSchemas) EXPECT_THAT(refusal(schema, document), IsEmpty()) << schema;
}

class JUnit : public SuiteFixture {};

TEST_F(JUnit, IsAcceptedByJenkinsAndSurefireWhateverASuiteComesTo) {
  write("c.xml", changed(kScenario, "latency=\"1ms\"", "latency=\"1\""));
  SuiteReport suite = run();
  RunReport other = suite.runs.front();
  for (const Outcome outcome : kOutcomes) {
    other.verdict.outcome = outcome;
    other.verdict.reason = "for a \"reason\" <&> \x1b]]>";
    other.verdict.line = 7;
    suite.runs.push_back(other);
  }
  suite.wall_time = std::chrono::hours(30);
  const std::string document = junit_report(suite);
  for (const char* part : {"<failure ", "<error ", "<skipped "}) {
    EXPECT_THAT(document, HasSubstr(part));
  }
  expect_accepted(document);
  expect_accepted(junit_report(SuiteReport{}));
}

TEST_F(JUnit, TellsOfNotesBesideARunAndOfErrorsByThemselves) {
  SuiteReport suite = run();
  suite.notes = {{suite.runs[0].file, 4, "this rule was never used"}};
  const std::string noted = junit_report(suite);
  EXPECT_THAT(noted, HasSubstr("a.xml:4: this rule was never used\n</system-out>"));
  expect_accepted(noted);
  suite.strict = true;
  const std::string strict = junit_report(suite);
  EXPECT_THAT(strict, HasSubstr("name=\"a: what does nothing\""));
  EXPECT_THAT(strict, HasSubstr("<error message=\"this rule was never used\" type=\"note\">"));
  expect_accepted(strict);
}

TEST_F(JUnit, OfASoakIsAcceptedAsWell) {
  SoakReport soak;
  soak.summary.runs = 100;
  soak.summary.failures = {{{"I4", "it asked twice"}, 12, 3}, {{"lab", "no memory"}, 20, 1}};
  soak.files = {"soak-found/soak-i4-12.xml", ""};
  const std::string document = junit_soak_report(soak);
  EXPECT_THAT(document, HasSubstr("tests=\"3\" failures=\"1\" errors=\"1\""));
  EXPECT_THAT(document, HasSubstr("I4 in 3 of 100 scenarios, first with seed 12"));
  expect_accepted(document);
}

// What these schemas refuse, our reports once had.
TEST_F(JUnit, SchemasAreStrict) {
  const std::string good =
      "<testsuite name='x' tests='1' failures='0' errors='0' skipped='0' time='0.5'>"
      "<testcase classname='a.b' name='c' time='0.001'/></testsuite>";
  expect_accepted(good);
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {" name='c'", " name='c' file='a/c.xml'"},
           {" skipped='0' time='0.5'", " skipped='0' time='half'"},
           {"errors='0' ", ""},
           {"<testcase", "<test/><testcase"}}) {
    const std::string bad = changed(good, from, to);
    for (const char* schema : kSchemas) {
      EXPECT_THAT(refusal(schema, bad), HasSubstr("invalid")) << schema << " takes " << bad;
    }
  }
  EXPECT_THAT(refusal("surefire.xsd", "<testsuites>" + good + "</testsuites>"),
              HasSubstr("invalid"));
  EXPECT_THAT(refusal("surefire.xsd", changed(good, "time='0.001'", "time='0.000001'")),
              HasSubstr("invalid"));
}

TEST_F(JUnit, NamesStayWhenLinesMove) {
  const auto names = [this] {
    std::string all;
    const std::string document = junit_report(run());
    for (std::size_t at = document.find("<testcase "); at != document.npos;
         at = document.find("<testcase ", at + 1)) {
      all += document.substr(at, document.find(" time=", at) - at) + "\n";
    }
    return all;
  };
  write("c.xml", changed(kScenario, "latency=\"1ms\"", "latency=\"1\""));
  const std::string before = names();
  EXPECT_THAT(before, HasSubstr("name=\"apple [r-then-m]\""));
  EXPECT_THAT(before, HasSubstr("name=\"c\""));
  for (const char* file : {"b.xml", "c.xml"}) {
    write(file, "<!-- a line -->\n\n" + test::content_of(folder_ / file));
  }
  EXPECT_EQ(names(), before);
}

TEST(JUnitClass, IsTheFolderWithDots) {
  EXPECT_EQ(junit_class("scenarios/reference/a.xml"), "scenarios.reference");
  EXPECT_EQ(junit_class("./scenarios/../scenarios/v1.2/a.xml"), "scenarios.v1_2");
  EXPECT_EQ(junit_class("a.xml"), "scenarios");
  EXPECT_EQ(junit_class((std::filesystem::current_path() / "x" / "y" / "a.xml").string()), "x.y");
  EXPECT_EQ(junit_class("/nowhere/else/a.xml"), "nowhere.else");
}

TEST(JUnitDocument, TellsWhatStandsBesideAResultBehindIt) {
  const JUnitCase cases[] = {
      {.classname = "a", .name = "b", .result = JUnitCase::Result::failure, .out = "a note\n"}};
  const std::string document = junit_document("x", cases, {});
  EXPECT_THAT(document, HasSubstr("<system-out>a note\n</system-out>"));
  expect_accepted(document);
}

TEST(JUnitDocument, TellsCasesOfOneNameApart) {
  const JUnitCase cases[] = {{.classname = "a", .name = "b"}, {.classname = "a", .name = "b"}};
  EXPECT_THAT(junit_document("x", cases, {}), HasSubstr("name=\"b (2)\""));
  EXPECT_THAT(junit_document("x", std::span(cases).first(1), {}), Not(HasSubstr("(2)")));
}

}  // namespace
}  // namespace provlab::lab
