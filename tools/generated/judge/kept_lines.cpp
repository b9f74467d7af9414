#include "tools/generated/judge/kept_lines.hpp"

#include <filesystem>

#include "sim/lab/machine/input_file.hpp"

namespace provlab::mutants {

Expected<KeptLines> keep_lines(const std::string& file, const std::string& heading) {
  std::string known = heading;
  if (std::filesystem::exists(file)) {
    const auto content = lab::read_file(file, lab::kMostReportOctets);
    if (!content) return std::unexpected(content.error());
    // The last line may be cut short.
    if (content->starts_with(known)) known = content->substr(0, content->rfind('\n') + 1);
  }
  auto grown = lab::GrowingFile::create(file);
  if (!grown) return std::unexpected(grown.error());
  if (const auto kept = grown->append(known); !kept) return std::unexpected(kept.error());
  return KeptLines{std::move(*grown), std::move(known)};
}

}  // namespace provlab::mutants
