#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>
#include <fmt/format.h>

#include <algorithm>

#include "tools/generated/maker/ast.hpp"
#include "tools/generated/maker/finder.hpp"

// What is written at the places that the walk has found.
namespace provlab::mutants {

using clang::dyn_cast;
using clang::isa;

namespace {

constexpr std::string_view kSwitch = "::provlab::mutants::";

/// The function of the switch that does what an operator does, and what takes the operator's place.
struct Operator {
  std::string_view sign;
  std::string_view function;
  std::vector<std::string_view> others;
};

const Operator* find(const std::vector<Operator>& table, std::string_view sign) {
  const auto found = std::ranges::find(table, sign, &Operator::sign);
  return found == table.end() ? nullptr : &*found;
}

const std::vector<Operator>& relations() {
  static const std::vector<Operator> table = {
      {"<", "less", {"<=", ">"}},    {"<=", "less_equal", {"<", ">="}},
      {">", "greater", {">=", "<"}}, {">=", "greater_equal", {">", "<="}},
      {"==", "equal", {"!="}},       {"!=", "unequal", {"=="}},
  };
  return table;
}

const std::vector<Operator>& operations() {
  static const std::vector<Operator> table = {
      {"+", "plus", {"-"}},    {"-", "minus", {"+"}},        {"*", "times", {"+"}},
      {"/", "over", {"*"}},    {"%", "modulo", {"/"}},       {"&", "bits_and", {"|"}},
      {"|", "bits_or", {"&"}}, {"<<", "shift_left", {">>"}}, {">>", "shift_right", {"<<"}},
  };
  return table;
}

std::vector<std::string> changes_of(const Operator& known) {
  std::vector<std::string> changes;
  for (const std::string_view other : known.others) {
    changes.push_back(fmt::format("{} becomes {}", known.sign, other));
  }
  return changes;
}

/// A bit-field has no address.
bool is_fit(const clang::Expr& operand) {
  return !is_dependent(operand) && !operand.refersToBitField() && !contains_await(&operand) &&
         !isa<clang::InitListExpr>(operand.IgnoreImplicit());
}

/// Whether another mutant of it says the opposite already.
bool has_opposite(const clang::Expr& condition) {
  const clang::Expr* inner = condition.IgnoreUnlessSpelledInSource();
  if (const auto* rewritten = dyn_cast<clang::CXXRewrittenBinaryOperator>(inner)) {
    return clang::BinaryOperator::isEqualityOp(rewritten->getOperator());
  }
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(inner)) return binary->isEqualityOp();
  if (const auto* overloaded = dyn_cast<clang::CXXOperatorCallExpr>(inner)) {
    return overloaded->getOperator() == clang::OO_EqualEqual ||
           overloaded->getOperator() == clang::OO_ExclaimEqual;
  }
  const auto* unary = dyn_cast<clang::UnaryOperator>(inner);
  return unary != nullptr && unary->getOpcode() == clang::UO_LNot;
}

/// `co_return {}` says too little to the promise of a coroutine. Empty where the type has no name.
std::string leaving(const clang::ASTContext& context, clang::QualType type, bool coroutine) {
  if (type->isVoidType()) return coroutine ? "co_return;" : "return;";
  const std::string name = type.getCanonicalType().getUnqualifiedType().getAsString(
      clang::PrintingPolicy(context.getLangOpts()));
  if (name.find("(anonymous") != name.npos || name.find("(unnamed") != name.npos) return {};
  return fmt::format("{}return {}blank<{}>();", coroutine ? "co_" : "", kSwitch, name);
}

}  // namespace

std::optional<Finder::Range> Finder::range_of(clang::SourceLocation first,
                                              clang::SourceLocation last) const {
  if (first.isInvalid() || last.isInvalid() || first.isMacroID() || last.isMacroID()) return {};
  const clang::SourceLocation end =
      clang::Lexer::getLocForEndOfToken(last, 0, manager_, context_.getLangOpts());
  const auto [file, begin] = manager_.getDecomposedLoc(first);
  const auto [end_file, stop] = manager_.getDecomposedLoc(end);
  const auto entry = manager_.getFileEntryRefForID(file);
  if (file != end_file || !entry) return {};
  const auto found = sources_.find(entry->getName().str());
  if (found == sources_.end() || stop <= begin) return {};
  return Range{&found->second, begin, stop};
}

std::optional<Finder::Range> Finder::range_of(const clang::Expr& expression) const {
  return range_of(expression.getBeginLoc(), expression.getEndLoc());
}

std::optional<Finder::Range> Finder::sign_at(clang::SourceLocation at,
                                             std::string_view spelled) const {
  const auto range = range_of(at, at);
  // `>>` of templates is split, and `and` is spelled otherwise.
  return range && range->text() == spelled ? range : std::nullopt;
}

void Finder::relation(const clang::Expr& whole, const clang::Expr& left, const clang::Expr& right,
                      clang::SourceLocation at, std::string_view spelled) {
  const Operator* known = find(relations(), spelled);
  if (known == nullptr || !is_fit(left) || !is_fit(right) || is_ordering(left.getType()) ||
      is_ordering(right.getType()) || left.getType()->isNullPtrType() ||
      right.getType()->isNullPtrType()) {
    return;
  }
  const auto range = range_of(whole);
  const auto sign = sign_at(at, spelled);
  if (!range || !sign) return;
  const std::uint32_t number = take(*sign, "relation", changes_of(*known));
  if (number == 0) return;
  Rewriting& rewriting = range->source->rewriting();
  rewriting.wrap(range->begin, range->end,
                 fmt::format("{}{}(PROVLAB_MUTANT({}), ", kSwitch, known->function, number), ")");
  rewriting.replace(sign->begin, spelled.size(), ",");
}

void Finder::arithmetic(const clang::Expr& whole, const clang::Expr& left, const clang::Expr& right,
                        clang::SourceLocation at, std::string_view spelled) {
  const Operator* known = find(operations(), spelled);
  const auto counts = [](const clang::Expr& operand) {
    return is_number(operand.getType()) || is_time(operand.getType());
  };
  if (known == nullptr || !is_fit(left) || !is_fit(right) || !counts(left) || !counts(right) ||
      !counts(whole)) {
    return;
  }
  // A time that is multiplied has no sum, and what lies between two points in time neither.
  const bool times = is_time(left.getType()) || is_time(right.getType());
  if (times && (spelled == "*" || spelled == "%")) return;
  if (is_point(left.getType()) && is_point(right.getType())) return;
  const auto range = range_of(whole);
  const auto sign = sign_at(at, spelled);
  if (!range || !sign) return;
  const std::uint32_t number = take(*sign, "arithmetic", changes_of(*known));
  if (number == 0) return;
  Rewriting& rewriting = range->source->rewriting();
  rewriting.wrap(range->begin, range->end,
                 fmt::format("{}{}(PROVLAB_MUTANT({}), ", kSwitch, known->function, number), ")");
  rewriting.replace(sign->begin, spelled.size(), ",");
}

void Finder::added(const clang::Expr& right, std::string_view spelled) {
  const clang::QualType type = right.getType();
  if ((spelled != "+=" && spelled != "-=") || !is_fit(right)) return;
  if (!is_number(type) && !is_time(type)) return;
  const auto range = range_of(right);
  if (!range) return;
  const std::uint32_t number =
      take(*range, "arithmetic", {spelled == "+=" ? "+= becomes -=" : "-= becomes +="});
  if (number == 0) return;
  range->source->rewriting().wrap(range->begin, range->end,
                                  fmt::format("{}sign(PROVLAB_MUTANT({}), ", kSwitch, number), ")");
}

void Finder::logical(const clang::BinaryOperator& whole) {
  const clang::Expr& left = *whole.getLHS();
  const clang::Expr& right = *whole.getRHS();
  const bool both = whole.getOpcode() == clang::BO_LAnd;
  const auto range = range_of(whole);
  const auto first = range_of(left);
  const auto second = range_of(right);
  const auto sign = sign_at(whole.getOperatorLoc(), both ? "&&" : "||");
  std::uint32_t number = 0;
  if (range && first && second && sign && is_fit(left) && is_fit(right)) {
    number = take(*sign, "logical",
                  {both ? "&& becomes ||" : "|| becomes &&", "what stands before it is left out",
                   "what stands after it is left out"});
  }
  const auto operand = [&](const Range& place, std::uint32_t gone) {
    place.source->rewriting().wrap(
        place.begin, place.end,
        fmt::format("{}{}(PROVLAB_MUTANT({}), PROVLAB_MUTANT({}), ", kSwitch,
                    both ? "conjunct" : "disjunct", number, gone),
        ")");
  };
  if (number != 0) {
    range->source->rewriting().wrap(
        range->begin, range->end, fmt::format("{}flip(PROVLAB_MUTANT({}), ", kSwitch, number), ")");
    operand(*first, number + 1);
  }
  walk(&left);
  if (number != 0) operand(*second, number + 2);
  walk(&right);
}

void Finder::negated(const clang::Expr& whole, const std::string& kind, const std::string& change) {
  const auto range = range_of(whole);
  if (!range || !is_fit(whole)) return;
  const std::uint32_t number = take(*range, kind, {change});
  if (number == 0) return;
  range->source->rewriting().wrap(range->begin, range->end,
                                  fmt::format("{}flip(PROVLAB_MUTANT({}), ", kSwitch, number), ")");
}

bool Finder::condition(const clang::Expr& whole, bool guards) {
  const auto range = range_of(whole);
  if (!range || !is_fit(whole)) return false;
  const bool told = has_opposite(whole);
  if (!guards) {
    if (!told) negated(whole, "condition", "it becomes its opposite");
    return false;
  }
  std::vector<std::string> changes = {"it is taken not to hold"};
  if (!told) changes.push_back("it becomes its opposite");
  const std::uint32_t number = take(*range, "condition", changes);
  if (number == 0) return false;
  range->source->rewriting().wrap(
      range->begin, range->end,
      fmt::format("{}{}(PROVLAB_MUTANT({}), ", kSwitch, told ? "never" : "guard", number), ")");
  return true;
}

void Finder::constant(const clang::Expr& whole) {
  const clang::QualType type = whole.getType();
  if (!is_fit(whole) || (!is_number(type) && !is_time(type)) || is_point(type)) return;
  if (const auto* named = dyn_cast<clang::DeclRefExpr>(&whole)) {
    const auto* variable = dyn_cast<clang::VarDecl>(named->getDecl());
    if (variable == nullptr || !variable->isConstexpr()) return;
  }
  const auto range = range_of(whole);
  if (!range) return;
  const std::string text(range->text());
  const auto* written = dyn_cast<clang::IntegerLiteral>(&whole);
  const bool nought = written != nullptr && written->getValue().isZero();
  std::vector<std::string> changes = {text + " becomes larger by one"};
  if (!nought) changes.push_back(text + " becomes smaller by one");
  const std::uint32_t number = take(*range, "constant", changes);
  if (number == 0) return;
  range->source->rewriting().wrap(
      range->begin, range->end,
      fmt::format("{}{}(PROVLAB_MUTANT({}), ", kSwitch, nought ? "nought" : "constant", number),
      ")");
}

bool Finder::is_removable(const clang::Expr& statement) const {
  const clang::Expr* inner = statement.IgnoreUnlessSpelledInSource();
  return !isa<clang::CStyleCastExpr, clang::CXXStaticCastExpr, clang::CXXThrowExpr>(inner) &&
         range_of(statement) && end_of(statement).isValid();
}

clang::SourceLocation Finder::end_of(const clang::Expr& statement) const {
  return clang::Lexer::findLocationAfterToken(statement.getEndLoc(), clang::tok::semi, manager_,
                                              context_.getLangOpts(), false);
}

void Finder::removed(const clang::Expr& statement) {
  if (!is_removable(statement)) return;
  const auto range = range_of(statement);
  const clang::SourceLocation after = end_of(statement);
  const std::uint32_t number = take(*range, "statement", {"the statement is left out"});
  if (number == 0) return;
  range->source->rewriting().wrap(
      range->begin, manager_.getFileOffset(after),
      fmt::format("{{ if ({}off(PROVLAB_MUTANT({}))) ", kSwitch, number), " }");
}

void Finder::swapped(llvm::ArrayRef<const clang::Expr*> arguments) {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    const clang::Expr& one = *arguments[i];
    const clang::Expr& next = *arguments[i + 1];
    if (isa<clang::CXXDefaultArgExpr>(one) || isa<clang::CXXDefaultArgExpr>(next)) continue;
    if (!is_fit(one) || !is_fit(next) || !is_simple(one) || !is_simple(next)) continue;
    const clang::Expr& mine = *one.IgnoreUnlessSpelledInSource();
    const clang::Expr& other = *next.IgnoreUnlessSpelledInSource();
    if (mine.getType().getCanonicalType() != other.getType().getCanonicalType() ||
        one.getType().getCanonicalType() != next.getType().getCanonicalType() ||
        mine.isLValue() != other.isLValue() || mine.getType()->isFunctionType()) {
      continue;
    }
    const auto first = range_of(mine);
    const auto second = range_of(other);
    if (!first || !second || first->text() == second->text()) continue;
    const std::string a(first->text());
    const std::string b(second->text());
    const std::uint32_t number =
        take(*first, "arguments", {fmt::format("{} and {} are exchanged", a, b)});
    if (number == 0) continue;
    const std::string before = fmt::format("{}pick(PROVLAB_MUTANT({}), ", kSwitch, number);
    first->source->rewriting().wrap(first->begin, first->end, before, fmt::format(", {})", b));
    first->source->rewriting().wrap(second->begin, second->end, before, fmt::format(", {})", a));
  }
}

void Finder::early_returns(const clang::FunctionDecl& function, const clang::CompoundStmt& body,
                           Body kind) {
  clang::QualType type = function.getReturnType();
  if (kind == Body::coroutine) type = awaited_type(context_, type);
  if (isa<clang::CXXConstructorDecl, clang::CXXDestructorDecl>(function)) return;
  if (!type->isVoidType() && !has_blank(type)) return;
  const std::string leave = leaving(context_, type, kind == Body::coroutine);
  if (leave.empty()) return;
  const clang::Stmt* before = nullptr;
  for (const clang::Stmt* statement : body.body()) {
    if (before != nullptr && !isa<clang::ReturnStmt, clang::CoreturnStmt>(statement)) {
      const auto range = range_of(statement->getBeginLoc(), statement->getEndLoc());
      const auto* last = type->isVoidType() && statement == body.body_back()
                             ? dyn_cast<clang::Expr>(statement)
                             : nullptr;
      if (last != nullptr && is_removable(*last)) left_ = Left::same;
      const std::uint32_t number =
          range ? take(*range, "return", {"the function returns before it"}) : 0;
      left_.reset();
      if (number != 0) {
        range->source->rewriting().insert(
            range->begin, fmt::format("if ({}on(PROVLAB_MUTANT({}))) {} ", kSwitch, number, leave));
      }
    }
    before = statement;
  }
}

}  // namespace provlab::mutants
