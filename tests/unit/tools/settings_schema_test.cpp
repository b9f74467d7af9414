#include "tools/settings_schema.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace provlab::tools {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(SettingsSchema, PrintsThatOfASection) {
  const SettingsResult result =
      give_schemas({.release = Release::r1_10A, .section = "telephony", .folder = {}});
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.output, StartsWith("<?xml"));
  EXPECT_THAT(result.output, HasSubstr("Release 1.10A"));
  EXPECT_THAT(result.output, HasSubstr("name=\"telephony\""));
}

TEST(SettingsSchema, PrintsAllWithTheirNames) {
  const SettingsResult result = give_schemas({});
  EXPECT_THAT(result.output, HasSubstr("<!-- 2.2A/update.xsd -->\n<?xml"));
  EXPECT_THAT(result.output, HasSubstr("<!-- 2.2A/users.xsd -->\n<?xml"));
}

TEST(SettingsSchema, NamesTheSectionsThatThereAre) {
  const SettingsResult result =
      give_schemas({.release = Release::r1_10A, .section = "update", .folder = {}});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.output, "");
  EXPECT_THAT(result.report, StartsWith("release 1.10A has no schema of 'update'; it has "));
  EXPECT_THAT(result.report, HasSubstr("telephony, templates"));
}

TEST(SettingsSchema, WritesFilesThatIncludeEachOther) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "schemas-of-a-test";
  const SettingsResult result =
      give_schemas({.release = Release::r2_2A, .section = "users", .folder = folder});
  EXPECT_EQ(result.code, 0) << result.report;
  EXPECT_EQ(result.output, "");
  EXPECT_TRUE(std::filesystem::exists(folder / "users.xsd"));
  EXPECT_TRUE(std::filesystem::exists(folder / "types.xsd"));
  std::filesystem::remove_all(folder);
  EXPECT_EQ(give_schemas({.release = Release::r2_2A, .section = {}, .folder = "/proc/no"}).code, 2);
}

}  // namespace
}  // namespace provlab::tools
