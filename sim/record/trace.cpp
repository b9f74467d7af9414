#include "sim/record/trace.hpp"

#include <algorithm>

#include "core/platform/checksum.hpp"
#include "sim/text/json_members.hpp"

namespace provlab {

namespace {

/// Tells the few fields apart that an event may have or lack.
std::uint64_t word_of(std::string_view key) {
  const auto octet = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(key[i])};
  };
  if (key.empty()) return 0;
  return (key.size() << 24 | octet(0) << 16 | octet(key.size() / 2) << 8 | octet(key.size() - 1))
         << 8;
}

}  // namespace

const TraceField* TraceRecord::find(std::string_view key) const {
  for (const TraceField& field : fields_) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::string TraceRecord::value_of(const TraceField& field) const {
  switch (field.kind) {
    case TraceField::Kind::text:
      return std::string(text_of(field));
    case TraceField::Kind::integer:
      return std::to_string(field.integer());
    case TraceField::Kind::flag:
      return field.flag() ? "true" : "false";
    case TraceField::Kind::address:
      return field.address().to_string();
    case TraceField::Kind::endpoint:
      return field.endpoint().to_string();
  }
  return {};
}

std::optional<std::string> TraceRecord::field(std::string_view key) const {
  const TraceField* field = find(key);
  return field == nullptr ? std::nullopt : std::optional(value_of(*field));
}

bool TraceRecord::says(std::string_view key, std::string_view value) const {
  const TraceField* field = find(key);
  if (field == nullptr) return false;
  return field->kind == TraceField::Kind::text ? text_of(*field) == value
                                               : value_of(*field) == value;
}

std::vector<std::pair<std::string, std::string>> TraceRecord::fields() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const TraceField& field : fields_) all.emplace_back(field.key, value_of(field));
  return all;
}

std::uint64_t TraceRecord::checksum(std::uint64_t basis) const {
  std::uint64_t sum = checksum_of(type_->name, basis);
  for (const TraceField& field : fields_) {
    sum = checksum_of(field.key, sum ^ static_cast<std::uint64_t>(field.kind));
    sum = field.kind == TraceField::Kind::text ? checksum_of(text_of(field), sum)
                                               : checksum_of(field.value, sum);
  }
  return sum;
}

void TraceRecord::write_to(TextBuffer& out) const {
  JsonMembers member(out);
  for (const TraceField& field : fields_) {
    switch (field.kind) {
      case TraceField::Kind::text:
        member(field.key, text_of(field));
        break;
      case TraceField::Kind::integer:
        member(field.key, field.integer());
        break;
      case TraceField::Kind::flag:
        member(field.key, field.flag());
        break;
      case TraceField::Kind::address:
        member(field.key, field.address());
        break;
      case TraceField::Kind::endpoint:
        member(field.key, field.endpoint());
        break;
    }
  }
}

HostId Trace::add_host(std::string name) {
  hosts_.push_back(std::move(name));
  return static_cast<HostId>(hosts_.size() - 1);
}

std::optional<HostId> Trace::find_host(std::string_view name) const {
  const auto found = std::ranges::find(hosts_, name);
  if (found == hosts_.end()) return std::nullopt;
  return static_cast<HostId>(found - hosts_.begin());
}

void Trace::forget_before(EventNumber number) {
  if (number <= first()) return;
  forgotten_ = std::min(number - 1, last());
  packed_.forget_before(number);
  if (forgotten_ > before_) drop_entries(forgotten_ - before_);
  json_ = {};
  in_json_ = forgotten_;
}

void Trace::drop_entries(std::size_t count) {
  const auto kept = entries_.begin() + static_cast<std::ptrdiff_t>(count);
  const std::size_t fields = kept == entries_.end() ? fields_.size() : kept->first_field;
  const auto text =
      std::find_if(fields_.begin() + static_cast<std::ptrdiff_t>(fields), fields_.end(),
                   [](const TraceField& field) { return field.kind == TraceField::Kind::text; });
  const std::size_t octets = text == fields_.end() ? texts_.size() : text->begin();
  before_ += static_cast<EventNumber>(count);
  entries_.erase(entries_.begin(), kept);
  fields_.erase(fields_.begin(), fields_.begin() + static_cast<std::ptrdiff_t>(fields));
  texts_.drop(octets);
  for (TraceEntry& entry : entries_) entry.first_field -= static_cast<std::uint32_t>(fields);
  for (TraceField& field : fields_) {
    if (field.kind == TraceField::Kind::text) field.value -= std::uint64_t{octets} << 32;
  }
}

void Trace::make_room() {
  packed_.add(before_ + 1, {entries_.data(), PackedEvents::kBlock}, fields_.data(),
              texts_.view().data());
  drop_entries(PackedEvents::kBlock);
}

TraceRecord Trace::packed_event(EventNumber number) const {
  const PackedEvents::Open& part = packed_.part_with(number);
  return record_of(number, part.entries[number - part.first], part.fields.data(),
                   part.texts->data());
}

void Trace::write_line(EventNumber number, TextBuffer& out) const {
  const TraceRecord record = event(number);
  JsonMembers member(out);
  out.append("{\"n\":");
  out.append(std::to_string(record.number()));
  member("time_ns", record.at().time_since_epoch().count());
  member("host", host_name(record.host()));
  if (record.cause() != 0) member("cause", record.cause());
  member("event", record.event());
  record.write_to(out);
  out.append("}\n");
}

std::string_view Trace::json_lines() const {
  while (in_json_ < last()) write_line(++in_json_, json_);
  return json_.view();
}

std::string Trace::json_lines(EventNumber first, EventNumber end) const {
  TextBuffer lines;
  for (EventNumber number = first; number < end; ++number) write_line(number, lines);
  return std::string(lines.view());
}

std::uint64_t Trace::checksum() const {
  std::uint64_t sum = kChecksumBasis;
  for (const std::string& host : hosts_) sum = checksum_of(host, sum);
  // What is packed has no places of texts any more.
  for (EventNumber number = first(); number <= before_; ++number) {
    const TraceRecord record = event(number);
    sum = checksum_of(static_cast<std::uint64_t>(record.at().time_since_epoch().count()), sum);
    sum = checksum_of(
        std::uint64_t{record.cause()} << 32 | static_cast<std::uint16_t>(record.host()), sum);
    sum = record.checksum(sum);
  }
  for (const TraceEntry& entry : entries_) {
    sum = checksum_of(static_cast<std::uint64_t>(entry.at.time_since_epoch().count()), sum);
    sum =
        checksum_of(std::uint64_t{entry.cause} << 32 |
                        std::uint64_t{static_cast<std::uint16_t>(entry.host)} << 16 | entry.fields,
                    sum);
    sum = checksum_of(entry.type->name, sum);
  }
  // Of a text there are its place and its length here; what it says comes at once with all others.
  for (const TraceField& field : fields_) {
    sum =
        checksum_of(field.value, sum ^ word_of(field.key) ^ static_cast<std::uint64_t>(field.kind));
  }
  return checksum_of(texts_.view(), sum);
}

}  // namespace provlab
