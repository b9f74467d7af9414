#include "sim/web/passwords.hpp"
#include "tests/unit/web/web_lab.hpp"

/// Who gets in, and for how long (SPEC 8.2).
namespace provlab::web {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using WebLogin = WebLab;

TEST_F(WebLogin, NothingButTheLoginPageIsThereWithoutOne) {
  const std::vector<std::string> pages{
      "/",        "/provisioning", "/log",       "/events",       "/backup", "/backup/download",
      "/restore", "/password",     "/script.js", "/style.css",    "/api",    "/favicon.ico",
      "/logout",  "/nothing",      "/login/",    "/../etc/passwd"};
  for (const std::string& path : pages) {
    for (const char* method : {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
      const Answer answer = ask(method, path);
      EXPECT_EQ(answer.status, 303U) << method << ' ' << path;
      EXPECT_EQ(answer.field("Location"), "/login");
      EXPECT_THAT(answer.body, IsEmpty());
    }
  }
  for (const char* path : {"/api/v1/status", "/api/v1/provisioning", "/api/v1/provisioning/start",
                           "/api/v1/log", "/api/v1/events", "/api/v1/backup", "/api/v1/restore",
                           "/api/v1/password", "/api/v1/logout", "/api/v1/nothing"}) {
    for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
      EXPECT_EQ(ask(method, path).status, 401U) << method << ' ' << path;
    }
  }
  const Answer login = ask("GET", "/login");
  EXPECT_EQ(login.status, 200U);
  EXPECT_THAT(login.body, HasSubstr("<h1>D200 login</h1>"));
  EXPECT_THAT(login.body, Not(HasSubstr("00:09:52")));
  EXPECT_EQ(phone_->configuration().text("provisioning/url"), "");
  EXPECT_EQ(count("trigger_received"), 0U);
}

TEST_F(WebLogin, FactoryPasswordOpensAndIsTold) {
  const Answer answer = log_in("admin", "admin");
  EXPECT_EQ(answer.status, 303U);
  EXPECT_EQ(answer.field("Location"), "/");
  EXPECT_THAT(answer.field("Set-Cookie"), HasSubstr("; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(answer.field("Set-Cookie"), StartsWith("session-00095200000E="));
  EXPECT_THAT(get("/").body,
              HasSubstr("The passwords of admin and user are still the factory&#39;s"));
  form("/password", key_field() + "old=admin&new=better&again=better");
  log_in("admin", "better");
  EXPECT_THAT(get("/").body, HasSubstr("The password of user is still the factory"));
}

TEST_F(WebLogin, EveryAnswerForbidsWhatIsForeign) {
  const Answer answer = ask("GET", "/login");
  EXPECT_THAT(answer.field("Content-Security-Policy"), StartsWith("default-src 'self'; "));
  EXPECT_THAT(answer.field("Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_EQ(answer.field("X-Frame-Options"), "DENY");
  EXPECT_THAT(answer.body, Not(HasSubstr("http://")));
  EXPECT_THAT(answer.body, Not(HasSubstr("src=")));
}

TEST_F(WebLogin, WrongPasswordLetsNobodyIn) {
  for (const auto& [user, password] : std::vector<std::pair<std::string, std::string>>{
           {"admin", "wrong"}, {"nobody", "admin"}, {"admin", ""}, {"", ""}}) {
    const Answer answer = log_in(user, password);
    EXPECT_EQ(answer.status, 401U);
    EXPECT_THAT(answer.body, HasSubstr("The name or the password is wrong."));
    EXPECT_THAT(answer.field("Set-Cookie"), IsEmpty());
  }
  EXPECT_EQ(count("web_login"), 0U);
  EXPECT_EQ(count("web_login_refused"), 4U);
}

TEST_F(WebLogin, FiveWrongGuessesWaitHalfAMinute) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(log_in_script(kWrong).status, 401U);
  const Answer refused = log_in_script(kAdmin);
  EXPECT_EQ(refused.status, 429U);
  EXPECT_GE(std::stoi(refused.field("Retry-After")), 29);
  EXPECT_EQ(log_in("admin", "admin").status, 429U);
  EXPECT_EQ(log_in_script(kAdmin, &other_).status, 200U) << "others need not wait";
  run(30s);
  EXPECT_EQ(log_in_script(kAdmin).status, 200U);
  EXPECT_EQ(log_in_script(kWrong).status, 401U) << "and the count begins anew";
}

TEST_F(WebLogin, FourWrongGuessesDoNotWait) {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(log_in_script(kWrong).status, 401U);
    EXPECT_EQ(log_in_script(kAdmin).status, 200U);
  }
}

TEST_F(WebLogin, SessionEndsAfterTenIdleMinutes) {
  log_in("admin", "admin");
  log_in_script(kAdmin);
  for (int i = 0; i < 3; ++i) {
    run(9min);
    EXPECT_EQ(get("/").status, 200U);
    EXPECT_EQ(script("GET", "/api/v1/status").status, 200U);
  }
  run(10min);
  EXPECT_EQ(get("/").field("Location"), "/login?ended");
  EXPECT_THAT(ask("GET", "/login?ended").body, HasSubstr("Your session has ended"));
  EXPECT_EQ(form("/provisioning", key_field() + "url=http://a/b.xml&do=save").status, 303U);
  EXPECT_EQ(phone_->configuration().text("provisioning/url"), "");
  EXPECT_EQ(script("GET", "/api/v1/status").status, 401U);
}

TEST_F(WebLogin, SessionEndsAtLogoutAndAtPowerOff) {
  log_in("user", "user");
  EXPECT_EQ(form("/logout", key_field()).field("Location"), "/login?out");
  EXPECT_EQ(get("/").status, 303U);
  log_in("user", "user");
  log_in_script(kUser);
  EXPECT_EQ(script("POST", "/api/v1/logout").status, 200U);
  EXPECT_EQ(script("GET", "/api/v1/status").status, 401U);
  phone_->reboot();
  run(1s);
  EXPECT_EQ(get("/").status, 303U);
}

TEST_F(WebLogin, CookieAndTokenAreNotEachOther) {
  log_in("admin", "admin");
  token_ = cookie_.substr(cookie_.find('=') + 1);
  EXPECT_EQ(script("GET", "/api/v1/status").status, 401U);
  EXPECT_EQ(ask("GET", "/api/v1/status", {{"Cookie", cookie_}}).status, 401U);
  log_in_script(kAdmin);
  cookie_ = "session-00095200000E=" + token_;
  EXPECT_EQ(get("/").status, 303U);
}

TEST_F(WebLogin, PlainPasswordsAreHashedOnceTheWebUiIsAsked) {
  const auto password = [this] { return phone_->configuration().text("users/user/password"); };
  EXPECT_EQ(password(), "admin");
  log_in_script(kAdmin);
  EXPECT_THAT(password(), StartsWith("$6$"));
  EXPECT_TRUE(is_hashed(password()));
  phone_->upload(
      "<operations><replace path=\"/users/user[@name='admin']/password\">"
      "<password>plain</password></replace></operations>");
  run(1ms);
  EXPECT_TRUE(is_hashed(password())) << password();
  EXPECT_EQ(script("GET", "/api/v1/status").status, 401U) << "another password ends sessions";
  EXPECT_EQ(log_in("admin", "plain").status, 303U);
  EXPECT_THAT(*phone_->make_backup(), Not(HasSubstr(">plain<")));
}

TEST_F(WebLogin, PasswordIsChangedByItsOwner) {
  log_in("user", "user");
  EXPECT_EQ(form("/password", key_field() + "old=no&new=better&again=better").status, 403U);
  EXPECT_EQ(form("/password", key_field() + "old=user&new=better&again=other").status, 422U);
  EXPECT_EQ(form("/password", key_field() + "old=user&new=abc&again=abc").status, 422U);
  EXPECT_EQ(form("/password", key_field() + "old=user&new=user&again=user").status, 422U);
  EXPECT_EQ(form("/password", key_field() + "old=user&new=bett%2Ber&again=bett%2Ber").status, 303U);
  EXPECT_EQ(get("/").status, 303U);
  EXPECT_EQ(log_in("user", "user").status, 401U);
  EXPECT_EQ(log_in("user", "bett%2Ber").status, 303U);
  EXPECT_EQ(count("web_password_changed"), 1U);
}

TEST_F(WebLogin, PasswordThatMustBeChangedComesFirst) {
  phone_->upload(
      "<operations><replace path=\"/users/user[@name='admin']/changePassword\">"
      "<changePassword>true</changePassword></replace></operations>");
  log_in("admin", "admin");
  for (const char* path : {"/", "/provisioning", "/backup/download"}) {
    EXPECT_THAT(get(path).body, HasSubstr("must be changed before anything else")) << path;
  }
  EXPECT_EQ(log_in_script(kAdmin).member("mustChangePassword"), "true");
  EXPECT_EQ(script("GET", "/api/v1/backup").status, 403U);
  EXPECT_EQ(script("PUT", "/api/v1/password", R"({"old":"admin","new":"better"})").status, 200U);
  EXPECT_EQ(log_in("admin", "better").status, 303U);
  EXPECT_THAT(get("/").body, HasSubstr("<h1>Status</h1>"));
}

TEST_F(WebLogin, UserLooksAndAdminChanges) {
  log_in("user", "user");
  for (const char* path : {"/", "/provisioning", "/log", "/password"}) {
    EXPECT_EQ(get(path).status, 200U) << path;
  }
  for (const char* path : {"/backup", "/backup/download", "/restore"}) {
    EXPECT_EQ(get(path).status, 403U) << path;
  }
  EXPECT_THAT(get("/provisioning").body, Not(HasSubstr("Start provisioning")));
  EXPECT_EQ(form("/provisioning", key_field() + "url=http://a/b.xml&do=start").status, 403U);
  EXPECT_EQ(restore("<configuration/>").status, 403U);
  log_in_script(kUser);
  EXPECT_EQ(script("PUT", "/api/v1/provisioning", R"({"url":"http://a/"})").status, 403U);
  EXPECT_EQ(script("POST", "/api/v1/provisioning/start").status, 403U);
  EXPECT_EQ(script("GET", "/api/v1/backup").status, 403U);
  EXPECT_EQ(script("POST", "/api/v1/restore", "<configuration/>").status, 403U);
  EXPECT_EQ(count("upload_received") + count("backup_made") + count("menu_used"), 0U);
}

struct WebLoginOnTheWire : WebLab {
  WebLoginOnTheWire() : WebLab({.hash_at_once = true}) {}
};

TEST_F(WebLoginOnTheWire, PasswordsAreHashedBeforeAnybodyAsks) {
  EXPECT_TRUE(is_hashed(phone_->configuration().text("users/user/password")));
  EXPECT_EQ(log_in("admin", "admin").status, 303U);
}

struct WebLoginOfOldRelease : WebLab {
  WebLoginOfOldRelease() : WebLab({}, Release::r1_10A) {}
};

TEST_F(WebLoginOfOldRelease, AdministratorIsAnAdmin) {
  log_in("user", "user");
  EXPECT_EQ(get("/restore").status, 403U);
  log_in("admin", "admin");
  EXPECT_EQ(get("/restore").status, 200U);
  EXPECT_EQ(form("/password", key_field() + "old=admin&new=better&again=better").status, 303U);
  EXPECT_EQ(log_in("admin", "better").status, 303U);
}

TEST(WebPasswords, AreHashedAsCryptDoes) {
  EXPECT_TRUE(
      matches("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcb"
              "YEdFCoEOfaS35inz1",
              "Hello world!"));
  EXPECT_TRUE(matches("plain", "plain"));
  EXPECT_FALSE(matches("plain", "other"));
  EXPECT_FALSE(matches("", ""));
  EXPECT_FALSE(is_hashed("$6$rounds=999999999$saltstring$" + std::string(86, 'a')));
  EXPECT_FALSE(is_hashed("$6$saltstring$" + std::string(85, 'a')));
  EXPECT_FALSE(is_hashed("$6$$" + std::string(86, 'a')));
  EXPECT_FALSE(matches("$6$saltstring$" + std::string(86, 'a'), std::string(2'000'000, 'a')));
}

}  // namespace
}  // namespace provlab::web
