#include <fmt/format.h>

#include "sim/world/tcp_layer.hpp"

namespace provlab::world {

namespace {

/// One end as the Host's StreamSocket. Its pending operations wait in the world's queue.
class VirtualStreamSocket final : public StreamSocket, private TcpConnection::User {
 public:
  VirtualStreamSocket(Loop& loop, std::shared_ptr<TcpConnection> connection)
      : loop_(loop), connection_(std::move(connection)) {
    connection_->set_user(this);
  }
  ~VirtualStreamSocket() override { close(); }

  Endpoint local() const override { return connection_->local(); }
  Endpoint remote() const override { return connection_->remote(); }

  OperationId start_read(asio::mutable_buffer buffer, TransferHandler handler) override {
    if (loop_.closing()) return {};
    auto complete = [this, buffer, handler = std::move(handler)](error_code error) mutable {
      if (error) return handler(error, 0);
      const std::size_t length =
          connection_->read(static_cast<std::uint8_t*>(buffer.data()), buffer.size());
      if (length > 0 || buffer.size() == 0) return handler({}, length);
      handler(connection_->error() ? connection_->error() : error_code(asio::error::eof), 0);
    };
    if (buffer.size() == 0 || connection_->readable() || closed_) {
      reader_ = loop_.queue().schedule(loop_.now(), Rank::delivery, std::move(complete));
      read_waits_ = false;
    } else {
      reader_ = loop_.queue().park(std::move(complete));
      read_waits_ = true;
    }
    return reader_;
  }

  OperationId start_write(asio::const_buffer buffer, TransferHandler handler) override {
    if (loop_.closing()) return {};
    auto complete = [this, buffer, handler = std::move(handler)](error_code error) mutable {
      if (error) return handler(error, 0);
      if (buffer.size() == 0) return handler({}, 0);
      const BytesView data(static_cast<const std::uint8_t*>(buffer.data()), buffer.size());
      const std::size_t taken = connection_->send(data);
      if (taken > 0) return handler({}, taken);
      handler(connection_->error() ? connection_->error() : error_code(asio::error::broken_pipe),
              0);
    };
    if (buffer.size() == 0 || connection_->can_send() || finished()) {
      writer_ = loop_.queue().schedule(loop_.now(), Rank::delivery, std::move(complete));
      write_waits_ = false;
    } else {
      writer_ = loop_.queue().park(std::move(complete));
      write_waits_ = true;
    }
    return writer_;
  }

  void shutdown_send() override {
    if (!loop_.closing()) connection_->shutdown_send();
    sending_ended_ = true;
  }

  void close() override {
    finish([](TcpConnection& c) { c.close(); });
  }
  void reset() override {
    finish([](TcpConnection& c) {
      c.set_user(nullptr);
      c.reset();
    });
  }

 private:
  bool finished() const {
    return closed_ || sending_ended_ || connection_->state() == TcpConnection::State::closed;
  }

  template <class End>
  void finish(End end) {
    if (closed_ || loop_.closing()) return;
    closed_ = true;
    end(*connection_);
    loop_.abort(reader_, asio::error::operation_aborted);
    loop_.abort(writer_, asio::error::operation_aborted);
  }

  void on_tcp_change() override {
    // A handler may destroy this socket: look at the members first.
    EventQueue& queue = loop_.queue();
    EventQueue::Callback read;
    EventQueue::Callback write;
    if (read_waits_ && connection_->readable()) {
      read = queue.take(reader_);
      read_waits_ = false;
    }
    if (write_waits_ && (connection_->can_send() || finished())) {
      writer_ = queue.schedule(loop_.now(), Rank::delivery, queue.take(writer_));
      write_waits_ = false;
    }
    if (read) read({});
  }

  Loop& loop_;
  std::shared_ptr<TcpConnection> connection_;
  OperationId reader_;
  OperationId writer_;
  bool read_waits_ = false;
  bool write_waits_ = false;
  bool sending_ended_ = false;
  bool closed_ = false;
};

/// A connection that its user waits for. Lives as long as the wait, in the callback that ends it.
class PendingConnection final : private TcpConnection::User {
 public:
  PendingConnection(Loop& loop, std::shared_ptr<TcpConnection> connection)
      : loop_(loop), connection_(std::move(connection)) {
    connection_->set_user(this);
  }
  PendingConnection(const PendingConnection&) = delete;
  PendingConnection& operator=(const PendingConnection&) = delete;
  ~PendingConnection() {
    if (!connection_) return;
    connection_->set_user(nullptr);
    if (!loop_.closing()) connection_->close();
  }

  void waits_as(OperationId operation) { operation_ = operation; }
  /// What the wait has come to: the connection's own error, else that of its end.
  error_code verdict(error_code error) const {
    if (connection_->state() == TcpConnection::State::established) return {};
    return connection_->error() ? connection_->error() : error;
  }
  std::unique_ptr<StreamSocket> take() {
    return std::make_unique<VirtualStreamSocket>(loop_, std::move(connection_));
  }

 private:
  void on_tcp_change() override {
    if (connection_->state() == TcpConnection::State::syn_sent) return;
    // The callback destroys this.
    if (EventQueue::Callback callback = loop_.queue().take(operation_)) callback({});
  }

  Loop& loop_;
  std::shared_ptr<TcpConnection> connection_;
  OperationId operation_;
};

class VirtualAcceptor final : public StreamAcceptor {
 public:
  VirtualAcceptor(TcpLayer& layer, std::shared_ptr<TcpListener> listener)
      : layer_(layer), loop_(layer.loop()), listener_(std::move(listener)) {}
  ~VirtualAcceptor() override {
    if (loop_.closing()) return;
    loop_.abort(listener_->acceptor, asio::error::operation_aborted);
    loop_.abort(listener_->ready, asio::error::operation_aborted);
    layer_.close_listener(listener_->options.port, listener_.get());
  }

  OperationId start_accept(AcceptHandler handler) override {
    if (loop_.closing()) return {};
    auto complete = [loop = &loop_, listener = listener_.get(),
                     handler = std::move(handler)](error_code error) mutable {
      if (error) return handler(error, nullptr);
      if (!listener->arriving) {
        listener->arriving = std::move(listener->waiting.front());
        listener->waiting.pop_front();
      }
      handler(error, std::make_unique<VirtualStreamSocket>(*loop, std::move(listener->arriving)));
    };
    if (listener_->waiting.empty()) {
      return listener_->acceptor = loop_.queue().park(std::move(complete));
    }
    return listener_->ready =
               loop_.queue().schedule(loop_.now(), Rank::delivery, std::move(complete));
  }

 private:
  TcpLayer& layer_;
  Loop& loop_;
  std::shared_ptr<TcpListener> listener_;
};

}  // namespace

OperationId TcpLayer::start_connect(Endpoint remote, Instant deadline, ConnectHandler handler) {
  if (loop().closing()) return {};
  if (const auto why = trouble({HostOperation::connect, {}, remote})) {
    return loop().queue().schedule(
        loop().now(), Rank::delivery,
        [found = error_of(*why), handler = std::move(handler)](error_code error) mutable {
          handler(error ? error : found, nullptr);
        });
  }
  const auto connection = open(remote);
  auto pending = std::make_unique<PendingConnection>(loop(), connection);
  PendingConnection& waiting = *pending;
  const OperationId operation = loop().queue().schedule(
      deadline, Rank::timer,
      [pending = std::move(pending), handler = std::move(handler)](error_code error) mutable {
        // What is cancelled or too late is given up, even where it has just come to stand.
        const error_code verdict = error ? error : pending->verdict(asio::error::timed_out);
        auto socket = verdict ? nullptr : pending->take();
        pending.reset();
        handler(verdict, std::move(socket));
      },
      {});
  waiting.waits_as(operation);
  connection->connect();
  return operation;
}

Expected<std::unique_ptr<StreamAcceptor>> TcpLayer::listen(const ListenOptions& options) {
  if (listeners_.contains(options.port)) {
    return fail(fmt::format("TCP port {} is already in use", options.port));
  }
  if (const auto why = trouble({HostOperation::listen, {}, {Ipv4Address::any(), options.port}})) {
    return fail(fmt::format("TCP port {} cannot be opened: {}", options.port, reason_of(*why)));
  }
  auto listener = std::make_shared<TcpListener>();
  listener->options = options;
  listeners_.emplace(options.port, listener);
  return std::make_unique<VirtualAcceptor>(*this, std::move(listener));
}

}  // namespace provlab::world
