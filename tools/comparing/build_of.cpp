#include "tools/comparing/build_of.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "core/platform/text.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "tools/comparing/other_program.hpp"
#include "tools/scratch_folder.hpp"

namespace provlab::tools {

namespace {

namespace fs = std::filesystem;

bool is_program(const std::string& file) {
  std::error_code error;
  return fs::is_regular_file(file, error);
}

bool is_on_path(const std::string& name) {
  if (name.find('/') != name.npos) return false;
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (is_program(std::string(rest.substr(0, end)) + "/" + name)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

/// Builds a revision, step by step, each a program that logs into one folder.
class RevisionBuild {
 public:
  explicit RevisionBuild(const std::function<void(const std::string&)>& progress)
      : progress_(progress) {}

  /// Whether the repository here has such a revision. One never begins with a dash, which git would
  /// take for an option.
  bool find(const std::string& revision) {
    if (!scratch_.made() || revision.starts_with('-')) return false;
    revision_ = revision;
    const auto top = asked({"rev-parse", "--show-toplevel"});
    const auto commit = asked({"rev-parse", "--verify", "--quiet", revision + "^{commit}"});
    if (!top || !commit) return false;
    top_ = *top;
    commit_ = *commit;
    return true;
  }

  /// The program of what was found.
  Expected<std::string> make() {
    const fs::path folder = fs::path(top_) / "build" / "compared" / commit_.substr(0, 16);
    const std::string program = (folder / "build" / "bin" / "provlab").string();
    if (is_program(program)) return program;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(error.message(), folder.string());
    const std::string tree = (folder / "tree").string();
    const std::string log = (folder / "build.log").string();
    if (!is_program(tree + "/CMakeLists.txt")) {
      asked({"worktree", "prune"});
      if (!step("git", {"worktree", "add", "--detach", "--force", tree, commit_}, log)) {
        return fail(fmt::format("there is no work tree of it; {} says why", log), revision_);
      }
    }
    if (progress_) progress_("configuring " + revision_);
    const std::string build = (folder / "build").string();
    if (!step("cmake",
              {"-S", tree, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
               "-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=8", "-DPROVLAB_TESTS=OFF",
               "-DPROVLAB_BENCHMARKS=OFF"},
              log)) {
      return fail(fmt::format("it cannot be configured; {} says why", log), revision_);
    }
    if (progress_) progress_("building " + revision_);
    if (!step("cmake", {"--build", build, "--target", "provlab"}, log) || !is_program(program)) {
      return fail(fmt::format("it does not build; {} says why", log), revision_);
    }
    asked({"worktree", "remove", "--force", tree});
    return program;
  }

 private:
  /// What git says; nothing where it fails.
  std::optional<std::string> asked(std::vector<std::string> words) {
    const std::string out = scratch_.file("out");
    OtherProgram git("git", std::move(words), out, scratch_.file("said"));
    if (git.wait() != 0) return std::nullopt;
    const auto text = lab::read_start(out, 4096);
    return text ? std::optional(std::string(trimmed(*text))) : std::nullopt;
  }

  static bool step(const std::string& program, std::vector<std::string> words,
                   const std::string& log) {
    return OtherProgram(program, std::move(words), log, log).wait() == 0;
  }

  const std::function<void(const std::string&)>& progress_;
  ScratchFolder scratch_;
  std::string revision_;
  std::string top_;
  std::string commit_;
};

}  // namespace

Expected<std::string> build_of(const std::string& build,
                               const std::function<void(const std::string&)>& progress) {
  if (is_program(build)) return build;
  RevisionBuild revision(progress);
  if (!revision.find(build)) {
    // A revision first: some system has a program HEAD.
    if (is_on_path(build)) return build;
    if (!is_on_path("git")) {
      return fail(
          "this is no program, and to look for such a revision there is no git on the PATH; "
          "install git, or name a program that was built",
          build);
    }
    return fail("this is neither a program nor a revision of a git repository here", build);
  }
  return revision.make();
}

}  // namespace provlab::tools
