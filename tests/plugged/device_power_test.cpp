#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "tests/plugged/plugged_device.hpp"
#include "tests/terminals.hpp"

/// Power that goes while a document comes from a real stack, and comes back at once.
namespace provlab::lab {
namespace {

using test::Program;
using testing::HasSubstr;

constexpr Ipv4Address kServer = Ipv4Address::of(192, 0, 2, 50);
constexpr Port kPort = 8080;
constexpr const char* kBody =
    "<telephony><callWaiting><active>true</active></callWaiting></telephony>";

constexpr const char* kSlowScenario = R"(<scenario name="slow">
  <about>The document comes from a machine that is no part of this.</about>
  <responders><dhcp><option code="67" text="http://192.0.2.50:8080/slow.xml"/></dhcp></responders>
  <expect><result is="provisioned"/></expect>
</scenario>)";

/// A connection of the kernel's stack, from the server's side.
class ServedConnection {
 public:
  explicit ServedConnection(int descriptor) : descriptor_(descriptor) {}
  ~ServedConnection() { ::close(descriptor_); }
  ServedConnection(const ServedConnection&) = delete;
  ServedConnection& operator=(const ServedConnection&) = delete;

  bool says(const std::string& words) {
    std::string heard;
    char buffer[2048];
    while (heard.find(words) == std::string::npos) {
      pollfd wait{.fd = descriptor_, .events = POLLIN, .revents = 0};
      if (::poll(&wait, 1, 10'000) <= 0) return false;
      const ssize_t got = ::read(descriptor_, buffer, sizeof buffer);
      if (got <= 0) return false;
      heard.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
  }
  void send(const std::string& text) {
    EXPECT_EQ(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  /// Which error the kernel tells of it within ten seconds.
  int error() {
    pollfd wait{.fd = descriptor_, .events = 0, .revents = 0};
    if (::poll(&wait, 1, 10'000) <= 0) return 0;
    int number = 0;
    socklen_t size = sizeof number;
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &number, &size);
    return number;
  }

 private:
  int descriptor_;
};

struct DevicePower : PluggedDevice {
  void SetUp() override {
    PluggedDevice::SetUp();
    if (IsSkipped()) return;
    servers_.reset();
    const PlanResult plan = compile_scenario(kSlowScenario, "slow.xml");
    ASSERT_TRUE(plan) << plan.error().front().to_string();
    plan_ = *plan;
    servers_.emplace(plan_, open("theirs"));
    ASSERT_TRUE(wire::set_interface_address("theirs", {kServer, 24}));
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int again = 1;  // a test before this one had it
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(kPort);
    place.sin_addr.s_addr = htonl(kServer.value);
    ASSERT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);
    ASSERT_EQ(::listen(listener_, 4), 0);
  }
  void TearDown() override {
    if (listener_ >= 0) ::close(listener_);
    PluggedDevice::TearDown();
  }
  /// The next connection; -1 where none comes within ten seconds.
  int accept() const {
    pollfd wait{.fd = listener_, .events = POLLIN, .revents = 0};
    return ::poll(&wait, 1, 10'000) > 0 ? ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC) : -1;
  }
  static std::string head() {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: " +
           std::to_string(std::string(kBody).size()) + "\r\n\r\n";
  }

  int listener_ = -1;
};

TEST_F(DevicePower, ComesBackAndNothingWaitsForTheOldConnection) {
  const std::vector<std::string> words = device({"--store", store_, "--once"});
  Program first(words);
  ServedConnection old(accept());
  ASSERT_TRUE(old.says("GET /slow.xml")) << first.text();
  old.send(head() + std::string(kBody).substr(0, 20));
  first.signal(SIGKILL);
  EXPECT_EQ(first.ends(), -1);

  const auto before = std::chrono::steady_clock::now();
  Program second(words);
  ServedConnection fresh(accept());
  ASSERT_TRUE(fresh.says("GET /slow.xml")) << second.text();
  // What the server still has for the phone of before reaches one that knows of no such connection.
  old.send(std::string(kBody).substr(20));
  EXPECT_EQ(old.error(), ECONNRESET);
  fresh.send(head() + kBody);
  EXPECT_EQ(second.ends(), 0) << second.text();
  EXPECT_THAT(second.text(), HasSubstr("Provisioned: 1 section"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(8));
}

TEST_F(DevicePower, RebootInMidDownloadBreaksTheConnectionAndBeginsAnew) {
  if (!test::terminals_here()) GTEST_SKIP() << test::kNoTerminals;
  Program phone(device({"--store", store_}), Program::On::terminal);
  ServedConnection old(accept());
  ASSERT_TRUE(old.says("GET /slow.xml")) << phone.text();
  old.send(head() + std::string(kBody).substr(0, 20));
  phone.type("r");
  ServedConnection fresh(accept());
  ASSERT_TRUE(fresh.says("GET /slow.xml")) << phone.text();
  fresh.send(head() + kBody);
  EXPECT_TRUE(phone.says("Provisioned: 1 section")) << phone.text();
  phone.type("q");
  EXPECT_EQ(phone.ends(), 0);
}

TEST_F(DevicePower, ServerThatVanishesInMidDownloadCostsOneRequestTime) {
  Program phone(device({"--store", store_, "--once", "--knobs", "request-timeout=2s"}));
  ServedConnection server(accept());
  ASSERT_TRUE(server.says("GET /slow.xml")) << phone.text();
  server.send(head() + std::string(kBody).substr(0, 20));
  EXPECT_EQ(phone.ends(), 1);
  EXPECT_THAT(phone.text(), HasSubstr("2s"));
}

}  // namespace
}  // namespace provlab::lab
