#pragma once
#include <cstring>

#include "sim/world/world.hpp"
#include "tests/unit/port/stream_task.hpp"

namespace provlab::wire {

/// The same on the TCP of a world, driven by its events.
class WorldStream {
 public:
  WorldStream(world::VirtualHost& host, const StreamTask& task)
      : host_(host),
        task_(task),
        sending_(numbered_octets(task.sends, task.seed)),
        wanted_(numbered_octets(task.expects, task.peer_seed)),
        chunk_(task.slow ? 20'000 : 65536) {}

  void start(std::unique_ptr<StreamSocket> socket) {
    socket_ = std::move(socket);
    read();
    if (!task_.answers) write();
  }
  void fail(const std::string& why) { finish(StreamEnd::Kind::error, why); }
  const StreamEnd& end() const { return end_; }

 private:
  void finish(StreamEnd::Kind kind, const std::string& why = {}) {
    if (end_.kind == StreamEnd::Kind::running) end_ = {kind, end_.received, why};
  }
  void finish_if_both_ended() {
    if (at_end_ && all_sent_) finish(StreamEnd::Kind::right);
  }
  void read() {
    socket_->start_read(asio::buffer(chunk_),
                        [this](error_code error, std::size_t size) { took(error, size); });
  }
  void took(error_code error, std::size_t size) {
    if (end_.kind != StreamEnd::Kind::running) return;
    if (error == asio::error::eof) {
      if (end_.received < wanted_.size()) return finish(StreamEnd::Kind::wrong, "ended early");
      at_end_ = true;
      if (task_.answers) write();
      return finish_if_both_ended();
    }
    if (error) return fail(error.message());
    const bool right = size <= wanted_.size() - end_.received &&
                       std::memcmp(chunk_.data(), wanted_.data() + end_.received, size) == 0;
    if (!right) return finish(StreamEnd::Kind::wrong, "wrong octets");
    end_.received += size;
    if (task_.resets_at && end_.received >= *task_.resets_at) {
      finish(StreamEnd::Kind::error, "reset here");
      return socket_->reset();
    }
    if (!task_.slow) return read();
    host_.start_timer(host_.now() + std::chrono::milliseconds(10), [this](error_code stopped) {
      if (!stopped) read();
    });
  }
  void write() {
    if (end_.kind != StreamEnd::Kind::running) return;
    if (sent_ == sending_.size()) {
      socket_->shutdown_send();
      all_sent_ = true;
      return finish_if_both_ended();
    }
    const BytesView rest = BytesView(sending_).subspan(sent_);
    socket_->start_write(asio::buffer(rest.data(), std::min<std::size_t>(rest.size(), 65536)),
                         [this](error_code error, std::size_t size) {
                           if (error) return fail(error.message());
                           sent_ += size;
                           write();
                         });
  }

  world::VirtualHost& host_;
  StreamTask task_;
  Bytes sending_;
  Bytes wanted_;
  Bytes chunk_;
  std::unique_ptr<StreamSocket> socket_;
  std::size_t sent_ = 0;
  bool at_end_ = false;
  bool all_sent_ = false;
  StreamEnd end_;
};

}  // namespace provlab::wire
