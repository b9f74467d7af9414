#include "sim/web/sessions.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace provlab::web {

namespace {

constexpr std::size_t kMostGuessers = 256;

std::string digest_of(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::logic_error("OpenSSL has no SHA-256");
  }
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += kDigits[digest[i] >> 4];
    out += kDigits[digest[i] & 15];
  }
  return out;
}

}  // namespace

Sessions::Sessions(Host& host, Duration idle) : host_(host), idle_(idle) {
  for (std::uint64_t& each : secret_) each = host_.random().next();
}

std::string Sessions::fresh() {
  const std::array<std::uint64_t, 6> drawn{secret_[0], secret_[1], secret_[2],
                                           secret_[3], ++drawn_,   host_.random().next()};
  return digest_of({reinterpret_cast<const char*>(drawn.data()), sizeof drawn});
}

std::string Sessions::open(Session session) {
  forget_the_over();
  if (sessions_.size() == kMost) {
    sessions_.erase(
        std::ranges::min_element(sessions_, {}, [](const auto& each) { return each.second.used; }));
  }
  std::string token = fresh();
  session.form_key = fresh();
  session.used = host_.now();
  sessions_.insert_or_assign(digest_of(token), std::move(session));
  return token;
}

Sessions::Session* Sessions::find(Kind kind, std::string_view token) {
  if (token.empty()) return nullptr;
  const auto found = sessions_.find(digest_of(token));
  if (found == sessions_.end() || found->second.kind != kind) return nullptr;
  if (host_.now() - found->second.used < idle_) return &found->second;
  sessions_.erase(found);
  return nullptr;
}

void Sessions::end(std::string_view token) {
  sessions_.erase(digest_of(token));
}

void Sessions::end_of(std::string_view user) {
  std::erase_if(sessions_, [user](const auto& each) { return each.second.user == user; });
}

void Sessions::forget_the_over() {
  std::erase_if(sessions_,
                [this](const auto& each) { return host_.now() - each.second.used >= idle_; });
}

std::optional<Duration> Sessions::wait_of(Ipv4Address guesser) const {
  const auto found = guessers_.find(guesser);
  if (found == guessers_.end() || found->second.wrong < kMostGuesses) return std::nullopt;
  const Duration left = found->second.last + kGuessPause - host_.now();
  return left > Duration() ? std::optional(left) : std::nullopt;
}

void Sessions::guessed_wrong(Ipv4Address guesser) {
  if (guessers_.size() >= kMostGuessers && !guessers_.contains(guesser)) {
    guessers_.erase(
        std::ranges::min_element(guessers_, {}, [](const auto& each) { return each.second.last; }));
  }
  Guesser& each = guessers_[guesser];
  if (each.wrong == kMostGuesses) each.wrong = 0;  // it has waited
  ++each.wrong;
  each.last = host_.now();
}

}  // namespace provlab::web
