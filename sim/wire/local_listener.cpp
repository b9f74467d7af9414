#include "sim/wire/local_listener.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <tuple>
#include <utility>

namespace provlab::wire {

namespace {

using asio::ip::tcp;

constexpr Duration kPause = std::chrono::milliseconds(100);

Endpoint endpoint_of(const tcp::endpoint& kernel) {
  return {{kernel.address().to_v4().to_uint()}, kernel.port()};
}

/// A handler that the kernel's loop calls, as an event of the world: its clock stands still while
/// it waits.
template <class Handler>
auto as_event(world::Loop& loop, Handler handler) {
  return [&loop, handler = std::move(handler)](auto... results) mutable {
    if (loop.closing()) return;
    loop.at(loop.actual(),
            [handler = std::move(handler), results = std::tuple(std::move(results)...)]() mutable {
              std::apply(handler, std::move(results));
            });
  };
}

/// One connection of the kernel's.
class LocalStream final : public StreamSocket {
 public:
  LocalStream(world::Loop& loop, tcp::socket socket) : loop_(loop), socket_(std::move(socket)) {
    error_code gone;
    local_ = endpoint_of(socket_.local_endpoint(gone));
    remote_ = endpoint_of(socket_.remote_endpoint(gone));
  }
  ~LocalStream() override { close(); }

  Endpoint local() const override { return local_; }
  Endpoint remote() const override { return remote_; }
  OperationId start_read(asio::mutable_buffer buffer, TransferHandler handler) override {
    socket_.async_read_some(buffer, as_event(loop_, std::move(handler)));
    return {};
  }
  OperationId start_write(asio::const_buffer buffer, TransferHandler handler) override {
    socket_.async_write_some(buffer, as_event(loop_, std::move(handler)));
    return {};
  }
  void shutdown_send() override {
    error_code gone;
    socket_.shutdown(tcp::socket::shutdown_send, gone);
  }
  void close() override {
    error_code gone;
    socket_.close(gone);
  }
  void reset() override {
    error_code gone;
    socket_.set_option(asio::socket_base::linger(true, 0), gone);
    socket_.close(gone);
  }

 private:
  world::Loop& loop_;
  tcp::socket socket_;
  Endpoint local_;
  Endpoint remote_;
};

bool is_loopback(Ipv4Address address) {
  return address.value >> 24 == 127;
}

}  // namespace

struct LocalListener::State : std::enable_shared_from_this<State> {
  State(world::Loop& l, Accepted a) : loop(l), acceptor(l.context()), accepted(std::move(a)) {}

  void accept_next() {
    acceptor.async_accept([weak = weak_from_this()](error_code error, tcp::socket socket) {
      const auto self = weak.lock();
      if (!self || error == asio::error::operation_aborted) return;
      // Where there is no room for another descriptor now, there may be in a moment.
      const Instant when = self->loop.actual() + (error ? kPause : Duration());
      self->loop.at(when, [weak, error, socket = std::move(socket)]() mutable {
        const auto listener = weak.lock();
        if (!listener) return;
        if (!error) {
          listener->accepted(std::make_unique<LocalStream>(listener->loop, std::move(socket)));
        }
        listener->accept_next();
      });
    });
  }

  world::Loop& loop;
  tcp::acceptor acceptor;
  Accepted accepted;
};

LocalListener::LocalListener(std::shared_ptr<State> state) : state_(std::move(state)) {}

LocalListener::~LocalListener() {
  error_code gone;
  state_->acceptor.close(gone);
}

Expected<std::unique_ptr<LocalListener>> LocalListener::open(world::Loop& loop, Endpoint local,
                                                             Accepted accepted) {
  if (!is_loopback(local.address)) {
    return fail(fmt::format("{} is not on this machine alone; write 127.0.0.1:{}",
                            local.address.to_string(), local.port));
  }
  auto state = std::make_shared<State>(loop, std::move(accepted));
  const tcp::endpoint kernel(asio::ip::address_v4(local.address.value), local.port);
  error_code error;
  state->acceptor.open(kernel.protocol(), error);
  if (!error) state->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state->acceptor.bind(kernel, error);
  if (!error) state->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fail(fmt::format("{} cannot be listened at: {}", local.to_string(), error.message()));
  }
  state->accept_next();
  return std::unique_ptr<LocalListener>(new LocalListener(std::move(state)));
}

Endpoint LocalListener::local() const {
  error_code gone;
  return endpoint_of(state_->acceptor.local_endpoint(gone));
}

}  // namespace provlab::wire
