#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/trace_entry.hpp"

namespace provlab {

/// The older events of a long trace in little room (D46): what happens again and again says the
/// same words, and numbers that are a little larger than the last ones.
///  1. They come in parts of kBlock events, and each part is packed by itself.
///  2. Whoever asks for an event gets its whole part unpacked; kOpen of these are kept, those that
///  were asked for last. To go through them in their order costs little, to jump about much.
///  3. Not one octet gets lost.
class PackedEvents {
 public:
  static constexpr std::size_t kBlock = 8192;
  static constexpr std::size_t kOpen = 4;

  /// A part as it was, but for its texts, each of which is there once.
  struct Open {
    EventNumber first = 0;  ///< 0: none
    std::uint64_t asked = 0;
    std::vector<TraceEntry> entries;
    std::vector<TraceField> fields;
    const std::string* texts = nullptr;
  };

  PackedEvents() = default;
  PackedEvents(const PackedEvents&) = delete;  // what is open refers to its parts
  PackedEvents& operator=(const PackedEvents&) = delete;

  /// Appends kBlock events, whose `fields` and `texts` are those of the trace.
  void add(EventNumber first, std::span<const TraceEntry> entries, const TraceField* fields,
           const char* texts);
  /// Lets go of the parts all of whose events are older.
  void forget_before(EventNumber number);
  /// The event must be here. Valid until add(), forget_before(), or kOpen other parts.
  const Open& part_with(EventNumber number) const;
  std::size_t octets() const;  ///< that they take

 private:
  /// Which fields an event has. Those of one kind have few forms.
  struct Form {
    const EventType* type;
    std::vector<std::pair<std::string_view, TraceField::Kind>> fields;
  };
  struct Part {
    EventNumber first = 0;
    std::string octets;
    std::string texts;                   ///< each once
    std::vector<std::uint32_t> ends;     ///< of the texts
    std::vector<std::uint64_t> numbers;  ///< large ones that come again: addresses, endpoints
  };
  class Packer;
  class Unpacker;

  static std::size_t octets_of(const Part& part);
  std::size_t form_of(const TraceEntry& entry, std::span<const TraceField> fields);
  void unpack(const Part& part, Open& open) const;

  std::vector<Form> forms_;
  std::vector<Part> parts_;
  std::size_t octets_ = 0;  ///< of the parts
  mutable std::array<Open, kOpen> open_;
  mutable std::uint64_t asked_ = 0;
};

}  // namespace provlab
