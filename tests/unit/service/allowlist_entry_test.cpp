#include "core/service/allowlist_entry.hpp"

#include <gtest/gtest.h>

namespace provlab::service {
namespace {

TEST(AllowlistEntry, IsAnAddressOrAName) {
  EXPECT_EQ(read_allowlist_entry("192.0.2.10")->address, Ipv4Address::read("192.0.2.10"));
  for (const std::string_view name : {"pbx", "pbx.server.com", "pbx.server.com.", "_sip.server.com",
                                      "3com.net", "xn--bro-hoa.de"}) {
    const auto entry = read_allowlist_entry(name);
    ASSERT_TRUE(entry) << name;
    EXPECT_EQ(entry->host, name);
    EXPECT_FALSE(entry->address);
    EXPECT_EQ(entry->warning, "");
  }
}

TEST(AllowlistEntry, LosesItsPortWithAWarning) {
  const auto address = read_allowlist_entry("192.0.2.10:5060");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->address, Ipv4Address::read("192.0.2.10"));
  EXPECT_EQ(address->warning, "'192.0.2.10:5060' is read as 192.0.2.10; a port is no part of it");
  const auto name = read_allowlist_entry("pbx:65535");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->host, "pbx");
  EXPECT_NE(name->warning, "");
}

TEST(AllowlistEntry, IsNothingElse) {
  for (const std::string_view text :
       {"192.0.2.0/24", "sip:192.0.2.10", "SIPS:pbx", "http://pbx/", "alice@pbx", "192.0.2.*",
        "192.0.2", "192.0.2.256", "192.0.2.1-9", "pbx:0", "pbx:65536", "pbx:", ":5060", "[::1]",
        "2001:db8::1", "pbx server", "a..b", ".", "b\xc3\xbcro.de"}) {
    const auto entry = read_allowlist_entry(text);
    ASSERT_FALSE(entry) << text;
    EXPECT_NE(entry.error().text.find("is no host"), std::string::npos) << entry.error().text;
  }
  EXPECT_FALSE(read_allowlist_entry(std::string(64, 'a')));
  EXPECT_TRUE(read_allowlist_entry(std::string(63, 'a')));
}

TEST(AllowlistEntry, SaysWhatToWriteInstead) {
  const auto says = [](std::string_view text) { return read_allowlist_entry(text).error().text; };
  EXPECT_EQ(says("192.0.2.0/24"),
            "'192.0.2.0/24' is no host: a prefix length or a path is no part of it; write each "
            "address by itself");
  EXPECT_NE(says("sip:pbx").find("begins with a scheme"), std::string::npos);
  EXPECT_NE(says("b\xc3\xbcro.de").find("xn--"), std::string::npos);
}

}  // namespace
}  // namespace provlab::service
