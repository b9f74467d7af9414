#include "sim/lab/editing/language_server.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <exception>

#include "core/platform/hexadecimal.hpp"
#include "sim/lab/editing/file_uri.hpp"
#include "sim/lab/editing/json_access.hpp"

namespace provlab::lab {

namespace {

// Of JSON-RPC and of the protocol.
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kInternalError = -32603;
constexpr int kNotInitialized = -32002;

/// The code of `\uXXXX` at the front of a text.
std::optional<unsigned> unicode_escape(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned code = 0;
  for (const char c : text.substr(2, 4)) {
    const auto digit = hexadecimal_digit(c);
    if (!digit) return std::nullopt;
    code = code * 16 + *digit;
  }
  return code;
}

/// Half of a pair of UTF-16, which editors send while a character is being put together, becomes
/// U+FFFD: one unit as well, so that places stay where they are.
std::string without_half_pairs(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  while (!body.empty()) {
    std::size_t octets = 1;
    if (body.front() == '\\' && body.size() > 1) {
      octets = 2;
      if (const auto code = unicode_escape(body); code && *code >= 0xd800 && *code <= 0xdfff) {
        const auto low = unicode_escape(body.substr(6));
        if (*code <= 0xdbff && low && *low >= 0xdc00 && *low <= 0xdfff) {
          octets = 12;
        } else {
          out += "\\ufffd";
          body.remove_prefix(6);
          continue;
        }
      }
    }
    out += body.substr(0, octets);
    body.remove_prefix(octets);
  }
  return out;
}

bool is_id(const json::value& id) {
  return id.is_string() || id.is_int64() || id.is_uint64();
}

json::object failure(const json::value& id, int code, std::string_view text) {
  return {{"id", id}, {"error", {{"code", code}, {"message", text}}}};
}

}  // namespace

void LanguageServer::send(json::object message) {
  message["jsonrpc"] = "2.0";
  replies_.push_back(json::serialize(message));
}

std::vector<std::string> LanguageServer::take_replies() {
  return std::exchange(replies_, {});
}

void LanguageServer::refuse_stream(const std::string& reason) {
  send(failure(nullptr, kInvalidRequest, reason));
}

void LanguageServer::handle(std::string_view body) {
  json::parse_options options;
  options.max_depth = 128;
  boost::system::error_code wrong;
  const json::value message = json::parse(without_half_pairs(body), wrong, {}, options);
  if (wrong) return send(failure(nullptr, kParseError, "this is no JSON: " + wrong.message()));
  const json::value* id = json_at(message, {"id"});
  const auto method = json_text_at(message, {"method"});
  const json::value* given = json_at(message, {"params"});
  static const json::value kNoParams = json::object();
  const json::value& params = given == nullptr ? kNoParams : *given;
  if (!method) {
    const bool response = json_at(message, {"result"}) || json_at(message, {"error"});
    if (response && id != nullptr) return;  // to a request of ours, whose outcome changes nothing
    return send(failure(id != nullptr && is_id(*id) ? *id : nullptr, kInvalidRequest,
                        "this is no request: it has no method"));
  }
  if (id == nullptr) return notification(*method, params);
  if (!is_id(*id)) {
    return send(failure(nullptr, kInvalidRequest, "the id of a request is a number or a text"));
  }
  request(*id, *method, params);
}

void LanguageServer::request(const json::value& id, const std::string& method,
                             const json::value& params) {
  if (state_ == State::shut_down) {
    return send(failure(id, kInvalidRequest, "the server was shut down"));
  }
  if ((state_ == State::fresh) != (method == "initialize")) {
    return send(state_ == State::fresh
                    ? failure(id, kNotInitialized, "the first request is initialize")
                    : failure(id, kInvalidRequest, "initialize comes once"));
  }
  Answer answered = Failure{kInternalError, {}};
  try {
    answered = answer(method, params);
  } catch (const std::exception& error) {
    answered = Failure{kInternalError, error.what()};
  }
  if (const auto* failed = std::get_if<Failure>(&answered)) {
    return send(failure(id, failed->code, failed->text));
  }
  send({{"id", id}, {"result", std::get<json::value>(std::move(answered))}});
}

LanguageServer::Answer LanguageServer::answer(const std::string& method,
                                              const json::value& params) {
  if (method == "initialize") return initialize(params);
  if (method == "shutdown") {
    state_ = State::shut_down;
    return json::value(nullptr);
  }
  const bool known = method == "textDocument/completion" || method == "textDocument/hover" ||
                     method == "textDocument/definition";
  if (!known) return Failure{kMethodNotFound, fmt::format("there is no method {}", method)};
  const auto where = place(params);
  if (!where) {
    return Failure{kInvalidParams, "params name no place in a document that is open"};
  }
  const auto& [document, offset] = *where;
  if (method == "textDocument/completion") return completion(*document, offset);
  if (method == "textDocument/hover") return hover(*document, offset);
  return definition(*document, json_text_at(params, {"textDocument", "uri"}).value_or(""), offset);
}

json::value LanguageServer::initialize(const json::value& params) {
  state_ = State::running;
  snippets_ = json_truth_at(
      params, {"capabilities", "textDocument", "completion", "completionItem", "snippetSupport"});
  watches_files_ = json_truth_at(
      params, {"capabilities", "workspace", "didChangeWatchedFiles", "dynamicRegistration"});
  return {{"capabilities",
           {{"positionEncoding", "utf-16"},
            {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
            {"completionProvider", {{"triggerCharacters", {"<", "\"", "'", " ", "/"}}}},
            {"hoverProvider", true},
            {"definitionProvider", true}}},
          {"serverInfo", {{"name", "provlab"}, {"version", version_}}}};
}

/// Asks to be told of files that change: documents name others.
void LanguageServer::initialized() {
  if (!watches_files_) return;
  json::object all{{"globPattern", "**/*"}};
  json::object registration{{"id", "files"},
                            {"method", "workspace/didChangeWatchedFiles"},
                            {"registerOptions", {{"watchers", json::array{std::move(all)}}}}};
  send({{"id", "files"},
        {"method", "client/registerCapability"},
        {"params", {{"registrations", json::array{std::move(registration)}}}}});
}

void LanguageServer::notification(const std::string& method, const json::value& params) {
  if (method == "exit") {
    exit_code_ = is_shut_down() ? 0 : 1;
    return;
  }
  if (state_ != State::running) return;
  if (method == "initialized") {
    initialized();
  } else if (method == "textDocument/didOpen") {
    open(params);
  } else if (method == "textDocument/didChange") {
    change(params);
  } else if (method == "textDocument/didClose") {
    close(params);
  } else if (method == "textDocument/didSave" || method == "workspace/didChangeWatchedFiles") {
    change_all();
  }
}

void LanguageServer::open(const json::value& params) {
  const auto uri = json_text_at(params, {"textDocument", "uri"});
  auto text = json_text_at(params, {"textDocument", "text"});
  if (!uri || !text) return;
  documents_.erase(*uri);
  OpenScenario scenario(std::move(*text), path_of_uri(*uri), root_);
  const TextPositions positions(scenario.text());
  documents_.emplace(*uri, Document{std::move(scenario), positions,
                                    json_count_at(params, {"textDocument", "version"})});
  changed_.insert(*uri);
}

void LanguageServer::change(const json::value& params) {
  const auto uri = json_text_at(params, {"textDocument", "uri"});
  const json::value* changes = json_at(params, {"contentChanges"});
  if (!uri || changes == nullptr || !changes->is_array()) return;
  const auto found = documents_.find(*uri);
  if (found == documents_.end()) return;
  for (const json::value& each : changes->get_array()) apply(found->second, each);
  found->second.version = json_count_at(params, {"textDocument", "version"});
  changed_.insert(*uri);
}

void LanguageServer::apply(Document& document, const json::value& change) {
  auto text = json_text_at(change, {"text"});
  if (!text) return;
  const TextPosition begin{json_count_at(change, {"range", "start", "line"}).value_or(0),
                           json_count_at(change, {"range", "start", "character"}).value_or(0)};
  const auto line = json_count_at(change, {"range", "end", "line"});
  const auto character = json_count_at(change, {"range", "end", "character"});
  if (line && character) {
    const std::size_t from = document.positions.offset(begin);
    const std::size_t to = std::max(from, document.positions.offset({*line, *character}));
    text = document.scenario.text().substr(0, from) + *text + document.scenario.text().substr(to);
  }
  document.scenario.set_text(std::move(*text));
  document.positions = TextPositions(document.scenario.text());
}

void LanguageServer::close(const json::value& params) {
  const auto uri = json_text_at(params, {"textDocument", "uri"});
  if (!uri || documents_.erase(*uri) == 0) return;
  changed_.erase(*uri);
  send({{"method", "textDocument/publishDiagnostics"},
        {"params", {{"uri", *uri}, {"diagnostics", json::array()}}}});
}

void LanguageServer::change_all() {
  for (const auto& [uri, document] : documents_) changed_.insert(uri);
}

void LanguageServer::idle() {
  for (const std::string& uri : std::exchange(changed_, {})) publish(uri, documents_.at(uri));
}

std::optional<std::pair<LanguageServer::Document*, std::size_t>> LanguageServer::place(
    const json::value& params) {
  const auto uri = json_text_at(params, {"textDocument", "uri"});
  const auto line = json_count_at(params, {"position", "line"});
  const auto character = json_count_at(params, {"position", "character"});
  if (!uri || !line || !character) return std::nullopt;
  const auto found = documents_.find(*uri);
  if (found == documents_.end()) return std::nullopt;
  return std::pair(&found->second, found->second.positions.offset({*line, *character}));
}

}  // namespace provlab::lab
