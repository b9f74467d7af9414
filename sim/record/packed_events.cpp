#include "sim/record/packed_events.hpp"

#include <algorithm>
#include <map>

// A part is a string of numbers, each of seven bits an octet with the lowest first (LEB128). An
// event is its form, the time since the event before, how far back its cause is, its host, and a
// number for each field: a text or an endpoint is its place in a table of the part.
namespace provlab {

namespace {

/// Small where the number is near zero, on either side.
std::uint64_t folded(std::int64_t number) {
  return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
}

std::int64_t unfolded(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1 ^ (~(number & 1) + 1));
}

}  // namespace

class PackedEvents::Packer {
 public:
  explicit Packer(Part& part) : part_(part) {}

  void put(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) {
      part_.octets += static_cast<char>(static_cast<unsigned char>(number | 0x80));
    }
    part_.octets += static_cast<char>(number);
  }
  void put(const TraceField& field, const char* texts) {
    switch (field.kind) {
      case TraceField::Kind::text:
        return put(place_of({texts + field.begin(), field.length()}));
      case TraceField::Kind::integer:
        return put(folded(field.integer()));
      case TraceField::Kind::flag:
        return put(field.value);
      case TraceField::Kind::address:
      case TraceField::Kind::endpoint:
        return put(place_of(field.value));
    }
  }

 private:
  std::size_t place_of(std::string_view text) {
    const auto [known, is_new] = texts_.try_emplace(text, part_.ends.size());
    if (is_new) {
      part_.texts += text;
      part_.ends.push_back(static_cast<std::uint32_t>(part_.texts.size()));
    }
    return known->second;
  }
  std::size_t place_of(std::uint64_t number) {
    const auto [known, is_new] = numbers_.try_emplace(number, part_.numbers.size());
    if (is_new) part_.numbers.push_back(number);
    return known->second;
  }

  Part& part_;
  std::map<std::string_view, std::size_t> texts_;  ///< of the trace
  std::map<std::uint64_t, std::size_t> numbers_;
};

class PackedEvents::Unpacker {
 public:
  explicit Unpacker(const Part& part) : part_(part) {}

  std::uint64_t take() {
    std::uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto octet = static_cast<unsigned char>(part_.octets[at_++]);
      number |= std::uint64_t{octet & 0x7fU} << shift;
      if (octet < 0x80) return number;
    }
  }
  std::uint64_t take_value(TraceField::Kind kind) {
    const std::uint64_t number = take();
    switch (kind) {
      case TraceField::Kind::text: {
        const std::uint64_t begin = number == 0 ? 0 : part_.ends[number - 1];
        return begin << 32 | (part_.ends[number] - begin);
      }
      case TraceField::Kind::integer:
        return static_cast<std::uint64_t>(unfolded(number));
      case TraceField::Kind::flag:
        return number;
      case TraceField::Kind::address:
      case TraceField::Kind::endpoint:
        return part_.numbers[number];
    }
    return 0;
  }

 private:
  const Part& part_;
  std::size_t at_ = 0;
};

std::size_t PackedEvents::octets_of(const Part& part) {
  return part.octets.capacity() + part.texts.capacity() +
         part.ends.capacity() * sizeof(std::uint32_t) +
         part.numbers.capacity() * sizeof(std::uint64_t);
}

std::size_t PackedEvents::form_of(const TraceEntry& entry, std::span<const TraceField> fields) {
  const auto same = [&](const Form& form) {
    return form.type == entry.type &&
           std::ranges::equal(form.fields, fields, [](const auto& a, const TraceField& b) {
             return a.first.data() == b.key.data() && a.first.size() == b.key.size() &&
                    a.second == b.kind;
           });
  };
  const auto known = std::ranges::find_if(forms_, same);
  const auto place = static_cast<std::size_t>(known - forms_.begin());
  if (known == forms_.end()) {
    Form& form = forms_.emplace_back(entry.type);
    for (const TraceField& field : fields) form.fields.emplace_back(field.key, field.kind);
  }
  return place;
}

void PackedEvents::add(EventNumber first, std::span<const TraceEntry> entries,
                       const TraceField* fields, const char* texts) {
  Part& part = parts_.emplace_back();
  part.first = first;
  Packer packer(part);
  Instant before{};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const TraceEntry& entry = entries[i];
    const std::span<const TraceField> its(fields + entry.first_field, entry.fields);
    packer.put(form_of(entry, its));
    packer.put(folded((entry.at - before).count()));
    before = entry.at;
    const auto number = first + static_cast<EventNumber>(i);
    packer.put(entry.cause == 0 ? 0 : number - entry.cause);
    packer.put(static_cast<std::uint16_t>(entry.host));
    for (const TraceField& field : its) packer.put(field, texts);
  }
  for (std::string* text : {&part.octets, &part.texts}) text->shrink_to_fit();
  octets_ += octets_of(part);
  for (Open& open : open_) open.first = 0;  // parts_ may have moved
}

void PackedEvents::forget_before(EventNumber number) {
  std::erase_if(parts_, [&](const Part& part) {
    if (part.first + kBlock > number) return false;
    octets_ -= octets_of(part);
    return true;
  });
  for (Open& open : open_) open.first = 0;
}

const PackedEvents::Open& PackedEvents::part_with(EventNumber number) const {
  ++asked_;
  for (Open& open : open_) {
    if (open.first == 0 || number < open.first || number >= open.first + kBlock) continue;
    open.asked = asked_;
    return open;
  }
  Open& open = *std::ranges::min_element(open_, {}, &Open::asked);
  const auto behind = std::ranges::upper_bound(parts_, number, {}, &Part::first);
  unpack(*std::prev(behind), open);
  open.asked = asked_;
  return open;
}

void PackedEvents::unpack(const Part& part, Open& open) const {
  open.first = part.first;
  open.entries.clear();
  open.fields.clear();
  open.texts = &part.texts;
  Unpacker unpacker(part);
  Instant at{};
  for (std::size_t i = 0; i < kBlock; ++i) {
    const Form& form = forms_[unpacker.take()];
    at += Duration(unfolded(unpacker.take()));
    const auto number = part.first + static_cast<EventNumber>(i);
    const auto back = static_cast<EventNumber>(unpacker.take());
    open.entries.push_back({.at = at,
                            .type = form.type,
                            .first_field = static_cast<std::uint32_t>(open.fields.size()),
                            .cause = back == 0 ? 0 : number - back,
                            .host = static_cast<HostId>(unpacker.take()),
                            .fields = static_cast<std::uint16_t>(form.fields.size())});
    for (const auto& [key, kind] : form.fields) {
      open.fields.push_back({key, unpacker.take_value(kind), kind});
    }
  }
}

std::size_t PackedEvents::octets() const {
  std::size_t octets = octets_ + parts_.capacity() * sizeof(Part);
  for (const Open& open : open_) {
    octets +=
        open.entries.capacity() * sizeof(TraceEntry) + open.fields.capacity() * sizeof(TraceField);
  }
  return octets;
}

}  // namespace provlab
