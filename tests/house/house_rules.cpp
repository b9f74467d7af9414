#include "tests/house/house_rules.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace provlab::house {

namespace fs = std::filesystem;

namespace {

/// A room and what it may include besides itself: rooms, folders of rooms, or single headers.
struct Room {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

// The rooms of the lab stand on floors; each knows what stands below it, and not all of that.
// Whoever names an event of another room includes that room's table of events, nothing else.
const std::vector<Room>& rooms() {
  static const std::vector<Room> table = {
      {"core/platform", {}},
      {"core/net", {"core/platform"}},
      {"core/settings", {"core/platform"}},
      {"core/discovery", {"core/platform", "core/net"}},
      {"core/service", {"core/platform", "core/net", "core/settings", "core/discovery"}},
      {"netfakes", {"core/platform"}},
      {"sim/text", {"core/platform"}},
      {"sim/record", {"core/platform", "sim/text"}},
      {"sim/world", {"core/platform", "sim/record"}},
      {"sim/wire", {"core/platform", "sim/record", "sim/world"}},
      {"sim/web",
       {"core/platform", "core/settings", "core/service/events.hpp", "sim/text", "sim/record"}},
      {"sim/phone", {"core", "sim/web"}},
      // Floor 1
      {"sim/lab/machine", {"core/platform", "sim/text"}},
      {"sim/lab/markup", {"core/platform/text.hpp", "sim/text/without_middle.hpp"}},
      {"sim/lab/trace", {"core/platform", "sim/text", "sim/record"}},
      {"sim/lab/plan", {"core", "netfakes", "sim/world", "sim/phone"}},
      // Floor 2
      {"sim/lab/contents",
       {"core/platform", "netfakes/plaintext_ear.hpp", "sim/text", "sim/record", "sim/world",
        "sim/lab/trace"}},
      {"sim/lab/capture", {"core/platform", "sim/world", "sim/lab/machine"}},
      {"sim/lab/language",
       {"core", "netfakes", "sim/text", "sim/world", "sim/phone", "sim/lab/markup",
        "sim/lab/machine", "sim/lab/trace", "sim/lab/plan"}},
      {"sim/lab/play",
       {"core", "netfakes", "sim/text", "sim/record", "sim/world", "sim/phone", "sim/lab/trace",
        "sim/lab/plan"}},
      {"sim/lab/daemons",
       {"core/platform", "netfakes", "sim/text", "sim/wire", "sim/lab/machine", "sim/lab/plan"}},
      {"sim/lab/verdict",
       {"core", "netfakes/events.hpp", "sim/text", "sim/record", "sim/world/events.hpp",
        "sim/phone/events.hpp", "sim/lab/trace", "sim/lab/plan"}},
      // Floor 3
      {"sim/lab/suite",
       {"core", "sim/text", "sim/world", "sim/lab/machine", "sim/lab/markup/complaint.hpp",
        "sim/lab/trace", "sim/lab/plan", "sim/lab/language", "sim/lab/play", "sim/lab/verdict",
        "sim/lab/contents", "netfakes/responder_kinds.hpp"}},
      {"sim/lab/explore",
       {"core", "netfakes/events.hpp", "sim/text", "sim/world", "sim/lab/machine", "sim/lab/trace",
        "sim/lab/plan", "sim/lab/play", "sim/lab/verdict"}},
      {"sim/lab/soak",
       {"core", "sim/record", "sim/world", "sim/lab/machine", "sim/lab/markup/scenario_text.hpp",
        "sim/lab/language", "sim/lab/play", "sim/lab/verdict"}},
      {"sim/lab/cuts",
       {"core", "sim/world", "sim/phone/events.hpp", "sim/lab/machine", "sim/lab/trace",
        "sim/lab/plan", "sim/lab/play", "sim/lab/verdict"}},
      {"sim/lab/comparing",
       {"core/platform", "sim/text", "sim/lab/trace", "sim/lab/verdict"}},
      {"sim/lab/mapping",
       {"core", "netfakes/events.hpp", "sim/text", "sim/world", "sim/lab/machine", "sim/lab/trace",
        "sim/lab/plan", "sim/lab/play", "sim/lab/verdict"}},
      {"sim/lab/serving",
       {"core", "netfakes", "sim/world", "sim/wire", "sim/lab/machine", "sim/lab/trace",
        "sim/lab/contents", "sim/lab/plan", "sim/lab/language", "sim/lab/play", "sim/lab/verdict"}},
      {"sim/lab/importing",
       {"core", "netfakes/sip_wire.hpp", "sim/text", "sim/world", "sim/lab/machine",
        "sim/lab/markup", "sim/lab/plan", "sim/lab/contents", "sim/lab/capture", "sim/lab/language",
        "sim/lab/play"}},
      {"sim/lab/editing",
       {"core/platform", "core/settings", "sim/text", "sim/lab/machine", "sim/lab/markup",
        "sim/lab/trace/known_events.hpp", "sim/lab/language", "netfakes/responder_kinds.hpp"}},
      // Floor 4
      {"sim/lab/wired",
       {"core", "sim/record", "sim/world", "sim/wire", "sim/lab/machine", "sim/lab/trace",
        "sim/lab/play", "sim/lab/verdict", "sim/lab/daemons", "sim/lab/suite",
        "netfakes/plaintext_ear.hpp"}},
      {"sim/lab/report",
       {"core/platform", "sim/text", "sim/lab/trace", "sim/lab/suite", "sim/lab/soak/soak.hpp"}},
      {"sim/lab/pages",
       {"core/platform", "sim/text", "sim/record", "sim/lab/machine", "sim/lab/trace",
        "sim/lab/contents", "sim/lab/suite", "sim/lab/comparing", "sim/lab/mapping"}},
      {"sim/lab/neighbours",
       {"core/platform", "netfakes/events.hpp", "sim/world/events.hpp", "sim/lab/machine",
        "sim/lab/plan", "sim/lab/language", "sim/lab/play", "sim/lab/verdict", "sim/lab/suite",
        "sim/lab/explore"}},
      {"sim/lab/explaining",
       {"core/platform", "sim/text", "sim/world", "sim/lab/machine", "sim/lab/markup",
        "sim/lab/language", "sim/lab/importing"}},
      {"tools", {"core", "sim"}},
      {"tests", {"core", "netfakes", "sim", "tools"}},
  };
  return table;
}

/// A library's headers and the rooms that use it; tests may use all. The core's codecs and the
/// fakes' are kept apart so that each is a second opinion on the other.
struct Library {
  std::string_view headers;
  std::vector<std::string_view> rooms;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> table = {
      {"tins/", {"netfakes"}},
      {"osip2/", {"netfakes"}},
      {"osipparser2/", {"netfakes"}},
      {"curl/", {"core/net", "tools"}},
      {"pcap/", {"sim/wire", "sim/lab/capture", "tools"}},
      {"zlib.h", {"sim/lab/capture"}},
      {"pugixml.hpp",
       {"core/settings", "sim/lab/markup", "sim/lab/soak", "sim/lab/report", "sim/lab/importing",
        "sim/lab/explaining", "tools"}},
      {"libxml/", {"core/settings", "sim/lab/markup", "sim/lab/language", "tools"}},
      {"boost/beast", {"core/platform", "netfakes", "sim/web"}},
      {"boost/json", {"sim/text", "sim/web", "sim/lab/trace", "sim/lab/editing", "tools"}},
      {"openssl/", {"core/net", "netfakes", "sim/web", "sim/lab/capture", "tools"}},
      {"crypt.h", {"sim/web"}},
      {"clang/", {"tools"}},
      {"CLI/", {"tools"}},
      {"gtest/", {}},
      {"gmock/", {}},
      {"benchmark/", {}},
  };
  return table;
}

bool is_under(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The first place at or after `from` where `word` stands by itself; a `word` that ends in a
/// bracket or a colon bounds itself.
std::size_t find_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word_character(text[at - 1]) || !is_word_character(word[0]);
    const bool ends =
        end == text.size() || !is_word_character(text[end]) || !is_word_character(word.back());
    if (starts && ends) return at;
  }
  return text.npos;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// Whether a reason is written on the line or on the one above it.
bool is_excused(const std::vector<std::string_view>& lines, std::size_t index) {
  constexpr std::string_view kMark = "house-rules:";
  for (std::size_t i = index == 0 ? 0 : index - 1; i <= index; ++i) {
    const std::size_t at = lines[i].find(kMark);
    if (at == std::string_view::npos) continue;
    const std::string_view reason = lines[i].substr(at + kMark.size());
    if (std::ranges::count_if(reason, is_word_character) >= 5) return true;
  }
  return false;
}

bool begins_include(std::string_view line) {
  std::size_t at = line.find_first_not_of(" \t");
  if (at == line.npos || line[at] != '#') return false;
  at = line.find_first_not_of(" \t", at + 1);
  return at != line.npos && line.substr(at).starts_with("include");
}

/// What a line includes, with its opening quote or bracket but not the closing one; else empty.
std::string_view included_name(std::string_view line) {
  if (!begins_include(line)) return {};
  const std::size_t open = line.find_first_of("\"<");
  if (open == line.npos) return {};
  const std::size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
  return close == line.npos ? std::string_view{} : line.substr(open, close - open);
}

/// A phrase that must not stand in a source, and why not.
struct Banned {
  std::string_view phrase;
  std::string_view why;
};

constexpr std::string_view kClock = "reads a real clock: ask Host::now()";
constexpr std::string_view kSleep = "sleeps in real time: wait on the Host";
constexpr std::string_view kRandom = "is not repeatable randomness: use Host::random()";
constexpr std::string_view kLibrary = "gives other results with another library";
constexpr std::string_view kOrder = "has an order that differs between runs: use an ordered one";
constexpr std::string_view kKernel = "asks the machine's own network or timers: use the Host";

// Some are written in two pieces, so that a search for them finds real uses only.
constexpr auto kUnrepeatable = std::to_array<Banned>({
    {"system_clock::now", kClock},
    {"steady_clock::now", kClock},
    {"utc_clock::now", kClock},
    {"high_resolution_clock", kClock},
    {"clock_gettime(", kClock},
    {"gettimeofday(", kClock},
    {"time(nullptr)", kClock},
    {"time(NULL)", kClock},
    {"time(0)", kClock},
    {"this_thread::sleep"
     "_for",
     kSleep},
    {"this_thread::sleep"
     "_until",
     kSleep},
    {"usle"
     "ep(",
     kSleep},
    {"nanosle"
     "ep(",
     kSleep},
    {"random_device", kRandom},
    {"default_random_engine", kRandom},
    {"rand(", kRandom},
    {"srand(", kRandom},
    {"std::shuffle", kLibrary},
    {"std::sample", kLibrary},
    {"uniform_int_distribution", kLibrary},
    {"uniform_real_distribution", kLibrary},
    {"normal_distribution", kLibrary},
    {"bernoulli_distribution", kLibrary},
    {"exponential_distribution", kLibrary},
    {"poisson_distribution", kLibrary},
    {"discrete_distribution", kLibrary},
    {"unordered_map", kOrder},
    {"unordered_set", kOrder},
    {"unordered_multimap", kOrder},
    {"unordered_multiset", kOrder},
    {"getaddrinfo(", kKernel},
    {"gethostbyname(", kKernel},
    {"steady_timer", kKernel},
    {"system_timer", kKernel},
    {"high_resolution_timer", kKernel},
    {"ip::udp::socket", kKernel},
    {"ip::tcp::socket", kKernel},
});

constexpr auto kSleeping = std::to_array<Banned>({
    {"this_thread::sleep"
     "_for",
     kSleep},
    {"this_thread::sleep"
     "_until",
     kSleep},
    {"usle"
     "ep(",
     kSleep},
    {"nanosle"
     "ep(",
     kSleep},
});

void find_banned(const SourceFile& file, std::span<const Banned> banned,
                 std::vector<Offence>& offences) {
  const std::string code = without_comments_and_literals(file.text);
  const auto raw = lines_of(file.text);
  const auto lines = lines_of(code);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!included_name(lines[i]).empty()) continue;
    for (const Banned& b : banned) {
      if (find_word(lines[i], b.phrase) == std::string_view::npos || is_excused(raw, i)) continue;
      offences.push_back({file.path, static_cast<unsigned>(i + 1),
                          std::string(b.phrase) + " " + std::string(b.why)});
    }
  }
}

std::string complaint_about(std::string_view room, std::string_view name,
                            const std::set<std::string, std::less<>>& files) {
  const bool quoted = name.front() == '"';
  name.remove_prefix(1);
  const std::string_view target = room_of(name);
  if (name.contains("..")) return "includes " + std::string(name) + ": name it from the root";
  if (quoted && !files.contains(name)) {
    return "includes \"" + std::string(name) + "\", which is no file seen from the root";
  }
  if (!target.empty() || files.contains(name)) {
    const auto own = std::ranges::find_if(rooms(), [&](const Room& r) { return r.folder == room; });
    const bool allowed = target == room || room == "tests" ||
                         std::ranges::any_of(own->may_include, [&](std::string_view f) {
                           return name == f || is_under(name, f);
                         });
    if (!allowed) {
      return std::string(room) + " must not know " + std::string(target.empty() ? name : target) +
             " (includes " + std::string(name) + ")";
    }
    return {};
  }
  if (room == "tests") return {};
  for (const Library& library : libraries()) {
    if (!name.starts_with(library.headers)) continue;
    if (std::ranges::find(library.rooms, room) == library.rooms.end()) {
      return std::string(room) + " has not taken this library: <" + std::string(name) + ">";
    }
  }
  return {};
}

/// Copies `text` from `at` to the end of a literal, blanking its inside; returns the place after
/// it.
std::size_t blank_literal(std::string_view text, std::size_t at, std::string& out) {
  const char quote = text[at];
  out += quote;
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] != '\n') {
      out += ' ';
      ++at;
    }
    out += ' ';
  }
  if (at < text.size() && text[at] == quote) {
    out += quote;
    ++at;
  }
  return at;
}

void blank(std::string_view text, std::string& out) {
  for (const char c : text) out += c == '\n' ? '\n' : ' ';
}

/// A header and its source are one thing: their path without its ending.
std::string thing_of(std::string_view path) {
  return std::string(path.substr(0, path.rfind('.')));
}

/// Looks for things of one room that include each other in a circle: depth first, as Tarjan does,
/// so that each circle is found once and whole.
class Circles {
 public:
  explicit Circles(std::span<const SourceFile> tree) {
    for (const SourceFile& file : tree) {
      const std::string_view room = room_of(file.path);
      if (!is_cpp(file.path) || room.empty() || room == "tests") continue;
      auto& included = things_[thing_of(file.path)];
      for (const std::string_view line : lines_of(file.text)) {
        const std::string_view name = included_name(line);
        if (name.starts_with('"') && room_of(name.substr(1)) == room) {
          included.insert(thing_of(name.substr(1)));
        }
      }
    }
  }

  std::vector<Offence> found() {
    for (const auto& [thing, included] : things_) {
      if (!seen_.contains(thing)) visit(thing);
    }
    return std::move(offences_);
  }

 private:
  std::size_t visit(const std::string& thing) {
    const std::size_t own = seen_.emplace(thing, seen_.size()).first->second;
    std::size_t lowest = own;
    path_.push_back(thing);
    for (const std::string& next : things_[thing]) {
      if (!seen_.contains(next)) {
        lowest = std::min(lowest, visit(next));
      } else if (std::ranges::find(path_, next) != path_.end()) {
        lowest = std::min(lowest, seen_[next]);
      }
    }
    if (lowest < own) return lowest;
    const auto begin = std::ranges::find(path_, thing);
    if (path_.end() - begin > 1) {
      std::string text = "is in a circle with";
      for (auto other = begin + 1; other != path_.end(); ++other) text += " " + *other;
      offences_.push_back({thing, 0, std::move(text)});
    }
    path_.erase(begin, path_.end());
    return lowest;
  }

  std::map<std::string, std::set<std::string>> things_;
  std::map<std::string, std::size_t> seen_;
  std::vector<std::string> path_;
  std::vector<Offence> offences_;
};

/// Walks over the braces of a source and finds the bodies that stand in no other body.
class Bodies {
 public:
  explicit Bodies(std::string_view code) : code_(code) {}

  /// The first and the last line of each, from 0; the first is where its declaration begins.
  std::vector<std::pair<std::size_t, std::size_t>> found() {
    for (; at_ < code_.size(); ++at_) {
      const char c = code_[at_];
      if (c == '\n') ++line_;
      if (c == '#') {  // a line for the preprocessor is no part of a declaration
        at_ = std::min(code_.find('\n', at_), code_.size());
        ++line_;
        begin_head();
      } else if (c == ';' || c == '}') {
        begin_head();
      } else if (c == '{') {
        if (is_container(code_.substr(head_, at_ - head_))) {
          begin_head();
        } else {
          skip_body();
        }
      } else if (head_line_ == kNone && c != ' ' && c != '\n') {
        head_line_ = line_;
      }
    }
    return std::move(bodies_);
  }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  /// What is in front of a brace without white space and `template <…>` before it.
  static std::string_view without_template(std::string_view head) {
    for (;;) {
      head.remove_prefix(std::min(head.find_first_not_of(" \n"), head.size()));
      if (!head.starts_with("template")) return head;
      std::size_t depth = 0, at = head.find('<');
      for (; at < head.size(); ++at) {
        if (head[at] == '<') ++depth;
        if (head[at] == '>' && --depth == 0) break;
      }
      head.remove_prefix(std::min(at + 1, head.size()));
    }
  }

  static bool is_container(std::string_view head) {
    head = without_template(head);
    return std::ranges::any_of(
        std::array{"namespace", "class", "struct", "union", "enum", "extern"},
        [&](std::string_view word) { return find_word(head, word) == 0; });
  }

  void begin_head() {
    head_ = at_ + 1;
    head_line_ = kNone;
  }

  void skip_body() {
    const std::size_t first = head_line_ == kNone ? line_ : head_line_;
    std::size_t depth = 0;
    for (; at_ < code_.size(); ++at_) {
      if (code_[at_] == '\n') ++line_;
      if (code_[at_] == '{') ++depth;
      if (code_[at_] == '}' && --depth == 0) break;
    }
    bodies_.emplace_back(first, line_);
    // What follows an initialiser belongs to the same declaration, a constructor's.
    head_ = at_ + 1;
    head_line_ = first;
    if (code_.substr(head_).starts_with('\n')) head_line_ = kNone;
  }

  std::string_view code_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  std::size_t head_ = 0;
  std::size_t head_line_ = kNone;
  std::vector<std::pair<std::size_t, std::size_t>> bodies_;
};

}  // namespace

std::string Offence::to_string() const {
  return line == 0 ? path + ": " + text : path + ":" + std::to_string(line) + ": " + text;
}

bool is_cpp(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".h") ||
         path.ends_with(".cc");
}

std::string_view room_of(std::string_view path) {
  for (const Room& room : rooms()) {
    if (is_under(path, room.folder)) return room.folder;
  }
  return {};
}

std::vector<SourceFile> read_tree(const fs::path& root) {
  static constexpr auto kFolders = std::to_array<std::string_view>(
      {".", ".ci", "core", "netfakes", "sim", "tools", "schemas", "scenarios", "tests"});
  static const std::set<std::string, std::less<>> kEndings = {
      "", ".cpp", ".hpp", ".h", ".cc", ".sh", ".cmake", ".md", ".txt", ".xml", ".xsd", ".json"};
  std::vector<SourceFile> tree;
  const auto take = [&](const fs::directory_entry& entry) {
    const std::string path = fs::relative(entry.path(), root).generic_string();
    if (!entry.is_regular_file() || path.starts_with("tests/data/") || path == ".git" ||
        !kEndings.contains(entry.path().extension().string())) {
      return;
    }
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    tree.push_back({path, std::move(text).str()});
  };
  for (const std::string_view folder : kFolders) {
    if (!fs::is_directory(root / folder)) continue;
    if (folder == ".") {
      for (const auto& entry : fs::directory_iterator(root)) take(entry);
    } else {
      for (const auto& entry : fs::recursive_directory_iterator(root / folder)) take(entry);
    }
  }
  std::ranges::sort(tree, {}, &SourceFile::path);
  return tree;
}

std::string without_comments_and_literals(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t line_start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("//") || rest.starts_with("/*")) {
      const bool block = rest[1] == '*';
      std::size_t length = block ? rest.find("*/", 2) : rest.find('\n');
      length = length == rest.npos ? rest.size() : length + (block ? 2 : 0);
      blank(rest.substr(0, length), out);
      at += length;
    } else if (rest.starts_with("R\"") && (at == 0 || !is_word_character(text[at - 1]))) {
      const std::size_t open = rest.find('(');
      if (open == rest.npos) return out;
      const std::string end = ")" + std::string(rest.substr(2, open - 2)) + "\"";
      std::size_t length = rest.find(end, open);
      length = length == rest.npos ? rest.size() : length + end.size();
      blank(rest.substr(0, length), out);
      at += length;
    } else if (text[at] == '"' && !begins_include(text.substr(line_start, at - line_start))) {
      at = blank_literal(text, at, out);
    } else if (text[at] == '\'' && (at == 0 || !is_word_character(text[at - 1]))) {
      at = blank_literal(text, at, out);
    } else {
      if (text[at] == '\n') line_start = at + 1;
      out += text[at++];
    }
  }
  return out;
}

std::vector<Offence> check_includes(std::span<const SourceFile> tree) {
  std::set<std::string, std::less<>> files;
  for (const SourceFile& file : tree) files.insert(file.path);
  std::vector<Offence> offences;
  for (const SourceFile& file : tree) {
    if (!is_cpp(file.path)) continue;
    const std::string_view room = room_of(file.path);
    if (room.empty()) {
      offences.push_back({file.path, 0, "is in no room that the table of rooms names"});
      continue;
    }
    const std::string code = without_comments_and_literals(file.text);
    const auto lines = lines_of(code);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string_view name = included_name(lines[i]);
      if (name.empty()) continue;
      if (std::string complaint = complaint_about(room, name, files); !complaint.empty()) {
        offences.push_back({file.path, static_cast<unsigned>(i + 1), std::move(complaint)});
      }
    }
  }
  return offences;
}

std::vector<Offence> check_allowances(std::span<const SourceFile> tree) {
  std::vector<Offence> offences;
  const auto used = [&](std::string_view room, auto&& meant) {
    return std::ranges::any_of(tree, [&](const SourceFile& file) {
      if (!is_cpp(file.path) || room_of(file.path) != room) return false;
      const auto lines = lines_of(file.text);
      return std::ranges::any_of(lines, [&](std::string_view line) {
        const std::string_view name = included_name(line);
        return !name.empty() && meant(name.substr(1));
      });
    });
  };
  for (const Room& room : rooms()) {
    if (room.folder == "tests") continue;
    for (const std::string_view other : room.may_include) {
      if (used(room.folder, [&](std::string_view n) { return n == other || is_under(n, other); })) {
        continue;
      }
      offences.push_back({std::string(room.folder), 0,
                          "may include " + std::string(other) + " and does not: take it away"});
    }
  }
  for (const Library& library : libraries()) {
    for (const std::string_view room : library.rooms) {
      if (used(room, [&](std::string_view n) { return n.starts_with(library.headers); })) continue;
      offences.push_back(
          {std::string(room), 0,
           "may use <" + std::string(library.headers) + "...> and does not: take it away"});
    }
  }
  return offences;
}

std::vector<Offence> check_circles(std::span<const SourceFile> tree) {
  return Circles(tree).found();
}

std::vector<Offence> check_repeatability(std::span<const SourceFile> tree) {
  std::vector<Offence> offences;
  for (const SourceFile& file : tree) {
    if (!is_cpp(file.path)) continue;
    const std::string_view room = room_of(file.path);
    if (room == "tests") {
      find_banned(file, kSleeping, offences);
    } else if (room != "tools" && room != "sim/wire") {
      find_banned(file, kUnrepeatable, offences);
    }
  }
  return offences;
}

std::vector<Offence> check_borders(std::span<const SourceFile> tree) {
  constexpr std::string_view kSay = "puts text out as it is: use say() of tools/terminal.hpp";
  constexpr std::string_view kRead = "reads any file whatever: use sim/lab/machine/input_file.hpp";
  constexpr auto kCrossings = std::to_array<Banned>({{"fmt::print", kSay},
                                                     {"fputs(", kSay},
                                                     {"fwrite(", kSay},
                                                     {"std::cout", kSay},
                                                     {"std::cerr", kSay},
                                                     {"ifstream", kRead},
                                                     {"fread(", kRead}});
  std::vector<Offence> offences;
  for (const SourceFile& file : tree) {
    const bool border = file.path == "tools/terminal.cpp" ||
                        file.path == "sim/lab/machine/output_file.cpp" ||
                        // It writes the core from which the usual borders are built.
                        file.path == "tools/generated/maker/main.cpp";
    if (is_cpp(file.path) && room_of(file.path) != "tests" && !border) {
      find_banned(file, kCrossings, offences);
    }
  }
  return offences;
}

std::vector<Offence> check_unfinished(std::span<const SourceFile> tree) {
  // Put together here, so that this file does not break its own rule.
  static const std::array<std::string, 5> kWords = {
      std::string("TO") + "DO", std::string("FIX") + "ME", std::string("X") + "XX",
      std::string("HA") + "CK", std::string("not impl") + "emented"};
  static const std::array<std::string, 2> kOutside = {std::string("../") + "shared",
                                                      std::string("/wo") + "rk/"};
  std::vector<Offence> offences;
  for (const SourceFile& file : tree) {
    const auto lines = lines_of(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto report = [&](const std::string& what) {
        if (!is_excused(lines, i)) {
          offences.push_back({file.path, static_cast<unsigned>(i + 1), what});
        }
      };
      for (const std::string& word : kWords) {
        if (find_word(lines[i], word) != std::string_view::npos) report("unfinished: " + word);
      }
      for (const std::string& path : kOutside) {
        if (lines[i].find(path) != std::string_view::npos) {
          report("points outside the project: " + path);
        }
      }
    }
  }
  return offences;
}

std::vector<Offence> check_lengths(std::span<const SourceFile> tree) {
  constexpr std::size_t kLongest = 450;
  std::vector<Offence> offences;
  for (const SourceFile& file : tree) {
    if (!is_cpp(file.path) || room_of(file.path) == "tests") continue;
    const auto lines = lines_of(file.text);
    if (lines.size() <= kLongest) continue;
    bool excused = false;
    for (std::size_t i = 0; i < 20 && !excused; ++i) excused = is_excused(lines, i);
    if (!excused) {
      offences.push_back(
          {file.path, 0,
           "has " + std::to_string(lines.size()) + " lines: is it one concept? (at most 450)"});
    }
  }
  return offences;
}

std::vector<Offence> check_functions(std::span<const SourceFile> tree) {
  constexpr std::size_t kLongest = 60;
  std::vector<Offence> offences;
  for (const SourceFile& file : tree) {
    if (!is_cpp(file.path) || room_of(file.path) == "tests") continue;
    const std::string code = without_comments_and_literals(file.text);
    const auto lines = lines_of(file.text);
    for (const auto& [first, last] : Bodies(code).found()) {
      const std::size_t length = last - first + 1;
      if (length <= kLongest || is_excused(lines, first)) continue;
      offences.push_back({file.path, static_cast<unsigned>(first + 1),
                          "has " + std::to_string(length) +
                              " lines in one function: is it one step? (at most 60)"});
    }
  }
  return offences;
}

}  // namespace provlab::house
