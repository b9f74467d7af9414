#pragma once
#include "sim/lab/markup/grammar.hpp"
#include "sim/lab/markup/xml_document.hpp"

namespace provlab::lab {

/// Writes into a scenario what it leaves out: seed, phone, link, hosts, servers and timeline
/// (D33).
///  1. Readers, and whoever is shown the scenario, get a whole one; what can be left out is said
///  here and nowhere else.
///  2. A whole scenario stays as it is.
///  3. What is added counts as written where the scenario names it, or the part around it begins.
/// Returns whether the scenario plays in the standard world. The document fits the grammar but for
/// what was complained about.
bool complete(XmlDocument& document, const Grammar& grammar, Complaints& complaints);

/// Whether what an attribute says names hosts by their ids: the schema says so by its type.
bool names_hosts(const Grammar::Attribute& attribute);

}  // namespace provlab::lab
