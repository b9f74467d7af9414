#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "sim/lab/trace/narration.hpp"
#include "sim/wire/local_listener.hpp"
#include "sim/wire/pacer.hpp"
#include "tests/component/phone_lab.hpp"
#include "tests/interop/browser.hpp"
#include "tests/temporary_folder.hpp"

/// The Web UI in somebody else's browser, as people use it: with mouse, keyboard and files.
namespace provlab::interop {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A phone in a world that goes by the real clock, in a thread of its own, and its Web UI on a port
/// of this machine.
class LivePhone {
 public:
  explicit LivePhone(Duration idle) {
    lab_.options.settings = {{"provisioning/redirect", "false"}, {"provisioning/pbx", "false"}};
    lab_.options.web.idle = idle;
    lab_.options.web.trace = &lab_.world.trace();
    lab_.options.web.narrate = lab::log_sentence;
    lab_.file("/a.xml", test::kPatch);
    lab_.file("/b.xml", "<configuration><keys><key/></keys></configuration>");
    lab_.start();
    pacer_.emplace(lab_.world, nullptr);
    auto listener = wire::LocalListener::open(lab_.world, {Ipv4Address::of(127, 0, 0, 1), 0},
                                              [this](std::unique_ptr<StreamSocket> socket) {
                                                const std::string name =
                                                    socket->local().to_string();
                                                lab_.phone->serve_web(std::move(socket), {name});
                                              });
    EXPECT_TRUE(listener) << listener.error().to_string();
    listener_ = std::move(*listener);
    address_ = "http://" + listener_->local().to_string();
    lab_.world.at(lab_.world.now(), [this] { lab_.phone->power_on(); });
    thread_ = std::thread([this] {
      while (!done_) (void)pacer_->run([this] { return done_.load(); }, pacer_->clock() + 50ms);
    });
  }
  ~LivePhone() {
    done_ = true;
    pacer_->wake();
    thread_.join();
  }
  const std::string& address() const { return address_; }

 private:
  test::PhoneLab lab_;
  std::optional<wire::Pacer> pacer_;
  std::unique_ptr<wire::LocalListener> listener_;
  std::string address_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

class WebInChromium : public BrowserTest {
 protected:
  void SetUp() override {
    BrowserTest::SetUp();
    if (IsSkipped()) return;
    begin(10min);
    browser_->look(1000, false);
  }
  void begin(Duration idle) { phone_ = std::make_unique<LivePhone>(idle); }

  void open(const std::string& path) { browser_->go(phone_->address() + path); }
  /// Logs in with the keyboard alone.
  void log_in(const std::string& user, const std::string& password) {
    open("/login");
    EXPECT_TRUE(soon("document.activeElement.id === 'user'"));
    browser_->type(user);
    browser_->press("Tab");
    browser_->type(password);
    browser_->submit();
  }
  std::string text(const std::string& selector) {
    return browser_->eval("(document.querySelector(`" + selector + "`) || {}).textContent || ''");
  }
  std::string path() { return browser_->eval("location.pathname"); }
  bool soon(const std::string& condition) { return browser_->comes_true(condition); }

  /// A document by the form of the restore page; what the page then says.
  std::string restore(const std::string& document) {
    const std::string file = folder_ / "document.xml";
    std::ofstream(file, std::ios::binary) << document;
    open("/restore");
    browser_->choose_file("#document", file);
    browser_->click("main button");
    return text("#verdict");
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<LivePhone> phone_;
};

TEST_F(WebInChromium, KeyboardLogsInAndWrongPasswordDoesNot) {
  log_in("admin", "wrong");
  EXPECT_EQ(path(), "/login");
  EXPECT_EQ(text(".notice.bad"), "The name or the password is wrong.");
  log_in("admin", "admin");
  EXPECT_EQ(path(), "/");
  EXPECT_EQ(text("h1"), "Status");
  EXPECT_THAT(text(".notice.warn"), HasSubstr("admin and user"));
  EXPECT_EQ(browser_->eval("document.cookie"), "") << "the session is none of a script's business";
  browser_->press("Tab");
  EXPECT_EQ(browser_->eval("document.activeElement.textContent"), "To the content");
  browser_->click(".who button");
  EXPECT_EQ(path(), "/login");
  open("/provisioning");
  EXPECT_EQ(path(), "/login");
}

TEST_F(WebInChromium, FiveWrongGuessesWait) {
  for (int i = 0; i < 5; ++i) log_in("admin", "wrong");
  log_in("admin", "admin");
  EXPECT_THAT(text(".notice.bad"), HasSubstr("Try again in"));
}

TEST_F(WebInChromium, ProvisioningIsStartedAndSeenLive) {
  log_in("admin", "admin");
  open("/provisioning");
  EXPECT_TRUE(soon("document.querySelector('[data-live=last_result]').textContent === 'no-url'"));
  browser_->click("#url", false);
  browser_->type("http://prov.server.com/a.xml");
  browser_->click("button[value=save]");
  EXPECT_EQ(text(".notice.good"), "The URL is saved.");
  EXPECT_EQ(browser_->eval("document.querySelector('#url').value"), "http://prov.server.com/a.xml");
  open("/");
  browser_->eval("window.same = true");
  browser_->eval(
      "fetch('/provisioning').then((page) => page.text()).then((text) => { const form = new "
      "DOMParser().parseFromString(text, 'text/html').querySelector('main form'); const body = new "
      "URLSearchParams(new FormData(form)); body.set('do', 'start'); return fetch('/provisioning', "
      "{method: 'POST', body}); }).then(() => 'sent')");
  EXPECT_TRUE(
      soon("document.querySelector('[data-live=last_result]').textContent === 'provisioned'"));
  EXPECT_EQ(browser_->eval("window.same"), "true") << "without loading the page again";
  open("/log");
  EXPECT_THAT(text(".log"), HasSubstr("provisioned"));
}

TEST_F(WebInChromium, EveryTypeOfDocumentIsUploaded) {
  log_in("admin", "admin");
  open("/backup");
  const std::string backup = browser_->download("a.button");
  EXPECT_THAT(backup, AllOf(HasSubstr("<configuration"), HasSubstr("$6$"),
                            Not(HasSubstr("<password>admin"))));
  EXPECT_THAT(restore(test::kPatch), AllOf(StartsWith("restored"), HasSubstr("telephonymerged")));
  EXPECT_THAT(restore("<operations><replace path='/telephony/callWaiting/active'>"
                      "<active>false</active></replace></operations>"),
              AllOf(StartsWith("restored"), HasSubstr("telephonyoperated")));
  EXPECT_THAT(restore("<telephony><callWaiting><active>true</active></callWaiting></telephony>"),
              StartsWith("restored"));
  EXPECT_THAT(restore("<userInterface>loud</userInterface>"),
              AllOf(StartsWith("rejected"), HasSubstr("userInterfacerejected")));
  EXPECT_THAT(restore("<referencedSettings><url>http://a/</url></referencedSettings>"),
              AllOf(StartsWith("refused"), HasSubstr("reference type")));
  EXPECT_THAT(restore("no document"), StartsWith("refused"));
  EXPECT_THAT(restore(backup), StartsWith("restored"));
  EXPECT_THAT(restore(backup), StartsWith("unchanged"));
}

TEST_F(WebInChromium, FileThatIsTooLongIsToldBeforeAndAfterItIsSent) {
  log_in("admin", "admin");
  const std::string file = folder_ / "long.xml";
  std::ofstream(file) << "<configuration><!--" << std::string(1 << 20, 'x')
                      << "--></configuration>";
  open("/restore");
  browser_->choose_file("#document", file);
  EXPECT_EQ(browser_->eval("document.querySelector('#document').validationMessage"),
            "This file is longer than 1 MiB.");
  EXPECT_EQ(browser_->eval("document.querySelector('main form').checkValidity()"), "false");
  browser_->eval("document.querySelector('main form').noValidate = true");
  browser_->click("main button");
  EXPECT_THAT(text(".notice.bad"), HasSubstr("may have 1 MiB"));
}

TEST_F(WebInChromium, PasswordIsChanged) {
  log_in("user", "user");
  EXPECT_EQ(browser_->eval("[...document.querySelectorAll('nav a')].map((a) => a.text).join()"),
            "Status,Provisioning,Log,Password");
  open("/password");
  for (const char* id : {"old", "new", "again"}) {
    browser_->click("#" + std::string(id), false);
    browser_->type(std::string(id) == "old" ? "user" : "better");
  }
  browser_->click("main button");
  EXPECT_EQ(path(), "/login");
  EXPECT_THAT(text(".notice"), HasSubstr("The password is changed"));
  log_in("user", "user");
  EXPECT_THAT(text(".notice.bad"), HasSubstr("wrong"));
  log_in("user", "better");
  EXPECT_EQ(path(), "/");
}

TEST_F(WebInChromium, SessionThatIsOverEndsTheOpenPage) {
  begin(2s);
  log_in("admin", "admin");
  EXPECT_EQ(path(), "/");
  EXPECT_TRUE(soon("location.pathname === '/login' && document.readyState === 'complete'"));
  EXPECT_THAT(text(".notice"), HasSubstr("Your session has ended"));
  open("/provisioning");
  EXPECT_EQ(path(), "/login");
}

/// Every page in light and dark, wide and narrow: none scrolls sideways. They are kept where
/// PROVLAB_PICTURES names a folder.
TEST_F(WebInChromium, PagesFitWideAndNarrow) {
  const char* const kept = std::getenv("PROVLAB_PICTURES");
  const auto look_at = [&](const std::string& name) {
    for (const unsigned width : {1000U, 400U}) {
      for (const bool dark : {false, true}) {
        browser_->look(width, dark);
        EXPECT_LE(std::stoi(browser_->eval("document.documentElement.scrollWidth")),
                  static_cast<int>(width))
            << name;
        const std::string picture = browser_->picture();
        EXPECT_THAT(picture, StartsWith("\x89PNG"));
        if (kept == nullptr) continue;
        std::ofstream(std::string(kept) + "/" + name + (dark ? "-dark-" : "-light-") +
                          std::to_string(width) + ".png",
                      std::ios::binary)
            << picture;
      }
    }
  };
  log_in("admin", "wrong");
  look_at("login");
  log_in("admin", "admin");
  for (const char* page :
       {"/provisioning", "/backup", "/restore", "/log", "/password", "/nothing"}) {
    open(page);
    look_at(page + 1);
  }
  open("/");
  EXPECT_TRUE(soon("document.querySelector('[data-live=last_result]').textContent !== 'none yet'"));
  look_at("status");
  restore(
      "<configuration><telephony><callWaiting><active>true</active></callWaiting></telephony>"
      "<userInterface><display><brightness>bright</brightness></display></userInterface><coffee/>"
      "</configuration>");
  look_at("verdict");
}

}  // namespace
}  // namespace provlab::interop
