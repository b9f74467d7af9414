#include "tools/generated/maker/ast.hpp"

#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace provlab::mutants {

namespace {

/// The name of a class of the standard library, without namespaces and arguments; else empty.
std::string standard_name(clang::QualType type) {
  const clang::CXXRecordDecl* record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (record == nullptr || !record->isInStdNamespace()) {
    // std::chrono is a namespace within.
    const auto* scope = record == nullptr
                            ? nullptr
                            : clang::dyn_cast<clang::NamespaceDecl>(record->getDeclContext());
    while (scope != nullptr && (scope->isInline() || scope->getName() == "chrono")) {
      if (scope->isInStdNamespace()) return record->getNameAsString();
      scope = clang::dyn_cast<clang::NamespaceDecl>(scope->getParent());
    }
    return {};
  }
  return record->getNameAsString();
}

}  // namespace

bool contains_await(const clang::Stmt* statement) {
  if (statement == nullptr || clang::isa<clang::LambdaExpr>(statement)) return false;
  if (clang::isa<clang::CoroutineSuspendExpr>(statement)) return true;
  return std::ranges::any_of(statement->children(), contains_await);
}

bool is_number(clang::QualType type) {
  type = type.getNonReferenceType().getCanonicalType();
  return !type->isDependentType() && type->isArithmeticType() && !type->isBooleanType() &&
         !type->isAnyCharacterType();
}

bool is_time(clang::QualType type) {
  const std::string name = standard_name(type);
  return name == "duration" || name == "time_point";
}

bool is_point(clang::QualType type) {
  return standard_name(type) == "time_point";
}

bool is_ordering(clang::QualType type) {
  return standard_name(type).ends_with("_ordering");
}

bool only_sets_memory_aside(const clang::Expr& statement) {
  const auto* call =
      clang::dyn_cast<clang::CXXMemberCallExpr>(statement.IgnoreUnlessSpelledInSource());
  if (call == nullptr || call->getMethodDecl() == nullptr) return false;
  const std::string method = call->getMethodDecl()->getNameAsString();
  const std::string owner = standard_name(call->getImplicitObjectArgument()->getType());
  return (method == "reserve" || method == "shrink_to_fit") &&
         (owner == "basic_string" || owner == "vector");
}

const clang::Expr* only_expression(const clang::Stmt* statement) {
  const auto* block = clang::dyn_cast_or_null<clang::CompoundStmt>(statement);
  if (block != nullptr) statement = block->size() == 1 ? block->body_front() : nullptr;
  return clang::dyn_cast_or_null<clang::Expr>(statement);
}

bool is_dependent(const clang::Expr& expression) {
  return expression.isTypeDependent() || expression.isValueDependent();
}

bool is_simple(const clang::Expr& expression) {
  const clang::Expr* inner = expression.IgnoreUnlessSpelledInSource();
  if (const auto* member = clang::dyn_cast<clang::MemberExpr>(inner)) {
    return !clang::isa<clang::CXXMethodDecl>(member->getMemberDecl()) &&
           (member->isImplicitAccess() || is_simple(*member->getBase()));
  }
  return clang::isa<clang::DeclRefExpr, clang::CXXThisExpr, clang::IntegerLiteral,
                    clang::CXXBoolLiteralExpr, clang::StringLiteral>(inner);
}

bool has_blank(clang::QualType type) {
  if (type->isDependentType() || type->isReferenceType()) return false;
  if (type->isScalarType()) return true;
  static constexpr auto known = std::to_array<std::string_view>(
      {"basic_string", "basic_string_view", "optional", "vector", "map", "set", "span", "duration",
       "time_point", "unique_ptr", "shared_ptr", "deque", "pair"});
  return std::ranges::find(known, standard_name(type)) != known.end();
}

clang::QualType awaited_type(const clang::ASTContext& context, clang::QualType type) {
  const auto* special =
      clang::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  if (special == nullptr || special->getTemplateArgs().size() == 0) return context.VoidTy;
  const clang::TemplateArgument& first = special->getTemplateArgs().get(0);
  return first.getKind() == clang::TemplateArgument::Type ? first.getAsType() : context.VoidTy;
}

}  // namespace provlab::mutants
