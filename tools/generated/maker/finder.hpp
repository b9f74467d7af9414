#pragma once
#include <clang/AST/ASTContext.h>
#include <clang/AST/Decl.h>
#include <clang/AST/Expr.h>
#include <clang/AST/Stmt.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/generated/maker/source.hpp"

namespace provlab::mutants {

/// Looks for places for mutants in the bodies of the functions of one parsed text, and writes them
/// into the sources.
///
/// 1. A constant expression stays as it is: functions and variables that are constexpr, case
/// labels,
///    bounds, template arguments, static_assert. So do templates, of which there is no value yet.
/// 2. What contains a co_await, and what a macro has written, stays as it is; a statement may go
///    as a whole.
/// 3. A condition that declares stays as it is.
/// 4. Nothing is made of what only sets memory aside, and no two mutants that make the same
/// program:
///    of `if (a) b();` the condition does not hold, or b() is left out; a function without a value
///    returns before its last statement, or leaves that out.
class Finder {
 public:
  /// `sources` by the paths under which the compiler knows them.
  Finder(clang::ASTContext& context, std::map<std::string, Source>& sources)
      : context_(context), manager_(context.getSourceManager()), sources_(sources) {}

  void look_into(const clang::DeclContext& declarations);

 private:
  /// Characters of a source, without the space around them.
  struct Range {
    Source* source;
    std::size_t begin;
    std::size_t end;
    std::string_view text() const { return source->text(begin, end); }
  };
  enum class Body { plain, coroutine };

  void look_into_function(const clang::FunctionDecl& function);
  void walk(const clang::Stmt* statement);
  void walk_children(const clang::Stmt& statement);
  void walk_statement(const clang::Stmt* statement);  ///< one that may be removed
  void walk_variable(const clang::VarDecl& variable);
  void walk_lambda(const clang::LambdaExpr& lambda);
  void walk_if(const clang::IfStmt& statement);
  void walk_loop(const clang::Stmt& statement);
  void walk_call(const clang::CallExpr& call);
  void walk_binary(const clang::BinaryOperator& binary);
  void walk_overloaded(const clang::CXXOperatorCallExpr& overloaded);
  bool walk_operator(const clang::Expr& expression);
  void walk_returned(const clang::Expr* value);

  // Each writes the mutants of one kind where the place is fit for them.
  void relation(const clang::Expr& whole, const clang::Expr& left, const clang::Expr& right,
                clang::SourceLocation sign, std::string_view spelled);
  void logical(const clang::BinaryOperator& whole);
  void arithmetic(const clang::Expr& whole, const clang::Expr& left, const clang::Expr& right,
                  clang::SourceLocation sign, std::string_view spelled);
  void added(const clang::Expr& right, std::string_view spelled);
  bool condition(const clang::Expr& whole,
                 bool guards);  ///< whether one says that it does not hold
  void negated(const clang::Expr& whole, const std::string& kind, const std::string& change);
  void constant(const clang::Expr& whole);
  bool is_removable(const clang::Expr& statement) const;
  clang::SourceLocation end_of(const clang::Expr& statement) const;  ///< behind its semicolon
  void removed(const clang::Expr& statement);
  void swapped(llvm::ArrayRef<const clang::Expr*> arguments);
  void early_returns(const clang::FunctionDecl& function, const clang::CompoundStmt& body,
                     Body kind);

  std::optional<Range> range_of(clang::SourceLocation first, clang::SourceLocation last) const;
  std::optional<Range> range_of(const clang::Expr& expression) const;
  std::optional<Range> sign_at(clang::SourceLocation at, std::string_view spelled) const;
  std::uint32_t take(const Range& range, const std::string& kind,
                     const std::vector<std::string>& changes) {
    if (left_) {
      range.source->leave(*left_, function_, kind, changes.size());
      return 0;
    }
    return range.source->take(range.begin, function_, kind, changes);
  }

  clang::ASTContext& context_;
  const clang::SourceManager& manager_;
  std::map<std::string, Source>& sources_;
  std::string function_;               ///< the one being looked into
  std::optional<Left> left_;           ///< why nothing is made at present
  const clang::Expr* same_ = nullptr;  ///< a condition says already that it is left out
};

}  // namespace provlab::mutants
