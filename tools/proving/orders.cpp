#include "tools/proving/orders.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "sim/lab/neighbours/what_if_words.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "tools/explore_report.hpp"

namespace provlab::tools {

namespace {

namespace json = boost::json;

template <class Items>
bool have_common(const Items& a, const Items& b) {
  return std::ranges::any_of(a, [&](const auto& each) { return std::ranges::count(b, each) > 0; });
}

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::size_t number_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() && value->get_int64() > 0
             ? static_cast<std::size_t>(value->get_int64())
             : 0;
}

/// `invariant I3 breaks and the expectation in line 12 fails`.
std::string broken_words(const std::vector<std::string>& broken) {
  std::vector<std::string> words;
  for (const std::string& each : broken) {
    if (each.starts_with("line ")) {
      words.push_back(fmt::format("the expectation in {} fails", each));
    } else if (each.starts_with('I')) {
      words.push_back(fmt::format("invariant {} breaks", each));
    } else {
      words.push_back("it is " + each);
    }
  }
  return fmt::format("{}", fmt::join(words, " and "));
}

void write_head(lab::JsonWriter& json, std::string_view kind, const OrdersHead& head) {
  json.member("kind", kind);
  json.member("version", 1);
  json.member("file", head.file);
  json.member("token", head.token);
  json.member("conditions", head.conditions);
}

void write_row(lab::JsonWriter& json, const Orders::Row& row) {
  json.object();
  json.member("outcome", row.outcome);
  json.array("broken");
  for (const std::string& number : row.broken) json.text(number);
  json.end_array();
  json.member("orders", row.orders);
  json.member("token", row.token);
  json.member("when", row.when);
  json.end_object();
}

}  // namespace

Orders orders_of(const lab::Neighbourhood& found) {
  Orders orders{.orders = found.orders,
                .delays = 0,
                .unplayed = found.unplayed,
                .middle_came_about = found.middle_came_about,
                .rows = {}};
  for (const lab::NeighbourRow& row : found.rows) {
    orders.rows.push_back({.outcome = row.outcome.to_string(),
                           .broken = row.broken,
                           .orders = row.orders,
                           .token = lab::to_token(row.nearest),
                           .when = circumstances(row.departures)});
  }
  return orders;
}

Orders orders_of(const lab::Surroundings& found, const lab::BaseRun& base,
                 const lab::Mishaps& middle) {
  Orders orders{.orders = 0,
                .delays = found.runs,
                .unplayed = found.unplayed,
                .middle_came_about = found.middle_came_about,
                .rows = {}};
  const std::string behind =
      base.deviations ? lab::to_token(*base.deviations) + "@" : std::string();
  for (const lab::SurroundingsRow& row : found.rows) {
    const std::string when = lab::words_of_mishaps(base, row.nearest);
    orders.rows.push_back({.outcome = row.outcome.to_string(),
                           .broken = row.broken,
                           .orders = row.runs,
                           .token = behind + lab::mishap_token(row.nearest),
                           .when = when.empty() ? circumstances({}) : when});
  }
  if (base.deviations && middle.empty()) {
    // The middle is an order, and counted there.
    --orders.delays;
    --orders.rows.front().orders;
  }
  return orders;
}

void Orders::add(const Orders& others) {
  orders += others.orders;
  delays += others.delays;
  unplayed += others.unplayed;
  middle_came_about = middle_came_about && others.middle_came_about;
  for (const Row& other : others.rows) {
    const auto known = std::ranges::find_if(rows, [&](const Row& each) {
      return each.outcome == other.outcome && each.broken == other.broken;
    });
    if (known == rows.end()) {
      rows.push_back(other);
    } else {
      known->orders += other.orders;
    }
  }
}

std::string orders_json(const Orders& orders, const OrdersHead& head) {
  lab::JsonWriter json;
  json.object();
  write_head(json, "neighbourhood", head);
  json.member("orders", orders.orders);
  json.member("delays", orders.delays);
  json.member("unplayed", orders.unplayed);
  json.member("middle_came_about", orders.middle_came_about);
  json.array("rows");
  for (const Orders::Row& row : orders.rows) write_row(json, row);
  json.end_array();
  json.member("exit_code", head.exit_code);
  json.end_object();
  return json.out + "\n";
}

Expected<Orders> read_orders(const std::string& text, const std::string& program) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object() || text_in(value.get_object(), "kind") != "neighbourhood") {
    return fail("what it has written is not the JSON of 'prove'", program);
  }
  const json::object& object = value.get_object();
  Orders orders{.orders = number_in(object, "orders"),
                .delays = number_in(object, "delays"),
                .unplayed = number_in(object, "unplayed"),
                .middle_came_about = false,
                .rows = {}};
  const json::value* came = object.if_contains("middle_came_about");
  orders.middle_came_about = came != nullptr && came->is_bool() && came->get_bool();
  const json::value* rows = object.if_contains("rows");
  if (rows == nullptr || !rows->is_array() || rows->get_array().empty()) {
    return fail("its JSON has no orders", program);
  }
  for (const json::value& each : rows->get_array()) {
    if (!each.is_object()) return fail("a row of its JSON is none", program);
    const json::object& row = each.get_object();
    Orders::Row& taken = orders.rows.emplace_back(Orders::Row{.outcome = text_in(row, "outcome"),
                                                              .broken = {},
                                                              .orders = number_in(row, "orders"),
                                                              .token = text_in(row, "token"),
                                                              .when = text_in(row, "when")});
    const json::value* broken = row.if_contains("broken");
    if (broken == nullptr || !broken->is_array()) continue;
    for (const json::value& number : broken->get_array()) {
      if (number.is_string()) taken.broken.emplace_back(number.get_string());
    }
  }
  return orders;
}

Proof proof_of(const Orders& before, const Orders& now) {
  const Orders::Row& middle = before.rows.front();
  Proof proof;
  proof.symptom = middle.broken.empty() ? middle.outcome : broken_words(middle.broken);
  const auto shows = [&middle](const Orders::Row& row) {
    return middle.broken.empty() ? row.broken.empty() && row.outcome == middle.outcome
                                 : have_common(row.broken, middle.broken);
  };
  std::set<std::string> outcomes;
  std::set<std::string> broken;
  for (const Orders::Row& row : before.rows) {
    if (shows(row)) proof.before += row.orders;
    outcomes.insert(row.outcome);
    broken.insert(row.broken.begin(), row.broken.end());
  }
  for (const Orders::Row& row : now.rows) {
    if (shows(row)) {
      proof.now += row.orders;
      proof.still.push_back(&row);
    }
    if (outcomes.insert(row.outcome).second) proof.new_outcomes.push_back(&row);
    const bool breaks_more = std::ranges::any_of(
        row.broken, [&](const std::string& number) { return !broken.contains(number); });
    if (breaks_more) proof.new_broken.push_back(&row);
  }
  return proof;
}

std::string proof_json(const Orders& before, const Orders& now, const OrdersHead& head) {
  const Proof proof = proof_of(before, now);
  lab::JsonWriter json;
  json.object();
  write_head(json, "proof", head);
  json.member("symptom", proof.symptom);
  for (const bool is_now : {false, true}) {
    const Orders& orders = is_now ? now : before;
    json.object(is_now ? "now" : "before");
    json.member("orders", orders.orders);
    json.member("delays", orders.delays);
    json.member("unplayed", orders.unplayed);
    json.member("with_symptom", is_now ? proof.now : proof.before);
    json.end_object();
  }
  const auto rows = [&json](std::string_view key, const std::vector<const Orders::Row*>& items) {
    json.array(key);
    for (const Orders::Row* row : items) write_row(json, *row);
    json.end_array();
  };
  rows("still", proof.still);
  rows("new_outcomes", proof.new_outcomes);
  rows("new_broken", proof.new_broken);
  json.member("proven", proof.holds());
  json.member("exit_code", head.exit_code);
  json.end_object();
  return json.out + "\n";
}

}  // namespace provlab::tools
