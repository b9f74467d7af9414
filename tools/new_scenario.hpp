#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"

/// A first scenario of one's own: what its author says of it becomes a file that runs and passes.
namespace provlab::tools {

struct NewScenario {
  std::string name;    ///< of the scenario and its files: letters, digits, `.`, `_` and `-`
  std::string folder;  ///< where it goes; empty: here
  std::string about;
  std::string source = "dhcp";  ///< one of kNewSources
  std::string fault = "none";   ///< one of kNewFaults
  DeviceType type = DeviceType::d200;
  Release release = Release::r2_2A;
  std::vector<std::pair<std::string, std::string>> settings;  ///< path and value, of the document
  std::optional<std::string> document;  ///< the octets of one, in place of `settings`
};

/// What a word of the command line means, to tell people.
struct Choice {
  std::string_view word;
  std::string_view about;
};

/// Where the phone finds its URL.
inline constexpr Choice kNewSources[] = {
    {"dhcp", "option 66 of the DHCP server"},
    {"redirect", "the redirect service"},
    {"multicast", "the answer to a SIP multicast"},
    {"configured", "it is in the phone's settings already"},
    {"race", "redirect service and multicast answer both, in either order"},
    {"none", "nobody knows one"},
};

/// What goes wrong.
inline constexpr Choice kNewFaults[] = {
    {"none", "nothing"},
    {"missing", "the server does not have the document (404)"},
    {"error", "the server is out of sorts (503)"},
    {"slow", "the document comes after three seconds"},
    {"lost", "the phone's first DHCP message is lost"},
    {"no-names", "there is no name server"},
    {"no-time", "there is no time server"},
};

/// `a/b/c=value` as path and value. Errors say what to write.
Expected<std::pair<std::string, std::string>> parse_new_setting(const std::string& text);

struct NewFile {
  std::string path;
  std::string content;
};

/// The files of the scenario, which is the last of them. What it expects is what happens: it is
/// played before it is given out, in a folder of its own that is gone again. Errors: words that do
/// not go together, a setting that the phone does not take.
Expected<std::vector<NewFile>> compose(const NewScenario& wanted);

/// Writes them where none of them is there yet; else an error, and nothing is written.
Expected<void> write_new(const std::vector<NewFile>& files);

}  // namespace provlab::tools
