#pragma once
#include <array>
#include <string_view>

namespace provlab::lab {

/// A promise that holds of every run, whatever its scenario expects (SPEC 10). Number and title are
/// those of core/SPECIFICATION.md; a test compares them.
struct Invariant {
  std::string_view number;  ///< `I4`
  std::string_view title;   ///< one line, without a full stop
};

inline constexpr Invariant kOneResult{"I1", "Exactly one result for each run"};
inline constexpr Invariant kPreconditionsFirst{
    "I2", "No discovery and no download before network and time"};
inline constexpr Invariant kStagesInOrder{
    "I3", "Stages in their order; no later stage once there is a usable URL"};
inline constexpr Invariant kFirstUsableUrl{
    "I4", "The first request goes to the usable URL that came first in the stage that won"};
inline constexpr Invariant kLosersAreSilent{
    "I5", "After the winner nothing of the loser changes anything, and it starts nothing"};
inline constexpr Invariant kDepthFirst{"I6", "Files in document order, depth first"};
inline constexpr Invariant kValidConfiguration{
    "I7", "The stored configuration is always valid; a rejected section is as it was"};
inline constexpr Invariant kNoRestart{
    "I8", "No restart but by hand, by power or by a NOTIFY that asks for one"};
inline constexpr Invariant kEverythingReleased{
    "I9", "At the end of a run everything that it used is released"};
inline constexpr Invariant kStoreIsMemory{"I10",
                                          "The store equals memory, through every power cut"};

/// No promise of the phone, but broken like one: the run came to its end by itself (D46).
inline constexpr Invariant kWithinLimits{"limits", "The run comes to its end within its limits"};

/// All that one run can show. I11 (same scenario, same seed, same trace) takes two.
inline constexpr std::array kInvariants{
    kOneResult,  kPreconditionsFirst, kStagesInOrder, kFirstUsableUrl,     kLosersAreSilent,
    kDepthFirst, kValidConfiguration, kNoRestart,     kEverythingReleased, kStoreIsMemory};

}  // namespace provlab::lab
