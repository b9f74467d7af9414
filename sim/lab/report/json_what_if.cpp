#include "sim/lab/report/json_what_if.hpp"

namespace provlab::lab {

void write_what_if(JsonWriter& json, const WhatIf& found) {
  json.object("what_if");
  if (found.nearest) {
    json.object("nearest");
    json.member("token", found.nearest->token);
    json.member("words", found.nearest->words);
    json.member("steps", found.nearest->steps);
    json.end_object();
  }
  json.member("runs", found.runs);
  json.member("steps", found.steps);
  json.member("whole", found.whole);
  json.array("outcomes");
  for (const ReachableOutcome& each : found.outcomes) {
    json.object();
    json.member("words", each.words);
    json.member("wanted", each.wanted);
    json.member("runs", each.runs);
    json.member("last_event", each.last);
    json.seconds("until_seconds", each.until, 9);
    json.member("last_packet", each.last_packet);
    json.end_object();
  }
  json.end_array();
  if (const ReachableOutcome* const last = found.no_return()) {
    json.object("too_late");
    json.member("behind_event", last->last);
    json.seconds("seconds", last->until, 9);
    json.member("packet", last->last_packet);
    json.end_object();
  }
  json.end_object();
}

}  // namespace provlab::lab
