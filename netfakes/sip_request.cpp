#include "netfakes/sip_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/platform/text.hpp"

namespace provlab::netfakes {

namespace {

/// The lines that a request has by itself, in their order.
std::vector<HeaderLine> usual_lines(const SipRequest& request, const SipParties& parties,
                                    const std::string& branch, const std::string& call_id) {
  const std::string local = parties.local.to_string();
  std::vector<HeaderLine> lines{
      {"Via", fmt::format("SIP/2.0/UDP {};branch={}", local, branch)},
      {"Max-Forwards", "70"},
      {"From", fmt::format("<sip:{}>;tag={}", local, parties.token)},
      {"To", fmt::format("<sip:{}>", parties.to.to_string())},
      {"Call-ID", call_id},
      {"CSeq", fmt::format("{} {}", request.cseq.value_or(1), request.method)},
      {"Contact", fmt::format("<sip:{}>", local)}};
  if (request.method == "NOTIFY") lines.push_back({"Subscription-State", "terminated"});
  return lines;
}

}  // namespace

std::string to_octets(const SipRequest& request, const SipParties& parties) {
  const std::string branch = request.branch.value_or(fmt::format("z9hG4bK-{}", parties.token));
  const std::string call_id = request.call_id.value_or(std::string(parties.token));
  std::vector<HeaderLine> lines = usual_lines(request, parties, branch, call_id);
  std::vector<HeaderLine> last;
  if (!request.content_type.empty()) last.push_back({"Content-Type", request.content_type});
  last.push_back({"Content-Length", std::to_string(request.body.size())});
  const auto put = [&request](std::string& text, const HeaderLine& line) {
    if (line.value) fmt::format_to(std::back_inserter(text), "{}: {}\r\n", line.name, *line.value);
  };
  std::string text = fmt::format(
      "{} {} SIP/2.0\r\n", request.method,
      request.uri.empty() ? fmt::format("sip:{}", parties.to.to_string()) : request.uri);
  // What is given stands where its namesake would, all of a name together; the rest comes behind.
  const auto put_given = [&](std::string_view name) {
    for (const HeaderLine& given : request.headers) {
      if (same_header(given.name, name)) put(text, given);
    }
  };
  const auto put_usual = [&](const std::vector<HeaderLine>& usual) {
    for (const HeaderLine& line : usual) {
      if (any_of_name(request.headers, line.name)) {
        put_given(line.name);
      } else {
        put(text, line);
      }
    }
  };
  put_usual(lines);
  for (const HeaderLine& given : request.headers) {
    if (!any_of_name(lines, given.name) && !any_of_name(last, given.name)) put(text, given);
  }
  put_usual(last);
  for (const auto& [place, value] :
       {std::pair<std::string_view, std::string>("{local}", parties.local.to_string()),
        {"{to}", parties.to.to_string()},
        {"{branch}", branch},
        {"{call-id}", call_id}}) {
    replace_all(text, place, value);
  }
  return text + "\r\n" + request.body;
}

std::string_view branch_of(std::string_view message) {
  message = message.substr(0, message.find("\r\n\r\n"));
  while (!message.empty()) {
    const std::string_view line = message.substr(0, message.find("\r\n"));
    message.remove_prefix(std::min(line.size() + 2, message.size()));
    const std::string_view name = trimmed(line.substr(0, line.find(':')));
    if (!same_header(name, "Via") && !same_header(name, "v")) continue;
    const std::size_t at = line.find("branch=");
    if (at == std::string_view::npos) return {};
    const std::string_view rest = line.substr(at + 7);
    return rest.substr(0, rest.find_first_of(";, \t"));
  }
  return {};
}

}  // namespace provlab::netfakes
