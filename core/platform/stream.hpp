#pragma once
#include <boost/asio/buffer.hpp>

#include "core/platform/async.hpp"

namespace provlab {

/// A StreamSocket as an Asio AsyncReadStream and AsyncWriteStream, so that Beast and asio::ssl run
/// over either world unchanged. Owns its socket.
class Stream {
 public:
  using executor_type = Executor;
  using lowest_layer_type = Stream;

  Stream(Host& host, std::unique_ptr<StreamSocket> socket)
      : host_(&host), socket_(std::move(socket)) {}

  executor_type get_executor() { return host_->executor(); }
  lowest_layer_type& lowest_layer() { return *this; }
  const lowest_layer_type& lowest_layer() const { return *this; }
  StreamSocket& socket() { return *socket_; }

  template <class MutableBuffers, class Token>
  auto async_read_some(const MutableBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, Stream* self, asio::mutable_buffer buffer) {
          detail::start_cancellable(*self->host_, std::move(handler), [&](auto&& completion) {
            return self->socket_->start_read(buffer,
                                             std::forward<decltype(completion)>(completion));
          });
        },
        token, this, first_of<asio::mutable_buffer>(buffers));
  }

  template <class ConstBuffers, class Token>
  auto async_write_some(const ConstBuffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [](auto handler, Stream* self, asio::const_buffer buffer) {
          detail::start_cancellable(*self->host_, std::move(handler), [&](auto&& completion) {
            return self->socket_->start_write(buffer,
                                              std::forward<decltype(completion)>(completion));
          });
        },
        token, this, first_of<asio::const_buffer>(buffers));
  }

 private:
  /// The first buffer of the sequence that is not empty: "some" is all that is asked of us.
  template <class Buffer, class Sequence>
  static Buffer first_of(const Sequence& buffers) {
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers);
         ++it) {
      const Buffer buffer(*it);
      if (buffer.size() != 0) return buffer;
    }
    return Buffer();
  }

  Host* host_;
  std::unique_ptr<StreamSocket> socket_;
};

}  // namespace provlab
