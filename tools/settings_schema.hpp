#pragma once
#include "tools/settings_trial.hpp"

/// `provlab settings schema`: what settings a release knows, as XML Schema.
namespace provlab::tools {

struct SchemaRequest {
  Release release = Release::r2_2A;
  std::string section;  ///< empty: all of them, and what they include
  std::string folder;   ///< to write them into as files, as they include each other; empty: print
};

/// 0, or 2 where the release has no such section or the folder cannot be written.
SettingsResult give_schemas(const SchemaRequest& request);

}  // namespace provlab::tools
