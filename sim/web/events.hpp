#pragma once
#include <string_view>

#include "core/platform/address.hpp"
#include "core/platform/event_recorder.hpp"

/// What the Web UI records. What is done by it to the telephone are events of the telephone.
namespace provlab::web {

struct WebPortFailed {
  static constexpr std::string_view name = "web_port_failed";
  std::string_view reason;
  void fields(auto&& field) const { field("reason", reason); }
};

/// Somebody has logged in to the Web UI (SPEC 8.2).
struct WebLogin {
  static constexpr std::string_view name = "web_login";
  std::string_view user;
  std::string_view role;
  std::string_view by;  ///< `browser` or `script`
  Endpoint from;
  void fields(auto&& field) const {
    field("user", user);
    field("role", role);
    field("by", by);
    field("from", from);
  }
};

/// A name and password that let nobody in; they are told nowhere.
struct WebLoginRefused {
  static constexpr std::string_view name = "web_login_refused";
  std::string_view reason;
  Endpoint from;
  void fields(auto&& field) const {
    field("reason", reason);
    field("from", from);
  }
};

struct WebLogout {
  static constexpr std::string_view name = "web_logout";
  std::string_view user;
  void fields(auto&& field) const { field("user", user); }
};

/// A request of somebody who may not do that.
struct WebRequestRefused {
  static constexpr std::string_view name = "web_request_refused";
  std::string_view request;  ///< `POST /restore`
  std::string_view reason;
  Endpoint from;
  void fields(auto&& field) const {
    field("request", request);
    field("reason", reason);
    field("from", from);
  }
};

struct WebPasswordChanged {
  static constexpr std::string_view name = "web_password_changed";
  std::string_view user;
  void fields(auto&& field) const { field("user", user); }
};

}  // namespace provlab::web
