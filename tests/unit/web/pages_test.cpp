#include "tests/unit/web/web_lab.hpp"

/// What people and scripts do with the Web UI once they are in (SPEC 8.2).
namespace provlab::web {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kPatch =
    "<configuration><telephony><callWaiting><active>true</active></callWaiting></telephony>"
    "<userInterface><display><brightness>bright</brightness></display></userInterface>"
    "<coffee/></configuration>";

struct WebPages : WebLab {
  WebPages() {
    log_in("admin", "admin");
    log_in_script(kAdmin);
  }
  std::string setting(std::string_view path) { return phone_->configuration().text(path); }
};

TEST_F(WebPages, StatusSaysWhatTheTelephoneIs) {
  EXPECT_THAT(get("/").body, AllOf(HasSubstr("<dd data-live=\"address\">192.0.2.50/24</dd>"),
                                   HasSubstr("<dd data-live=\"time\">not known yet</dd>"),
                                   HasSubstr("<dd data-live=\"provisioning\">idle</dd>"),
                                   HasSubstr("00:09:52:00:00:0E"), HasSubstr("2.2A")));
  const Answer twin = script("GET", "/api/v1/status");
  EXPECT_EQ(twin.field("Content-Type"), "application/json");
  EXPECT_EQ(twin.member("type"), "D200");
  EXPECT_EQ(twin.member("address"), "192.0.2.50/24");
  EXPECT_EQ(twin.member("last_result"), "none yet");
}

TEST_F(WebPages, UrlIsSavedAndProvisioningStarted) {
  EXPECT_EQ(
      form("/provisioning", key_field() + "url=http%3A%2F%2Fa%2Fb.xml&do=save").field("Location"),
      "/provisioning?saved");
  EXPECT_EQ(setting("provisioning/url"), "http://a/b.xml");
  EXPECT_EQ(count("trigger_received"), 0U);
  EXPECT_THAT(get("/provisioning?saved").body,
              AllOf(HasSubstr("value=\"http://a/b.xml\""), HasSubstr("The URL is saved.")));
  EXPECT_EQ(form("/provisioning", key_field() + "url=http://a/c.xml&do=start").field("Location"),
            "/provisioning?started");
  EXPECT_EQ(setting("provisioning/url"), "http://a/c.xml");
  EXPECT_EQ(count("trigger_received"), 1U);
  EXPECT_EQ(script("GET", "/api/v1/provisioning").member("provisioning"), "running");
  run(5min);
  EXPECT_EQ(count("run_ended"), 1U);
  EXPECT_EQ(script("GET", "/api/v1/status").member("last_result"), "no-valid-time");
  EXPECT_THAT(get("/provisioning").body, HasSubstr("no-valid-time"));
}

TEST_F(WebPages, ScriptsSetTheUrlAndStart) {
  EXPECT_EQ(script("PUT", "/api/v1/provisioning", R"({"url":"http://a/d.xml"})").member("url"),
            "http://a/d.xml");
  EXPECT_EQ(setting("provisioning/url"), "http://a/d.xml");
  EXPECT_EQ(script("POST", "/api/v1/provisioning/start").status, 202U);
  EXPECT_EQ(count("trigger_received"), 1U);
  for (const char* body : {"", "{", "[]", R"({"url":1})", R"({"uri":""})"}) {
    EXPECT_EQ(script("PUT", "/api/v1/provisioning", body).status, 400U) << body;
  }
}

TEST_F(WebPages, PasswordInTheUrlIsShownToNobodyAndKept) {
  phone_->enter_url("http://me:secret@a/b.xml");
  const std::string page = get("/provisioning").body;
  EXPECT_THAT(page, AllOf(HasSubstr("http://***@a/b.xml"), Not(HasSubstr("secret"))));
  form("/provisioning", key_field() + "url=http://***@a/b.xml&do=save");
  EXPECT_EQ(setting("provisioning/url"), "http://me:secret@a/b.xml");
  EXPECT_THAT(get("/log").body, Not(HasSubstr("secret")));
}

TEST_F(WebPages, BackupIsOneDocumentWithoutAPlainPassword) {
  for (const Answer& answer : {get("/backup/download"), script("GET", "/api/v1/backup")}) {
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.field("Content-Type"), "application/xml");
    EXPECT_EQ(answer.field("Content-Disposition"),
              "attachment; filename=\"D200-00095200000E.xml\"");
    EXPECT_THAT(answer.body, HasSubstr("<configuration"));
    EXPECT_THAT(answer.body,
                AllOf(HasSubstr("<password>$6$"), Not(HasSubstr(">admin</password>"))));
  }
  EXPECT_EQ(count("backup_made"), 2U);
}

TEST_F(WebPages, RestoreSaysWhatBecameOfEachSection) {
  const std::string page = restore(kPatch).body;
  EXPECT_THAT(page, AllOf(HasSubstr("<th scope=\"row\" class=\"name\">telephony</th><td><span "
                                    "class=\"badge passed\">merged</span></td>"),
                          HasSubstr("<th scope=\"row\" class=\"name\">userInterface</th><td><span "
                                    "class=\"badge failed\">rejected</span></td>"),
                          HasSubstr("this release has no such section"), HasSubstr(">partial<")));
  EXPECT_EQ(setting("telephony/callWaiting/active"), "true");
  EXPECT_EQ(setting("userInterface/display/brightness"), "5");
  const Answer twin = script("POST", "/api/v1/restore", kPatch);
  EXPECT_EQ(twin.status, 200U);
  EXPECT_EQ(twin.member("result"), "partial");
  EXPECT_THAT(twin.member("verdicts"), HasSubstr(R"("what":"coffee","verdict":"left out")"));
}

TEST_F(WebPages, RestoreTakesOperationsAndABackup) {
  const std::string backup = get("/backup/download").body;
  const std::string operations =
      "<operations><replace path='/telephony/callWaiting/active'><active>true</active></replace>"
      "<delete path='/telephony/nothing'/></operations>";
  EXPECT_THAT(restore(operations).body,
              AllOf(HasSubstr(">replace /telephony/callWaiting/active</th>"),
                    HasSubstr(">delete /telephony/nothing</th>"), HasSubstr(">operated<")));
  EXPECT_EQ(setting("telephony/callWaiting/active"), "true");
  EXPECT_THAT(restore(backup).body, HasSubstr(">restored</span>"));
  EXPECT_EQ(setting("telephony/callWaiting/active"), "false");
  EXPECT_THAT(restore(backup).body, HasSubstr(">unchanged</span>"));
}

TEST_F(WebPages, RestoreRefusesReferencesAndWhatIsNoDocument) {
  const auto before = phone_->configuration();
  EXPECT_THAT(restore("<referencedSettings><url>http://a/</url></referencedSettings>").body,
              HasSubstr("a document of reference type names other documents"));
  for (const char* document : {"<keys>\n<a></keys>", "hello", "<html><body/></html>"}) {
    const Answer answer = restore(document);
    EXPECT_EQ(answer.status, 422U) << document;
    EXPECT_THAT(answer.body, HasSubstr(">refused</span>"));
    EXPECT_EQ(script("POST", "/api/v1/restore", document).member("result"), "refused");
  }
  const Answer empty = restore("");
  EXPECT_EQ(empty.status, 422U);
  EXPECT_TRUE(phone_->configuration() == before);
}

TEST_F(WebPages, DocumentHasOneMebioctetAtMost) {
  const auto document = [](std::size_t octets) {
    const std::string begin = "<configuration><!--", end = "--></configuration>";
    return begin + std::string(octets - begin.size() - end.size(), 'x') + end;
  };
  EXPECT_EQ(restore(document(1 << 20)).status, 200U);
  const Answer form = restore(document((1 << 20) + 1));
  EXPECT_EQ(form.status, 413U);
  EXPECT_THAT(form.body, AllOf(HasSubstr("<h1>Restore</h1>"), HasSubstr("may have 1 MiB")));
  EXPECT_EQ(restore(document(3 << 20)).status, 413U);
  const Answer twin = script("POST", "/api/v1/restore", document(2 << 20));
  EXPECT_EQ(twin.status, 413U);
  EXPECT_THAT(twin.member("error"), HasSubstr("may have 1 MiB"));
  EXPECT_EQ(count("upload_received"), 1U);
}

TEST_F(WebPages, FormsAreTakenFromTheirOwnSessionOnly) {
  const std::string body = "url=http://evil/&do=start";
  EXPECT_EQ(form("/provisioning", body).status, 403U);
  EXPECT_EQ(form("/provisioning", "key=" + std::string(64, 'a') + "&" + body).status, 403U);
  const std::string old_key = key_field();
  log_in("admin", "admin");
  EXPECT_EQ(form("/provisioning", old_key + body).status, 403U);
  EXPECT_EQ(ask("POST", "/provisioning",
                {{"Cookie", cookie_},
                 {"Origin", "http://evil.example"},
                 {"Content-Type", "application/x-www-form-urlencoded"}},
                key_field() + body)
                .status,
            403U);
  key_ = "";
  EXPECT_EQ(restore(kPatch).status, 403U);
  EXPECT_EQ(form("/password", "old=admin&new=better&again=better").status, 403U);
  EXPECT_EQ(form("/logout", "").status, 403U);
  EXPECT_EQ(get("/").status, 200U);
  EXPECT_EQ(setting("provisioning/url"), "");
  EXPECT_EQ(count("web_request_refused"), 7U);
}

TEST_F(WebPages, LogTellsOfTheTelephoneOnly) {
  EXPECT_THAT(get("/log").body,
              AllOf(HasSubstr("powered on"), HasSubstr("web login"), Not(HasSubstr("client"))));
  const Answer all = script("GET", "/api/v1/log");
  EXPECT_THAT(all.body, HasSubstr("powered on"));
  const std::size_t at = all.body.find("\"number\":") + 9;
  const std::string newest = all.body.substr(at, all.body.find(',', at) - at);
  EXPECT_EQ(script("GET", "/api/v1/log?after=" + newest).body, R"({"lines":[]})");
}

TEST_F(WebPages, WhatHappensIsFedToPagesThatStayOpen) {
  world::TcpClient page(client_, {kDevice, 80});
  page.send("GET /events HTTP/1.1\r\nHost: 192.0.2.50\r\nCookie: " + cookie_ + "\r\n\r\n");
  run(2s);
  EXPECT_THAT(page.received(), AllOf(HasSubstr("Content-Type: text/event-stream"),
                                     HasSubstr("event: status\ndata: {\"type\":\"D200\"")));
  const std::size_t before = page.received().size();
  run(3s);
  EXPECT_EQ(page.received().size(), before) << "nothing happens, nothing is said";
  phone_->press_start_provisioning();
  run(1s);
  EXPECT_THAT(page.received().substr(before),
              AllOf(HasSubstr("\"provisioning\":\"running\""), HasSubstr("event: log\n")));
  run(9min + 50s);
  EXPECT_FALSE(page.ended());
  run(20s);
  EXPECT_TRUE(page.ended()) << "listening is no use of a session";
}

TEST_F(WebPages, UnknownAddressesAndMethodsAreTold) {
  EXPECT_EQ(get("/nothing").status, 404U);
  EXPECT_EQ(script("GET", "/api/v1/nothing").status, 404U);
  const Answer answer = script("DELETE", "/api/v1/provisioning");
  EXPECT_EQ(answer.status, 405U);
  EXPECT_EQ(answer.field("Allow"), "GET, PUT");
  EXPECT_EQ(ask("HEAD", "/", {{"Cookie", cookie_}}).body, "");
}

TEST_F(WebPages, MarkupInSettingsStaysText) {
  phone_->enter_url("http://a/\"><script>alert(1)</script>");
  EXPECT_THAT(get("/provisioning").body,
              AllOf(HasSubstr("&quot;&gt;&lt;script&gt;"), Not(HasSubstr("<script>alert"))));
}

}  // namespace
}  // namespace provlab::web
