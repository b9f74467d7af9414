#pragma once
#include <string>
#include <string_view>

#include "tests/unit/settings/generator.hpp"

namespace provlab::fuzz {

/// A document with other elements and attributes, or another one; empty where `input` is none. A
/// changed octet seldom leaves a document; a moved element does, and asks what lies behind the
/// reader.
std::string mutated_document(std::string_view input, settings::Dice& dice);

}  // namespace provlab::fuzz
