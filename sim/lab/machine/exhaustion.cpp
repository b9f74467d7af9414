#include "sim/lab/machine/exhaustion.hpp"

#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <string_view>
#include <system_error>

namespace provlab::lab {

namespace {

constexpr std::string_view kNoMemory =
    "there is no memory left; raise the limit (ulimit -v), or give fewer --jobs";
constexpr std::string_view kNoDescriptors =
    "there are no file descriptors left; raise the limit (ulimit -n), or give fewer --jobs";

int exit_code_at_the_end = 1;

bool no_descriptors(int reason) {
  return reason == EMFILE || reason == ENFILE;
}

/// Takes no memory: there may be none.
void put_last_words(std::string_view words) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, words.data(), words.size());
}

void end_program() {
  try {
    if (const auto error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    put_last_words("provlab: the lab's own fault: ");
    put_last_words(kNoMemory);
    put_last_words("\n");
    _exit(exit_code_at_the_end);
  } catch (const std::exception& error) {
    put_last_words("provlab: ended by an exception: ");
    put_last_words(error.what());
    put_last_words("\n");
  }
  std::abort();
}

}  // namespace

void throw_where_exhausted(int reason) {
  if (reason == ENOMEM) throw std::bad_alloc();
  if (no_descriptors(reason)) throw std::system_error(reason, std::generic_category());
}

std::string fault_text(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return std::string(kNoMemory);
  const auto* of_system = dynamic_cast<const std::system_error*>(&error);
  const auto* of_boost = dynamic_cast<const boost::system::system_error*>(&error);
  const int reason = of_system != nullptr  ? of_system->code().value()
                     : of_boost != nullptr ? of_boost->code().value()
                                           : 0;
  return no_descriptors(reason) ? std::string(kNoDescriptors) : error.what();
}

void end_exhausted_with(int exit_code) {
  exit_code_at_the_end = exit_code;
  std::set_terminate(&end_program);
}

}  // namespace provlab::lab
