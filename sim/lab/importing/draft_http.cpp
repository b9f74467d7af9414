#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <ranges>

#include "core/platform/text.hpp"
#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kXmlType = "application/xml";
constexpr std::size_t kMostInside = 200;

bool is_redirection(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_success(int status) {
  return status / 100 == 2;
}

/// A document that can stand in the scenario itself.
bool stands_inside(const std::string& body) {
  if (body.size() > kMostInside || !body.starts_with('<') || body.starts_with("<?")) return false;
  if (!is_plain_text(body)) return false;
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) return false;
  return std::distance(document.begin(), document.end()) == 1;
}

class HttpDraft {
 public:
  HttpDraft(const DraftInputs& inputs, const DraftHost& host) : inputs_(inputs), host_(host) {}

  std::vector<MarkupNode> draft() {
    std::vector<MarkupNode> servers;
    for (const Port port : ports()) {
      MarkupNode http{.name = "http"};
      http.set("host", host_.id);
      const bool tls = speaks_tls(port);
      if (port != (tls ? 443 : 80)) http.set("port", std::to_string(port));
      add_tls(http, inputs_.heard, {host_.address, port});
      accept(http, port);
      serve(http, port);
      servers.push_back(std::move(http));
    }
    return servers;
  }

 private:
  std::set<Port> ports() const {
    std::set<Port> found;
    for (const OpenedConnection& connection : inputs_.heard.connections) {
      const bool theirs = connection.by_phone && connection.server.address == host_.address;
      // A server that refuses is none, and a name server's connections are not HTTP.
      if (!theirs || connection.server.port == 53 || only_refused(connection.server.port)) continue;
      if (serves_assignments() && asks_assignment(connection.server.port)) continue;
      found.insert(connection.server.port);
    }
    return found;
  }

  bool asks_assignment(Port port) const {
    return std::ranges::any_of(inputs_.heard.said, [&](const Said& said) {
      const auto* http = said.as<HttpSaid>();
      return http != nullptr && said.to == Endpoint{host_.address, port} && is_assignment(*http);
    });
  }

  bool serves_assignments() const {
    return host_.kinds.contains("redirect") && !host_.kinds.contains("http");
  }

  bool only_refused(Port port) const {
    return std::ranges::all_of(inputs_.heard.connections, [&](const OpenedConnection& each) {
      return each.server != Endpoint{host_.address, port} || each.refused();
    });
  }

  bool speaks_tls(Port port) const {
    return std::ranges::any_of(inputs_.heard.said, [&](const Said& said) {
      return said.talk == Talk::tls && said.to == Endpoint{host_.address, port};
    });
  }

  void accept(MarkupNode& http, Port port) const {
    const bool never =
        std::ranges::all_of(inputs_.heard.connections, [&](const OpenedConnection& each) {
          return each.server != Endpoint{host_.address, port} || each.never_taken();
        });
    if (never) http.set("accept", "never");
    // One that is slow to take a connection; where SYNs were lost, the last one was taken at once.
    constexpr Duration kSlow = std::chrono::milliseconds(50);
    std::optional<Duration> slowest;
    for (const OpenedConnection& each : inputs_.heard.connections) {
      if (each.server != Endpoint{host_.address, port} || !each.accepted || each.syns == 0)
        continue;
      const Duration way = inputs_.world.round_trip_to(host_);
      if (*each.accepted - each.last_syn - way < kSlow) continue;
      const Duration took = *each.accepted - each.at - way;
      slowest = std::max(slowest.value_or(took), took);
    }
    if (slowest) http.set("accept-after", to_string(inputs_.world.rounded(*slowest)));
  }

  void serve(MarkupNode& http, Port port) {
    std::map<std::string, std::vector<Exchange>> by_request;
    std::vector<std::string> order;
    for (const char* kind : {"http", "redirect"}) {
      if (std::string_view(kind) == "redirect" && serves_assignments()) continue;
      for (Exchange& exchange : exchanges_of(inputs_, host_, kind)) {
        if (exchange.question->to.port != port || exchange.question->as<HttpSaid>() == nullptr)
          continue;
        const std::string words = exchange.question->words;
        if (!by_request.contains(words)) order.push_back(words);
        by_request[words].push_back(std::move(exchange));
      }
    }
    std::vector<MarkupNode> rules;
    for (const std::string& words : order) serve_target(http, rules, words, by_request[words]);
    for (MarkupNode& rule : rules) http.add(std::move(rule));
  }

  void serve_target(MarkupNode& http, std::vector<MarkupNode>& rules, const std::string& words,
                    const std::vector<Exchange>& exchanges) {
    std::optional<MarkupNode> resource;
    std::vector<Treatment> treatments;
    const std::string target = words.substr(words.find(' ') + 1);
    for (const Exchange& exchange : exchanges) {
      if (came_too_late(exchange)) continue;
      if (exchange.answers.empty()) {
        treatments.push_back(unanswered(exchange));
        continue;
      }
      const Said& answer = *exchange.answers.front();
      if (wants_octets(answer, words)) {
        MarkupNode octets = raw(answer, target);
        if (const auto delay = delay_of(exchange)) {
          octets.set("after", to_string(*delay));
        }
        treatments.emplace_back(std::move(octets));
        continue;
      }
      MarkupNode own = resource_words(exchange, target);
      if (!resource && own.name != "answer") resource = own;
      treatments.push_back(treatment(exchange, std::move(own), resource, target));
    }
    if (resource) {
      MarkupNode& served = http.add({.name = resource->name});
      served.set("path", target);
      served.attributes.insert(served.attributes.end(), resource->attributes.begin(),
                               resource->attributes.end());
      served.inside = resource->inside;
    }
    MarkupNode holder{.name = "rules"};
    add_rules(holder, words, treatments);
    for (MarkupNode& rule : holder.children) rules.push_back(std::move(rule));
  }

  /// A connection that ends in place of an answer.
  Treatment unanswered(const Exchange& exchange) const {
    const OpenedConnection& connection = inputs_.heard.connections[exchange.question->connection];
    if (!ends_by_server(connection)) return no_answer();
    return MarkupNode{.name = "answer"}.set(is_torn(connection) ? "reset-at" : "cut", "0B");
  }

  static bool is_torn(const OpenedConnection& connection) {
    return connection.reset && !connection.reset_by_client;
  }
  static bool ends_by_server(const OpenedConnection& connection) {
    return is_torn(connection) || connection.finished_first_by_server;
  }

  /// A request on a connection that had been promised to go on: the answer before says that it
  /// does not, and the server never counts what comes then.
  bool came_too_late(const Exchange& exchange) const {
    return exchange.answers.empty() &&
           ends_by_server(inputs_.heard.connections[exchange.question->connection]) &&
           is_later_on_connection(*exchange.question);
  }

  bool is_later_on_connection(const Said& question) const {
    return std::ranges::any_of(inputs_.heard.said, [&](const Said& said) {
      const auto* http = said.as<HttpSaid>();
      return http != nullptr && http->request && said.connection == question.connection &&
             said.at < question.at;
    });
  }

  /// Where words do not lead as far; not where the end of the connection says more than they do,
  /// nor where it goes on, since octets end it.
  bool wants_octets(const Said& answer, const std::string& words) const {
    const auto& http = *answer.as<HttpSaid>();
    constexpr int kLargestStatus = 599;
    if (http.status < 100 || http.status > kLargestStatus || http.interim) return true;
    if (goes_on(answer)) return false;
    if (inputs_.octets_for.contains(words)) return true;
    const OpenedConnection& connection = inputs_.heard.connections[answer.connection];
    return inputs_.raw.contains(Talk::http) && (http.whole || connection.finished_first_by_server);
  }

  bool goes_on(const Said& answer) const {
    return std::ranges::any_of(inputs_.heard.said, [&](const Said& said) {
      const auto* http = said.as<HttpSaid>();
      return http != nullptr && !http->request && said.connection == answer.connection &&
             said.at > answer.at;
    });
  }

  Treatment treatment(const Exchange& exchange, MarkupNode own,
                      const std::optional<MarkupNode>& resource, const std::string& target) {
    const auto& http = *exchange.answers.front()->as<HttpSaid>();
    if (resource && own == *resource) return std::nullopt;
    MarkupNode answer{.name = "answer"};
    if (own.name == "moved") {
      answer.set("location", http.header("Location"));
      if (http.status != 302) answer.set("status", std::to_string(http.status));
      add_faults(answer, exchange);
      return answer;
    }
    if (http.status == 404 && own.attributes.empty()) return std::nullopt;
    answer.set("status", std::to_string(http.status));
    if (is_success(http.status)) {
      put_type(answer, http);
      put_body(answer, http, target);
    }
    add_faults(answer, exchange);
    return answer;
  }

  /// `file` or `moved`; an `answer` where the target has none of its own.
  MarkupNode resource_words(const Exchange& exchange, const std::string& target) {
    const auto& http = *exchange.answers.front()->as<HttpSaid>();
    MarkupNode words{.name = "answer"};
    if (is_redirection(http.status) && !http.header("Location").empty()) {
      words.name = "moved";
      words.set("to", http.header("Location"));
      if (http.status != 302) words.set("status", std::to_string(http.status));
    } else if (is_success(http.status)) {
      words.name = "file";
      if (http.status != 200) words.set("status", std::to_string(http.status));
      put_body(words, http, target);
      put_type(words, http);
    }
    add_faults(words, exchange);
    return words;
  }

  static void put_type(MarkupNode& node, const HttpSaid& http) {
    const std::string type = http.header("Content-Type");
    if (type != kXmlType && !type.empty()) node.set("type", type);
  }

  void put_body(MarkupNode& node, const HttpSaid& http, const std::string& target) {
    // What is too long for a scenario is told by its length, as far as that can be.
    constexpr std::size_t kMostOfSize = std::size_t{16} << 20;
    if (http.left_out > 0) {
      node.set("size", fmt::format("{}B", std::min(http.left_out, kMostOfSize)));
    } else if (stands_inside(http.body)) {
      node.inside = http.body;
    } else {
      node.set("src", document(http.body, target, http.body.starts_with('<') ? ".xml" : ".txt"));
    }
  }

  MarkupNode raw(const Said& answer, const std::string& target) {
    MarkupNode node{.name = "raw"};
    constexpr std::size_t kMostHex = 100;
    if (answer.octets.size() <= kMostHex) return node.set("hex", pairs_of_hex(answer.octets));
    return node.set("src", document(answer.octets, target, ".http"));
  }

  /// The name under which it lies beside the scenario; the same content has one name.
  std::string document(const std::string& content, const std::string& target,
                       const std::string& ending) {
    for (const auto& [name, text] : inputs_.documents) {
      if (text == content) return name;
    }
    std::string base = target.substr(0, target.find('?'));
    base = base.substr(base.rfind('/') + 1);
    base = base.substr(0, base.rfind('.'));
    std::erase_if(base,
                  [](char c) { return !is_letter(c) && !is_digit(c) && c != '-' && c != '_'; });
    if (base.empty()) base = "document";
    std::string name = "documents/" + base + ending;
    for (int i = 2; inputs_.documents.contains(name); ++i) {
      name = fmt::format("documents/{}-{}{}", base, i, ending);
    }
    inputs_.documents.emplace(name, content);
    return name;
  }

  /// Without the time that losses took: these are told as such.
  std::optional<Duration> delay_of(const Exchange& exchange) const {
    const Said& answer = *exchange.answers.front();
    const OpenedConnection& connection = inputs_.heard.connections[answer.connection];
    Duration asked = exchange.question->at;
    for (const LostPiece& piece : connection.lost_by_client) {
      if (piece.at == asked) asked = piece.again;
    }
    Duration answered = answer.at;
    for (const LostPiece& piece : std::views::reverse(connection.lost_by_server)) {
      if (piece.again == answered) answered = piece.at;
    }
    return inputs_.delay_of(host_, asked, answered);
  }

  /// What is wrong with an answer, or late.
  void add_faults(MarkupNode& node, const Exchange& exchange) const {
    const Said& said = *exchange.answers.front();
    const auto& http = *said.as<HttpSaid>();
    if (const auto delay = delay_of(exchange)) {
      node.set("after", to_string(*delay));
    }
    if (!http.whole) break_off(node, said, http);
    drip(node, said, http);
    if (http.whole) end_connection(node, said);
    const std::string coding = lower(http.header("Transfer-Encoding"));
    const bool measured = !http.header("Content-Length").empty();
    if (http.header("Content-Encoding") == "gzip") node.set("gzip", "true");
    if (coding == "chunked") {
      node.set("chunked", fmt::format("{}B", std::clamp<std::size_t>(http.body.size(), 1, 1024)));
    } else if (!measured && is_success(http.status) && http.whole) {
      node.set("length", "none");
    }
  }

  /// A connection that could have gone on, and did not.
  void end_connection(MarkupNode& node, const Said& said) const {
    const OpenedConnection& connection = inputs_.heard.connections[said.connection];
    const bool torn = is_torn(connection);
    const auto& http = *said.as<HttpSaid>();
    const bool told = lower(http.header("Connection")) == "close" ||
                      (http.header("Content-Length").empty() &&
                       http.header("Transfer-Encoding").empty() && http.status == 200);
    if ((!torn && !connection.finished_first_by_server) || told) return;
    bool last = true;
    bool asked_again = false;
    for (const Said& other : inputs_.heard.said) {
      const auto* also = other.as<HttpSaid>();
      if (also == nullptr || other.connection != said.connection || other.at <= said.at) continue;
      (also->request ? asked_again : last) = also->request;
    }
    if (!last) return;
    node.set("then", asked_again ? "close-at-next" : torn ? "reset" : "close");
  }

  /// What was announced, and how it ended: the body that is there is all that comes.
  void break_off(MarkupNode& node, const Said& said, const HttpSaid& http) const {
    const OpenedConnection& connection = inputs_.heard.connections[said.connection];
    if (http.note == "The head has no end.") {
      node.set(is_torn(connection)             ? "reset-at"
               : connection.finished_by_server ? "cut"
                                               : "stall-at",
               fmt::format("{}B", http.octets));
      return;
    }
    const std::string announced = http.header("Content-Length");
    if (!announced.empty() && announced.size() < 10) node.set("length", announced + "B");
    const bool reset = is_torn(connection);
    if (reset || connection.finished_by_server) node.set("then", reset ? "reset" : "close");
  }

  /// An answer that came drop by drop.
  void drip(MarkupNode& node, const Said& said, const HttpSaid& http) const {
    constexpr Duration kSlow = std::chrono::milliseconds(500);
    const Duration time = http.ended - said.at;
    if (http.pieces < 2 || time < kSlow) return;
    if (!inputs_.heard.connections[said.connection].lost_by_server.empty()) return;
    node.set("drip", fmt::format("{}B", (http.octets + http.pieces - 1) / http.pieces));
    const Duration gap = time / static_cast<std::int64_t>(http.pieces - 1);
    node.set("gap", to_string(inputs_.world.rounded(gap)));
  }

  const DraftInputs& inputs_;
  const DraftHost& host_;
};

}  // namespace

std::vector<MarkupNode> draft_http(const DraftInputs& inputs, const DraftHost& host) {
  return HttpDraft(inputs, host).draft();
}

}  // namespace provlab::lab
