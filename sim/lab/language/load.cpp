#include "sim/lab/language/load.hpp"

#include <filesystem>
#include <fstream>

#include "core/platform/checksum.hpp"
#include "sim/lab/language/scenario_reader.hpp"
#include "sim/lab/markup/scenario_schema.hpp"

namespace provlab::lab {

void prepare_language() {
  initialise_xml();
  ScenarioSchema::shared();
}

PlanResult compile_scenario(std::string_view text, const std::string& file) {
  Complaints complaints(file);
  const auto document = XmlDocument::parse(text, complaints);
  if (!document) return std::unexpected(complaints.sorted());
  const std::size_t slash = file.rfind('/');
  ReadContext context{*document, complaints, ScenarioSchema::shared().check(*document, complaints),
                      slash == std::string::npos ? std::string() : file.substr(0, slash + 1)};
  auto plan = std::make_shared<ScenarioPlan>();
  plan->file = file;
  plan->checksum = checksum_of(text);
  if (!context.bad.contains(document->root())) {
    ScenarioReader(context, *plan).read(Element(context, document->root()));
  }
  if (!complaints.empty()) return std::unexpected(complaints.sorted());
  return plan;
}

PlanResult load_scenario(const std::string& file) {
  const auto unreadable = [&file](std::string text) {
    return std::unexpected(std::vector{Complaint{file, 0, std::move(text)}});
  };
  std::error_code none;
  if (std::filesystem::is_directory(file, none)) {
    return unreadable("this is a folder; name a scenario file in it");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return unreadable("the file cannot be read; check its name and permissions");
  return compile_scenario(std::string(std::istreambuf_iterator<char>(stream), {}), file);
}

}  // namespace provlab::lab
