#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/lab/editing/open_scenario.hpp"
#include "sim/lab/editing/text_positions.hpp"

namespace provlab::lab {

namespace json = boost::json;

/// A server of the Language Server Protocol 3.17 for scenarios, without its pipes.
///  1. Each message gets what it gets at once; answers keep the order of their requests.
///  2. What is no JSON, no request or of an unknown method is answered with the protocol's error;
///  notifications never are.
///  3. Before `initialize` every request is refused, after `shutdown` every one too; only `exit`
///  ends.
///  4. Complaints about a document wait for idle(), so that fast typing is judged once.
///  5. Documents whose first element is none of ours get no complaints: they are no scenarios.
class LanguageServer {
 public:
  explicit LanguageServer(std::string version) : version_(std::move(version)) {}

  /// What scenarios name may lie anywhere below this folder; empty: below their own.
  void set_root(std::string root) { root_ = std::move(root); }
  /// One message's body; what is to be sent comes from take_replies().
  void handle(std::string_view body);
  /// There is nothing to read: judges the documents that have changed.
  void idle();
  bool has_changes() const { return !changed_.empty(); }
  /// An answer to what cannot be read at all.
  void refuse_stream(const std::string& reason);
  std::vector<std::string> take_replies();  ///< bodies, in their order

  /// Once `exit` has come: 0 after a shutdown, else 1.
  std::optional<int> exit_code() const { return exit_code_; }
  bool is_shut_down() const { return state_ == State::shut_down; }

 private:
  enum class State { fresh, running, shut_down };
  struct Document {
    OpenScenario scenario;
    TextPositions positions;
    std::optional<std::size_t> version;  ///< as the editor counts
  };
  struct Failure {
    int code;
    std::string text;
  };
  using Answer = std::variant<json::value, Failure>;

  void request(const json::value& id, const std::string& method, const json::value& params);
  Answer answer(const std::string& method, const json::value& params);
  void notification(const std::string& method, const json::value& params);
  json::value initialize(const json::value& params);
  void initialized();
  void open(const json::value& params);
  void change(const json::value& params);
  static void apply(Document& document, const json::value& change);
  void close(const json::value& params);
  void change_all();
  /// The document and the offset that a request is about; nothing where it names none that is open.
  std::optional<std::pair<Document*, std::size_t>> place(const json::value& params);
  json::value completion(const Document& document, std::size_t offset) const;
  static json::value hover(const Document& document, std::size_t offset);
  static json::value definition(const Document& document, const std::string& uri,
                                std::size_t offset);
  static json::object range(const Document& document, LooseDocument::Span span);
  void publish(const std::string& uri, Document& document);
  void send(json::object message);

  std::string version_;
  std::string root_;
  State state_ = State::fresh;
  bool snippets_ = false;
  bool watches_files_ = false;
  std::map<std::string, Document> documents_;  ///< by URI
  std::set<std::string> changed_;
  std::vector<std::string> replies_;
  std::optional<int> exit_code_;
};

}  // namespace provlab::lab
