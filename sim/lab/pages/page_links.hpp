#pragma once
#include <set>
#include <string>

#include "sim/record/trace.hpp"

namespace provlab::lab {

/// Where links of a run's page lead. A page has room for so much, so not all events and contents
/// are on it: what is not has no link.
class PageLinks {
 public:
  void add_event(EventNumber event) { events_.insert(event); }
  void add_content(EventNumber event) { contents_.insert(event); }
  bool has_event(EventNumber event) const { return events_.contains(event); }
  bool has_content(EventNumber event) const { return contents_.contains(event); }

  /// `#e12`, a row of the table; empty where it is not there.
  std::string event(EventNumber event) const {
    return has_event(event) ? "#e" + std::to_string(event) : std::string();
  }
  /// `#p12`, what the packet says, or else its row.
  std::string message(EventNumber sent) const {
    return has_content(sent) ? "#p" + std::to_string(sent) : event(sent);
  }

 private:
  std::set<EventNumber> events_;
  std::set<EventNumber> contents_;
};

}  // namespace provlab::lab
