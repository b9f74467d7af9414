#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "core/platform/address.hpp"
#include "core/platform/error.hpp"
#include "core/platform/time.hpp"
#include "sim/text/parse.hpp"

namespace provlab::tools {

/// What was read, or a refusal of the command line that names the option.
template <typename Value>
Value value_of(const std::string& option, Expected<Value> read) {
  if (!read) throw CLI::ValidationError(option, read.error().text);
  return *std::move(read);
}

/// An option that takes a length of time, such as 50ms. `into`, a Duration or an optional one,
/// outlives `app`.
template <typename Into>
CLI::Option* add_time(CLI::App& app, const std::string& name, Into& into, std::string about) {
  const auto take = [name, &into](const std::string& text) {
    const Duration time = value_of(name, parse_duration(text));
    if (time < Duration::zero()) {
      throw CLI::ValidationError(name, "'" + text + "' is less than no time");
    }
    into = time;
  };
  return app.add_option_function<std::string>(name, take, std::move(about));
}

/// An option that takes the link address of a phone. `into`, a MacAddress or an optional one,
/// outlives `app`.
template <typename Into>
CLI::Option* add_mac(CLI::App& app, const std::string& name, Into& into, std::string about) {
  const auto take = [name, &into](const std::string& text) {
    const MacAddress mac = value_of(name, parse_mac(text));
    if (mac.is_group()) throw CLI::ValidationError(name, "this is the address of a group");
    into = mac;
  };
  return app.add_option_function<std::string>(name, take, std::move(about));
}

}  // namespace provlab::tools
