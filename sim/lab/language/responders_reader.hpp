#pragma once
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// `<responders>`: who serves what, where. The elements inside have a reader each; which there are
/// is said by netfakes' table of kinds.
void read_responders(const Element& responders, Names& names, ScenarioPlan& plan);

}  // namespace provlab::lab
