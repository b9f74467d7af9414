#include "tests/interop/browser.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace provlab::interop {

namespace json = boost::json;

namespace {

constexpr int kPatience = 15'000;  // milliseconds

std::string text_of_member(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : "";
}

const json::object& object_of_member(const json::object& object, std::string_view key) {
  static const json::object none;
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_object() ? found->get_object() : none;
}

json::string literal(std::string_view text) {
  return json::string(json::string_view(text.data(), text.size()));
}

std::string quoted(std::string_view text) {
  return json::serialize(json::value(literal(text)));
}

/// In the child, which becomes the browser: it reads commands from descriptor 3 and answers on 4.
/// Other threads may have held the heap when it was made, so it asks the kernel only.
[[noreturn]] void become(const char* program, const char* data, int commands, int answers) {
  const int in = fcntl(commands, F_DUPFD, 10);
  const int out = fcntl(answers, F_DUPFD, 10);
  dup2(in, 3);
  dup2(out, 4);
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int each : {0, 1, 2}) dup2(nowhere, each);
  for (int each = 5; each < 256; ++each) close(each);
  setpgid(0, 0);
  execl(program, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", data, "about:blank", nullptr);
  _exit(127);
}

}  // namespace

std::optional<std::string> Browser::program() {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
      const std::string file = folder + "/" + name;
      if (access(file.c_str(), X_OK) == 0) return file;
    }
  }
  return std::nullopt;
}

Browser::Browser(const std::string& program) {
  int commands[2], answers[2];
  if (pipe2(commands, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipe";
    return;
  }
  const std::string data = "--user-data-dir=" + (folder_ / "profile");
  child_ = fork();
  if (child_ == 0) become(program.c_str(), data.c_str(), commands[0], answers[1]);
  close(commands[0]);
  close(answers[1]);
  to_ = commands[1];
  from_ = answers[0];
  const json::object target = call("Target.createTarget", {{"url", "about:blank"}});
  const json::object attached =
      call("Target.attachToTarget",
           {{"targetId", literal(text_of_member(target, "targetId"))}, {"flatten", true}});
  session_ = text_of_member(attached, "sessionId");
  for (const char* domain : {"Page.enable", "Runtime.enable", "Log.enable", "DOM.enable"}) {
    call(domain);
  }
  call("Page.setLifecycleEventsEnabled", {{"enabled", true}});
}

Browser::~Browser() {
  if (child_ <= 0) return;
  close(to_);
  close(from_);
  kill(-child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

std::optional<json::object> Browser::next_message() {
  for (;;) {
    const std::size_t end = input_.find('\0');
    if (end != input_.npos) {
      const json::value value = json::parse(json::string_view(input_.data(), end));
      input_.erase(0, end + 1);
      return value.get_object();
    }
    pollfd ready{from_, POLLIN, 0};
    if (lost_ || poll(&ready, 1, kPatience) != 1) {
      lost_ = true;  // what a test does next would only take long
      return std::nullopt;
    }
    char chunk[65536];
    const ssize_t size = read(from_, chunk, sizeof chunk);
    if (size <= 0) return std::nullopt;
    input_.append(chunk, static_cast<std::size_t>(size));
  }
}

void Browser::note(const json::object& message) {
  const std::string method = text_of_member(message, "method");
  const json::object& parameters = object_of_member(message, "params");
  const json::object& entry = object_of_member(parameters, "entry");
  const bool failed = text_of_member(entry, "level") == "error";
  if (method == "Runtime.exceptionThrown") complaints_.push_back(json::serialize(parameters));
  if (method == "Log.entryAdded" && failed && text_of_member(entry, "source") != "network") {
    complaints_.push_back(text_of_member(entry, "text"));
  }
  events_.push_back(message);
}

json::object Browser::call(std::string_view method, const json::object& parameters) {
  const json::object answer = ask(method, parameters);
  EXPECT_FALSE(answer.contains("error")) << method << ": " << json::serialize(answer);
  return object_of_member(answer, "result");
}

json::object Browser::ask(std::string_view method, const json::object& parameters) {
  json::object command{{"id", ++calls_}, {"method", literal(method)}, {"params", parameters}};
  if (!session_.empty()) command["sessionId"] = literal(session_);
  std::string text = json::serialize(command);
  text += '\0';
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t size = write(to_, text.data() + done, text.size() - done);
    if (size <= 0) {
      ADD_FAILURE() << "the browser has gone before " << method;
      return {};
    }
    done += static_cast<std::size_t>(size);
  }
  while (const auto message = next_message()) {
    const json::value* id = message->if_contains("id");
    if (id == nullptr) {
      note(*message);
      continue;
    }
    if (id->to_number<int>() == calls_) return *message;
  }
  ADD_FAILURE() << "the browser does not answer " << method;
  return {};
}

json::object Browser::wait_for(std::string_view event) {
  for (;;) {
    while (!events_.empty()) {
      const json::object message = std::move(events_.front());
      events_.pop_front();
      if (text_of_member(message, "method") == event) return object_of_member(message, "params");
    }
    const auto message = next_message();
    if (!message) {
      ADD_FAILURE() << "no " << event;
      return {};
    }
    note(*message);
  }
}

void Browser::wait_until_loaded(std::string_view loader) {
  for (;;) {
    const json::object event = wait_for("Page.lifecycleEvent");
    if (event.empty()) return;
    const bool it = text_of_member(event, "loaderId") == loader;
    if (it && text_of_member(event, "name") == "load") return;
  }
}

void Browser::wait_for_page() {
  const json::object event = wait_for("Page.frameNavigated");
  wait_until_loaded(text_of_member(object_of_member(event, "frame"), "loaderId"));
}

void Browser::go(const std::string& url) {
  events_.clear();
  const json::object result = call("Page.navigate", {{"url", literal(url)}});
  wait_until_loaded(text_of_member(result, "loaderId"));
}

void Browser::submit() {
  events_.clear();
  press("Enter");
  wait_for_page();
}

std::string Browser::eval(std::string_view expression) {
  const json::object result =
      call("Runtime.evaluate",
           {{"expression", literal(expression)}, {"awaitPromise", true}, {"returnByValue", true}});
  EXPECT_FALSE(result.contains("exceptionDetails")) << json::serialize(result);
  const json::value* value = object_of_member(result, "result").if_contains("value");
  if (value == nullptr) return "";
  return value->is_string() ? std::string(value->get_string().c_str()) : json::serialize(*value);
}

bool Browser::comes_true(std::string_view condition) {
  const std::string expression =
      "new Promise((done) => setTimeout(() => done(Boolean(" + std::string(condition) + ")), 100))";
  for (int attempt = 0; attempt < 100; ++attempt) {
    // A page that is left meanwhile takes its promise along.
    const json::object answer =
        ask("Runtime.evaluate",
            {{"expression", literal(expression)}, {"awaitPromise", true}, {"returnByValue", true}});
    const json::object& result = object_of_member(answer, "result");
    const json::value* value = object_of_member(result, "result").if_contains("value");
    if (value != nullptr && value->is_bool() && value->get_bool()) return true;
  }
  return false;
}

void Browser::type(std::string_view text) {
  call("Input.insertText", {{"text", literal(text)}});
}

void Browser::press(std::string_view key) {
  const int code = key == "Tab" ? 9 : 13;
  json::object parameters{{"type", "keyDown"},
                          {"key", literal(key)},
                          {"code", literal(key)},
                          {"windowsVirtualKeyCode", code}};
  if (key == "Enter") parameters["text"] = "\r";
  call("Input.dispatchKeyEvent", parameters);
  parameters["type"] = "keyUp";
  parameters.erase("text");
  call("Input.dispatchKeyEvent", parameters);
}

void Browser::click(std::string_view selector, bool loads) {
  const std::string place =
      eval("(() => { const e = document.querySelector(" + quoted(selector) +
           "); if (!e) return 'none'; e.scrollIntoView({block: 'center'}); const r = "
           "e.getBoundingClientRect(); return `${r.x + r.width / 2} ${r.y + r.height / 2}`; })()");
  ASSERT_NE(place, "none") << "there is no " << selector;
  const double x = std::stod(place);
  const double y = std::stod(place.substr(place.find(' ')));
  events_.clear();
  for (const char* type : {"mousePressed", "mouseReleased"}) {
    call("Input.dispatchMouseEvent",
         {{"type", type}, {"x", x}, {"y", y}, {"button", "left"}, {"clickCount", 1}});
  }
  if (loads) wait_for_page();
}

void Browser::choose_file(std::string_view selector, const std::string& path) {
  const json::object document = call("DOM.getDocument");
  const json::object& root = object_of_member(document, "root");
  const json::object found =
      call("DOM.querySelector", {{"nodeId", root.at("nodeId")}, {"selector", literal(selector)}});
  call("DOM.setFileInputFiles",
       {{"files", json::array{literal(path)}}, {"nodeId", found.at("nodeId")}});
}

std::string Browser::download(std::string_view selector) {
  call("Page.setDownloadBehavior",
       {{"behavior", "allow"}, {"downloadPath", literal(folder_.path())}});
  click(selector, false);
  const json::object begun = wait_for("Page.downloadWillBegin");
  for (;;) {
    const json::object progress = wait_for("Page.downloadProgress");
    const std::string state = text_of_member(progress, "state");
    if (state == "inProgress") continue;
    EXPECT_EQ(state, "completed");
    break;
  }
  std::ifstream file(folder_ / text_of_member(begun, "suggestedFilename"));
  return {std::istreambuf_iterator<char>(file), {}};
}

void Browser::look(unsigned width, bool dark) {
  call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", 800}, {"deviceScaleFactor", 1}, {"mobile", false}});
  call("Emulation.setEmulatedMedia",
       {{"features", json::array{json::object{{"name", "prefers-color-scheme"},
                                              {"value", dark ? "dark" : "light"}}}}});
}

std::string Browser::picture() {
  const json::object shot =
      call("Page.captureScreenshot", {{"format", "png"}, {"captureBeyondViewport", true}});
  const std::string coded = text_of_member(shot, "data");
  std::string octets(coded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                                   reinterpret_cast<const unsigned char*>(coded.data()),
                                   static_cast<int>(coded.size()));
  EXPECT_GT(size, 0);
  const std::size_t padding = coded.ends_with("==") ? 2 : coded.ends_with('=') ? 1 : 0;
  octets.resize(static_cast<std::size_t>(std::max(size, 0)) - (size > 0 ? padding : 0));
  return octets;
}

void BrowserTest::SetUp() {
  const auto program = Browser::program();
  if (!program) GTEST_SKIP() << "there is no Chromium here (Debian: apt-get install chromium)";
  browser_.emplace(*program);
}

void BrowserTest::TearDown() {
  if (browser_) {
    EXPECT_THAT(browser_->complaints(), testing::IsEmpty());
  }
  browser_.reset();
}

}  // namespace provlab::interop
