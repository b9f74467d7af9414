#pragma once
#include <memory>
#include <string>

#include "core/platform/host.hpp"

namespace provlab::wire {

/// Whether an interface of this machine has its cable in, as the kernel tells it (rtnetlink(7)): in
/// where it is up and has a carrier. News wakes the loop that runs `context`, so that whoever runs
/// it need only ask.
class Carrier {
 public:
  enum class State { in, out, gone };

  /// Errors: no such interface, or the kernel tells nothing of them. The context must outlive it.
  static Expected<std::unique_ptr<Carrier>> follow(asio::io_context& context,
                                                   const std::string& interface);
  ~Carrier();
  Carrier(const Carrier&) = delete;
  Carrier& operator=(const Carrier&) = delete;

  State state() const;

 private:
  struct News;  // what the wait for them shares with this
  explicit Carrier(std::shared_ptr<News> news) : news_(std::move(news)) {}
  static void await(const std::shared_ptr<News>& news);

  std::shared_ptr<News> news_;
};

}  // namespace provlab::wire
