#include "core/settings/xpath_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/text.hpp"

// XPathLexer cuts the text into tokens, all at once, and decides which words are operators.
// XPathParser goes down the grammar: binary() makes one node of all operands that stand together
// with operators of one level, so that long sums make no deep trees; path() takes a location
// path or a primary expression with what follows it.
namespace provlab::settings {

namespace {

/// Nesting of brackets and parentheses; no path that means something comes near.
constexpr unsigned kMaxXPathNesting = 64;

/// The operators, and how tightly each binds.
constexpr std::size_t kUnionLevel = 6;
constexpr std::size_t kNoOperator = kUnionLevel + 1;
constexpr std::array<std::pair<std::string_view, std::size_t>, 14> kOperators{{{"or", 0},
                                                                               {"and", 1},
                                                                               {"=", 2},
                                                                               {"!=", 2},
                                                                               {"<", 3},
                                                                               {"<=", 3},
                                                                               {">", 3},
                                                                               {">=", 3},
                                                                               {"+", 4},
                                                                               {"-", 4},
                                                                               {"*", 5},
                                                                               {"div", 5},
                                                                               {"mod", 5},
                                                                               {"|", kUnionLevel}}};

std::size_t level_of(std::string_view token) {
  for (const auto& [text, level] : kOperators) {
    if (text == token) return level;
  }
  return kNoOperator;
}

struct XPathToken {
  enum class Kind { end, name, operator_name, number, literal, variable, mark };
  Kind kind = Kind::end;
  std::string_view text;
  std::size_t begin = 0;
  std::size_t level = kNoOperator;  ///< of an operator
};

bool starts_xpath_name(char c) {
  return is_letter(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool continues_xpath_name(char c) {
  return starts_xpath_name(c) || is_digit(c) || c == '-' || c == '.';
}

class XPathLexer {
 public:
  explicit XPathLexer(std::string_view text) : text_(text) {}

  Expected<std::vector<XPathToken>> run() {
    using Kind = XPathToken::Kind;
    for (;;) {
      while (at_ < text_.size() && kWhiteSpace.find(text_[at_]) != std::string_view::npos) ++at_;
      if (at_ == text_.size()) break;
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        const std::size_t close = text_.find(c, at_ + 1);
        if (close == std::string_view::npos) return fail("a text without closing quote");
        take(Kind::literal, close + 1 - at_);
      } else if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
        take(Kind::number, number_length());
      } else if (starts_xpath_name(c)) {
        const std::size_t length = name_length(at_);
        take(operator_is_due() ? Kind::operator_name : Kind::name, length);
      } else if (c == '$' && at_ + 1 < text_.size() && starts_xpath_name(text_[at_ + 1])) {
        take(Kind::variable, 1 + name_length(at_ + 1));
      } else if (const std::size_t length = mark_length(); length > 0) {
        // `*` where an operand is due is a name test.
        const bool test = c == '*' && !operator_is_due();
        take(test ? Kind::name : Kind::mark, length);
      } else {
        return fail(fmt::format("character {} is not understood", at_ + 1));
      }
    }
    tokens_.push_back({Kind::end, {}, text_.size(), kNoOperator});
    return std::move(tokens_);
  }

 private:
  void take(XPathToken::Kind kind, std::size_t length) {
    const std::string_view token = text_.substr(at_, length);
    const bool may_operate =
        kind == XPathToken::Kind::mark || kind == XPathToken::Kind::operator_name;
    tokens_.push_back({kind, token, at_, may_operate ? level_of(token) : kNoOperator});
    at_ += length;
  }

  /// XPath 1.0, 3.7: behind anything but @, ::, (, [, a comma or an operator.
  bool operator_is_due() const {
    if (tokens_.empty()) return false;
    const XPathToken& before = tokens_.back();
    if (before.kind == XPathToken::Kind::operator_name) return false;
    if (before.kind != XPathToken::Kind::mark) return true;
    return before.text == ")" || before.text == "]" || before.text == "." || before.text == "..";
  }

  std::size_t number_length() const {
    std::size_t end = at_;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    if (end < text_.size() && text_[end] == '.') ++end;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    return end - at_;
  }

  /// Of a name with its prefix: `a`, `a:b` or `a:*`, but of `a::b` only `a`. As pugixml has it, the
  /// part behind a prefix may begin with anything that goes on a name.
  std::size_t name_length(std::size_t begin) const {
    std::size_t end = begin;
    while (end < text_.size() && continues_xpath_name(text_[end])) ++end;
    if (end + 1 < text_.size() && text_[end] == ':' && text_[end + 1] != ':') {
      if (text_[end + 1] == '*') return end + 2 - begin;
      if (continues_xpath_name(text_[end + 1])) ++end;
      while (end < text_.size() && continues_xpath_name(text_[end])) ++end;
    }
    return end - begin;
  }

  std::size_t mark_length() const {
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view two : {"//", "::", "..", "!=", "<=", ">="}) {
      if (rest.starts_with(two)) return 2;
    }
    return std::string_view("/()[]@,.|+-=<>*").find(rest.front()) == std::string_view::npos ? 0 : 1;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<XPathToken> tokens_;
};

constexpr std::array<std::pair<std::string_view, XPathAxis>, 13> kAxes{{
    {"ancestor", XPathAxis::ancestor},
    {"ancestor-or-self", XPathAxis::ancestor_or_self},
    {"attribute", XPathAxis::attribute},
    {"child", XPathAxis::child},
    {"descendant", XPathAxis::descendant},
    {"descendant-or-self", XPathAxis::descendant_or_self},
    {"following", XPathAxis::following},
    {"following-sibling", XPathAxis::following_sibling},
    {"namespace", XPathAxis::namespaces},
    {"parent", XPathAxis::parent},
    {"preceding", XPathAxis::preceding},
    {"preceding-sibling", XPathAxis::preceding_sibling},
    {"self", XPathAxis::self},
}};

class XPathParser {
 public:
  explicit XPathParser(std::vector<XPathToken> tokens) : tokens_(std::move(tokens)) {}

  Expected<XPathExpression> run() {
    auto whole = expression();
    if (whole && now().kind != XPathToken::Kind::end) return unexpected_token();
    return whole;
  }

 private:
  using Kind = XPathExpression::Kind;

  const XPathToken& now() const { return tokens_[at_]; }
  const XPathToken& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  bool at_mark(std::string_view mark) const { return is_mark(now(), mark); }
  static bool is_mark(const XPathToken& token, std::string_view mark) {
    return token.kind == XPathToken::Kind::mark && token.text == mark;
  }
  bool take_mark(std::string_view mark) {
    if (!at_mark(mark)) return false;
    ++at_;
    return true;
  }
  /// Behind the last token taken.
  std::size_t end() const {
    const XPathToken& last = tokens_[at_ - 1];
    return last.begin + last.text.size();
  }
  std::unexpected<Error> unexpected_token() const {
    if (now().kind == XPathToken::Kind::end) return fail("it ends too early");
    return fail(fmt::format("'{}' at character {} was not expected", shortened(now().text),
                            now().begin + 1));
  }

  Expected<XPathExpression> expression() {
    if (++nesting_ > kMaxXPathNesting) {
      return fail(fmt::format("it is nested deeper than {} levels", kMaxXPathNesting));
    }
    auto read = binary(0);
    --nesting_;
    return read;
  }

  /// A path, or what a minus negates.
  Expected<XPathExpression> operand_at(std::size_t level) {
    if (level > kUnionLevel || !at_mark("-")) return path();
    XPathExpression negated;
    negated.kind = Kind::operation;
    negated.text = now().text;
    negated.begin = now().begin;
    while (take_mark("-")) continue;
    auto inside = binary(kUnionLevel);
    if (!inside) return inside;
    negated.parts.push_back(std::move(*inside));
    negated.end = end();
    return negated;
  }

  /// Operands with operators between them that bind as `level` does, or more.
  Expected<XPathExpression> binary(std::size_t level) {
    const std::size_t begin = now().begin;
    auto left = operand_at(level);
    while (left && now().level != kNoOperator && now().level >= level) {
      const std::size_t here = now().level;
      XPathExpression all;
      all.kind = here == kUnionLevel      ? Kind::together
                 : here == 2 || here == 3 ? Kind::comparison
                                          : Kind::operation;
      all.text = now().text;
      all.begin = begin;
      all.parts.push_back(std::move(*left));
      while (now().level == here) {
        ++at_;
        auto more = binary(here + 1);
        if (!more) return more;
        all.parts.push_back(std::move(*more));
      }
      all.end = end();
      *left = std::move(all);
    }
    return left;
  }

  bool at_node_type() const {
    return is_mark(next(), "(") &&
           (now().text == "node" || now().text == "text" || now().text == "comment" ||
            now().text == "processing-instruction");
  }
  bool at_step() const {
    return now().kind == XPathToken::Kind::name || at_mark("@") || at_mark(".") || at_mark("..");
  }
  bool at_primary() const {
    switch (now().kind) {
      case XPathToken::Kind::number:
      case XPathToken::Kind::literal:
      case XPathToken::Kind::variable:
        return true;
      case XPathToken::Kind::name:
        return is_mark(next(), "(") && !at_node_type();
      default:
        return at_mark("(");
    }
  }

  Expected<XPathExpression> path() {
    XPathExpression whole;
    whole.begin = now().begin;
    if (at_primary()) {
      auto start = primary();
      if (!start || (!at_mark("[") && !at_mark("/") && !at_mark("//"))) return start;
      whole.start = XPathExpression::Start::part;
      whole.parts.push_back(std::move(*start));
      if (auto read = predicates(whole.predicates); !read) return std::unexpected(read.error());
      if (!at_mark("/") && !at_mark("//")) {
        whole.end = end();
        return whole;
      }
    } else if (at_mark("/") || at_mark("//")) {
      whole.start = XPathExpression::Start::root;
      if (at_mark("/")) {
        ++at_;
        whole.end = end();
        if (!at_step()) return whole;
        --at_;
      }
    }
    for (bool first = whole.start == XPathExpression::Start::context;; first = false) {
      if (!first) {
        if (at_mark("//")) {
          XPathStep below;
          below.axis = XPathAxis::descendant_or_self;
          below.test = "node()";
          below.begin = below.test_end = below.end = now().begin;
          whole.steps.push_back(std::move(below));
        } else if (!at_mark("/")) {
          break;
        }
        ++at_;
      }
      auto read = step();
      if (!read) return std::unexpected(read.error());
      whole.steps.push_back(std::move(*read));
    }
    whole.end = end();
    return whole;
  }

  Expected<XPathExpression> primary() {
    XPathExpression read;
    read.begin = now().begin;
    read.text = now().text;
    switch (now().kind) {
      case XPathToken::Kind::number:
        read.kind = Kind::number;
        break;
      case XPathToken::Kind::literal:
        read.kind = Kind::literal;
        break;
      case XPathToken::Kind::variable:
        read.kind = Kind::variable;
        break;
      case XPathToken::Kind::name:
        return call();
      default: {  // a parenthesis
        ++at_;
        auto inside = expression();
        if (inside && !take_mark(")")) return unexpected_token();
        return inside;
      }
    }
    ++at_;
    read.end = end();
    return read;
  }

  Expected<XPathExpression> call() {
    XPathExpression read;
    read.kind = Kind::call;
    read.begin = now().begin;
    read.text = now().text;
    at_ += 2;  // with the parenthesis
    if (!at_mark(")")) {
      do {
        auto argument = expression();
        if (!argument) return argument;
        read.parts.push_back(std::move(*argument));
      } while (take_mark(","));
    }
    if (!take_mark(")")) return unexpected_token();
    read.end = end();
    return read;
  }

  Expected<void> predicates(std::vector<XPathExpression>& out) {
    while (take_mark("[")) {
      auto read = expression();
      if (!read) return std::unexpected(read.error());
      if (!take_mark("]")) return unexpected_token();
      out.push_back(std::move(*read));
    }
    return {};
  }

  Expected<XPathStep> step() {
    XPathStep read;
    read.begin = now().begin;
    if (at_mark(".") || at_mark("..")) {
      read.axis = at_mark(".") ? XPathAxis::self : XPathAxis::parent;
      read.test = "node()";
      ++at_;
    } else {
      if (take_mark("@")) {
        read.axis = XPathAxis::attribute;
      } else if (now().kind == XPathToken::Kind::name && is_mark(next(), "::")) {
        const auto* axis = kAxes.begin();
        while (axis != kAxes.end() && axis->first != now().text) ++axis;
        if (axis == kAxes.end()) return unexpected_token();
        read.axis = axis->second;
        at_ += 2;
      }
      if (now().kind != XPathToken::Kind::name) return unexpected_token();
      read.test = now().text;
      if (at_node_type()) {
        read.test = now().text == "node" ? "node()" : now().text == "text" ? "text()" : "comment()";
        at_ += 2;
        if (now().kind == XPathToken::Kind::literal) ++at_;
        if (!at_mark(")")) return unexpected_token();
      }
      ++at_;
    }
    read.test_end = end();
    if (auto done = predicates(read.predicates); !done) return std::unexpected(done.error());
    read.end = end();
    return read;
  }

  std::vector<XPathToken> tokens_;
  std::size_t at_ = 0;
  unsigned nesting_ = 0;
};

}  // namespace

Expected<XPathExpression> parse_xpath(std::string_view text) {
  auto tokens = XPathLexer(text).run();
  if (!tokens) return std::unexpected(tokens.error());
  return XPathParser(std::move(*tokens)).run();
}

}  // namespace provlab::settings
