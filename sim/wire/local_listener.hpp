#pragma once
#include <memory>

#include "core/platform/host.hpp"
#include "sim/world/loop.hpp"

namespace provlab::wire {

/// Listens for people on the same machine, on the kernel's own TCP, and gives what it accepts to a
/// program of a world that goes by the real clock. Nobody else can reach it: it takes addresses of
/// the loopback only. What comes in becomes an event of the world at the moment at which it comes.
/// The loop must outlive it and its connections.
class LocalListener {
 public:
  using Accepted = UniqueFunction<void(std::unique_ptr<StreamSocket>)>;

  /// Port 0: any that is free. The error is a sentence for people.
  static Expected<std::unique_ptr<LocalListener>> open(world::Loop& loop, Endpoint local,
                                                       Accepted accepted);
  ~LocalListener();
  LocalListener(const LocalListener&) = delete;
  LocalListener& operator=(const LocalListener&) = delete;

  Endpoint local() const;

 private:
  struct State;
  explicit LocalListener(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace provlab::wire
