#include "tools/generated/judge/statements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <variant>
#include <vector>

#include "core/platform/address.hpp"

namespace provlab::mutants {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kLongestCode = 3;

/// A value says where something is, or when: that of another world is another. A status or the code
/// of an option is the same in all of them.
bool is_of_a_world(std::string_view value) {
  const bool code = value.size() <= kLongestCode && value.find_first_not_of(kDigits) == value.npos;
  return value.starts_with('/') || value.find("://") != value.npos ||
         Ipv4Address::parse(value.substr(0, value.find(':'))).has_value() ||
         (!code && value.find_first_not_of("0123456789.:-TZ ") == value.npos);
}

std::string kept(std::string_view value) {
  return is_of_a_world(value) ? std::string() : std::string(value);
}

/// `request renewing` stays, of `A prov.server.com` and `GET /a.xml` only the first word does.
std::string kind_of(const lab::RequestPattern& request) {
  if (request.is.empty()) return request.path.empty() ? request.kind : "http";
  const bool named = request.is.find_first_of("./") != std::string::npos;
  return named ? request.is.substr(0, request.is.find(' ')) : request.is;
}

std::string sorted_list(std::vector<std::string> parts) {
  std::ranges::sort(parts);
  return fmt::format("{}", fmt::join(parts, " "));
}

std::string of(const std::vector<lab::HeaderPattern>& headers) {
  std::vector<std::string> parts;
  for (const lab::HeaderPattern& one : headers) {
    parts.push_back(fmt::format("{}={}{}", one.name, one.absent ? "(absent)" : "",
                                kept(one.is ? *one.is : one.contains)));
  }
  return sorted_list(std::move(parts));
}

std::string of(const lab::RequestPattern& request) {
  return fmt::format("request {} {}", kind_of(request), of(request.headers));
}

std::string of(const lab::ResponsePattern& response) {
  return fmt::format("response {} {}", response.status, of(response.headers));
}

std::string of(const lab::EventPattern& event) {
  std::vector<std::string> parts;
  for (const lab::FieldPattern& field : event.fields) {
    parts.push_back(fmt::format("{}={}", field.field, kept(field.is ? *field.is : field.contains)));
  }
  return fmt::format("event {} {}", event.name, sorted_list(std::move(parts)));
}

std::string of(const lab::ResultPattern& result) {
  return fmt::format("result {} {}", sorted_list(result.is), kept(result.says));
}

struct Statements {
  std::set<std::string>& all;

  void operator()(const lab::ExpectResult& one) const { all.insert(of(one.result)); }
  void operator()(const lab::ExpectWinner& one) const { all.insert("winner " + one.is); }
  void operator()(const lab::ExpectRequests& one) const {
    all.insert(one.in_order ? "requests in their order" : "requests");
    for (const lab::RequestPattern& request : one.requests) all.insert(of(request));
  }
  void operator()(const lab::ExpectRequest& one) const { all.insert(of(one.request)); }
  void operator()(const lab::ExpectResponse& one) const { all.insert(of(one.response)); }
  void operator()(const lab::ExpectEvent& one) const { all.insert(of(one.event)); }
  void operator()(const lab::ExpectSetting& one) const {
    all.insert(fmt::format("setting {}{}", one.path, one.absent ? " absent" : ""));
  }
  void operator()(const lab::ExpectNever& one) const {
    for (const auto& pattern : one.patterns) {
      all.insert("never " + std::visit([](const auto& each) { return of(each); }, pattern));
    }
  }
};

}  // namespace

std::set<std::string> statements_of(const lab::ScenarioPlan& plan) {
  std::set<std::string> all;
  for (const lab::Expectation& one : plan.expectations) std::visit(Statements{all}, one.what);
  return all;
}

}  // namespace provlab::mutants
