#include "tools/generated/judge/identity.hpp"

#include "sim/lab/machine/input_file.hpp"

namespace provlab::mutants {

Expected<std::uint64_t> identity_of(const std::string& file, std::uint64_t before) {
  const auto content = lab::read_file(file, lab::kMostReportOctets * 4);
  if (!content) return std::unexpected(content.error());
  std::uint64_t hash = before;
  for (const char c : *content) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace provlab::mutants
