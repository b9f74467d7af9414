#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "tests/house/house_rules.hpp"

/// The parts that provlab is made of stand in three places: the table in ARCHITECTURE.md, what
/// CMake finds and links, and the packages that the launcher installs. All say the same.
namespace provlab::house {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Part {
  std::string name;
  std::vector<std::string> packages;
  std::string target;  ///< `CURL::libcurl`

  /// What CMake finds it by: `CURL`, or `tins` of `PkgConfig::tins`.
  std::string found_by() const {
    const std::size_t colons = target.find("::");
    const std::string space = target.substr(0, colons);
    return space == "PkgConfig" ? target.substr(colons + 2) : space;
  }
};

std::vector<std::string> all_of(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    all.push_back((*at)[1]);
  }
  return all;
}

/// The rows `| NAME | `PACKAGE`, ... | `TARGET` | ...` of the table of parts.
std::vector<Part> parts_of(const std::string& architecture) {
  static const std::regex row("\\n\\| ([^|`]+) \\| (`[^|]+`) \\| `([^|]+::[^|]+)` \\|");
  std::vector<Part> parts;
  for (std::sregex_iterator at(architecture.begin(), architecture.end(), row), end; at != end;
       ++at) {
    parts.push_back({(*at)[1], all_of((*at)[2], "`([^`]+)`"), (*at)[3]});
  }
  return parts;
}

/// The development packages that the build needs.
std::vector<std::string> packages_of(const std::string& script) {
  const std::size_t begin = script.find("build_packages=(");
  if (begin == script.npos) return {};
  return all_of(script.substr(begin, script.find("\n)", begin) - begin), "([a-z0-9.+-]+-dev)\\b");
}

const std::string& text_of(std::span<const SourceFile> tree, std::string_view path) {
  static const std::string none;
  const auto found = std::ranges::find(tree, path, &SourceFile::path);
  return found == tree.end() ? none : found->text;
}

std::vector<std::string> check_parts(std::span<const SourceFile> tree) {
  const std::vector<Part> parts = parts_of(text_of(tree, "ARCHITECTURE.md"));
  const auto found = all_of(text_of(tree, "CMakeLists.txt"),
                            "\\n *(?:find_package|pkg_check_modules)\\(([A-Za-z0-9]+)");
  const auto packages = packages_of(text_of(tree, "tools/lib/packages.sh"));
  const auto links = [&](const std::string& target) {
    return std::ranges::any_of(tree, [&](const SourceFile& file) {
      return (file.path.ends_with("CMakeLists.txt") || file.path.ends_with(".cmake")) &&
             file.text.contains(target);
    });
  };
  std::vector<std::string> wrong;
  std::set<std::string> finders = {"PkgConfig", "Threads"};  // CMake's own, and no parts
  std::set<std::string> owned;
  for (const Part& part : parts) {
    finders.insert(part.found_by());
    if (std::ranges::find(found, part.found_by()) == found.end()) {
      wrong.push_back(part.name + ": CMakeLists.txt does not find " + part.found_by());
    }
    if (!links(part.target)) wrong.push_back(part.name + ": nothing links " + part.target);
    for (const std::string& package : part.packages) {
      owned.insert(package);
      if (std::ranges::find(packages, package) == packages.end()) {
        wrong.push_back(part.name + ": tools/lib/packages.sh does not install " + package);
      }
    }
  }
  for (const std::string& name : found) {
    if (!finders.contains(name)) wrong.push_back("no part is found by " + name);
  }
  for (const std::string& package : packages) {
    if (!owned.contains(package)) wrong.push_back("no part comes in " + package);
  }
  return wrong;
}

std::vector<SourceFile> sample() {
  return {{"ARCHITECTURE.md",
           "# A\n\n| part | package | linked as | licence |\n| --- | --- | --- | --- |\n"
           "| libcurl 7.88 | `libcurl-dev` | `CURL::libcurl` | curl |\n"
           "| libtins 4.0 | `libtins-dev`, `libtins-more-dev` | `PkgConfig::tins` | BSD |\n"},
          {"CMakeLists.txt",
           "a\nfind_package(Threads REQUIRED)\nfind_package(CURL 7 REQUIRED)\nif(X)\n"
           "  pkg_check_modules(tins REQUIRED libtins)\nendif()\nlink(net CURL::libcurl)\n"},
          {"tests/CMakeLists.txt", "link(test PkgConfig::tins)\n"},
          {"tools/lib/packages.sh",
           "build_packages=(\n  g++ libcurl-dev\n  libtins-dev libtins-more-dev\n)\n"
           "fuzz_packages=(fuzz-dev)\n"}};
}

std::vector<SourceFile> sample_with(std::string_view path, std::string_view from,
                                    std::string_view to) {
  std::vector<SourceFile> tree = sample();
  std::string& text = std::ranges::find(tree, path, &SourceFile::path)->text;
  text.replace(text.find(from), from.size(), to);
  return tree;
}

TEST(Parts, AreFoundLinkedAndInstalledAsTheTableSays) {
  const std::vector<SourceFile> tree = read_tree(PROVLAB_SOURCE_DIR);
  EXPECT_GT(parts_of(text_of(tree, "ARCHITECTURE.md")).size(), 10U);
  EXPECT_GT(packages_of(text_of(tree, "tools/lib/packages.sh")).size(), 10U);
  EXPECT_THAT(check_parts(tree), IsEmpty());
}

TEST(Parts, ThatFitAreLeftAlone) {
  EXPECT_THAT(check_parts(sample()), IsEmpty());
}

TEST(Parts, ThatNothingLinksAreCaught) {
  EXPECT_THAT(check_parts(sample_with("tests/CMakeLists.txt", "PkgConfig::tins", "x")),
              ElementsAre("libtins 4.0: nothing links PkgConfig::tins"));
}

TEST(Parts, ThatCMakeDoesNotFindAreCaught) {
  EXPECT_THAT(check_parts(sample_with("CMakeLists.txt", "find_package(CURL", "#(CURL")),
              ElementsAre("libcurl 7.88: CMakeLists.txt does not find CURL"));
}

TEST(Parts, ThatAreNotInstalledAreCaught) {
  EXPECT_THAT(check_parts(sample_with("tools/lib/packages.sh", " libtins-more-dev", "")),
              ElementsAre("libtins 4.0: tools/lib/packages.sh does not install libtins-more-dev"));
}

TEST(Parts, ThatTheTableDoesNotNameAreCaught) {
  EXPECT_THAT(check_parts(sample_with("CMakeLists.txt", "if(X)", "find_package(Pcap)\nif(X)")),
              ElementsAre("no part is found by Pcap"));
  EXPECT_THAT(check_parts(sample_with("tools/lib/packages.sh", "g++", "g++ libpcap-dev")),
              ElementsAre("no part comes in libpcap-dev"));
}

}  // namespace
}  // namespace provlab::house
