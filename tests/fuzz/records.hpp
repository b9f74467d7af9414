#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::fuzz {

/// One message of a history. An input of such targets is a row of them, each with its head of five
/// octets: what it is, which of them, when, and how long; the last one may be cut short.
struct Record {
  std::uint8_t kind = 0;
  std::uint8_t which = 0;
  std::uint8_t when = 0;
  std::string octets;
};

inline constexpr std::size_t kMaxRecords = 24;

inline std::vector<Record> read_records(std::string_view input) {
  std::vector<Record> records;
  const auto number = [&](std::size_t at) { return static_cast<std::uint8_t>(input[at]); };
  while (input.size() >= 5 && records.size() < kMaxRecords) {
    const std::size_t size = number(3) * std::size_t{256} + number(4);
    records.push_back({number(0), number(1), number(2), std::string(input.substr(5, size))});
    input.remove_prefix(std::min(input.size(), 5 + size));
  }
  return records;
}

inline std::string write_records(const std::vector<Record>& records) {
  std::string out;
  for (const Record& record : records) {
    const std::size_t size = std::min<std::size_t>(record.octets.size(), 0xffff);
    for (const std::size_t each : {std::size_t{record.kind}, std::size_t{record.which},
                                   std::size_t{record.when}, size / 256, size % 256}) {
      out += static_cast<char>(each);
    }
    out.append(record.octets, 0, size);
  }
  return out;
}

}  // namespace provlab::fuzz
