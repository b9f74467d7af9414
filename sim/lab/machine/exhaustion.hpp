#pragma once
#include <exception>
#include <string>

/// Memory and descriptors that the machine does not give. Neither the scenario nor the telephone
/// can be blamed, so these are faults of the lab: exceptions, which end a run as broken or the
/// program with its exit code for them.
namespace provlab::lab {

/// Throws where a reason of the system (errno) is of that kind.
void throw_where_exhausted(int reason);

/// What to say of an exception that ended a run or the program, and what to do about it.
std::string fault_text(const std::exception& error);

/// From now on, an exception for lack of memory that nobody could catch ends the program with the
/// sentence and this exit code too.
void end_exhausted_with(int exit_code);

}  // namespace provlab::lab
