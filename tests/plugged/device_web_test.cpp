#include <gmock/gmock.h>

#include "tests/plugged/plugged_device.hpp"

/// The Web UI of `provlab device`, asked by somebody else's client: over the wire, and over the
/// loopback of the machine that plays the phone.
namespace provlab::lab {
namespace {

using test::Program;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct DeviceWeb : PluggedDevice {
  void SetUp() override {
    if (Program({"/usr/bin/env", "curl", "--version"}).ends() != 0) {
      GTEST_SKIP() << "there is no curl here (Debian: apt-get install curl)";
    }
    PluggedDevice::SetUp();
  }
  static std::string curl(std::vector<std::string> more) {
    std::vector<std::string> all = {"/usr/bin/env", "curl", "-s", "-S", "-i", "--max-time", "20"};
    all.insert(all.end(), more.begin(), more.end());
    Program program(all);
    program.ends();
    return program.text();
  }
  static std::string member(const std::string& text, const std::string& key) {
    const std::size_t at = text.find("\"" + key + "\":\"");
    if (at == text.npos) return "";
    const std::size_t begin = at + key.size() + 4;
    return text.substr(begin, text.find('"', begin) - begin);
  }
};

TEST_F(DeviceWeb, IsAtItsOwnAddressOnTheWire) {
  // The kernel at the servers' end is a machine of that network too.
  ASSERT_TRUE(wire::set_interface_address("theirs", {Ipv4Address::of(192, 0, 2, 9), 24}));
  Program phone(device({"--no-store"}));
  ASSERT_TRUE(phone.says("Provisioned")) << phone.text();
  const std::string url = "http://192.0.2.100";
  EXPECT_THAT(curl({url + "/"}), AllOf(StartsWith("HTTP/1.1 303 "), HasSubstr("/login")));
  const std::string login = curl({"-u", "admin:admin", "-X", "POST", url + "/api/v1/login"});
  EXPECT_THAT(login, StartsWith("HTTP/1.1 200 ")) << login;
  const std::string bearer = "Authorization: Bearer " + member(login, "token");
  EXPECT_EQ(member(curl({"-H", bearer, url + "/api/v1/status"}), "last_result"), "provisioned");
  const std::string backup = curl({"-H", bearer, url + "/api/v1/backup"});
  EXPECT_THAT(backup, HasSubstr("<password>$6$"));
  const std::string file = folder_ / "patch.xml";
  std::ofstream(file) << "<configuration><!--" << std::string(500'000, 'x')
                      << "--><telephony><callWaiting><active>false</active></callWaiting>"
                         "</telephony></configuration>";
  EXPECT_EQ(
      member(curl({"-H", bearer, "--data-binary", "@" + file, url + "/api/v1/restore"}), "result"),
      "restored");
  EXPECT_THAT(curl({"-H", "Host: evil.example", url + "/login"}), StartsWith("HTTP/1.1 421 "));
}

TEST_F(DeviceWeb, IsBroughtToThisMachineAlone) {
  const Said far = run({"--no-store", "--web", "192.0.2.1:8080"});
  EXPECT_EQ(far.code, 2);
  EXPECT_THAT(far.text, HasSubstr("--web: write 127.0.0.1:PORT"));
  Program phone(device({"--no-store", "--web", "127.0.0.1:0"}));
  ASSERT_TRUE(phone.says(" too\n")) << phone.text();
  const std::size_t at = phone.text().find("http://");
  const std::string url = phone.text().substr(at, phone.text().find(' ', at) - at);
  const std::string login = curl({"-u", "admin:admin", "-X", "POST", url + "/api/v1/login"});
  EXPECT_THAT(login, StartsWith("HTTP/1.1 200 ")) << login;
  const Said second = run({"--no-store", "--mac", "00:09:52:00:00:0F", "--web", url.substr(7)});
  EXPECT_EQ(second.code, 2);
  EXPECT_THAT(second.text, HasSubstr("cannot be listened at: Address already in use"));
}

}  // namespace
}  // namespace provlab::lab
