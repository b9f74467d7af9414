#include "sim/web/desk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/settings/document_limits.hpp"
#include "sim/web/answers.hpp"
#include "sim/web/events.hpp"
#include "sim/web/pages.hpp"
#include "sim/web/twins.hpp"

namespace provlab::web {

namespace {

constexpr std::string_view kScripts = "/api/v1/";
constexpr std::size_t kMostForm = 8192;
constexpr std::size_t kMostAroundDocument = 8192;  ///< the rest of a form with a file

bool for_scripts(const Request& request) {
  return request.path.starts_with(kScripts);
}

Sessions::Kind kind_for(const Request& request) {
  return for_scripts(request) ? Sessions::Kind::script : Sessions::Kind::browser;
}

/// Whether the page that sent a form, where the browser names it, is one of the telephone's.
bool is_our_page(const Request& request) {
  return request.origin.empty() || request.origin == "http://" + request.host;
}

void say_how_long(Response& response, const Refusal& refusal) {
  if (!refusal.wait) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*refusal.wait).count();
  response.fields.emplace_back("Retry-After", std::to_string(seconds));
}

}  // namespace

/// Which request is answered by whom.
struct Desk::Route {
  std::string_view method;
  std::string_view path;
  Role least;
  Handler handler;
  std::size_t most_octets = kMostForm;
};

std::span<const Desk::Route> Desk::routes() {
  constexpr std::size_t kDocument = settings::kMaxDocumentOctets + kMostAroundDocument;
  static constexpr auto kRoutes = std::to_array<Route>({
      {"GET", "/", Role::user, &Desk::status},
      {"GET", "/provisioning", Role::user, &Desk::provisioning},
      {"POST", "/provisioning", Role::admin, &Desk::submit_provisioning},
      {"GET", "/log", Role::user, &Desk::log},
      {"GET", "/events", Role::user, &Desk::events},
      {"GET", "/backup", Role::admin, &Desk::backup},
      {"GET", "/backup/download", Role::admin, &Desk::download_backup},
      {"GET", "/restore", Role::admin, &Desk::restore},
      {"POST", "/restore", Role::admin, &Desk::submit_restore, kDocument},
      {"GET", "/password", Role::user, &Desk::password},
      {"POST", "/password", Role::user, &Desk::submit_password},
      {"POST", "/logout", Role::user, &Desk::log_out},
      {"GET", "/script.js", Role::user, &Desk::script},
      {"GET", "/api/v1/status", Role::user, &Desk::status},
      {"GET", "/api/v1/provisioning", Role::user, &Desk::provisioning},
      {"PUT", "/api/v1/provisioning", Role::admin, &Desk::put_url},
      {"POST", "/api/v1/provisioning/start", Role::admin, &Desk::start_provisioning},
      {"GET", "/api/v1/log", Role::user, &Desk::log},
      {"GET", "/api/v1/events", Role::user, &Desk::events},
      {"GET", "/api/v1/backup", Role::admin, &Desk::download_backup},
      {"POST", "/api/v1/restore", Role::admin, &Desk::submit_restore, kDocument},
      {"PUT", "/api/v1/password", Role::user, &Desk::submit_password},
      {"POST", "/api/v1/logout", Role::user, &Desk::log_out},
  });
  return kRoutes;
}

Desk::Desk(Host& host, Device& device, DeviceLog log, Duration idle)
    : host_(host),
      device_(device),
      gate_(host, device, idle),
      log_(std::move(log)),
      self_(std::make_shared<Desk*>(this)) {}

Desk::~Desk() {
  *self_ = nullptr;
}

std::size_t Desk::most_octets(const Request& head) {
  for (const Route& route : routes()) {
    if (route.method != head.method || route.path != head.path) continue;
    if (route.most_octets <= kMostForm) break;
    const auto visitor = gate_.visitor(head, kind_for(head));  // nobody else sends that much
    return visitor && visitor->role >= route.least ? route.most_octets : kMostForm;
  }
  return kMostForm;
}

Response Desk::too_long(const Request& head, std::size_t most) {
  const std::string sentence = fmt::format(
      "What was sent is too long: a document may have 1 MiB, a form {} octets. Nothing was "
      "changed.",
      kMostForm);
  const auto visitor = gate_.visitor(head, kind_for(head));
  if (!visitor) return unknown_visitor(head);
  const Visit visit{head, *visitor, for_scripts(head)};
  const bool document = most > kMostForm && !visit.by_script;
  return document ? page(restore_page(around(*visitor), std::nullopt, sentence), 413)
                  : refuse(visit, 413, "Too long", sentence);
}

Response Desk::answer(const Request& request) {
  const bool read = request.method == "GET" || request.method == "HEAD";
  if (request.path == "/login") {
    if (read) return show_login(request);
    if (request.method == "POST") return log_in(request);
  }
  if (request.method == "POST" && request.path == "/api/v1/login") return log_in_script(request);
  const bool by_script = for_scripts(request);
  auto visitor = gate_.visitor(request, kind_for(request));
  if (!visitor) return unknown_visitor(request);
  const Visit visit{request, std::move(*visitor), by_script};
  for (const Route& route : routes()) {
    const bool asked =
        route.method == request.method || (route.method == "GET" && request.method == "HEAD");
    if (route.path != request.path || !asked) continue;
    if (const auto objection = this->objection(visit, route)) {
      host_.record(
          WebRequestRefused{request.method + " " + request.path, *objection, request.from});
      return refuse(visit, 403, "Not allowed", *objection);
    }
    // A page that keeps itself up to date is no use of its session.
    if (route.handler != &Desk::events) gate_.use(visit.visitor);
    const bool of_password =
        route.handler == &Desk::submit_password || route.handler == &Desk::log_out;
    if (visit.visitor.must_change && !of_password) {
      if (by_script) return refuse(visit, 403, "", "The password must be changed first.");
      if (route.handler != &Desk::script) return password(visit);
    }
    return (this->*route.handler)(visit);
  }
  return unlike(visit);
}

/// Why somebody may not do that.
std::optional<std::string> Desk::objection(const Visit& visit, const Route& route) const {
  if (visit.visitor.role < route.least) return "This takes a user of role admin.";
  if (visit.by_script || route.method == "GET") return std::nullopt;
  if (!is_our_page(visit.request)) return "The form was sent by a page of somebody else.";
  std::string key = form_value(visit.request.body, "key");
  if (key.empty()) {
    const auto parts = form_parts(visit.request.content_type, visit.request.body);
    const auto part = parts ? std::ranges::find(*parts, "key", &FormPart::name)
                            : std::vector<FormPart>::const_iterator();
    if (parts && part != parts->end()) key = part->content;
  }
  if (key != visit.visitor.form_key) {
    return "The form is not of this session. Go back, load the page again and repeat.";
  }
  return std::nullopt;
}

/// The answer to a path that does not exist, or to a method that it does not have.
Response Desk::unlike(const Visit& visit) {
  std::vector<std::string_view> allowed;
  for (const Route& route : routes()) {
    if (route.path == visit.request.path) allowed.push_back(route.method);
  }
  if (allowed.empty())
    return refuse(visit, 404, "No such page", "There is nothing at this address.");
  Response response =
      refuse(visit, 405, "Not possible", "This address does not take such requests.");
  response.fields.emplace_back("Allow", fmt::format("{}", fmt::join(allowed, ", ")));
  return response;
}

Response Desk::refuse(const Visit& visit, unsigned status, std::string_view title,
                      std::string_view sentence) {
  if (visit.by_script) return json_answer(error_json(sentence), status);
  return page(trouble_page(around(visit.visitor), title, sentence), status);
}

Response Desk::unknown_visitor(const Request& request) {
  if (for_scripts(request)) {
    Response response =
        json_answer(error_json("Log in first: POST /api/v1/login with Basic authorization."), 401);
    response.fields.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  const bool was_known = !cookie(request.cookie, gate_.cookie_name()).empty();
  return see(was_known ? "/login?ended" : "/login");
}

Surroundings Desk::around(const Visitor& visitor) {
  return {.identity = device_.identity(),
          .visitor = visitor,
          .factory_users =
              visitor.role == Role::admin ? gate_.factory_users() : std::vector<std::string>()};
}

// The login.

Response Desk::show_login(const Request& request) {
  if (gate_.visitor(request, Sessions::Kind::browser)) return see("/");
  std::optional<LoginNotice> notice;
  if (request.query == "ended") {
    notice = {
        "Your session has ended: nobody used it for a while, or the password is another one now. "
        "Please log in again."};
  } else if (request.query == "out") {
    notice = {"You are logged out."};
  } else if (request.query == "changed") {
    notice = {"The password is changed. Please log in with it."};
  }
  return page(login_page(device_.identity(), notice));
}

Response Desk::log_in(const Request& request) {
  if (!is_our_page(request)) {
    host_.record(WebLoginRefused{"the form was sent by a page of somebody else", request.from});
    return page(login_page(device_.identity(), LoginNotice{"Please log in here.", true}), 403);
  }
  const Credentials given{form_value(request.body, "user"), form_value(request.body, "password")};
  const auto visitor = gate_.log_in(Sessions::Kind::browser, given, request.from);
  if (!visitor) {
    const Refusal& refusal = visitor.error();
    Response response =
        page(login_page(device_.identity(), LoginNotice{refusal.text, true}), refusal.status);
    if (refusal.status == 401) response.fields.emplace_back("WWW-Authenticate", "Form");
    say_how_long(response, refusal);
    return response;
  }
  Response response = see("/");
  response.fields.emplace_back("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict",
                                                         gate_.cookie_name(), visitor->token));
  return response;
}

Response Desk::log_in_script(const Request& request) {
  const auto given = basic_credentials(request.authorization);
  if (!given) {
    Response response = json_answer(error_json("Name and password are missing: Basic."), 401);
    response.fields.emplace_back("WWW-Authenticate", "Basic realm=\"telephone\"");
    return response;
  }
  const auto visitor = gate_.log_in(Sessions::Kind::script, *given, request.from);
  if (visitor) return json_answer(login_json(*visitor, gate_.idle()));
  const Refusal& refusal = visitor.error();
  Response response = json_answer(error_json(refusal.text), refusal.status);
  if (refusal.status == 401) {
    response.fields.emplace_back("WWW-Authenticate", "Basic realm=\"telephone\"");
  }
  say_how_long(response, refusal);
  return response;
}

Response Desk::log_out(const Visit& visit) {
  gate_.log_out(visit.visitor);
  if (visit.by_script) return json_answer("{}");
  Response response = see("/login?out");
  response.fields.emplace_back(
      "Set-Cookie",
      fmt::format("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict", gate_.cookie_name()));
  return response;
}

Response Desk::password(const Visit& visit) {
  return page(password_page(around(visit.visitor), {}));
}

Response Desk::submit_password(const Visit& visit) {
  std::string old, fresh, again;
  if (visit.by_script) {
    const auto given_old = text_member(visit.request.body, "old");
    const auto given_new = text_member(visit.request.body, "new");
    if (!given_old || !given_new) {
      return refuse(visit, 400, "", (given_old ? given_new : given_old).error().text);
    }
    old = *given_old;
    fresh = again = *given_new;
  } else {
    old = form_value(visit.request.body, "old");
    fresh = form_value(visit.request.body, "new");
    again = form_value(visit.request.body, "again");
  }
  const auto complain = [&](unsigned status, const std::string& sentence) {
    return visit.by_script ? refuse(visit, status, "", sentence)
                           : page(password_page(around(visit.visitor), sentence), status);
  };
  if (fresh != again) return complain(422, "The new passwords differ.");
  const auto changed = gate_.change_password(visit.visitor, old, fresh, visit.request.from);
  if (!changed) return complain(changed.error().status, changed.error().text);
  return visit.by_script ? json_answer("{}") : see("/login?changed");
}

}  // namespace provlab::web
