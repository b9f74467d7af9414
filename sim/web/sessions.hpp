#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"

namespace provlab::web {

/// Who is logged in, and who guesses.
///  1. A session is known by a token of 256 random bits, of which only a digest is kept. Tokens are
///     digests themselves, of a secret and the host's random numbers, so that none tells of
///     another.
///  2. It ends after a time without use, at logout, and where too many others have come since.
///  3. After kMostGuesses wrong guesses in a row an address waits for kGuessPause.
///  4. By the host's clock; nothing runs, what is over is noticed when somebody asks.
class Sessions {
 public:
  static constexpr unsigned kMostGuesses = 5;
  static constexpr Duration kGuessPause = std::chrono::seconds(30);
  static constexpr std::size_t kMost = 64;

  enum class Kind { browser, script };  ///< a cookie, or a token of the interface for scripts
  struct Session {
    Kind kind = Kind::browser;
    std::string user;
    std::string password;  ///< as it was stored: with another one the session is over
    std::string form_key;  ///< what forms of this session carry
    Instant used;
  };

  Sessions(Host& host, Duration idle);

  /// The token of a new session.
  std::string open(Session session);
  /// The session, if it has not ended; null for others. Looking is no use.
  Session* find(Kind kind, std::string_view token);
  void use(Session& session) { session.used = host_.now(); }
  void end(std::string_view token);
  void end_of(std::string_view user);
  Duration idle() const { return idle_; }

  /// How long an address must wait before its next guess counts; nothing where it need not.
  std::optional<Duration> wait_of(Ipv4Address guesser) const;
  void guessed_wrong(Ipv4Address guesser);
  void guessed_right(Ipv4Address guesser) { guessers_.erase(guesser); }

 private:
  struct Guesser {
    unsigned wrong = 0;
    Instant last;
  };
  std::string fresh();
  void forget_the_over();

  Host& host_;
  Duration idle_;
  std::array<std::uint64_t, 4> secret_;
  std::uint64_t drawn_ = 0;
  std::map<std::string, Session, std::less<>> sessions_;  ///< by the digest of their token
  std::map<Ipv4Address, Guesser> guessers_;
};

}  // namespace provlab::web
