#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "sim/lab/explore/delivery_order.hpp"
#include "sim/lab/play/mishaps.hpp"

namespace provlab::tools {

/// What `compare` is given on a side: a file or folder, and which of its runs.
struct Operand {
  std::string text;     ///< as it was given
  std::string file;     ///< or a folder
  std::string variant;  ///< a name or glob; empty: all
  std::optional<std::uint64_t> seed{};
  std::optional<lab::Deviations> token{};  ///< of an exploration

  lab::Mishaps mishaps{};  ///< of a neighbour

  bool chooses() const { return !variant.empty() || seed || token || !mishaps.empty(); }
};

/// Reads `FILE`, `FILE@VARIANT`, `FILE@TOKEN` of an exploration or a neighbour, `FILE@seed=7`, or
/// several of these behind each other;
/// `@VARIANT` alone is one of `other`, the file of the other side. A file whose name has an '@' is
/// taken as it is.
Expected<Operand> parse_operand(const std::string& text, const std::string& other);

}  // namespace provlab::tools
