#pragma once
#include <string>
#include <vector>

#include "sim/lab/comparing/notices.hpp"

namespace provlab::lab {

/// What differs between two builds, as a page has it.
struct ChangesPage {
  struct Change {
    Notice notice;
    std::string where;  ///< in which runs, shortened
    std::string look;   ///< a command to see one of them; empty: none
    std::size_t count = 0;
  };
  std::string a;  ///< what was compared
  std::string b;
  std::string summary;
  std::vector<Change> changes;
  std::vector<std::string> notes;  ///< what could not be compared
  std::string example;             ///< the title of the first run that differs; empty: none does
  std::string drawn;               ///< it with both builds, as comparison_part() has it
};

std::string changes_page(const ChangesPage& page);

}  // namespace provlab::lab
