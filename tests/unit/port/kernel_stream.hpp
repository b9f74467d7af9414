#pragma once
#include <functional>
#include <thread>

#include "tests/unit/port/stream_task.hpp"

namespace provlab::wire {

/// One end of a connection on the kernel's own TCP, on a thread of its own. Tells `done` when it
/// has ended; joins it.
class KernelStream {
 public:
  /// Listens, and serves the first who comes.
  static std::unique_ptr<KernelStream> server(Endpoint local, const StreamTask& task,
                                              std::function<void()> done);
  static std::unique_ptr<KernelStream> client(Endpoint remote, const StreamTask& task,
                                              std::function<void()> done);
  ~KernelStream();
  /// After `done`.
  const StreamEnd& end() const { return end_; }

 private:
  KernelStream(int listener, Endpoint remote, const StreamTask& task, std::function<void()> done);
  void run(Endpoint remote);
  void read_all();
  void write_all();

  StreamTask task_;
  Bytes sending_;
  Bytes wanted_;
  int listener_;
  int socket_ = -1;
  std::function<void()> done_;
  StreamEnd end_;
  std::string write_error_;
  bool ended_early_ = false;  ///< what was read is right, but not all
  std::thread thread_;
};

}  // namespace provlab::wire
