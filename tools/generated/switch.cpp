#include "tools/generated/switch.hpp"

#include <array>

namespace provlab::mutants {

namespace {

std::array<unsigned char, kMost> reached_places{};

}  // namespace

Number active = 0;
unsigned char* reached = reached_places.data();

}  // namespace provlab::mutants
