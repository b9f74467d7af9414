// How libFuzzer changes a history of messages: mostly one message, whose length follows, or the
// document in one, or the row of them; and now and then the octets of it all.
#include <cstring>

#include "tests/fuzz/document_mutator.hpp"
#include "tests/fuzz/records.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace provlab::fuzz {

namespace {

using settings::Dice;

constexpr std::size_t kMostOctets = 4096;

void mutate_octets(std::string& octets) {
  std::string room = octets.substr(0, kMostOctets);
  const std::size_t size = room.size();
  room.resize(kMostOctets);
  room.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(room.data()), size, room.size()));
  octets = std::move(room);
}

/// Another document behind a message's head, which says how long it is; or where there is no head.
void mutate_body(std::string& message, Dice& dice) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  constexpr std::string_view kLength = "\r\nContent-Length:";
  const std::size_t end = message.find(kEnd);
  std::string head = end == std::string::npos ? "" : message.substr(0, end + kEnd.size());
  const std::string body = mutated_document(std::string_view(message).substr(head.size()), dice);
  if (body.empty()) return mutate_octets(message);
  if (const std::size_t length = head.find(kLength); length != std::string::npos) {
    const std::size_t number = length + kLength.size();
    head.replace(number, head.find('\r', number) - number, " " + std::to_string(body.size()));
  }
  message = head + body;
}

void mutate(std::vector<Record>& records, Dice& dice) {
  if (records.empty()) records.push_back({});
  const std::size_t at = dice.below(records.size());
  Record& here = records[at];
  switch (dice.below(14)) {
    case 0:
      here.kind = static_cast<std::uint8_t>(dice.below(16));
      break;
    case 1:
      here.which = static_cast<std::uint8_t>(dice.next());
      break;
    case 2:
      here.when = static_cast<std::uint8_t>(dice.below(16));
      break;
    case 3:
      records.erase(records.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 4:
      records.insert(records.begin() + static_cast<std::ptrdiff_t>(at), Record(here));
      break;
    case 5:
      std::swap(here, records[dice.below(records.size())]);
      break;
    case 6:
      here.octets = records[dice.below(records.size())].octets;
      break;
    case 7:
    case 8:
      mutate_body(here.octets, dice);
      break;
    default:
      mutate_octets(here.octets);
  }
}

}  // namespace

}  // namespace provlab::fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned int seed) {
  using namespace provlab::fuzz;
  provlab::settings::Dice dice(seed);
  if (dice.once_in(16)) return LLVMFuzzerMutate(data, size, most);
  auto records = read_records({reinterpret_cast<const char*>(data), size});
  for (std::size_t i = dice.below(3) + 1; i > 0; --i) mutate(records, dice);
  const std::string output = write_records(records);
  if (output.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::memcpy(data, output.data(), output.size());
  return output.size();
}
