#include "netfakes/tls_socket.hpp"

#include <openssl/err.h>

#include <array>
#include <boost/asio/post.hpp>
#include <utility>

#include "core/platform/tether.hpp"
#include "netfakes/events.hpp"

namespace provlab::netfakes {

namespace {

constexpr std::size_t kPiece = 16384;

}  // namespace

/// Outlives its socket while the last octets leave: what writes to the inner socket holds it.
struct TlsSocket::State : std::enable_shared_from_this<State> {
  State(Host& h, std::unique_ptr<StreamSocket> i, std::shared_ptr<const TlsServer> s,
        PlaintextEar* e)
      : host(h),
        inner(std::move(i)),
        server(std::move(s)),
        ear(e),
        tls(SSL_new(server->context())) {
    input = BIO_new(BIO_s_mem());
    output = BIO_new(BIO_s_mem());
    SSL_set_bio(tls.get(), input, output);
    SSL_set_accept_state(tls.get());
    tell_keys(*tls, ear);
  }

  void pump();
  /// Records how the handshake has ended, once.
  void tell_handshake(int error);
  void tell_failure(std::string_view reason);
  void feed();
  void flush();
  void flushed();
  void end_read(error_code error, std::size_t size);
  void hear_read(std::size_t size);

  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  Host& host;
  std::unique_ptr<StreamSocket> inner;
  std::shared_ptr<const TlsServer> server;
  PlaintextEar* ear;
  std::unique_ptr<SSL, Free> tls;
  BIO* input = nullptr;   // owned by tls
  BIO* output = nullptr;  // likewise
  std::array<char, kPiece> arriving;
  std::string leaving;
  std::size_t left = 0;  ///< how much of `leaving` has left
  asio::mutable_buffer read_buffer;
  TransferHandler reader;
  std::size_t write_size = 0;
  TransferHandler writer;
  Tether arrival;  ///< of what OpenSSL reads
  // In octets of the inner stream.
  std::size_t arrived = 0;
  std::size_t departed = 0;  ///< taken from OpenSSL, to be sent
  bool flushing = false;
  bool closing = false;
  bool told = false;  ///< how the handshake has ended
};

namespace {

std::string_view server_name_of(const SSL& tls) {
  const char* name = SSL_get_servername(&tls, TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? std::string_view() : name;
}

/// `TLSv1.3` as `1.3`; what the library calls TLSv1 is 1.0.
std::string_view version_of(const SSL& tls) {
  const std::string_view name = SSL_get_version(&tls);
  if (name == "TLSv1") return "1.0";
  return name.starts_with("TLSv") ? name.substr(4) : name;
}

}  // namespace

void TlsSocket::State::tell_failure(std::string_view reason) {
  if (std::exchange(told, true)) return;
  host.record(
      TlsFailed{.from = inner->remote(), .server_name = server_name_of(*tls), .reason = reason});
}

void TlsSocket::State::tell_handshake(int error) {
  if (told) return;
  if (SSL_is_init_finished(tls.get())) {
    told = true;
    host.record(TlsAgreed{
        .from = inner->remote(), .version = version_of(*tls), .server_name = server_name_of(*tls)});
  } else if (error == SSL_ERROR_SSL) {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    tell_failure(reason == nullptr ? "no reason is known" : reason);
  }
}

/// Gives the pending read what OpenSSL has, or lets OpenSSL have more.
void TlsSocket::State::pump() {
  if (reader && !server->stalls()) {
    ERR_clear_error();  // the client lives in the same thread
    const int size = SSL_read(tls.get(), read_buffer.data(), static_cast<int>(read_buffer.size()));
    const int error = size > 0 ? SSL_ERROR_NONE : SSL_get_error(tls.get(), size);
    tell_handshake(error);
    if (size > 0) hear_read(static_cast<std::size_t>(size));
    flush();
    if (size > 0) return end_read({}, static_cast<std::size_t>(size));
    if (error == SSL_ERROR_ZERO_RETURN) return end_read(asio::error::eof, 0);
    if (error != SSL_ERROR_WANT_READ) return end_read(asio::error::connection_aborted, 0);
  }
  if (reader) feed();
}

/// OpenSSL takes record by record, so what is left over is behind the one that was read.
void TlsSocket::State::hear_read(std::size_t size) {
  if (ear == nullptr) return;
  ear->heard(inner->remote(), inner->local(), arrived - BIO_pending(input),
             {static_cast<const char*>(read_buffer.data()), size});
}

void TlsSocket::State::feed() {
  if (arrival.holds()) return;
  inner->start_read(asio::buffer(arriving), arrival.tie([this](error_code error, std::size_t size) {
    if (error) {
      if (!server->stalls()) tell_failure("the client goes away");
      return end_read(error, 0);
    }
    BIO_write(input, arriving.data(), static_cast<int>(size));
    arrived += size;
    pump();
  }));
}

void TlsSocket::State::end_read(error_code error, std::size_t size) {
  if (!reader) return;
  asio::post(host.executor(), [handler = std::exchange(reader, {}), error, size]() mutable {
    handler(error, size);
  });
}

/// Sends what OpenSSL wants to send; calls the pending write's handler when all has left.
void TlsSocket::State::flush() {
  if (flushing) return;
  if (left == leaving.size()) {
    leaving.resize(BIO_pending(output));
    left = 0;
    if (!leaving.empty()) BIO_read(output, leaving.data(), static_cast<int>(leaving.size()));
    departed += leaving.size();
  }
  if (leaving.empty()) return flushed();
  flushing = true;
  inner->start_write(asio::buffer(leaving.data() + left, leaving.size() - left),
                     [self = shared_from_this()](error_code error, std::size_t size) {
                       self->flushing = false;
                       self->left += size;
                       if (!error) return self->flush();
                       if (self->writer) std::exchange(self->writer, {})(error, 0);
                     });
}

void TlsSocket::State::flushed() {
  if (writer) {
    asio::post(host.executor(), [handler = std::exchange(writer, {}), size = write_size]() mutable {
      handler({}, size);
    });
  }
  if (closing) inner->close();
}

TlsSocket::TlsSocket(Host& host, std::unique_ptr<StreamSocket> inner,
                     std::shared_ptr<const TlsServer> server, PlaintextEar* ear)
    : state_(std::make_shared<State>(host, std::move(inner), std::move(server), ear)) {}

TlsSocket::~TlsSocket() {
  close();
}

Endpoint TlsSocket::local() const {
  return state_->inner->local();
}

Endpoint TlsSocket::remote() const {
  return state_->inner->remote();
}

OperationId TlsSocket::start_read(asio::mutable_buffer buffer, TransferHandler handler) {
  state_->read_buffer = buffer;
  state_->reader = std::move(handler);
  if (buffer.size() == 0) {
    state_->end_read({}, 0);
  } else {
    state_->pump();
  }
  return {};
}

OperationId TlsSocket::start_write(asio::const_buffer buffer, TransferHandler handler) {
  state_->writer = std::move(handler);
  const std::size_t size = std::min(buffer.size(), kPiece);
  const int taken =
      size == 0 ? 0 : SSL_write(state_->tls.get(), buffer.data(), static_cast<int>(size));
  if (size > 0 && taken <= 0) {
    asio::post(state_->host.executor(), [failed = std::exchange(state_->writer, {})]() mutable {
      failed(asio::error::broken_pipe, 0);
    });
    return {};
  }
  state_->write_size = static_cast<std::size_t>(taken);
  if (state_->ear != nullptr && taken > 0) {
    state_->ear->heard(state_->inner->local(), state_->inner->remote(),
                       state_->departed + BIO_pending(state_->output),
                       {static_cast<const char*>(buffer.data()), state_->write_size});
  }
  state_->flush();
  return {};
}

void TlsSocket::shutdown_send() {
  SSL_shutdown(state_->tls.get());
  state_->flush();
}

/// The close_notify leaves first, and then the FIN.
void TlsSocket::close() {
  if (state_->closing) return;
  state_->closing = true;
  state_->reader = {};
  if (SSL_is_init_finished(state_->tls.get())) SSL_shutdown(state_->tls.get());
  state_->flush();
}

void TlsSocket::reset() {
  state_->closing = true;
  state_->reader = {};
  state_->inner->reset();
}

}  // namespace provlab::netfakes
