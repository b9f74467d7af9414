#pragma once
#include <chrono>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

/// What a rewritten core asks in every place that a mutant changes (D48). One number is on, 0 in a
/// program without a fault. All are functions, so that what is changed is written once, evaluated
/// once and in its old order, and may stand beside a co_await.
namespace provlab::mutants {

using Number = std::uint32_t;

extern Number active;           ///< the mutant that is on; 0: none
extern unsigned char* reached;  ///< by number: whether its place was evaluated
inline constexpr Number kMost = 1U << 16;

inline bool on(Number number) {
  reached[number] = 1;
  return number == active;
}
inline bool off(Number number) {
  return !on(number);
}

/// A condition: `number` says the opposite.
template <class T>
bool flip(Number number, T&& value) {
  return on(number) != static_cast<bool>(value);
}

/// The condition of an `if` without `else`: `number` says no, the next the opposite.
template <class T>
bool guard(Number number, T&& value) {
  const bool holds = static_cast<bool>(value);
  return on(number + 1) ? !holds : off(number) && holds;
}
/// One whose opposite is a mutant of its own.
template <class T>
bool never(Number number, T&& value) {
  const bool holds = static_cast<bool>(value);
  return off(number) && holds;
}

/// An operand of `&&`. `a || b` is the opposite of `!a && !b`, so `number`, which exchanges the
/// operators, turns both operands and the whole; `gone` leaves the operand out.
template <class T>
bool conjunct(Number number, Number gone, T&& value) {
  const bool holds = static_cast<bool>(value) != on(number);
  return on(gone) || holds;
}
/// The same of `||`.
template <class T>
bool disjunct(Number number, Number gone, T&& value) {
  const bool holds = static_cast<bool>(value) != on(number);
  return off(gone) && holds;
}

template <class A, class B>
bool less(Number number, const A& a, const B& b) {
  return on(number) ? a <= b : on(number + 1) ? a > b : a < b;
}
template <class A, class B>
bool less_equal(Number number, const A& a, const B& b) {
  return on(number) ? a < b : on(number + 1) ? a >= b : a <= b;
}
template <class A, class B>
bool greater(Number number, const A& a, const B& b) {
  return on(number) ? a >= b : on(number + 1) ? a < b : a > b;
}
template <class A, class B>
bool greater_equal(Number number, const A& a, const B& b) {
  return on(number) ? a > b : on(number + 1) ? a <= b : a >= b;
}
template <class A, class B>
bool equal(Number number, const A& a, const B& b) {
  return on(number) != static_cast<bool>(a == b);
}
template <class A, class B>
bool unequal(Number number, const A& a, const B& b) {
  return on(number) != static_cast<bool>(a != b);
}

// Arithmetic: each operator and the one that takes its place.
template <class A, class B>
auto plus(Number number, const A& a, const B& b) -> decltype(a + b) {
  return on(number) ? static_cast<decltype(a + b)>(a - b) : a + b;
}
template <class A, class B>
auto minus(Number number, const A& a, const B& b) -> decltype(a - b) {
  return on(number) ? static_cast<decltype(a - b)>(a + b) : a - b;
}
template <class A, class B>
auto times(Number number, const A& a, const B& b) -> decltype(a * b) {
  return on(number) ? static_cast<decltype(a * b)>(a + b) : a * b;
}
template <class A, class B>
auto over(Number number, const A& a, const B& b) -> decltype(a / b) {
  if constexpr (requires { static_cast<decltype(a / b)>(a * b); }) {
    return on(number) ? static_cast<decltype(a / b)>(a * b) : a / b;
  } else {
    return on(number) ? decltype(a / b){} : a / b;
  }
}
template <class A, class B>
auto modulo(Number number, const A& a, const B& b) -> decltype(a % b) {
  if constexpr (requires { static_cast<decltype(a % b)>(a / b); }) {
    return on(number) ? static_cast<decltype(a % b)>(a / b) : a % b;
  } else {
    return on(number) ? decltype(a % b){} : a % b;
  }
}
template <class A, class B>
auto bits_and(Number number, const A& a, const B& b) -> decltype(a & b) {
  return on(number) ? a | b : a & b;
}
template <class A, class B>
auto bits_or(Number number, const A& a, const B& b) -> decltype(a | b) {
  return on(number) ? a & b : a | b;
}
template <class A, class B>
auto shift_left(Number number, const A& a, const B& b) -> decltype(a << b) {
  return on(number) ? a >> b : a << b;
}
template <class A, class B>
auto shift_right(Number number, const A& a, const B& b) -> decltype(a >> b) {
  return on(number) ? a << b : a >> b;
}
/// What is added or taken away by `+=` and `-=`: `number` does the other.
template <class T>
T sign(Number number, T value) {
  return on(number) ? static_cast<T>(T{} - value) : value;
}

template <class T>
struct Step {
  static T of(T) { return T{1}; }
};
/// A time changes by the largest unit up to a second in which it is a whole number.
template <class Rep, class Period>
struct Step<std::chrono::duration<Rep, Period>> {
  using Time = std::chrono::duration<Rep, Period>;
  static Time of(Time value) {
    using Nanoseconds = std::chrono::nanoseconds;
    if constexpr (std::convertible_to<Time, Nanoseconds> &&
                  std::convertible_to<Nanoseconds, Time>) {
      for (const Nanoseconds unit : {Nanoseconds(1'000'000'000), Nanoseconds(1'000'000)}) {
        if (Nanoseconds(value) % unit == Nanoseconds(0)) return Time(unit);
      }
    }
    return Time{1};
  }
};
/// A constant: `number` makes it larger by one, the next smaller.
template <class T>
T constant(Number number, T value) {
  if (on(number)) return static_cast<T>(value + Step<T>::of(value));
  if (on(number + 1)) return static_cast<T>(value - Step<T>::of(value));
  return value;
}
/// Nought, which only becomes one.
template <class T>
T nought(Number number, T value) {
  return on(number) ? static_cast<T>(value + Step<T>::of(value)) : value;
}

/// What a function gives that returns early.
template <class T>
T blank() {
  return T{};
}

/// An argument, and the neighbour that takes its place.
template <class A, class B>
decltype(auto) pick(Number number, A&& mine, B&& neighbour) {
  if constexpr (std::is_lvalue_reference_v<A> && std::is_same_v<A, B>) {
    return static_cast<A>(on(number) ? neighbour : mine);
  } else {
    using Value = std::common_type_t<A, B>;
    return on(number) ? static_cast<Value>(neighbour) : static_cast<Value>(mine);
  }
}

}  // namespace provlab::mutants
