#include "sim/web/twins.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "core/platform/utf8.hpp"
#include "sim/text/json_members.hpp"

namespace provlab::web {

namespace json = boost::json;

namespace {

/// What was no UTF-8 is none of JSON's either.
json::string text_value(std::string_view text) {
  const std::string clean = clean_utf8(text);
  return json::string(json::string_view(clean.data(), clean.size()));
}

json::string_view key_of(std::string_view key) {
  return {key.data(), key.size()};
}

json::object facts_of(const StatusView& view) {
  json::object facts;
  for (const Fact& fact : view.facts) facts[key_of(fact.key)] = text_value(fact.value);
  return facts;
}

}  // namespace

std::string status_json(const StatusView& view) {
  return json::serialize(facts_of(view));
}

std::string provisioning_json(const ProvisioningView& view) {
  json::object out{{"url", text_value(view.url)}};
  for (const Fact& fact : view.status.facts) {
    if (fact.key.starts_with("last_") || fact.key == "provisioning") {
      out[key_of(fact.key)] = text_value(fact.value);
    }
  }
  return json::serialize(out);
}

std::string log_json(const LogView& view) {
  json::array lines;
  for (const LogView::Line& line : view.lines) {
    lines.push_back(json::object{
        {"number", line.number}, {"time", text_value(line.time)}, {"text", text_value(line.text)}});
  }
  return json::serialize(json::object{{"lines", std::move(lines)}});
}

std::string restore_json(const RestoreView& view) {
  json::array verdicts;
  for (const Verdict& each : view.verdicts) {
    verdicts.push_back(json::object{{"what", text_value(each.what)},
                                    {"verdict", text_value(each.verdict)},
                                    {"reason", text_value(each.reason)},
                                    {"accepted", each.kind == Verdict::Kind::accepted}});
  }
  json::array warnings;
  for (const std::string& warning : view.warnings) warnings.push_back(text_value(warning));
  return json::serialize(json::object{{"result", text_value(view.result)},
                                      {"sentence", text_value(view.sentence)},
                                      {"verdicts", std::move(verdicts)},
                                      {"warnings", std::move(warnings)}});
}

std::string login_json(const Visitor& visitor, Duration idle) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(idle).count();
  return json::serialize(json::object{{"token", visitor.token},
                                      {"user", text_value(visitor.name)},
                                      {"role", key_of(to_string(visitor.role))},
                                      {"mustChangePassword", visitor.must_change},
                                      {"idleSeconds", seconds}});
}

std::string error_json(std::string_view sentence) {
  return json::serialize(json::object{{"error", text_value(sentence)}});
}

Expected<std::string> text_member(std::string_view text, std::string_view key) {
  error_code wrong;
  const json::value value = json::parse(key_of(text), wrong);
  if (wrong) return fail("the body is no JSON: " + wrong.message());
  const json::object* object = value.if_object();
  const json::value* member = object != nullptr ? object->if_contains(key_of(key)) : nullptr;
  if (member == nullptr || !member->is_string()) {
    return fail(fmt::format("the body is no object with a text '{}'", key));
  }
  const json::string& found = member->get_string();
  return std::string(found.data(), found.size());
}

}  // namespace provlab::web
