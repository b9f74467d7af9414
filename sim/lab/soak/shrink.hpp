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

/// The smallest scenario it finds, by leaving out elements and attributes one after the other, for
/// which `still` holds, as it does for `scenario` (hierarchical delta debugging, Misherghi and Su
/// 2006). Candidates need not be valid scenarios; `still` is to say no to those.
std::string shrink(const std::string& scenario,
                   const std::function<bool(const std::string&)>& still,
                   const ShrinkOptions& options);

}  // namespace provlab::lab
