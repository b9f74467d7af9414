// How libFuzzer changes a history of messages: mostly one message, whose length follows, or the row
// of them; and now and then the octets of it all.
#include <cstring>

#include "tests/fuzz/records.hpp"
#include "tests/unit/settings/generator.hpp"

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

void mutate(std::vector<Record>& records, Dice& dice) {
  if (records.empty()) records.push_back({});
  const std::size_t at = dice.below(records.size());
  Record& here = records[at];
  switch (dice.below(12)) {
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
