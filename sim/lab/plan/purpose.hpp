#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "netfakes/uses.hpp"

/// What a scenario holds so that something comes of it, and what came of it (D41).
namespace provlab::lab {

using netfakes::Use;
using netfakes::UseMark;
using netfakes::Uses;

/// An element of a scenario that is to do something. Its mark is its number in the plan, from 1.
struct Purpose {
  int line = 0;
  std::string what;    ///< as written: `<on request="discover" nth="3">`
  std::string missed;  ///< what is to be said where its moment never came
  std::string vain;    ///< where it came, and nothing was different for it
};

/// A purpose of which nothing came in one run.
struct IdlePurpose {
  UseMark number = 0;
  int line = 0;
  std::string text;  ///< `<on request="discover" nth="3">: this rule was never used`
  bool reached = false;
};

/// Those of one run, in the order of their numbers.
std::vector<IdlePurpose> idle_purposes(const std::vector<Purpose>& purposes, const Uses& uses);
/// The same of one, whatever its use was.
IdlePurpose idle_purpose(const std::vector<Purpose>& purposes, UseMark number, Use use);

}  // namespace provlab::lab
