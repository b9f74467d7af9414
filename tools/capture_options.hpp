#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "sim/lab/importing/importer.hpp"

namespace provlab::tools {

/// What commands that make scenarios of captures have in common: the file, its phone, where the
/// scenario goes, and what is told first.
class CaptureOptions {
 public:
  void add_options(CLI::App& options);
  /// The options of an import; nothing after a complaint.
  std::optional<lab::ImportOptions> take();
  bool story() const { return !quiet_; }

 private:
  lab::ImportOptions options_;
  bool quiet_ = false;
};

/// Which phones there are, and what can be told of the capture itself; `alone`: that of the import
/// is the only one that is looked at, and the others are named.
void say_phones(const lab::Import& import, bool alone = false);
/// A further phone of the same capture, the `number`th that is told of.
void say_another_phone(const lab::Import& import, std::size_t number);
/// What was replaced by stand-ins; nothing where nothing was.
void say_replaced(const lab::Import& import);
/// How far our phone says the same, and where they part then.
void say_divergence(const lab::Import& import);

}  // namespace provlab::tools
