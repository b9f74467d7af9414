#include "sim/lab/explore/touch.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace provlab::lab {

namespace {

using Row = std::pair<std::string_view, Parts>;

/// Of kinds of events by their first letters.
constexpr std::array<Row, 37> kChanges{{
    {"address_probed", Part::network},
    {"allowlist_", Part::service},
    {"check_sync_", Part::service},
    {"clock_set", Part::time},
    {"configuration_judged", Part::documents},
    {"dhcp_received", Parts(Part::network) | Part::names},  // the domain, and whom to ask
    {"dhcp_url_", Part::search},
    {"dhcp_", Part::network},
    {"document_", Part::documents},
    {"downgrade_", Part::documents},
    {"http_", Part::transfers},
    {"https_", Part::transfers},
    {"lease_", Part::network},
    {"marker_", Part::documents},
    {"name_", Part::names},
    {"network_", Part::network},
    {"next_source_", Part::search},
    {"ntp_", Part::time},
    {"operation_", Part::documents},
    {"option_", Part::network},
    {"packet_", Parts()},
    {"precondition_", Part::service},
    {"reference_", Part::documents},
    {"request_not_", Part::service},
    {"run_", Part::service},
    {"schedule_", Part::service},
    {"section_", Part::documents},
    {"setting_", Part::documents},
    {"settings_", Part::documents},
    {"sip_", Part::search},
    {"source_", Part::search},
    {"stage_", Part::search},
    {"store_", Part::documents},
    {"trigger_", Part::service},
    {"unauthenticated_", Part::search},
    {"url_chosen", Part::search},
    {"winner_", Part::search},
}};

/// Events of somebody who came too late, and found that by a look.
constexpr std::array<Row, 3> kLooks{{
    {"late_answer_ignored", Part::search},
    {"sip_request_received", Part::search},
    {"sip_response_sent", Part::search},
}};

const Row* row_of(std::span<const Row> rows, std::string_view event) {
  const auto row = std::ranges::find_if(
      rows, [event](const Row& each) { return event.starts_with(each.first); });
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace

void Touch::add(const Touch& other) {
  looked |= other.looked;
  changed |= other.changed;
  hosts |= other.hosts;
  asked |= other.asked;
  for (const std::uint64_t stream : other.streams) add_stream(stream);
}

void Touch::add_stream(std::uint64_t stream) {
  const auto place = std::ranges::lower_bound(streams, stream);
  if (place == streams.end() || *place != stream) streams.insert(place, stream);
}

bool Touch::clashes(const Touch& other) const {
  if (changed.meets(other.changed | other.looked) || looked.meets(other.changed)) return true;
  if ((hosts & other.hosts) != 0 || (asked & other.asked) != 0) return true;
  for (auto a = streams.begin(), b = other.streams.begin();
       a != streams.end() && b != other.streams.end();) {
    if (*a == *b) return true;
    *a < *b ? ++a : ++b;
  }
  return false;
}

Touch touch_of(std::string_view event) {
  Touch touch;
  if (const Row* const look = row_of(kLooks, event)) {
    touch.looked = look->second;
  } else {
    const Row* const change = row_of(kChanges, event);
    touch.changed = change != nullptr ? change->second : Parts::all();
  }
  return touch;
}

}  // namespace provlab::lab
