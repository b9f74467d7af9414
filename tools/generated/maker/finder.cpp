#include "tools/generated/maker/finder.hpp"

#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/ExprCXX.h>
#include <clang/AST/ExprConcepts.h>
#include <clang/AST/StmtCXX.h>

#include "tools/generated/maker/ast.hpp"

// The way through the syntax tree. What is written at the places found is in places.cpp.
namespace provlab::mutants {

using clang::dyn_cast;
using clang::isa;

namespace {

/// `DhcpClient::extend`, without the namespaces; lambdas belong to the function around them.
std::string name_of(const clang::FunctionDecl& function) {
  std::string name = function.getNameAsString();
  const clang::DeclContext* scope = function.getDeclContext();
  while (const auto* record = dyn_cast<clang::CXXRecordDecl>(scope)) {
    name = record->getNameAsString() + "::" + name;
    scope = record->getDeclContext();
  }
  return name;
}

/// `const int n = 4;` may be a bound somewhere, and is known before anything runs.
bool is_constant(const clang::VarDecl& variable) {
  if (variable.isConstexpr() || variable.isStaticLocal()) return true;
  const clang::QualType type = variable.getType();
  return type.isConstQualified() && type->isIntegralOrEnumerationType() &&
         variable.getInit() != nullptr && !variable.getInit()->isValueDependent() &&
         variable.getInit()->isEvaluatable(variable.getASTContext());
}

}  // namespace

void Finder::look_into(const clang::DeclContext& declarations) {
  for (const clang::Decl* declaration : declarations.decls()) {
    if (const auto* function = dyn_cast<clang::FunctionDecl>(declaration)) {
      look_into_function(*function);
    } else if (const auto* scope = dyn_cast<clang::DeclContext>(declaration)) {
      if (isa<clang::NamespaceDecl, clang::CXXRecordDecl, clang::LinkageSpecDecl>(declaration)) {
        look_into(*scope);
      }
    }
  }
}

void Finder::look_into_function(const clang::FunctionDecl& function) {
  if (!function.isThisDeclarationADefinition() || function.isConstexprSpecified() ||
      function.isDependentContext() || function.isDefaulted() || function.isImplicit()) {
    return;
  }
  const clang::Stmt* body = function.getBody();
  if (body == nullptr || !range_of(function.getBeginLoc(), body->getEndLoc())) return;
  function_ = name_of(function);
  if (const auto* maker = dyn_cast<clang::CXXConstructorDecl>(&function)) {
    for (const clang::CXXCtorInitializer* part : maker->inits()) {
      if (part->isWritten()) walk(part->getInit());
    }
  }
  Body kind = Body::plain;
  if (const auto* coroutine = dyn_cast<clang::CoroutineBodyStmt>(body)) {
    body = coroutine->getBody();
    kind = Body::coroutine;
  }
  if (const auto* block = dyn_cast<clang::CompoundStmt>(body))
    early_returns(function, *block, kind);
  walk(body);
}

void Finder::walk_children(const clang::Stmt& statement) {
  for (const clang::Stmt* child : statement.children()) walk(child);
}

void Finder::walk(const clang::Stmt* statement) {
  if (statement == nullptr ||
      isa<clang::ConstantExpr, clang::UnaryExprOrTypeTraitExpr, clang::CXXDefaultArgExpr,
          clang::CXXDefaultInitExpr, clang::OpaqueValueExpr, clang::RequiresExpr>(statement)) {
    return;
  }
  if (const auto* block = dyn_cast<clang::CompoundStmt>(statement)) {
    for (const clang::Stmt* part : block->body()) walk_statement(part);
  } else if (const auto* condition = dyn_cast<clang::IfStmt>(statement)) {
    walk_if(*condition);
  } else if (isa<clang::ForStmt, clang::WhileStmt, clang::DoStmt, clang::CXXForRangeStmt>(
                 statement)) {
    walk_loop(*statement);
  } else if (const auto* label = dyn_cast<clang::SwitchCase>(statement)) {
    walk_statement(label->getSubStmt());
  } else if (const auto* declared = dyn_cast<clang::DeclStmt>(statement)) {
    for (const clang::Decl* one : declared->decls()) {
      if (const auto* variable = dyn_cast<clang::VarDecl>(one)) walk_variable(*variable);
    }
  } else if (const auto* returned = dyn_cast<clang::ReturnStmt>(statement)) {
    walk_returned(returned->getRetValue());
  } else if (const auto* finished = dyn_cast<clang::CoreturnStmt>(statement)) {
    walk_returned(finished->getOperand());
  } else if (const auto* suspended = dyn_cast<clang::CoroutineSuspendExpr>(statement)) {
    walk(suspended->getOperand());
  } else if (const auto* lambda = dyn_cast<clang::LambdaExpr>(statement)) {
    walk_lambda(*lambda);
  } else if (const auto* expression = dyn_cast<clang::Expr>(statement)) {
    if (!walk_operator(*expression)) walk_children(*statement);
  } else {
    walk_children(*statement);
  }
}

void Finder::walk_statement(const clang::Stmt* statement) {
  const auto* expression = clang::dyn_cast_or_null<clang::Expr>(statement);
  if (expression == nullptr) {
    walk(statement);
    return;
  }
  if (only_sets_memory_aside(*expression)) left_ = Left::memory;
  if (expression == same_) left_ = Left::same;
  removed(*expression);
  if (left_ == Left::same) left_.reset();
  walk(statement);
  left_.reset();
}

void Finder::walk_variable(const clang::VarDecl& variable) {
  if (is_constant(variable)) return;
  walk(variable.getInit());
}

void Finder::walk_lambda(const clang::LambdaExpr& lambda) {
  if (lambda.getCallOperator()->isConstexprSpecified()) return;
  for (const clang::LambdaCapture& capture : lambda.captures()) {
    if (!lambda.isInitCapture(&capture)) continue;
    if (const auto* variable = dyn_cast<clang::VarDecl>(capture.getCapturedVar())) {
      walk_variable(*variable);
    }
  }
  const clang::Stmt* body = lambda.getBody();
  if (const auto* coroutine = clang::dyn_cast_or_null<clang::CoroutineBodyStmt>(body)) {
    body = coroutine->getBody();
  }
  walk(body);
}

void Finder::walk_if(const clang::IfStmt& statement) {
  walk(statement.getInit());
  if (const clang::DeclStmt* declared = statement.getConditionVariableDeclStmt()) {
    walk(declared);
  } else if (!statement.isConstexpr() && !statement.isConsteval()) {
    const bool guards = statement.getElse() == nullptr;
    const bool said = condition(*statement.getCond(), guards);
    walk(statement.getCond());
    if (said) same_ = only_expression(statement.getThen());
  }
  walk_statement(statement.getThen());
  walk_statement(statement.getElse());
}

void Finder::walk_loop(const clang::Stmt& statement) {
  if (const auto* counted = dyn_cast<clang::ForStmt>(&statement)) {
    walk(counted->getInit());
    if (counted->getConditionVariable() == nullptr) walk(counted->getCond());
    walk(counted->getInc());
    walk_statement(counted->getBody());
  } else if (const auto* ranged = dyn_cast<clang::CXXForRangeStmt>(&statement)) {
    walk(ranged->getInit());
    walk(ranged->getRangeInit());
    walk_statement(ranged->getBody());
  } else if (const auto* checked = dyn_cast<clang::WhileStmt>(&statement)) {
    if (const clang::DeclStmt* declared = checked->getConditionVariableDeclStmt()) {
      walk(declared);
    } else {
      walk(checked->getCond());
    }
    walk_statement(checked->getBody());
  } else if (const auto* repeated = dyn_cast<clang::DoStmt>(&statement)) {
    walk_statement(repeated->getBody());
    walk(repeated->getCond());
  }
}

void Finder::walk_returned(const clang::Expr* value) {
  if (value == nullptr) return;
  const clang::Expr* inner = value->IgnoreUnlessSpelledInSource();
  const bool logical = isa<clang::BinaryOperator>(inner) || isa<clang::CXXBoolLiteralExpr>(inner) ||
                       isa<clang::CXXOperatorCallExpr>(inner) ||
                       isa<clang::CXXRewrittenBinaryOperator>(inner) ||
                       isa<clang::UnaryOperator>(inner);
  if (!logical && inner->getType()->isBooleanType()) {
    negated(*inner, "condition", "the result becomes its opposite");
  }
  walk(value);
}

void Finder::walk_call(const clang::CallExpr& call) {
  swapped({call.getArgs(), call.getNumArgs()});
  walk(call.getCallee());
  for (const clang::Expr* argument : call.arguments()) walk(argument);
}

void Finder::walk_binary(const clang::BinaryOperator& binary) {
  const clang::Expr& left = *binary.getLHS();
  const clang::Expr& right = *binary.getRHS();
  const std::string_view sign = binary.getOpcodeStr();
  if (binary.getOpcode() == clang::BO_Cmp) return;
  if (binary.isLogicalOp()) {
    logical(binary);  // which walks the operands itself
    return;
  }
  if (binary.isCompoundAssignmentOp()) {
    added(right, sign);
  } else if (binary.isComparisonOp()) {
    relation(binary, left, right, binary.getOperatorLoc(), sign);
  } else {
    arithmetic(binary, left, right, binary.getOperatorLoc(), sign);
  }
  walk(&left);
  walk(&right);
}

void Finder::walk_overloaded(const clang::CXXOperatorCallExpr& overloaded) {
  if (overloaded.getNumArgs() == 2 && overloaded.isInfixBinaryOp()) {
    const clang::Expr& left = *overloaded.getArg(0);
    const clang::Expr& right = *overloaded.getArg(1);
    const std::string_view sign = clang::getOperatorSpelling(overloaded.getOperator());
    if (is_ordering(left.getType()) || is_ordering(right.getType())) return;
    if (overloaded.isComparisonOp()) {
      relation(overloaded, left, right, overloaded.getOperatorLoc(), sign);
    } else if (overloaded.isAssignmentOp()) {
      added(right, sign);
    } else {
      arithmetic(overloaded, left, right, overloaded.getOperatorLoc(), sign);
    }
  }
  for (const clang::Expr* argument : overloaded.arguments()) walk(argument);
}

/// Whether it was one of those below, whose children have been walked.
bool Finder::walk_operator(const clang::Expr& expression) {
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(&expression)) {
    walk_binary(*binary);
    return true;
  }
  if (const auto* rewritten = dyn_cast<clang::CXXRewrittenBinaryOperator>(&expression)) {
    const auto form = rewritten->getDecomposedForm();
    relation(expression, *form.LHS, *form.RHS, rewritten->getOperatorLoc(),
             clang::BinaryOperator::getOpcodeStr(form.Opcode));
    walk(form.LHS);
    walk(form.RHS);
    return true;
  }
  if (const auto* overloaded = dyn_cast<clang::CXXOperatorCallExpr>(&expression)) {
    walk_overloaded(*overloaded);
    return true;
  }
  if (isa<clang::UserDefinedLiteral>(expression)) {
    constant(expression);
    return true;
  }
  if (const auto* call = dyn_cast<clang::CallExpr>(&expression)) {
    walk_call(*call);
    return true;
  }
  if (const auto* made = dyn_cast<clang::CXXConstructExpr>(&expression)) {
    if (!made->isListInitialization()) swapped({made->getArgs(), made->getNumArgs()});
    return false;
  }
  if (const auto* chosen = dyn_cast<clang::ConditionalOperator>(&expression)) {
    condition(*chosen->getCond(), false);
    return false;
  }
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(&expression)) {
    if (unary->getOpcode() == clang::UO_AddrOf) return true;
    if (unary->getOpcode() == clang::UO_LNot) {
      negated(expression, "condition", "the ! is left out");
    }
    return false;
  }
  if (const auto* cast = dyn_cast<clang::CastExpr>(&expression)) {
    if (cast->getCastKind() == clang::CK_NullToPointer) return true;
    return false;
  }
  if (isa<clang::CXXBoolLiteralExpr>(expression)) {
    negated(expression, "constant", "true and false are exchanged");
    return true;
  }
  if (isa<clang::IntegerLiteral, clang::DeclRefExpr>(expression)) {
    constant(expression);
    return true;
  }
  return false;
}

}  // namespace provlab::mutants
