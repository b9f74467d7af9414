#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sim/web/device.hpp"
#include "sim/web/device_log.hpp"
#include "sim/web/server.hpp"

namespace provlab::web {

struct WebOptions {
  bool enabled = true;
  Port port = 80;
  /// Passwords that are plain are hashed whenever the settings hold one. Without this only from the
  /// first request on: thousands of telephones in one world, whom nobody asks, need not hash.
  bool hash_at_once = false;
  Duration idle = std::chrono::minutes(10);  ///< without use ends a session
  const Trace* trace = nullptr;              ///< what the log tells; it must outlive the phone
  Narrator narrate{};                        ///< how the log tells of an event
};

/// The telephone's Web UI (SPEC 8.2) and its twin for scripts (D40).
///  1. Without a login there is the login page and nothing else; scripts get 401.
///  2. Who has role `user` looks; `admin` also enters the URL, starts provisioning, makes backups,
///  which hold secrets, and restores them.
///  3. A form counts only with the key of its session, and where the browser says that a page of
///  the telephone itself sent it.
///  4. Until somebody connects it is one listening socket, and records nothing.
class WebUi {
 public:
  /// Host and device must outlive it.
  WebUi(Host& host, Device& device, WebOptions options);
  ~WebUi();
  WebUi(const WebUi&) = delete;
  WebUi& operator=(const WebUi&) = delete;

  void open();
  /// Serves a connection that came another way, under these names (`127.0.0.1:8080`).
  void adopt(std::unique_ptr<StreamSocket> socket, std::vector<std::string> names);
  /// Ends all connections and sessions.
  void close();
  /// To be called when the settings have changed.
  void settings_changed();

 private:
  struct Door;
  std::unique_ptr<Door> door_;
};

}  // namespace provlab::web
