#pragma once
#include <cstddef>
#include <functional>
#include <pugixml.hpp>
#include <string>

namespace provlab::lab {

struct ShrinkOptions {
  std::size_t budget = 2'000;  ///< candidates tried, at most
  /// Parts that must stay as they are, with everything in them.
  std::function<bool(pugi::xml_node)> keep = [](pugi::xml_node) { return false; };
};

/// Leaves out elements and attributes of `scenario`, one after the other, as long as `still` holds
/// of the rest, as it does of the whole (hierarchical delta debugging, Misherghi and Su 2006).
/// Gives the smallest scenario that it found. `still` must say no to a candidate that is no valid
/// scenario.
std::string shrink(const std::string& scenario,
                   const std::function<bool(const std::string&)>& still,
                   const ShrinkOptions& options);

}  // namespace provlab::lab
