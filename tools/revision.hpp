#pragma once

namespace provlab::tools {

/// The revision that the program was built from, `unknown` where that cannot be told.
extern const char* const kRevision;

}  // namespace provlab::tools
