#pragma once
#include <cstddef>

namespace provlab::settings {

/// Limits of SPEC 5.8.
inline constexpr std::size_t kMaxDocumentOctets = 1'048'576;
inline constexpr unsigned kMaxDocumentDepth = 64;
/// Of a section: one level less, since backup and store put `configuration` around it (D32).
inline constexpr unsigned kMaxSectionDepth = kMaxDocumentDepth - 1;
inline constexpr std::size_t kMaxOperations = 10'000;
/// Longer paths are no paths of settings.
inline constexpr std::size_t kMaxPathOctets = 1024;

}  // namespace provlab::settings
