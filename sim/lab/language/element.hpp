#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/address.hpp"
#include "core/platform/host.hpp"
#include "core/platform/time.hpp"
#include "netfakes/faults.hpp"
#include "sim/lab/markup/xml_document.hpp"
#include "sim/lab/plan/expectation.hpp"

namespace provlab::lab {

/// What a scenario may say of a time: ten years. The lab and the phone add such times up, a dozen
/// at most, and a Duration holds 292 years.
inline constexpr Duration kLongestTime = std::chrono::hours(10 * 365 * 24);
/// What the 32 bits of DHCP can say.
inline constexpr Duration kLongestLease = std::chrono::seconds(0xffffffff);

/// A length of time of at most `most`.
Expected<Duration> parse_time(std::string_view text, Duration most = kLongestTime);

/// What readers of one file share.
struct ReadContext {
  const XmlDocument& document;
  Complaints& complaints;
  std::set<const void*> bad;  ///< elements and attributes that were complained about already
  std::string directory;      ///< of the scenario, for files beside it
  std::string root{};         ///< the folder that these may not lie outside of; empty: `directory`
  WallTime epoch{};           ///< the time of the scenario's clock at the start
};

/// What octets are written in these hexadecimal digits; other characters between them mean nothing.
Bytes hexadecimal_octets(std::string_view text);

/// One element of a scenario, with typed access to its attributes. A value that cannot be read is
/// complained about once, and reads as absent.
class Element {
 public:
  Element(ReadContext& context, xmlNode* node) : context_(&context), node_(node) {}

  std::string_view name() const { return name_of(node_); }
  int line() const { return context_->document.line(node_); }
  int line(std::string_view attribute) const { return context_->document.line(node_, attribute); }
  xmlNode* node() const { return node_; }
  ReadContext& context() const { return *context_; }
  void complain(std::string text) const { context_->complaints.add(line(), std::move(text)); }
  void complain(std::string_view attribute, std::string text) const {
    context_->complaints.add(line(attribute), std::move(text));
  }

  /// Children that the schema knows.
  std::vector<Element> children() const;
  std::vector<Element> children(std::string_view child_name) const;
  std::optional<Element> child(std::string_view child_name) const;

  bool has(const char* attribute) const { return get(attribute).has_value(); }
  std::optional<std::string> get(const char* attribute) const;  ///< absent where complained about
  std::string text(const char* attribute, std::string_view fallback = {}) const;
  /// A longer one is complained about.
  std::optional<Duration> duration(const char* attribute, Duration most = kLongestTime) const;
  std::optional<unsigned> number(const char* attribute) const;
  std::optional<bool> flag(const char* attribute) const;
  std::optional<double> percent(const char* attribute) const;
  std::optional<MacAddress> mac(const char* attribute) const;
  std::optional<Ipv4Address> address(const char* attribute) const;
  std::optional<InterfaceAddress> interface_address(const char* attribute) const;
  std::optional<WallTime> wall_time(const char* attribute) const;  ///< of 1900 to 2199
  std::optional<Moment> moment(const char* attribute) const;
  std::optional<Instant> time(const char* attribute) const;  ///< a moment that hangs on nothing
  std::optional<Times> times(const char* attribute) const;
  std::optional<netfakes::Nth> nth(const char* attribute) const;  ///< 2, 2..4 or 2..
  /// In octets.
  std::optional<std::size_t> size(const char* attribute, std::size_t most = SIZE_MAX) const;
  std::optional<Bytes> octets(const char* attribute) const;  ///< written in hexadecimal
  std::vector<std::string> words(const char* attribute) const;

  /// The path of the file that an attribute names: it lies beside the scenario, and not outside of
  /// the root, wherever links lead. One that does is complained about.
  std::optional<std::string> path(const char* attribute) const;
  /// What it holds, of at most so many octets.
  std::optional<std::string> file(const char* attribute, std::size_t most) const;
  /// What a file element holds: the content of `src`, the element inside, or the text inside.
  std::optional<std::string> body() const;
  /// The same, made as long as `size` says: white space follows the content; without content it is
  /// that many letters.
  std::optional<std::string> sized_body() const;
  /// The element in one line, for reports.
  std::string as_written() const;
  std::string start_tag() const;  ///< the same without what is inside

 private:
  template <class T>
  std::optional<T> parsed(const char* attribute, Expected<T> value) const;
  /// Has no value from now on.
  void complain_and_forget(const char* attribute, std::string text) const;
  void check_nothing_beside(const Element& inside) const;

  ReadContext* context_;
  xmlNode* node_;
};

}  // namespace provlab::lab
