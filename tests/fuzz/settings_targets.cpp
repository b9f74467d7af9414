#include <fmt/format.h>

#include <ctime>
#include <optional>
#include <tuple>

#include "core/platform/text.hpp"
#include "core/settings/backup.hpp"
#include "core/settings/device_settings.hpp"
#include "core/settings/encoding.hpp"
#include "core/settings/migration.hpp"
#include "core/settings/section.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xpath.hpp"
#include "core/settings/xpath_cost.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/unit/settings/fake_host.hpp"

namespace provlab::fuzz {

namespace {

using namespace settings;

/// A reason stays a sentence, whatever the document.
constexpr std::size_t kMaxReason = 2000;

/// What a phone has that is in use: lists that documents can change.
constexpr const char* kInUse = R"(<configuration>
<identities><identity/><identity><displayname>Two</displayname></identity></identities>
<keys><phoneXtensions><key keyNumber="1" label="one"/><key keyNumber="2"><keyConfiguration><lua><code>
<![CDATA[if a < b then end]]></code></lua></keyConfiguration></key></phoneXtensions></keys>
<templates><template name="Test" prio="1"><parameters><parameter name="p"><path>//a</path></parameter>
</parameters></template></templates>
<provisioning><sip><allowlist><allowlistEntry>192.0.2.1</allowlistEntry></allowlist></sip></provisioning>
</configuration>)";

DeviceIdentity identity(Release release) {
  DeviceIdentity device;
  device.release = release;
  return device;
}

/// A phone that has booted on a store.
struct Phone {
  explicit Phone(Release r, const FakeStorage& storage) : release(r), settings(host, identity(r)) {
    host.storage().pieces = storage.pieces;
    settings.load();
  }
  explicit Phone(Release r) : Phone(r, in_use(r)) {}

  static const FakeStorage& in_use(Release release) {
    static const auto stores = [] {
      std::map<Release, FakeStorage> made;
      for (const Release each : {Release::r1_10A, Release::r2_0C, Release::r2_2A}) {
        Phone phone(each, FakeStorage());
        phone.settings.apply(*read_document(kInUse, ""), "");
        made.emplace(each, phone.host.storage());
      }
      return made;
    }();
    return stores.at(release);
  }

  Release release;
  FakeHost host;
  DeviceSettings settings;
};

std::string reason_problem(const std::string& reason) {
  if (reason.empty()) return "a rejection without a reason";
  if (reason.size() > kMaxReason) return "a reason as long as a document: " + reason;
  if (!check_text(reason)) return "a reason that is no valid text: " + reason;
  return {};
}

std::string outcome_problem(const ApplyOutcome& outcome) {
  for (const SectionOutcome& section : outcome.sections) {
    if (section.what != SectionOutcome::What::rejected) continue;
    if (auto problem = reason_problem(section.reason); !problem.empty()) return problem;
  }
  for (const OperationOutcome& operation : outcome.operations) {
    if (operation.accepted) continue;
    if (auto problem = reason_problem(operation.reason); !problem.empty()) return problem;
  }
  return {};
}

/// Sections that were rejected, or not given at all, are what they were, to the octet.
std::string rejected_problem(const Configuration& before, const Phone& phone,
                             const ApplyOutcome& outcome) {
  for (const SectionPointer& section : phone.settings.configuration().sections()) {
    const auto told =
        std::ranges::find(outcome.sections, section->name(), &SectionOutcome::section);
    if (told != outcome.sections.end() && told->changed) continue;
    const SectionPointer old = before.section(section->name());
    if (!old || old->xml() != section->xml()) {
      return fmt::format("section {} has changed without a word", section->name());
    }
  }
  return {};
}

/// What is in memory is in the store, whole and valid: a reboot gives it back.
std::string store_problem(Phone& phone) {
  Phone rebooted(phone.release, phone.host.storage());
  if (rebooted.host.count("store_damaged") != 0) return "the store is damaged";
  if (rebooted.host.count("section_rejected") != 0) {
    return "the store is not valid: " + rebooted.host.last("section_rejected", "reason");
  }
  if (rebooted.settings.configuration().to_xml() != phone.settings.configuration().to_xml()) {
    return "a reboot changes the configuration";
  }
  return {};
}

/// A backup that is restored is the identity, here and on a phone that was not used.
std::string backup_problem(Phone& phone) {
  const std::string before = phone.settings.configuration().to_xml();
  const auto backup = read_document(write_backup(phone.settings.configuration()), "");
  if (!backup) return "the backup is refused: " + backup.error().to_string();
  if (phone.settings.apply(*backup, "").rejected != 0) return "the backup is rejected";
  if (phone.settings.configuration().to_xml() != before) {
    return fmt::format("the backup differs\nfrom {}\nto   {}", before,
                       phone.settings.configuration().to_xml());
  }
  return {};
}

std::string apply_problem(Phone& phone, const Document& document) {
  const Configuration before = phone.settings.configuration();
  const ApplyOutcome outcome = phone.settings.apply(document, "");
  if (auto problem = outcome_problem(outcome); !problem.empty()) return problem;
  if (auto problem = rejected_problem(before, phone, outcome); !problem.empty()) return problem;
  if (auto problem = store_problem(phone); !problem.empty()) return problem;
  return {};
}

/// Migrating from 1.10A over 2.0C to 2.2A is migrating from 1.10A to 2.2A.
std::string way_problem(pugi::xml_node section) {
  const auto [oldest, middle, newest] = std::tuple(
      version_of(Release::r1_10A), version_of(Release::r2_0C), version_of(Release::r2_2A));
  pugi::xml_document at_once;
  pugi::xml_document by_steps;
  migrate(at_once.append_copy(section), oldest, newest);
  migrate(by_steps.append_copy(section), oldest, middle);
  migrate(by_steps.document_element(), middle, newest);
  std::string a;
  std::string b;
  append_xml(at_once.document_element(), a);
  append_xml(by_steps.document_element(), b);
  return a == b ? "" : "two ways of migration differ: " + a + " and " + b;
}

}  // namespace

std::string classify(std::string_view input) {
  const bool labelled = !input.empty() && (static_cast<unsigned char>(input.back()) & 1U) != 0;
  const auto document = read_document(input, labelled ? "text/xml; charset=iso-8859-1" : "");
  if (!document) return reason_problem(document.error().to_string());
  for (const std::string& warning : document->warnings) {
    if (auto problem = reason_problem(warning); !problem.empty()) return problem;
  }
  // As the device has it before it writes: blanks between elements can be given by references,
  // which readers take for text.
  std::string canonical;
  clean(document->xml->document_element());
  append_xml(document->xml->document_element(), canonical);
  // Escaping may make it longer than a document may be.
  if (canonical.size() > kMaxDocumentOctets) return {};
  const auto again = read_document(canonical, "");
  if (!again) return "the canonical form is refused: " + again.error().to_string();
  if (again->type != document->type || again->sections != document->sections ||
      references(*again) != references(*document)) {
    return "the canonical form is another document: " + canonical;
  }
  std::string twice;
  clean(again->xml->document_element());
  append_xml(again->xml->document_element(), twice);
  return twice == canonical ? "" : "the canonical form is not canonical: " + canonical;
}

std::string merge(std::string_view input) {
  const auto document = read_document(input, "");
  if (!document || document->type != DocumentType::patch) return {};
  Phone phone(Release::r2_2A);
  if (auto problem = apply_problem(phone, *document); !problem.empty()) return problem;
  if (phone.settings.apply(*document, "").changed) return "the second time it changes something";
  return backup_problem(phone);
}

std::string migration(std::string_view input) {
  const auto document = read_document(input, "");
  if (!document || document->type != DocumentType::patch) return {};
  const pugi::xml_node root = document->xml->document_element();
  if (name_of(root) == "configuration") {
    for (auto section = first_element(root); section; section = next_element(section)) {
      if (auto problem = way_problem(section); !problem.empty()) return problem;
    }
  } else if (auto problem = way_problem(root); !problem.empty()) {
    return problem;
  }
  Phone phone(kReleases[input.size() % kReleases.size()]);
  return apply_problem(phone, *document);
}

std::string operations(std::string_view input) {
  const auto document = read_document(input, "");
  if (!document || document->type != DocumentType::operations) return {};
  Phone phone(Release::r2_2A);
  if (auto problem = apply_problem(phone, *document); !problem.empty()) return problem;
  return backup_problem(phone);
}

namespace {

/// Deep text, wide lists, many names and attributes: some of what makes paths dear.
pugi::xml_document settings_for_paths() {
  pugi::xml_document tree;
  pugi::xml_node templates = tree.append_child("templates");
  for (int i = 0; i < 300; ++i) {
    pugi::xml_node each = templates.append_child("template");
    each.append_attribute("name").set_value(i);
    each.append_attribute("prio").set_value(i % 5);
    each.append_child("path").text().set("text of a path");
  }
  pugi::xml_node inner = tree.append_child("keys");
  for (int i = 0; i < 30; ++i) inner = inner.append_child("a");
  for (int i = 0; i < 200; ++i) {
    inner.append_child(pugi::node_pcdata).set_value("some text that is put together");
    inner.append_child("b");
  }
  tree.append_child("time").append_child("timezone").text().set("UTC0");
  return tree;
}

/// The least of three evaluations, or the first that is quick enough.
double milliseconds_of(const pugi::xpath_query& query, pugi::xml_node tree, double allowed) {
  double least = 1e9;
  for (int attempt = 0; attempt < 3 && least > allowed; ++attempt) {
    const std::clock_t before = std::clock();
    if (query.return_type() == pugi::xpath_type_node_set) {
      nodes_in_order(query, tree);
    } else {
      query.evaluate_string(tree);
    }
    least = std::min(least, static_cast<double>(std::clock() - before) * 1e3 / CLOCKS_PER_SEC);
  }
  return least;
}

std::string path_problem(const std::string& path) {
  static const pugi::xml_document tree = settings_for_paths();
  static const TreeFigures figures(tree);
  only_section(path);
  const std::string rewritten = paths_from_section(path);
  std::optional<pugi::xpath_query> query;
  try {
    const pugi::xpath_query written(std::string(trimmed(path)).c_str());
  } catch (const pugi::xpath_exception&) {
    return {};
  }
  try {
    query.emplace(rewritten.c_str());
  } catch (const pugi::xpath_exception& error) {
    return fmt::format("'{}' is rewritten to '{}': {}", path, rewritten,
                       error.result().description());
  }
  const auto visits = visits_of(rewritten, figures);
  if (!visits) {
    const bool deep = visits.error().text.find("nested deeper") != std::string::npos;
    return deep ? "" : fmt::format("'{}' is an XPath, but {}", path, visits.error().text);
  }
  if (*visits > 1e6 / kSlowdown) return {};
  constexpr double kMillisecondsPerVisit = kSlowdown * 1e-4;  // ten times what is expected
  const double allowed = 1 + *visits * kMillisecondsPerVisit;
  const double took = milliseconds_of(*query, tree, allowed);
  if (took <= allowed) return {};
  return fmt::format("'{}' took {} ms, but {} visits were reckoned", path, took, *visits);
}

}  // namespace

std::string xpath(std::string_view input) {
  for (int line = 0; line < 8 && !input.empty(); ++line) {
    const std::size_t end = std::min(input.size(), input.find('\n'));
    const std::string path(input.substr(0, end));
    input.remove_prefix(std::min(input.size(), end + 1));
    if (path.size() > kMaxPathOctets || path.find('\0') != std::string::npos) continue;
    if (auto problem = path_problem(path); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace provlab::fuzz
