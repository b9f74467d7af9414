#include "tools/comparing/other_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <system_error>

#include "core/platform/text.hpp"
#include "sim/lab/machine/input_file.hpp"

namespace provlab::tools {

OtherProgram::OtherProgram(const std::string& program, std::vector<std::string> words,
                           const std::string& out, const std::string& said) {
  words.insert(words.begin(), program);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), flags, 0600);
  if (said == out) {
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, said.c_str(), flags, 0600);
  }
  error_ = posix_spawnp(&child_, program.c_str(), &files, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&files);
}

std::string OtherProgram::why_not() const {
  return std::generic_category().message(error_);
}

int OtherProgram::wait() {
  int status = 0;
  if (error_ == 0 && child_ > 0 && waitpid(child_, &status, 0) == child_) {
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    signal_ = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  child_ = -1;
  return code_;
}

std::string OtherProgram::signal() const {
  return signal_ == 0 ? std::string() : strsignal(signal_);
}

std::string OtherProgram::last_words(const std::string& said) const {
  if (signal_ == 0) return first_line(said);
  return fmt::format("a signal ended it: {}; the last that it said: {}", signal(), last_line(said));
}

std::string first_line(const std::string& file) {
  const auto text = lab::read_start(file, 400);
  if (!text || trimmed(*text).empty()) return "it says nothing";
  const std::string_view words = trimmed(*text);
  return std::string(words.substr(0, words.find('\n')));
}

std::string last_line(const std::string& file) {
  const auto text = lab::read_file(file, lab::kMostReportOctets);
  if (!text || trimmed(*text).empty()) return "nothing";
  const std::string_view words = trimmed(*text);
  return shortened(words.substr(words.rfind('\n') + 1), 400);
}

std::string this_program() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "provlab" : path.string();
}

}  // namespace provlab::tools
