#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/web/device_log.hpp"
#include "sim/web/gate.hpp"

/// What pages and their twins in JSON show, apart from how they look.
namespace provlab::web {

/// What stands around every page.
struct Surroundings {
  DeviceIdentity identity;
  Visitor visitor;
  std::vector<std::string> factory_users;  ///< for admins
};

/// A thing that is known of the telephone.
struct Fact {
  std::string_view key;    ///< `last_result`
  std::string_view label;  ///< `Last run`
  std::string value;
};

struct StatusView {
  std::vector<Fact> facts;
};
StatusView status_view(Host& host, Device& device, DeviceLog& log);

struct ProvisioningView {
  std::string url;        ///< without user and password
  std::string notice;     ///< what was just done
  std::string complaint;  ///< what is wrong with what was entered
  StatusView status;
};
/// The configured URL, as it may be shown.
std::string configured_url(Device& device);

struct LogView {
  struct Line {
    EventNumber number = 0;
    std::string time;
    std::string text;
  };
  std::vector<Line> lines;  ///< newest first
};
/// Lines with a greater number than `after`.
LogView log_view(Host& host, Device& device, DeviceLog& log, EventNumber after);

/// What became of one section or operation of an uploaded document.
struct Verdict {
  std::string what;     ///< `telephony`, `delete /templates/…`
  std::string verdict;  ///< `merged`, `replaced`, `operated`, `unchanged`, `rejected`, `left out`
  std::string reason;   ///< why it was rejected or left out
  enum class Kind { accepted, rejected, left_out } kind = Kind::accepted;
};
struct RestoreView {
  std::string result;
  std::string sentence;
  std::vector<Verdict> verdicts;
  std::vector<std::string> warnings;
};
RestoreView restore_view(const Restored& restored);

}  // namespace provlab::web
