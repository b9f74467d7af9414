#pragma once
#include <clang/AST/ASTContext.h>
#include <clang/AST/Expr.h>

#include <string>

/// Questions about expressions that say whether they are fit for a mutant.
namespace provlab::mutants {

bool contains_await(const clang::Stmt* statement);
/// Integers and floating point, no bool, no character, no enumeration.
bool is_number(clang::QualType type);
/// A duration or a point in time.
bool is_time(clang::QualType type);
bool is_point(clang::QualType type);  ///< a point in time
/// A call that only sets memory aside or gives it back, `text.reserve(9)`.
bool only_sets_memory_aside(const clang::Expr& statement);
/// The expression that a block, or a statement without one, consists of; none where it is more.
const clang::Expr* only_expression(const clang::Stmt* statement);
/// What `<=>` gives, which can be compared with a written nought only.
bool is_ordering(clang::QualType type);
bool is_dependent(const clang::Expr& expression);
/// A name, a member, or a written value: it can be evaluated twice, and in another order.
bool is_simple(const clang::Expr& expression);
/// What a function returns early, `{}` or nothing; no value where there is none that fits.
bool has_blank(clang::QualType type);
/// The first argument of a coroutine's type, `int` of `Task<int>`; void without one.
clang::QualType awaited_type(const clang::ASTContext& context, clang::QualType type);

}  // namespace provlab::mutants
