#include "tools/settings_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/platform/user_info.hpp"
#include "core/settings/backup.hpp"
#include "core/settings/device_settings.hpp"
#include "core/settings/events.hpp"
#include "core/settings/migration.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/record/trace.hpp"
#include "sim/text/visible.hpp"
#include "sim/world/world.hpp"
#include "tools/settings_lines.hpp"
#include "tools/settings_text.hpp"

namespace provlab::tools {

namespace {

using settings::DocumentType;

constexpr int kRejected = 1;
constexpr int kRefused = 2;

/// Reads no more of a file than a document may have.
Expected<std::string> read_document_file(const std::string& name, const ReadInput& input) {
  constexpr std::size_t kLimit = settings::kMaxDocumentOctets;
  return name == "-" ? input(kLimit) : lab::read_file(name, kLimit, lab::Pipes::taken);
}

/// What a release knows beside a setting that it strips: `; time has ntpServer, timezone`.
std::string known_beside(std::string_view path, DeviceType type, Release release) {
  const settings::ElementModel* model = nullptr;
  for (;;) {
    const std::string_view step = path.substr(0, path.find('/'));
    const auto* next =
        model == nullptr ? settings::ReleaseSchema::of(release).model(step) : model->child(step);
    if (next == nullptr || step.size() == path.size()) {
      if (next != nullptr) return fmt::format("; a {} has none", to_string(type));
      break;
    }
    model = next;
    path.remove_prefix(step.size() + 1);
  }
  if (model == nullptr || path.find('/') != std::string_view::npos) return "";
  std::vector<std::string_view> names;
  if (path.starts_with('@')) {
    for (const auto& attribute : model->attributes) names.emplace_back(attribute.name);
  } else {
    for (const auto& child : model->children) names.emplace_back(child.name);
  }
  if (names.empty()) return fmt::format("; {} has none", model->name);
  return fmt::format("; {} has {}", model->name, fmt::join(names, ", "));
}

/// What an event of the settings says to an author; nothing where it is of no interest.
std::optional<std::string> sentence_of(const TraceRecord& record, DeviceType type,
                                       Release release) {
  using namespace settings;
  const auto field = [&](std::string_view key) { return record.field(key).value_or(""); };
  if (record.is<DocumentWarning>()) return "warning: " + field("warning");
  if (record.is<DocumentRefused>()) {
    return fmt::format("refused: {}", split_line(field("reason")).second);
  }
  if (record.is<SettingStripped>()) {
    const std::string path = field("path");
    return fmt::format("{}: stripped: release {} does not know it{}", path, to_string(release),
                       known_beside(path, type, release));
  }
  if (record.is<SectionMigrated>()) {
    const std::string changes = field("changes");
    if (changes.empty()) return std::nullopt;  // an older section that is the same today
    return fmt::format("{}: migrated from {} ({}) to {}: {}", field("section"), field("from"),
                       field("by"), field("to"), changes);
  }
  if (record.is<SectionApplied>()) {
    return fmt::format("{}: {}{}", field("section"), field("mode"),
                       field("changed") == "true" ? "" : ", nothing differs");
  }
  if (record.is<SectionRejected>()) {
    return fmt::format("{}: rejected: {}", field("section"), field("reason"));
  }
  if (record.is<OperationApplied>()) {
    return fmt::format("{} {}: done (elements matched: {})", field("operation"), field("path"),
                       field("matches"));
  }
  if (record.is<OperationFailed>()) {
    return fmt::format("{} {}: rejected: {}", field("operation"), field("path"), field("reason"));
  }
  if (record.is<DocumentClassified>() || record.is<StoreSaved>() || record.is<SettingsLoaded>()) {
    return std::nullopt;
  }
  std::string text(record.event());
  for (const auto& [key, value] : record.fields()) {
    if (key != "url") text += fmt::format(" {}={}", key, value);
  }
  return text;
}

std::string at_line(const std::string& name, std::optional<int> line) {
  return line ? fmt::format("{}:{}", name, *line) : name;
}

/// A phone's settings, alone in a world of their own.
class Device {
 public:
  explicit Device(const SettingsRequest& request)
      : type_(request.type), release_(request.release), settings_(host_, identity(request)) {
    settings_.load();
  }

  const settings::Configuration& configuration() const { return settings_.configuration(); }
  settings::DeviceSettings& settings() { return settings_; }
  /// What was recorded since the last call, a line each: `NAME:7: what happened`. `places` are
  /// those of the document that it was about.
  std::string told(const std::string& name, DocumentLines* places = nullptr) {
    std::string lines;
    while (told_ < world_.trace().last()) {
      const TraceRecord record = world_.trace().event(++told_);
      const auto line = record.is<settings::DocumentRefused>()
                            ? split_line(record.field("reason").value_or("")).first
                        : places != nullptr ? places->line_of(record)
                                            : std::nullopt;
      if (const auto sentence = sentence_of(record, type_, release_)) {
        lines += shown("{}: {}\n", at_line(name, line), *sentence);
      }
    }
    return lines;
  }

 private:
  static DeviceIdentity identity(const SettingsRequest& request) {
    DeviceIdentity device;
    device.type = request.type;
    device.release = request.release;
    return device;
  }

  DeviceType type_;
  Release release_;
  world::World world_;
  world::VirtualHost& host_ = world_.add_host({.name = "device"});
  settings::DeviceSettings settings_;
  EventNumber told_ = 0;
};

/// What became of one document.
struct Verdict {
  int code = 0;
  std::string summary;  ///< `patch, applied`
  std::string report;
};

Verdict refused(const std::string& name, const std::string& reason) {
  const auto [line, what] = split_line(reason);
  return {kRefused, "refused", shown("{}: refused: {}\n", at_line(name, line), what)};
}

/// Lets the device have a document as its Web UI would, or only looks at it where it names others.
Verdict take(Device& device, const std::string& name, const ReadInput& input, bool may_refer) {
  const auto content = read_document_file(name, input);
  if (!content) return refused(name, content.error().text);
  const auto document = device.settings().read(*content, "", name);
  Verdict verdict{0, "", device.told(name)};
  if (!document) return verdict.code = kRefused, verdict.summary = "refused", verdict;
  if (document->type == DocumentType::reference) {
    const auto urls = settings::references(*document);
    if (may_refer) {
      verdict.summary = fmt::format("reference, names {} documents", urls.size());
      return verdict;
    }
    verdict = refused(name, fmt::format("a document of reference type holds no settings but names "
                                        "other documents; give those instead: {}",
                                        hide_user_info(fmt::format("{}", fmt::join(urls, " ")))));
    return verdict;
  }
  const settings::ApplyOutcome outcome = device.settings().apply(*document, name);
  DocumentLines places(*content, *document);
  verdict.report += device.told(name, &places);
  verdict.code = outcome.rejected > 0 ? kRejected : 0;
  verdict.summary = fmt::format("{}, {} accepted, {} rejected", to_string(document->type),
                                outcome.accepted, outcome.rejected);
  return verdict;
}

/// Gives the device its first configuration; false where that is not possible as a whole.
bool prepare(Device& device, const SettingsRequest& request, const ReadInput& input,
             SettingsResult& result) {
  device.told("");
  if (request.config.empty()) return true;
  const Verdict verdict = take(device, request.config, input, false);
  if (verdict.code == 0) return true;
  result.code = kRefused;
  result.report += verdict.report;
  result.report += shown("{}: the device cannot start with this configuration\n", request.config);
  return false;
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += shown("{}\n", line);
  return text;
}

void apply(const SettingsRequest& request, const ReadInput& input, SettingsResult& result) {
  Device device(request);
  if (!prepare(device, request, input, result)) return;
  const settings::Configuration before = device.configuration();
  for (const std::string& name : request.documents) {
    const Verdict verdict = take(device, name, input, false);
    result.code = std::max(result.code, verdict.code);
    result.report += verdict.report;
  }
  if (request.only_differences) {
    result.output = lines_of(difference_lines(before, device.configuration()));
    return;
  }
  if (result.code == kRefused) {
    // Nobody is to take what a document has not changed for what comes of it.
    result.report += "no configuration is printed, because of what is refused above\n";
    return;
  }
  result.output = indented(device.configuration(), Credentials::told);
  if (request.credentials) return;
  std::string hidden = indented(device.configuration(), Credentials::hidden);
  if (hidden == result.output) return;
  result.output = std::move(hidden);
  result.report +=
      "users and passwords of URLs are printed as ***; --credentials prints them as they are\n";
}

void validate(const SettingsRequest& request, const ReadInput& input, SettingsResult& result) {
  for (const std::string& name : request.documents) {
    Device device(request);
    if (!prepare(device, request, input, result)) return;
    const Verdict verdict = take(device, name, input, true);
    result.code = std::max(result.code, verdict.code);
    result.report += verdict.report;
    result.output +=
        shown("{}: {} ({})\n", name, verdict.code == 0 ? "valid" : "not valid", verdict.summary);
  }
}

void diff(const SettingsRequest& request, const ReadInput& input, SettingsResult& result) {
  std::vector<settings::Configuration> both;
  for (const std::string& name : request.documents) {
    Device device(request);
    if (!prepare(device, request, input, result)) return;
    const Verdict verdict = take(device, name, input, false);
    result.code = std::max(result.code, verdict.code);
    if (verdict.code != 0) result.report += verdict.report;
    both.push_back(device.configuration());
  }
  if (both.size() == 2) result.output = lines_of(difference_lines(both[0], both[1]));
}

/// Brings one section of a document to a release's version, in place; says what it took.
int migrate_section(pugi::xml_node section, std::optional<int> line, const SettingsRequest& request,
                    std::string& report) {
  const std::string name =
      fmt::format("{}: {}", at_line(request.documents.front(), line), section.name());
  if (!settings::is_known_section(section.name())) {
    report += shown("{}: rejected: no release has such a section\n", name);
    return kRejected;
  }
  const pugi::xml_attribute given = section.attribute("version");
  const auto from = given ? settings::SettingsVersion::parse(given.value())
                          : Expected<settings::SettingsVersion>(settings::version_of(request.from));
  if (!from) {
    report += shown("{}: rejected: {}\n", name, from.error().to_string());
    return kRejected;
  }
  const settings::SettingsVersion to = settings::version_of(request.release);
  const auto steps = settings::migrate(section, *from, to);
  for (const auto* step : steps) report += shown("{}: {}: {}\n", name, step->text, step->why);
  return 0;
}

void migrate(const SettingsRequest& request, const ReadInput& input, SettingsResult& result) {
  const std::string& name = request.documents.front();
  const auto content = read_document_file(name, input);
  const auto document =
      content ? settings::read_document(*content, "") : std::unexpected(content.error());
  std::string reason;
  if (!document) {
    reason = document.error().to_string();
  } else if (document->type != DocumentType::patch) {
    reason = fmt::format("only patch documents are migrated, not those of {} type",
                         to_string(document->type));
  }
  if (!reason.empty()) {
    result.code = kRefused;
    result.report = refused(name, reason).report;
    return;
  }
  for (const std::string& warning : document->warnings) {
    result.report += shown("{}: warning: {}\n", name, warning);
  }
  pugi::xml_document migrated;
  pugi::xml_node root = migrated.append_copy(document->xml->document_element());
  const DocumentLines places(*content, *document);
  const auto take_section = [&](pugi::xml_node section) {
    const auto line = places.line_of_section(section.name());
    result.code = std::max(result.code, migrate_section(section, line, request, result.report));
  };
  if (settings::name_of(root) != "configuration") {
    take_section(root);
  } else {
    for (pugi::xml_node section : root.children()) take_section(section);
  }
  if (result.report.empty()) {
    result.report = shown("{}: nothing in it has changed from {} to {}\n", name,
                          to_string(request.from), to_string(request.release));
  }
  result.output = indented(root);
}

}  // namespace

SettingsResult try_documents(const SettingsRequest& request, const ReadInput& standard_input) {
  SettingsResult result;
  switch (request.what) {
    case SettingsRequest::What::apply:
      apply(request, standard_input, result);
      break;
    case SettingsRequest::What::validate:
      validate(request, standard_input, result);
      break;
    case SettingsRequest::What::diff:
      diff(request, standard_input, result);
      break;
    case SettingsRequest::What::migrate:
      migrate(request, standard_input, result);
      break;
    case SettingsRequest::What::backup: {
      Device device(request);
      if (prepare(device, request, standard_input, result)) {
        result.output = visible(settings::write_backup(device.configuration()), Layout::markup);
      }
      break;
    }
  }
  return result;
}

}  // namespace provlab::tools
