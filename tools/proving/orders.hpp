#pragma once
#include <string>
#include <vector>

#include "core/platform/error.hpp"
#include "sim/lab/explore/neighbourhood.hpp"
#include "sim/lab/neighbours/surroundings.hpp"

namespace provlab::tools {

/// The runs around one as a build tells them to another: what `prove --json` has.
struct Orders {
  struct Row {
    std::string outcome;
    std::vector<std::string> broken;  ///< invariants by number, expectations as `line 12`
    std::size_t orders = 0;           ///< runs of both kinds
    std::string token;
    std::string when;
  };
  std::size_t orders = 0;  ///< by other choices
  std::size_t delays = 0;  ///< by what happens to one packet
  std::size_t unplayed = 0;
  bool middle_came_about = false;
  std::vector<Row> rows;  ///< that of the middle first

  std::size_t runs() const { return orders + delays; }
  /// Takes in runs of the other kind around the same middle.
  void add(const Orders& others);
};

Orders orders_of(const lab::Neighbourhood& found);
/// `base` and `middle`: what the surroundings are of.
Orders orders_of(const lab::Surroundings& found, const lab::BaseRun& base,
                 const lab::Mishaps& middle);

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
