#pragma once
#include <string>
#include <string_view>
#include <vector>

/// What this machine has of what the program can use, and what to do about the rest.
namespace provlab::tools {

/// One thing that was looked at.
struct Examined {
  std::string name;
  bool fine = true;
  std::string found;   ///< a version, a count, or what is wrong
  std::string remedy;  ///< what to do where it is not fine
};

/// What one use of the program needs.
struct ExaminedArea {
  std::string name;   ///< as the command line has it
  std::string about;  ///< what it is for
  std::vector<Examined> examined;

  bool fine() const;
};

inline const std::vector<std::string> kDoctorAreas{"run", "wire", "device", "daemons", "browser"};

/// Looks at the areas named, in that order. It starts programs to ask for their versions and, for
/// the wire, a child that makes a network of its own; nothing stays behind. Call it from the only
/// thread.
std::vector<ExaminedArea> examine(const std::vector<std::string>& areas);

/// For people: a line for each thing, with what to do below what is missing.
std::string doctor_text(const std::vector<ExaminedArea>& areas);
/// One JSON object: `{"version": …, "fine": …, "areas": [{"name": …, "fine": …, "examined":
/// […]}]}`.
std::string doctor_json(const std::vector<ExaminedArea>& areas);

}  // namespace provlab::tools
