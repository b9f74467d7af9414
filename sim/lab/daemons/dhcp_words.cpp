#include "sim/lab/daemons/dhcp_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"

namespace provlab::lab {

DhcpPool pool_of(const netfakes::DhcpConfig& config, const InterfaceAddress& server) {
  DhcpPool pool;
  pool.network.prefix_length = config.prefix.value_or(server.prefix_length);
  const InterfaceAddress masked{server.address, pool.network.prefix_length};
  pool.network.address = Ipv4Address{server.address.value & masked.mask()};
  pool.first = config.first_offer.value_or(Ipv4Address{pool.network.address.value + 100});
  const std::uint32_t end = pool.network.address.value | ~masked.mask();
  pool.last = Ipv4Address{std::min(pool.first.value + config.pool_size - 1, end - 1)};
  return pool;
}

std::vector<netfakes::DhcpOption> listed_options(const netfakes::DhcpSettings& settings) {
  std::vector<netfakes::DhcpOption> options;
  const auto octets = [](const std::string& text) { return Bytes(text.begin(), text.end()); };
  if (settings.option_66) options.push_back({66, octets(*settings.option_66)});
  if (settings.option_67) options.push_back({67, octets(*settings.option_67)});
  if (settings.option_43) options.push_back({43, *settings.option_43});
  options.insert(options.end(), settings.further.begin(), settings.further.end());
  return options;
}

std::string colon_hex(BytesView octets) {
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : ":", octet);
  }
  return text;
}

long long seconds_of(Duration time) {
  return std::chrono::floor<std::chrono::seconds>(time).count();
}

std::string address_list(const std::vector<Ipv4Address>& addresses, const char* between) {
  std::string text;
  for (const Ipv4Address& address : addresses) {
    text += (text.empty() ? "" : between) + address.to_string();
  }
  return text;
}

}  // namespace provlab::lab
