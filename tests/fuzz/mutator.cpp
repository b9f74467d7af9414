// How libFuzzer changes its inputs where they are documents: mostly elements and attributes, and
// octets, as ever.
#include <cstdint>
#include <cstring>

#include "tests/fuzz/document_mutator.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned int seed) {
  provlab::settings::Dice dice(seed);
  if (!dice.once_in(3)) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string output = provlab::fuzz::mutated_document(input, dice);
    if (!output.empty() && output.size() <= most) {
      std::memcpy(data, output.data(), output.size());
      return output.size();
    }
  }
  return LLVMFuzzerMutate(data, size, most);
}
