#pragma once
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/suite/what_if.hpp"

namespace provlab::lab {

/// As the member `what_if` of an open object.
void write_what_if(JsonWriter& json, const WhatIf& found);

}  // namespace provlab::lab
