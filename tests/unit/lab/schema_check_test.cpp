#include "sim/lab/markup/scenario_schema.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

/// Places in the sample where a mutation can set in: every tag and every attribute.
std::vector<std::size_t> places(const std::string& text, char mark) {
  std::vector<std::size_t> result;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    result.push_back(at);
  }
  return result;
}

/// Whether both judges, our own walk and libxml2's validation, say the same of a text.
void expect_agreement(const std::string& text) {
  Complaints parse("s.xml");
  const auto document = XmlDocument::parse(text, parse);
  if (!document) return;  // no XML any more
  Complaints complaints("s.xml");
  ScenarioSchema::shared().check(*document, complaints);
  const std::string judged = ScenarioSchema::shared().validate(*document);
  EXPECT_EQ(complaints.empty(), judged.empty()) << judged << text;
  for (const Complaint& complaint : complaints.sorted()) {
    EXPECT_THAT(complaint.text, ::testing::Not(::testing::HasSubstr("does not fit"))) << text;
  }
}

TEST(SchemaCheck, AgreesWithTheSchemaOnAMisspeltName) {
  for (const std::size_t at : places(kScenario, '<')) {
    if (kScenario[at + 1] != '/') expect_agreement(std::string(kScenario).insert(at + 1, "x"));
  }
  for (const std::size_t at : places(kScenario, '=')) {
    expect_agreement(std::string(kScenario).insert(at, "x"));
  }
}

TEST(SchemaCheck, AgreesWithTheSchemaOnASpoiltValue) {
  for (const std::size_t at : places(kScenario, '=')) {
    for (const char* spoilt : {" ", "?", "-", "00", "none"}) {
      expect_agreement(std::string(kScenario).insert(at + 2, spoilt));
    }
  }
}

TEST(SchemaCheck, AgreesWithTheSchemaWhenALineIsLostOrDoubled) {
  for (const std::size_t at : places(kScenario, '\n')) {
    const std::size_t end = kScenario.find('\n', at + 1);
    if (end == std::string::npos) break;
    const std::string line = kScenario.substr(at, end - at);
    expect_agreement(std::string(kScenario).erase(at, line.size()));
    expect_agreement(std::string(kScenario).insert(at, line));
  }
}

TEST(SchemaCheck, AgreesWithTheSchemaOnForeignElements) {
  for (const std::size_t at : places(kScenario, '>')) {
    expect_agreement(std::string(kScenario).insert(at + 1, "<foreign/>"));
    expect_agreement(std::string(kScenario).insert(at + 1, "words"));
  }
}

TEST(Grammar, DescribesEveryTypeOfValue) {
  // The documentation completes sentences, so none may be missing or end in a full stop.
  const Grammar& grammar = ScenarioSchema::shared().grammar();
  std::set<const Grammar::ComplexType*> seen;
  std::vector<const Grammar::ComplexType*> next{&grammar.root()};
  while (!next.empty()) {
    const Grammar::ComplexType* type = next.back();
    next.pop_back();
    if (!seen.insert(type).second) continue;
    EXPECT_FALSE(type->description.empty()) << type->name;
    for (const Grammar::Attribute& attribute : type->attributes) {
      EXPECT_FALSE(attribute.type->description.empty()) << attribute.type->name;
      EXPECT_FALSE(attribute.type->description.ends_with('.')) << attribute.type->name;
    }
    for (const Grammar::Child& child : type->children) next.push_back(child.type);
  }
  EXPECT_GT(seen.size(), 30U);
}

}  // namespace
}  // namespace provlab::lab
