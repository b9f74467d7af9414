#include "sim/world/transfer_sockets.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

// How libcurl and the world's TCP talk past the kernel:
//  1. open() only makes up a number; connect() opens the TCP connection and sends the SYN.
//  2. What libcurl asks of a number (send, receive, poll, error) is answered at once with what the
//  connection knows, and errno says "not yet" as the kernel would.
//  3. watch() says what libcurl waits for. Each change of the connection comes by on_tcp_change()
//  and is told to the observer, but never inside a call of libcurl: then notify_soon() tells it
//  from the queue, within the same instant.
//  4. That a socket can be written is told once, until libcurl has filled it or asks anew.
namespace provlab::world {

namespace {

int errno_of(const error_code& error) {
  if (error == asio::error::connection_refused) return ECONNREFUSED;
  if (error == asio::error::timed_out) return ETIMEDOUT;
  if (error == asio::error::host_unreachable) return EHOSTUNREACH;
  if (error == asio::error::network_unreachable) return ENETUNREACH;
  return ECONNRESET;
}

long fail_with(int number) {
  errno = number;
  return -1;
}

}  // namespace

VirtualTransferSockets::VirtualTransferSockets(TcpLayer& tcp) : tcp_(tcp), loop_(tcp.loop()) {
  curl_seam::require_in_effect();
}

VirtualTransferSockets::~VirtualTransferSockets() {
  for (const auto& entry : entries_) {
    if (entry && entry->connection) entry->connection->set_user(nullptr);
  }
}

void VirtualTransferSockets::enter() {
  curl_seam::enter(*this);
}
void VirtualTransferSockets::leave() {
  curl_seam::leave(*this);
}

VirtualTransferSockets::Entry* VirtualTransferSockets::find(int socket) {
  const auto index = static_cast<std::size_t>(socket - kFirstNumber);
  return socket >= kFirstNumber && index < entries_.size() ? entries_[index].get() : nullptr;
}

std::size_t VirtualTransferSockets::open_count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(entries_, [](const auto& e) { return e != nullptr; }));
}

int VirtualTransferSockets::open(Endpoint remote) {
  const auto trouble = tcp_.trouble({HostOperation::connect, {}, remote});
  if (trouble == HostTrouble::too_many_files) return -1;
  // Numbers are used again only after all are closed, so that a stale one is never mistaken.
  if (open_count() == 0) entries_.clear();
  auto entry = std::make_unique<Entry>();
  entry->owner = this;
  entry->remote = remote;
  entry->trouble = trouble;
  entry->number = kFirstNumber + static_cast<int>(entries_.size());
  entries_.push_back(std::move(entry));
  return entries_.back()->number;
}

void VirtualTransferSockets::close(int socket) {
  Entry* entry = find(socket);
  if (entry == nullptr) return;
  if (!loop_.closing()) {
    loop_.queue().take(entry->notice);
    if (entry->connection) {
      entry->connection->set_user(nullptr);
      entry->connection->close();
    }
  }
  entries_[static_cast<std::size_t>(socket - kFirstNumber)].reset();
}

int VirtualTransferSockets::connect(int socket) {
  Entry* entry = find(socket);
  if (entry == nullptr) return static_cast<int>(fail_with(EBADF));
  if (entry->connection) return static_cast<int>(fail_with(entry->connecting ? EALREADY : EISCONN));
  if (entry->trouble) return static_cast<int>(fail_with(error_of(*entry->trouble).value()));
  if (const error_code obstacle = tcp_.obstacle(entry->remote.address)) {
    return static_cast<int>(fail_with(errno_of(obstacle)));
  }
  entry->connection = tcp_.open(entry->remote);
  entry->connection->set_user(entry);
  entry->connecting = true;
  entry->connection->connect();
  return static_cast<int>(fail_with(EINPROGRESS));
}

long VirtualTransferSockets::send(int socket, const void* data, std::size_t size) {
  Entry* entry = find(socket);
  if (entry == nullptr) return fail_with(EBADF);
  if (!entry->connection || entry->connecting) return fail_with(ENOTCONN);
  TcpConnection& connection = *entry->connection;
  if (connection.error()) return fail_with(errno_of(connection.error()));
  if (connection.state() == TcpConnection::State::closed) return fail_with(EPIPE);
  const std::size_t taken = connection.send({static_cast<const std::uint8_t*>(data), size});
  if (taken > 0 || size == 0) return static_cast<long>(taken);
  entry->told_writable = false;
  return fail_with(EAGAIN);
}

long VirtualTransferSockets::receive(int socket, void* data, std::size_t size, bool peek) {
  Entry* entry = find(socket);
  if (entry == nullptr) return fail_with(EBADF);
  if (!entry->connection || entry->connecting) return fail_with(ENOTCONN);
  TcpConnection& connection = *entry->connection;
  const std::size_t length = connection.read(static_cast<std::uint8_t*>(data), size, peek);
  if (length > 0) return static_cast<long>(length);
  if (connection.error()) return fail_with(errno_of(connection.error()));
  if (connection.at_end() || connection.state() == TcpConnection::State::closed) return 0;
  return fail_with(EAGAIN);
}

short VirtualTransferSockets::poll(int socket, short events) {
  const Entry* entry = find(socket);
  if (entry == nullptr) return POLLNVAL;
  int result = 0;
  if (!entry->connection) return static_cast<short>(POLLHUP);
  if (entry->readable()) result |= POLLIN | POLLRDNORM;
  if (entry->writable()) result |= POLLOUT | POLLWRNORM;
  result &= events;
  if (entry->connection->error()) result |= POLLERR | (events & (POLLIN | POLLOUT));
  return static_cast<short>(result);
}

int VirtualTransferSockets::take_error(int socket) {
  Entry* entry = find(socket);
  if (entry == nullptr || !entry->connection || entry->error_taken) return 0;
  if (!entry->connection->error()) return 0;
  entry->error_taken = true;
  return errno_of(entry->connection->error());
}

bool VirtualTransferSockets::names(int socket, Endpoint& local, Endpoint& remote) {
  const Entry* entry = find(socket);
  if (entry == nullptr || !entry->connection) return false;
  local = entry->connection->local();
  remote = entry->connection->remote();
  return true;
}

bool VirtualTransferSockets::Entry::readable() const {
  return connection && !connecting && connection->readable();
}

bool VirtualTransferSockets::Entry::writable() const {
  if (!connection) return false;
  return connection->can_send() || connection->state() == TcpConnection::State::closed;
}

void VirtualTransferSockets::watch(int socket, bool read, bool write, Observer& observer) {
  Entry* entry = find(socket);
  if (entry == nullptr) return;
  entry->observer = &observer;
  entry->watch_read = read;
  if (write && !entry->watch_write) entry->told_writable = false;
  entry->watch_write = write;
  if ((read && entry->readable()) || (write && !entry->told_writable && entry->writable())) {
    notify_soon(*entry);
  }
}

void VirtualTransferSockets::Entry::on_tcp_change() {
  if (connecting && connection->state() != TcpConnection::State::syn_sent) connecting = false;
  if (curl_seam::active() != nullptr) return owner->notify_soon(*this);
  owner->notify(number);
}

void VirtualTransferSockets::notify_soon(Entry& entry) {
  EventQueue& queue = loop_.queue();
  if (loop_.closing() || queue.pending(entry.notice)) return;
  entry.notice = queue.schedule(loop_.now(), Rank::delivery,
                                [this, number = entry.number](error_code) { notify(number); });
}

void VirtualTransferSockets::notify(int number) {
  Entry* entry = find(number);
  if (entry == nullptr || entry->observer == nullptr) return;
  const bool read = entry->watch_read && entry->readable();
  const bool write = entry->watch_write && !entry->told_writable && entry->writable();
  if (!read && !write) return;
  if (write) entry->told_writable = true;
  const std::shared_ptr<TcpConnection> connection = entry->connection;
  const bool had_data = connection->has_data();
  entry->observer->on_ready(number, read, write);
  // libcurl stops reading where its buffer is full: tell it again as long as it makes progress.
  entry = find(number);
  if (entry != nullptr && read && had_data && entry->watch_read && entry->readable()) {
    notify_soon(*entry);
  }
}

}  // namespace provlab::world
