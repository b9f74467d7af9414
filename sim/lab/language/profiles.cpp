#include "sim/lab/language/profiles.hpp"

namespace provlab::lab {

namespace {

constexpr ProfileKnob kComfortelIp[] = {
    {"redirect-base", "https://connect.redirect.auerswald.de"},
    {"on-reference-failure", "stop"},
    {"option-66-scheme", "https-then-http"},
};

}  // namespace

std::span<const ProfileKnob> knobs_of_profile(std::string_view profile) {
  if (profile == "comfortel-ip") return kComfortelIp;
  return {};
}

}  // namespace provlab::lab
