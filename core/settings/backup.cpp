#include "core/settings/backup.hpp"

#include "core/settings/section.hpp"

namespace provlab::settings {

std::string write_backup(const Configuration& configuration) {
  std::string backup =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration patchDefault=\"false\">\n";
  for (const SectionPointer& section : configuration.sections()) {
    backup += section->xml();
    backup += '\n';
  }
  return backup += "</configuration>\n";
}

}  // namespace provlab::settings
