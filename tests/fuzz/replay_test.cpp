#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include "tests/fuzz/targets.hpp"

/// Replays the corpora of the fuzzers, and what they have found before.
namespace provlab::fuzz {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string name;
  Target target;
  fs::path file;
};
void PrintTo(const Case& each, std::ostream* out) {
  *out << each.file;
}

std::vector<Case> cases() {
  static const std::map<std::string, Target> kTargets{{"classify", &classify},
                                                      {"merge", &merge},
                                                      {"operations", &operations},
                                                      {"migration", &migration},
                                                      {"xpath", &xpath},
                                                      {"dhcp", &dhcp},
                                                      {"dns", &dns},
                                                      {"sntp", &sntp},
                                                      {"sip", &sip},
                                                      {"http_head", &http_head},
                                                      {"url", &url},
                                                      {"timezone", &timezone},
                                                      {"notify_sync", &notify_sync},
                                                      {"sip_port", &sip_port},
                                                      {"fakes", &fakes},
                                                      {"frames", &frames},
                                                      {"capture", &capture},
                                                      {"anonymise", &anonymise},
                                                      {"session", &session},
                                                      {"web_ui", &web_ui},
                                                      {"scenario", &scenario},
                                                      {"report", &report},
                                                      {"trace", &trace}};
  std::vector<Case> found;
  for (const auto& [name, target] : kTargets) {
    for (const auto& entry : fs::directory_iterator(fs::path(PROVLAB_SOURCE_DIR) / "tests" /
                                                    "fuzz" / "corpus" / name)) {
      found.push_back({name, target, entry.path()});
    }
  }
  std::ranges::sort(found, {}, [](const Case& each) { return each.file; });
  return found;
}

class FuzzCorpus : public testing::TestWithParam<Case> {};

TEST_P(FuzzCorpus, HoldsWhatItsTargetDemands) {
  std::ifstream file(GetParam().file, std::ios::binary);
  const std::string input{std::istreambuf_iterator<char>(file), {}};
  ASSERT_TRUE(file.good());
  EXPECT_EQ(GetParam().target(input), "");
}

INSTANTIATE_TEST_SUITE_P(Of, FuzzCorpus, testing::ValuesIn(cases()), [](const auto& test) {
  std::string name = test.param.name + "_" + test.param.file.stem().string();
  std::ranges::replace_if(
      name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

}  // namespace
}  // namespace provlab::fuzz
