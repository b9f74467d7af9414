#pragma once
#include <string>
#include <string_view>

/// What the search for the provisioning URL records (SPEC 2.8–2.10, 3.7, 4.3). Sources are `dhcp`,
/// `redirect`, `multicast`, `configured`; stages count from 1.
namespace provlab::discovery {

struct StageStarted {
  static constexpr std::string_view name = "stage_started";
  unsigned stage;
  std::string_view sources;  ///< in their order, separated by commas
  void fields(auto&& field) const {
    field("stage", stage);
    field("sources", sources);
  }
};

struct StageEnded {
  static constexpr std::string_view name = "stage_ended";
  unsigned stage;
  std::string_view result;  ///< `url` or `no-url`
  void fields(auto&& field) const {
    field("stage", stage);
    field("result", result);
  }
};

struct SourceSkipped {
  static constexpr std::string_view name = "source_skipped";
  std::string_view source;
  std::string_view reason;
  void fields(auto&& field) const {
    field("source", source);
    field("reason", reason);
  }
};

struct SourceStarted {
  static constexpr std::string_view name = "source_started";
  std::string_view source;
  void fields(auto&& field) const { field("source", source); }
};

/// An answer that carries a text for a URL has arrived whole.
struct SourceAnswered {
  static constexpr std::string_view name = "source_answered";
  std::string_view source;
  std::string_view url;  ///< after marker replacement; as it came where it is not usable
  bool usable;
  std::string_view reason;  ///< why it is not usable, or where it was found
  void fields(auto&& field) const {
    field("source", source);
    field("url", url);
    field("usable", usable);
    field("reason", reason);
  }
};

/// The source has ended without a usable URL.
struct SourceFailed {
  static constexpr std::string_view name = "source_failed";
  std::string_view source;
  std::string_view reason;
  void fields(auto&& field) const {
    field("source", source);
    field("reason", reason);
  }
};

struct WinnerChosen {
  static constexpr std::string_view name = "winner_chosen";
  std::string_view source;
  std::string_view url;
  unsigned stage;
  void fields(auto&& field) const {
    field("source", source);
    field("url", url);
    field("stage", stage);
  }
};

/// Another source has won; this one starts nothing new from here on.
struct SourceCancelled {
  static constexpr std::string_view name = "source_cancelled";
  std::string_view source;
  void fields(auto&& field) const { field("source", source); }
};

struct LateAnswerIgnored {
  static constexpr std::string_view name = "late_answer_ignored";
  std::string_view source;
  std::string_view url;  ///< as it came
  void fields(auto&& field) const {
    field("source", source);
    field("url", url);
  }
};

/// The URL in use came from a source whose answers cannot be authenticated.
struct UnauthenticatedSource {
  static constexpr std::string_view name = "unauthenticated_source";
  std::string_view source;
  void fields(auto&& field) const { field("source", source); }
};

struct DhcpUrlDiagnosed {
  static constexpr std::string_view name = "dhcp_url_diagnosed";
  std::string_view diagnosis;
  void fields(auto&& field) const { field("diagnosis", diagnosis); }
};

}  // namespace provlab::discovery
