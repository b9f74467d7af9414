#include "netfakes/dhcp_wire.hpp"

#include <fmt/format.h>
#include <tins/dhcp.h>

#include <algorithm>
#include <array>

#include "netfakes/request_fields.hpp"

namespace provlab::netfakes {

namespace {

constexpr std::size_t kLongestOption = 255;
constexpr std::size_t kShortestMessage = 300;
constexpr std::uint8_t kOverload = 52;
constexpr std::uint8_t kMessageType = 53;
constexpr std::uint8_t kEnd = 255;

Ipv4Address from_tins(Tins::IPv4Address address) {
  return {Tins::Endian::be_to_host(static_cast<std::uint32_t>(address))};
}

Tins::IPv4Address to_tins(Ipv4Address address) {
  return Tins::IPv4Address(Tins::Endian::host_to_be(address.value));
}

const Tins::DHCP::option* find(const Tins::DHCP& message, std::uint8_t code) {
  return message.search_option(static_cast<Tins::DHCP::OptionTypes>(code));
}

std::optional<Ipv4Address> address_option(const Tins::DHCP& message, std::uint8_t code) {
  const auto* option = find(message, code);
  if (option == nullptr || option->data_size() != 4) return std::nullopt;
  const std::uint8_t* d = option->data_ptr();
  return Ipv4Address::of(d[0], d[1], d[2], d[3]);
}

/// Texts and the like may be cut in two anywhere (RFC 3396); a number or an address that a client
/// does not join would be malformed.
bool may_be_split(std::uint8_t code) {
  static constexpr std::array<std::uint8_t, 7> kWholeOnly = {1, 51, 52, 53, 54, 58, 59};
  return std::find(kWholeOnly.begin(), kWholeOnly.end(), code) == kWholeOnly.end() && code != 3 &&
         code != 6 && code != 42;
}

/// One place for options with so many octets of room.
class Area {
 public:
  explicit Area(std::size_t room) : room_(room) {}
  std::vector<DhcpOption> options;

  /// Puts in what fits of value[offset…]; returns the new offset, which is the end when all fitted.
  std::size_t put(std::uint8_t code, BytesView value, std::size_t offset) {
    const bool whole_only = !may_be_split(code);
    do {
      const std::size_t left = value.size() - offset;
      if (room_ < 2 || (left > 0 && room_ < 3)) return offset;
      const std::size_t size = std::min({left, kLongestOption, room_ - 2});
      if (whole_only && size < left) return offset;
      const auto piece = value.subspan(offset, size);
      options.push_back({code, Bytes(piece.begin(), piece.end())});
      room_ -= 2 + size;
      offset += size;
      if (left == 0) return offset + 1;  // an empty option: report progress past its end
    } while (offset < value.size());
    return offset;
  }

  /// As octets with an End, for a header field.
  Bytes bytes() const {
    Bytes out;
    for (const DhcpOption& option : options) {
      out.push_back(option.code);
      out.push_back(static_cast<std::uint8_t>(option.value.size()));
      out.insert(out.end(), option.value.begin(), option.value.end());
    }
    out.push_back(kEnd);
    return out;
  }

 private:
  std::size_t room_;
};

bool contains(const std::vector<std::uint8_t>& codes, std::uint8_t code) {
  return std::ranges::find(codes, code) != codes.end();
}

Bytes header_text(const std::optional<std::string>& text, std::size_t size) {
  if (!text) return {};
  const auto octets = bytes_of(*text).first(std::min(text->size(), size));
  return {octets.begin(), octets.end()};
}

}  // namespace

bool DhcpQuery::asks_for(std::uint8_t code) const {
  return !parameter_list || contains(*parameter_list, code);
}

Expected<DhcpQuery> parse_dhcp_query(BytesView payload) {
  try {
    const Tins::DHCP message(payload.data(), static_cast<std::uint32_t>(payload.size()));
    if (message.opcode() != Tins::BootP::BOOTREQUEST) return fail("not a BOOTREQUEST");
    if (message.htype() != 1 || message.hlen() != 6) return fail("not from an Ethernet client");
    const auto* type = find(message, kMessageType);
    if (type == nullptr || type->data_size() != 1) return fail("no message type (option 53)");
    DhcpQuery query;
    query.type = static_cast<DhcpType>(*type->data_ptr());
    query.transaction = message.xid();
    query.flags = message.padding();
    query.ciaddr = from_tins(message.ciaddr());
    query.giaddr = from_tins(message.giaddr());
    const auto hardware = message.chaddr();
    std::copy_n(hardware.begin(), query.client.octets.size(), query.client.octets.begin());
    query.server = address_option(message, 54);
    query.requested = address_option(message, 50);
    if (const auto* list = find(message, 55)) {
      query.parameter_list = Bytes(list->data_ptr(), list->data_ptr() + list->data_size());
    }
    query.contents = dhcp_fields(payload);
    return query;
  } catch (const Tins::exception_base& error) {
    return fail(fmt::format("malformed: {}", error.what()));
  }
}

namespace {

/// In the order of the settings' sequence.
std::vector<DhcpOption> arranged(std::vector<DhcpOption> options, const DhcpSettings& settings) {
  const std::vector<std::uint8_t>& sequence = settings.sequence;
  std::vector<DhcpOption> out;
  const auto take = [&](std::uint8_t code) {
    const auto found = std::ranges::find(options, code, &DhcpOption::code);
    if (found == options.end()) return false;
    out.push_back(std::move(*found));
    options.erase(found);
    return true;
  };
  for (const std::uint8_t code : {kMessageType, kOverload}) {
    if (!contains(sequence, code)) take(code);
  }
  for (auto code = sequence.begin(); code != sequence.end(); ++code) {
    const bool last = std::find(code + 1, sequence.end(), *code) == sequence.end();
    while (take(*code) && last) {
    }
  }
  std::ranges::move(options, std::back_inserter(out));
  return out;
}

}  // namespace

DhcpLayout lay_out(const DhcpReply& reply, const DhcpSettings& settings) {
  DhcpLayout layout;
  const bool limited = settings.options_limit.has_value();
  // Of the limit, the overload option and the type, which always stand in the option area.
  constexpr std::size_t kFixedPart = 3 + 3;
  const std::size_t room = !limited ? SIZE_MAX
                           : *settings.options_limit > kFixedPart
                               ? *settings.options_limit - kFixedPart
                               : 0;
  Area main(room);
  Area file(kFileSize - 1);
  Area sname(kSnameSize - 1);
  for (const DhcpOption& option : reply.options) {
    const std::array<Area*, 3> order =
        contains(settings.in_file, option.code)    ? std::array<Area*, 3>{&file, nullptr, nullptr}
        : contains(settings.in_sname, option.code) ? std::array<Area*, 3>{&sname, nullptr, nullptr}
        : limited                                  ? std::array<Area*, 3>{&main, &file, &sname}
                                                   : std::array<Area*, 3>{&main, nullptr, nullptr};
    const std::size_t end = std::max<std::size_t>(option.value.size(), 1);
    std::size_t offset = 0;
    for (Area* area : order) {
      if (area != nullptr && offset < end) offset = area->put(option.code, option.value, offset);
    }
    if (offset < end) layout.dropped.push_back(option.code);
  }
  layout.options.push_back({kMessageType, {static_cast<std::uint8_t>(reply.type)}});
  const auto overload =
      static_cast<std::uint8_t>((file.options.empty() ? 0 : 1) | (sname.options.empty() ? 0 : 2));
  if (overload != 0) layout.options.push_back({kOverload, {overload}});
  std::move(main.options.begin(), main.options.end(), std::back_inserter(layout.options));
  if (!settings.sequence.empty()) layout.options = arranged(std::move(layout.options), settings);
  layout.end = settings.end;
  const bool texts = reply.type != DhcpType::nak;
  if (!file.options.empty()) {
    layout.file = file.bytes();
  } else if (texts) {
    layout.file = header_text(settings.file, kFileSize);
  }
  if (!sname.options.empty()) {
    layout.sname = sname.bytes();
  } else if (texts) {
    layout.sname = header_text(settings.sname, kSnameSize);
  }
  return layout;
}

Bytes serialize(const DhcpReply& reply, const DhcpLayout& layout, const DhcpQuery& query) {
  Tins::DHCP message;
  message.opcode(Tins::BootP::BOOTREPLY);
  message.xid(query.transaction);
  message.padding(query.flags);
  message.ciaddr(to_tins(reply.ciaddr));
  message.yiaddr(to_tins(reply.yiaddr));
  message.giaddr(to_tins(query.giaddr));
  message.chaddr(Tins::HWAddress<6>(query.client.octets.data()));
  std::array<std::uint8_t, kFileSize> file{};
  std::copy(layout.file.begin(), layout.file.end(), file.begin());
  message.file(file.data());
  std::array<std::uint8_t, kSnameSize> sname{};
  std::copy(layout.sname.begin(), layout.sname.end(), sname.begin());
  message.sname(sname.data());
  for (const DhcpOption& option : layout.options) {
    message.add_option(Tins::DHCP::option(option.code, option.value.size(), option.value.data()));
  }
  if (layout.end == DhcpSettings::End::end) message.end();
  Bytes bytes = message.serialize();
  const bool padded = layout.end != DhcpSettings::End::none;
  if (padded && bytes.size() < kShortestMessage) bytes.resize(kShortestMessage);
  return bytes;
}

}  // namespace provlab::netfakes
