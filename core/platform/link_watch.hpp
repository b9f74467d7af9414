#pragma once
#include "core/platform/host.hpp"
#include "core/platform/tether.hpp"

namespace provlab {

/// Calls a function each time the cable has come back in, as long as it lives.
class LinkWatch {
 public:
  LinkWatch(Host& host, UniqueFunction<void()> returned)
      : host_(host), returned_(std::move(returned)) {
    wait();
  }
  ~LinkWatch() { host_.cancel(operation_); }
  LinkWatch(const LinkWatch&) = delete;
  LinkWatch& operator=(const LinkWatch&) = delete;

 private:
  void wait() {
    operation_ = host_.start_link_wait(std::nullopt, change_.tie([this](error_code error) {
      if (error) return;
      if (host_.link_up()) returned_();
      wait();
    }));
  }

  Host& host_;
  UniqueFunction<void()> returned_;
  Tether change_;
  OperationId operation_;
};

}  // namespace provlab
