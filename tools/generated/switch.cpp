#include "tools/generated/switch.hpp"

#include <array>
#include <cstdlib>

#include "tools/generated/variable.hpp"

namespace provlab::mutants {

namespace {

std::array<unsigned char, kMost> reached_places{};

}  // namespace

Number active = 0;
unsigned char* reached = reached_places.data();

namespace {

/// Before anything of the core is made: a mutant may be in what a program makes at its start.
[[gnu::constructor(101)]] void turn_on() {
  if (const char* number = std::getenv(kVariable)) {
    active = static_cast<Number>(std::strtoul(number, nullptr, 10));
  }
}

}  // namespace
}  // namespace provlab::mutants
