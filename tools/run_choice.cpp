#include "tools/run_choice.hpp"

namespace provlab::tools {

void add_run_choice(CLI::App& app, lab::RunnerOptions& options) {
  app.add_option("--filter", options.filters,
                 "Only scenarios and variants whose name or file contains this; '*' for any "
                 "characters; given several times: what any of them fits")
      ->allow_extra_args(false);
  app.add_option("--variant", options.variants,
                 "Only this variant of a race; '*' for any characters; several times likewise")
      ->allow_extra_args(false);
}

}  // namespace provlab::tools
