#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace provlab::lab {

/// The secrets of TLS connections, as key logs have them (draft-ietf-tls-keylogfile): a line for
/// each, with a label, the random octets of the client, and the secret. What is none is passed
/// over.
class KeyLog {
 public:
  explicit KeyLog(std::string_view lines);

  /// Empty: it is not known.
  std::string_view secret(std::string_view label, std::string_view client_random) const;
  std::size_t size() const { return secrets_.size(); }

 private:
  std::map<std::pair<std::string, std::string>, std::string, std::less<>> secrets_;
};

}  // namespace provlab::lab
