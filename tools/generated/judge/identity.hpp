#pragma once
#include <cstdint>
#include <string>

#include "core/platform/error.hpp"

namespace provlab::mutants {

/// A number of a file's content: it differs where a program was built anew.
Expected<std::uint64_t> identity_of(const std::string& file,
                                    std::uint64_t before = 0xcbf29ce484222325U);

}  // namespace provlab::mutants
