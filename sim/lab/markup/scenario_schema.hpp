#pragma once
#include <libxml/xmlschemas.h>

#include <set>

#include "sim/lab/markup/grammar.hpp"
#include "sim/lab/markup/xml_document.hpp"

namespace provlab::lab {

/// The text of schemas/scenario.xsd, embedded when the program is built.
std::string_view scenario_schema_text();

/// Judges a file by the schema. Compiled once per process and shared by all threads.
class ScenarioSchema {
 public:
  static const ScenarioSchema& shared();
  ScenarioSchema();
  ~ScenarioSchema();
  ScenarioSchema(const ScenarioSchema&) = delete;
  ScenarioSchema& operator=(const ScenarioSchema&) = delete;

  /// Complains about everything that the language does not know, in one go. Returns the elements
  /// and attributes complained about, which further checks leave alone.
  std::set<const void*> check(const XmlDocument& document, Complaints& complaints) const;

  const Grammar& grammar() const { return grammar_; }
  /// What libxml2's own validation says of the document, in its words: empty where valid.
  std::string validate(const XmlDocument& document) const;

 private:
  Grammar grammar_;
  xmlSchema* schema_;
};

}  // namespace provlab::lab
