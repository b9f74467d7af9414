#pragma once
#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/error.hpp"
#include "core/platform/time.hpp"
#include "sim/wire/descriptor.hpp"
#include "sim/wire/network_space.hpp"

namespace provlab::wire {

struct Launch {
  std::string program;                   ///< its path
  std::vector<std::string> arguments;    ///< behind the name of the program
  std::vector<std::string> environment;  ///< `NAME=value`, beside PATH and LC_ALL=C
  std::string folder;                    ///< in which it runs
  std::string log;                       ///< the file that gets what it prints
};

/// A program that runs in a network of its own, for as long as this object lives.
///  1. It is the first of a space of processes: whoever it starts ends with it.
///  2. It ends with the thread that has started it, however that ends.
///  3. It is ended by its id, and has gone when stop() returns.
class Process {
 public:
  /// Errors: the program cannot be started, and why.
  static Expected<std::unique_ptr<Process>> start(const Launch& launch,
                                                  const NetworkSpace& network);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return id_; }
  bool running();
  /// Asks it to end; one that has not after `patience` is killed.
  void stop(Duration patience);
  /// How it ended: `exit status 1`, `signal 9`; empty while it runs.
  const std::string& ending() const { return ending_; }
  /// Looks every two milliseconds whether something `holds`: false where it has ended before, or
  /// `limit` has passed.
  bool wait_until(const std::function<bool()>& holds, Duration limit);

 private:
  Process(pid_t id, Descriptor handle) : id_(id), handle_(std::move(handle)) {}
  bool ends_within(Duration time);

  pid_t id_;
  Descriptor handle_;
  bool gone_ = false;
  std::string ending_;
};

/// Whether a process, or another one in its network, has a socket at that port of any of its
/// addresses: `udp`, or `tcp` that is listened at.
bool has_socket(pid_t process, const std::string& protocol, unsigned port);

/// The path of a program: as PATH says, or where daemons are, which PATH does not name for ordinary
/// users. Empty where there is none.
std::string find_program(const std::string& name);

}  // namespace provlab::wire
