#include "sim/web/pages.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "sim/text/html_writer.hpp"

namespace provlab::web {

namespace {

struct Place {
  std::string_view path;
  std::string_view name;
  Role for_role;
};
constexpr auto kPlaces = std::to_array<Place>({{"/", "Status", Role::user},
                                               {"/provisioning", "Provisioning", Role::user},
                                               {"/log", "Log", Role::user},
                                               {"/backup", "Backup", Role::admin},
                                               {"/restore", "Restore", Role::admin},
                                               {"/password", "Password", Role::user}});

void open_page(HtmlWriter& page, const DeviceIdentity& identity, std::string_view title,
               bool script) {
  page.raw("<!DOCTYPE html>\n");
  page.open("html", {{"lang", "en"}});
  page.open("head");
  page.empty("meta", {{"charset", "utf-8"}});
  page.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.empty("link", {{"rel", "icon"}, {"href", "data:,"}});
  page.element("title", fmt::format("{} · {}", title, to_string(identity.type)));
  page.raw("<style>");
  page.raw(page_style());
  page.raw("</style>");
  if (script) page.raw("<script src=\"/script.js\" defer></script>");
  page.close();
}

/// A page whose content the caller puts between open and finish().
class Page {
 public:
  Page(const Surroundings& around, std::string_view title, std::string_view place)
      : around_(around) {
    open_page(html, around.identity, title, true);
    html.open("body");
    html.element("a", "To the content", {{"class", "skip"}, {"href", "#content"}});
    header(place);
    html.open("main", {{"id", "content"}});
    html.element("h1", title);
    warn_of_factory_passwords();
  }

  std::string finish() {
    html.close();
    html.open("footer");
    html.text(
        "This Web UI speaks http only: who can read the network can read what passes, passwords "
        "included.");
    html.close();
    html.close();
    html.close();
    return html.take();
  }

  void form_key() {
    html.empty("input", {{"type", "hidden"},
                         {"name", "key"},
                         {"value", around_.visitor.form_key},
                         {"autocomplete", "off"}});
  }
  void notice(std::string_view text, bool bad) {
    if (text.empty()) return;
    html.element(
        "p", text,
        {{"class", bad ? "notice bad" : "notice good"}, {"role", bad ? "alert" : "status"}});
  }
  void submit(std::string_view label, std::string_view name = {}, std::string_view value = {},
              std::string_view kind = "main") {
    html.element("button", label,
                 {{"type", "submit"}, {"name", name}, {"value", value}, {"class", kind}});
  }
  /// A labelled field of a form.
  void field(std::string_view id, std::string_view label, std::string_view type,
             std::string_view autocomplete, std::string_view value = {}) {
    html.element("label", label, {{"for", id}});
    html.empty("input", {{"id", id},
                         {"name", id},
                         {"type", type},
                         {"autocomplete", autocomplete},
                         {"spellcheck", "false"},
                         {"value", value.empty() ? std::string_view() : value},
                         {"required", type == "password" ? "required" : std::string_view()}});
  }
  bool admin() const { return around_.visitor.role == Role::admin; }

  HtmlWriter html;

 private:
  void header(std::string_view place) {
    const Visitor& visitor = around_.visitor;
    html.open("header");
    html.open("p", {{"class", "device"}});
    html.element("b", to_string(around_.identity.type));
    html.text(" ");
    html.element("span", around_.identity.mac.to_string(), {{"class", "name"}});
    html.close();
    html.open("form", {{"method", "post"}, {"action", "/logout"}, {"class", "who"}});
    form_key();
    const std::string_view role = to_string(visitor.role);
    html.element("span",
                 visitor.name == role ? visitor.name : fmt::format("{} ({})", visitor.name, role));
    submit("Log out", {}, {}, "plain");
    html.close();
    html.open("nav", {{"aria-label", "Pages"}});
    for (const Place& each : kPlaces) {
      if (each.for_role == Role::admin && !admin()) continue;
      html.element("a", each.name,
                   {{"href", each.path},
                    {"aria-current", each.path == place ? "page" : std::string_view()}});
    }
    html.close();
    html.close();
  }

  void warn_of_factory_passwords() {
    if (around_.factory_users.empty()) return;
    const bool one = around_.factory_users.size() == 1;
    html.open("p", {{"class", "notice warn"}});
    html.text(fmt::format("The password{} of {} {} still the factory's, which everybody knows. ",
                          one ? "" : "s", fmt::join(around_.factory_users, " and "),
                          one ? "is" : "are"));
    html.element("a", "Change yours", {{"href", "/password"}});
    html.close();
  }

  const Surroundings& around_;
};

void facts(HtmlWriter& html, const StatusView& view, std::initializer_list<std::string_view> keys) {
  html.open("dl", {{"class", "facts"}});
  for (const std::string_view key : keys) {
    for (const Fact& fact : view.facts) {
      if (fact.key != key) continue;
      html.element("dt", fact.label);
      html.element("dd", fact.value.empty() ? "–" : fact.value, {{"data-live", fact.key}});
    }
  }
  html.close();
}

std::string_view badge_of(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::accepted:
      return "badge passed";
    case Verdict::Kind::rejected:
      return "badge failed";
    case Verdict::Kind::left_out:
      break;
  }
  return "badge";
}

void verdicts(HtmlWriter& html, const RestoreView& view) {
  if (view.verdicts.empty()) return;
  html.open("table", {{"class", "verdicts"}});
  html.open("thead");
  html.open("tr");
  for (const std::string_view head : {"Section or operation", "Verdict", "Why"}) {
    html.element("th", head, {{"scope", "col"}});
  }
  html.close();
  html.close();
  html.open("tbody");
  for (const Verdict& each : view.verdicts) {
    html.open("tr");
    html.element("th", each.what, {{"scope", "row"}, {"class", "name"}});
    html.open("td");
    html.element("span", each.verdict, {{"class", badge_of(each.kind)}});
    html.close();
    html.element("td", each.reason);
    html.close();
  }
  html.close();
  html.close();
}

bool is_bad(std::string_view result) {
  return result == "refused" || result == "rejected" || result == "partial";
}

}  // namespace

std::string login_page(const DeviceIdentity& identity, const std::optional<LoginNotice>& notice) {
  HtmlWriter page;
  open_page(page, identity, "Login", false);
  page.open("body", {{"class", "login"}});
  page.open("main");
  page.element("h1", fmt::format("{} login", to_string(identity.type)));
  if (notice) {
    page.element("p", notice->text,
                 {{"class", notice->bad ? "notice bad" : "notice"},
                  {"role", notice->bad ? "alert" : "status"}});
  }
  page.open("form", {{"method", "post"}, {"action", "/login"}});
  page.element("label", "Name", {{"for", "user"}});
  page.empty("input", {{"id", "user"},
                       {"name", "user"},
                       {"autocomplete", "username"},
                       {"autocapitalize", "none"},
                       {"spellcheck", "false"},
                       {"required", "required"},
                       {"autofocus", "autofocus"}});
  page.element("label", "Password", {{"for", "password"}});
  page.empty("input", {{"id", "password"},
                       {"name", "password"},
                       {"type", "password"},
                       {"autocomplete", "current-password"},
                       {"required", "required"}});
  page.element("button", "Log in", {{"type", "submit"}, {"class", "main"}});
  page.close();
  page.element("p", "This Web UI speaks http only: log in from a network whose users you trust.",
               {{"class", "quiet"}});
  page.close();
  page.close();
  page.close();
  return page.take();
}

std::string status_page(const Surroundings& around, const StatusView& view) {
  Page page(around, "Status", "/");
  page.html.element("h2", "Provisioning");
  facts(page.html, view, {"provisioning", "last_result", "last_run", "last_sentence"});
  page.html.element("h2", "Network");
  facts(page.html, view, {"network", "address", "router", "time"});
  page.html.element("h2", "Telephone");
  facts(page.html, view, {"type", "release", "serial", "mac"});
  return page.finish();
}

std::string provisioning_page(const Surroundings& around, const ProvisioningView& view) {
  Page page(around, "Provisioning", "/provisioning");
  page.notice(view.notice, false);
  page.notice(view.complaint, true);
  if (page.admin()) {
    page.html.open("form", {{"method", "post"}, {"action", "/provisioning"}});
    page.form_key();
    page.field("url", "Server URL", "text", "off", view.url);
    page.html.element(
        "p",
        "The document at this URL is downloaded and installed. Without one, the telephone asks "
        "DHCP, the redirect service and the telephone system for it.",
        {{"class", "quiet"}});
    page.html.open("p", {{"class", "buttons"}});
    page.submit("Start provisioning", "do", "start");
    page.submit("Save", "do", "save", "plain");
    page.html.close();
    page.html.close();
  } else {
    page.html.open("dl", {{"class", "facts"}});
    page.html.element("dt", "Server URL");
    page.html.element("dd", view.url.empty() ? "none" : view.url);
    page.html.close();
  }
  page.html.element("h2", "Last run");
  facts(page.html, view.status, {"provisioning", "last_result", "last_run", "last_sentence"});
  return page.finish();
}

std::string backup_page(const Surroundings& around) {
  Page page(around, "Backup", "/backup");
  page.html.element("p",
                    "A backup is one document with all settings. It holds secrets, such as the "
                    "passwords of SIP accounts: keep it where nobody else reads it.");
  page.html.open("p", {{"class", "buttons"}});
  page.html.element("a", "Download backup",
                    {{"class", "button main"}, {"href", "/backup/download"}, {"download", ""}});
  page.html.close();
  return page.finish();
}

std::string restore_page(const Surroundings& around, const std::optional<RestoreView>& view,
                         std::string_view complaint) {
  Page page(around, "Restore", "/restore");
  page.notice(complaint, true);
  if (view) {
    page.html.open("section", {{"class", "card"}, {"role", "status"}, {"id", "verdict"}});
    page.html.open("p", {{"class", "head"}});
    page.html.element("span", view->result,
                      {{"class", is_bad(view->result) ? "badge failed" : "badge passed"}});
    page.html.text(" " + view->sentence);
    page.html.close();
    for (const std::string& warning : view->warnings) {
      page.html.element("p", "Warning: " + warning, {{"class", "quiet"}});
    }
    verdicts(page.html, *view);
    page.html.close();
  }
  page.html.open("form", {{"method", "post"},
                          {"action", "/restore"},
                          {"enctype", "multipart/form-data"},
                          {"data-most-octets", "1048576"}});
  page.form_key();
  page.html.element("label", "Backup, or a document of patch or operations type",
                    {{"for", "document"}});
  page.html.empty("input", {{"id", "document"},
                            {"name", "document"},
                            {"type", "file"},
                            {"accept", ".xml,text/xml,application/xml"},
                            {"required", "required"}});
  page.html.element("p",
                    "At most 1 MiB. Each section goes through whole, or stays as it is and says "
                    "why. Nothing restarts.",
                    {{"class", "quiet"}});
  page.html.open("p", {{"class", "buttons"}});
  page.submit("Restore");
  page.html.close();
  page.html.close();
  return page.finish();
}

std::string log_page(const Surroundings& around, const LogView& view) {
  Page page(around, "Log", "/log");
  page.html.element("p",
                    fmt::format("The last {} things that happened, newest first. Times are UTC.",
                                DeviceLog::kMost),
                    {{"class", "quiet"}});
  page.html.open("table", {{"class", "log"}});
  page.html.open("tbody", {{"data-log",
                            view.lines.empty() ? "0" : std::to_string(view.lines.front().number)}});
  for (const LogView::Line& line : view.lines) {
    page.html.open("tr");
    page.html.element("td", line.time, {{"class", "time"}});
    page.html.element("td", line.text);
    page.html.close();
  }
  page.html.close();
  page.html.close();
  return page.finish();
}

std::string password_page(const Surroundings& around, std::string_view complaint) {
  Page page(around, "Password", "/password");
  if (around.visitor.must_change) {
    page.notice("The password must be changed before anything else.", true);
  }
  page.notice(complaint, true);
  page.html.open("form", {{"method", "post"}, {"action", "/password"}});
  page.form_key();
  page.field("old", "Old password", "password", "current-password");
  page.field("new", "New password", "password", "new-password");
  page.field("again", "New password again", "password", "new-password");
  page.html.element("p", "All sessions of this user end, this one too.", {{"class", "quiet"}});
  page.html.open("p", {{"class", "buttons"}});
  page.submit("Change password");
  page.html.close();
  page.html.close();
  return page.finish();
}

std::string trouble_page(const Surroundings& around, std::string_view title,
                         std::string_view sentence) {
  Page page(around, title, "");
  page.html.element("p", sentence);
  return page.finish();
}

const std::string& content_policy() {
  // The style stands in the page, since nothing but the login page is to be had without a login.
  static const std::string policy = [] {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const std::string_view style = page_style();
    if (EVP_Digest(style.data(), style.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
      throw std::logic_error("OpenSSL has no SHA-256");
    }
    std::array<unsigned char, 64> coded{};
    EVP_EncodeBlock(coded.data(), digest.data(), static_cast<int>(size));
    return fmt::format(
        "default-src 'self'; style-src 'sha256-{}'; img-src data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        reinterpret_cast<const char*>(coded.data()));
  }();
  return policy;
}

}  // namespace provlab::web
