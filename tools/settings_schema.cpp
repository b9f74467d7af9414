#include "tools/settings_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "core/settings/embedded_files.hpp"
#include "sim/lab/machine/output_file.hpp"

namespace provlab::tools {

namespace {

constexpr std::string_view kEnding = ".xsd";

std::string unknown_section(const SchemaRequest& request,
                            const std::vector<std::string_view>& files) {
  std::vector<std::string_view> sections;
  for (std::string_view file : files) sections.push_back(file.substr(0, file.rfind(kEnding)));
  return fmt::format("release {} has no schema of '{}'; it has {}\n", to_string(request.release),
                     request.section, fmt::join(sections, ", "));
}

/// The schemas of a release, by their names.
std::vector<std::string_view> files_of(const std::string& release) {
  std::vector<std::string_view> files;
  for (const settings::EmbeddedFile& each : settings::embedded_files()) {
    if (!each.name.starts_with(release + "/")) continue;
    files.push_back(each.name.substr(release.size() + 1));
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

SettingsResult give_schemas(const SchemaRequest& request) {
  const std::string release(to_string(request.release));
  std::vector<std::string_view> files = files_of(release);
  const std::string wanted = request.section + std::string(kEnding);
  if (!request.section.empty()) {
    if (std::ranges::find(files, wanted) == files.end()) {
      return {.code = 2, .output = {}, .report = unknown_section(request, files)};
    }
    // In a folder it is of use only together with the types that it includes.
    std::erase_if(files, [&](std::string_view file) {
      return file != wanted && (request.folder.empty() || file != "types.xsd");
    });
  }
  SettingsResult result;
  for (std::string_view file : files) {
    const std::string_view content = settings::embedded_file(fmt::format("{}/{}", release, file));
    if (request.folder.empty()) {
      if (files.size() > 1) result.output += fmt::format("<!-- {}/{} -->\n", release, file);
      result.output += content;
      continue;
    }
    const auto path = std::filesystem::path(request.folder) / file;
    if (const auto written = lab::write_file(path, content); !written) {
      return {.code = 2, .output = {}, .report = written.error().to_string() + "\n"};
    }
    result.report += fmt::format("{} written\n", path.string());
  }
  return result;
}

}  // namespace provlab::tools
