#include "sim/lab/language/profiles.hpp"

namespace provlab::lab {

namespace {

constexpr ProfileKnob kComfortelIp[] = {
    {"redirect-base", "https://connect.redirect.auerswald.de"},
    {"on-reference-failure", "stop"},
};

}  // namespace

std::span<const ProfileKnob> knobs_of_profile(std::string_view profile) {
  if (profile == "comfortel-ip") return kComfortelIp;
  return {};
}

}  // namespace provlab::lab
