#pragma once
#include <string>
#include <vector>

#include "core/platform/error.hpp"
#include "sim/lab/explore/neighbourhood.hpp"

namespace provlab::tools {

/// The orders around one as a build tells them to another: what `prove --json` has.
struct Orders {
  struct Row {
    std::string outcome;
    std::vector<std::string> broken;
    std::size_t orders = 0;
    std::string token;
    std::string when;
  };
  std::size_t orders = 0;
  std::size_t unplayed = 0;
  bool middle_came_about = false;
  std::vector<Row> rows;  ///< that of the middle first
};

Orders orders_of(const lab::Neighbourhood& found);

/// Where the orders are of, and how the command ends.
struct OrdersHead {
  std::string file;
  std::string token;
  std::string conditions;  ///< options that say which orders there are
  int exit_code = 0;
};
std::string orders_json(const Orders& orders, const OrdersHead& head);
Expected<Orders> read_orders(const std::string& text, const std::string& program);

/// What a failing order came to before, and what has become of it around there.
struct Proof {
  std::string symptom;     ///< in words
  std::size_t before = 0;  ///< orders that show it
  std::size_t now = 0;
  std::vector<const Orders::Row*> still;         ///< of now, those that show it
  std::vector<const Orders::Row*> new_outcomes;  ///< of now
  std::vector<const Orders::Row*> new_broken;    ///< of now: an invariant that held before

  bool holds() const { return now == 0 && new_outcomes.empty() && new_broken.empty(); }
};

/// The symptom is which invariants the middle broke before; where it broke none, its outcome. Both
/// must outlive the proof.
Proof proof_of(const Orders& before, const Orders& now);
std::string proof_json(const Orders& before, const Orders& now, const OrdersHead& head);

}  // namespace provlab::tools
