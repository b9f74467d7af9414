#pragma once
#include "sim/lab/importing/said.hpp"

namespace provlab::lab {

/// What a datagram says, by its content: ports are no more than a hint. `words`, `talk` and `text`
/// are filled in; of what is not understood nothing.
void read_datagram(std::string_view payload, Said& said);

}  // namespace provlab::lab
