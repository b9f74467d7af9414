#pragma once
#include <map>
#include <stdexcept>
#include <string>

#include "core/platform/host.hpp"
#include "sim/record/trace.hpp"

namespace provlab::settings {

/// Storage in memory that can be told to fail.
class FakeStorage final : public Storage {
 public:
  Expected<std::optional<std::string>> read(std::string_view name) override {
    if (unreadable) return fail("input/output error");
    const auto found = pieces.find(name);
    if (found == pieces.end()) return std::nullopt;
    return found->second;
  }
  Expected<void> replace(std::string_view name, std::string_view content) override {
    if (full) return fail("no space left");
    pieces.insert_or_assign(std::string(name), std::string(content));
    ++writes;
    return {};
  }
  Expected<void> remove(std::string_view name) override {
    if (const auto found = pieces.find(name); found != pieces.end()) pieces.erase(found);
    return {};
  }

  Expected<void> rename(std::string_view name, std::string_view to) override {
    auto piece = pieces.extract(std::string(name));
    if (!piece) return fail("no such piece");
    piece.key() = to;
    pieces.erase(piece.key());
    pieces.insert(std::move(piece));
    return {};
  }

  std::map<std::string, std::string, std::less<>> pieces;
  unsigned writes = 0;
  bool full = false;
  bool unreadable = false;
};

/// A Host that has storage and a trace and nothing else: what the settings may use.
class FakeHost final : public Host {
 public:
  asio::io_context& context() override { return context_; }
  MacAddress mac() const override { return {}; }
  Instant now() const override { return {}; }
  /// The timer never expires; only cancel() ends it.
  OperationId start_timer(Instant, WaitHandler handler) override {
    waiting_.emplace(++last_, std::move(handler));
    return {last_, 0};
  }
  void cancel(OperationId operation) noexcept override {
    const auto found = waiting_.find(operation.slot);
    if (found == waiting_.end()) return;
    asio::post(context_, [handler = std::move(found->second)]() mutable {
      handler(asio::error::operation_aborted);
    });
    waiting_.erase(found);
  }
  void configure(const InterfaceConfiguration&) override { refuse(); }
  void deconfigure() override { refuse(); }
  std::optional<InterfaceConfiguration> configuration() const override { return std::nullopt; }
  bool link_up() const override { return false; }
  /// The cable stays out; only cancel() ends the wait.
  OperationId start_link_wait(std::optional<Instant>, WaitHandler handler) override {
    return start_timer({}, std::move(handler));
  }
  OperationId start_address_probe(Ipv4Address, Instant, ProbeHandler) override { refuse(); }
  Expected<std::unique_ptr<UdpSocket>> open_udp(const UdpOptions&) override { refuse(); }
  Expected<std::unique_ptr<LinkSocket>> open_link(LinkFilter) override { refuse(); }
  Expected<std::unique_ptr<StreamAcceptor>> listen(const ListenOptions&) override { refuse(); }
  OperationId start_connect(Endpoint, Instant, ConnectHandler) override { refuse(); }
  TransferSockets& transfer_sockets() override { refuse(); }
  FakeStorage& storage() override { return storage_; }
  Random& random() override { refuse(); }
  Trace& trace() override { return trace_; }
  HostId id() const override { return id_; }

  /// How many events of a name the trace has.
  std::size_t count(std::string_view event) {
    std::size_t found = 0;
    for (const TraceRecord record : trace_) found += record.is(event) ? 1 : 0;
    return found;
  }
  /// A field of the last event of a name; empty where there is none.
  std::string last(std::string_view event, std::string_view field) {
    std::string value;
    for (const TraceRecord record : trace_) {
      if (record.is(event)) value = record.field(field).value_or("");
    }
    return value;
  }

 private:
  [[noreturn]] static void refuse() { throw std::logic_error("settings must not use this"); }

  asio::io_context context_;
  FakeStorage storage_;
  Trace trace_;
  HostId id_ = trace_.add_host("device");
  std::map<std::uint32_t, WaitHandler> waiting_;
  std::uint32_t last_ = 0;
};

}  // namespace provlab::settings
