#include "netfakes/dhcp_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/platform/user_info.hpp"

namespace provlab::netfakes {

namespace {

void append_number(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

DhcpOption number_option(std::uint8_t code, std::uint32_t value) {
  DhcpOption option{code, {}};
  append_number(option.value, value);
  return option;
}

DhcpOption duration_option(std::uint8_t code, Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return number_option(code, static_cast<std::uint32_t>(std::clamp<std::int64_t>(
                                 seconds, 0, std::numeric_limits<std::uint32_t>::max())));
}

/// The options of an OFFER or ACK, those that the client asked for.
class OptionList {
 public:
  OptionList(const DhcpQuery& query, const DhcpSettings& settings)
      : query_(query), settings_(settings) {}

  void always(DhcpOption option) {
    if (!overridden(option.code)) put(std::move(option));
  }
  void asked(DhcpOption option) {
    if (wanted(option.code)) always(std::move(option));
  }
  void asked_addresses(std::uint8_t code, const std::vector<Ipv4Address>& addresses) {
    if (addresses.empty() || !wanted(code)) return;
    DhcpOption option{code, {}};
    for (const Ipv4Address address : addresses) append_number(option.value, address.value);
    always(std::move(option));
  }
  void asked_text(std::uint8_t code, const std::optional<std::string>& text, bool nul_terminated) {
    if (text && wanted(code)) always(text_option(code, *text, nul_terminated && is_whole(code)));
  }
  std::vector<DhcpOption> take() {
    for (const DhcpOption& option : settings_.further) {
      const bool unasked = option.code == 51 || option.code == 54;  // sent whether asked for or not
      if (unasked || wanted(option.code)) put(option);
    }
    return std::move(options_);
  }

 private:
  void put(DhcpOption option) {
    const std::uint8_t code = option.code;
    options_.push_back(std::move(option));
    if (is_whole(code)) return;
    std::ranges::copy_if(settings_.pieces, std::back_inserter(options_),
                         [&](const DhcpOption& piece) { return piece.code == code; });
    const bool text = code == 66 || code == 67;
    if (text && settings_.nul_terminated) options_.back().value.push_back(0);
  }
  bool is_whole(std::uint8_t code) const {
    return std::ranges::find(settings_.pieces, code, &DhcpOption::code) == settings_.pieces.end();
  }
  bool wanted(std::uint8_t code) const {
    return !settings_.only_requested || query_.asks_for(code);
  }
  bool overridden(std::uint8_t code) const {
    return std::ranges::any_of(settings_.further,
                               [&](const DhcpOption& option) { return option.code == code; });
  }

  const DhcpQuery& query_;
  const DhcpSettings& settings_;
  std::vector<DhcpOption> options_;
};

std::string text_of_code(const DhcpOption& option) {
  if (option.code != 43) return shown_url(text_of(option.value));
  std::string hex;
  for (const std::uint8_t octet : option.value) {
    fmt::format_to(std::back_inserter(hex), "{}{:02x}", hex.empty() ? "" : ":", octet);
  }
  return hex;
}

}  // namespace

DhcpOption address_option(std::uint8_t code, Ipv4Address address) {
  return number_option(code, address.value);
}

DhcpOption text_option(std::uint8_t code, std::string_view text, bool nul_terminated) {
  const auto octets = bytes_of(text);
  DhcpOption option{code, Bytes(octets.begin(), octets.end())};
  if (nul_terminated) option.value.push_back(0);
  return option;
}

std::vector<DhcpOption> granting_options(const DhcpQuery& query, const DhcpSettings& settings,
                                         const InterfaceAddress& server) {
  if (settings.bare) return {};
  OptionList options(query, settings);
  options.always(address_option(54, settings.server.value_or(server.address)));
  if (query.type != DhcpType::inform) {
    options.always(duration_option(51, settings.lease));
    options.asked(duration_option(58, settings.t1 ? *settings.t1 : settings.lease / 2));
    options.asked(duration_option(59, settings.t2 ? *settings.t2 : settings.lease / 8 * 7));
  }
  options.asked(address_option(1, {server.mask()}));
  options.asked_addresses(3, settings.routers);
  options.asked_addresses(6, settings.dns_servers);
  if (!settings.domain_name.empty()) options.asked(text_option(15, settings.domain_name, false));
  options.asked_addresses(42, settings.ntp_servers);
  if (settings.option_43) options.asked(DhcpOption{43, *settings.option_43});
  options.asked_text(66, settings.option_66, settings.nul_terminated);
  options.asked_text(67, settings.option_67, settings.nul_terminated);
  return options.take();
}

std::string_view reply_name(DhcpType type) {
  return type == DhcpType::offer ? "offer" : type == DhcpType::ack ? "ack" : "nak";
}

std::string summarize(const DhcpReply& reply, const DhcpLayout& layout,
                      const DhcpSettings& settings) {
  std::string out(reply_name(reply.type));
  if (!reply.yiaddr.is_any()) out.append(" ").append(reply.yiaddr.to_string());
  if (reply.type == DhcpType::nak) return out;
  for (const DhcpOption& option : reply.options) {
    if (option.code != 43 && option.code != 66 && option.code != 67) continue;
    fmt::format_to(std::back_inserter(out), " {}={}", option.code, text_of_code(option));
  }
  const auto overload = std::ranges::find_if(
      layout.options, [](const DhcpOption& option) { return option.code == 52; });
  const unsigned used = overload == layout.options.end() ? 0 : overload->value[0];
  if ((used & 1) == 0 && settings.file) out.append(" file=").append(shown_url(*settings.file));
  if ((used & 2) == 0 && settings.sname) out.append(" sname=").append(shown_url(*settings.sname));
  if (used != 0) fmt::format_to(std::back_inserter(out), " overload={}", used);
  for (const std::uint8_t code : layout.dropped) {
    fmt::format_to(std::back_inserter(out), " dropped={}", code);
  }
  return out;
}

}  // namespace provlab::netfakes
