#pragma once
#include <concepts>
#include <utility>

namespace provlab {

/// Ties a handler that somebody else keeps (a Host, the loop) to the object that the handler works
/// on. The object has the tether as a member, so no handler has to ask whether the object is still
/// there.
///  1. tie() makes a handler that calls a function as long as the tether holds it.
///  2. The tether lets go at the call, at cut(), at the next tie() and at its own end. A handler
///     that was let go does nothing when it is called.
///  3. The function may cut the tether, tie it anew or destroy it.
///  4. Either end may go first. A handler that is destroyed uncalled leaves the tether loose.
///  5. Nothing is allocated: the two ends know each other's address. So a tether stays where it is,
///     while its handler can be moved, but not copied.
class Tether {
 public:
  Tether() = default;
  ~Tether() { cut(); }
  Tether(const Tether&) = delete;
  Tether& operator=(const Tether&) = delete;

  /// Whether there is a handler whose call would reach the function.
  bool holds() const { return knot_ != nullptr; }
  void cut() {
    if (knot_ != nullptr) std::exchange(knot_, nullptr)->tether = nullptr;
  }
  template <class Function>
  auto tie(Function function) {
    cut();
    return Handler<Function>(*this, std::move(function));
  }

 private:
  /// The handler's end.
  struct Knot {
    explicit Knot(Tether& to) : tether(&to) { to.knot_ = this; }
    Knot(Knot&& other) noexcept : tether(std::exchange(other.tether, nullptr)) {
      if (tether != nullptr) tether->knot_ = this;
    }
    Knot& operator=(Knot&&) = delete;
    ~Knot() { let_go(); }
    /// Whether it was held.
    bool let_go() {
      if (tether == nullptr) return false;
      std::exchange(tether, nullptr)->knot_ = nullptr;
      return true;
    }
    Tether* tether;
  };

  template <class Function>
  class Handler {
   public:
    Handler(Tether& tether, Function function) : knot_(tether), function_(std::move(function)) {}
    template <class... Args>
    requires std::invocable<Function&, Args...>
    void operator()(Args&&... args) {
      if (knot_.let_go()) function_(std::forward<Args>(args)...);
    }

   private:
    Knot knot_;
    Function function_;
  };

  Knot* knot_ = nullptr;
};

}  // namespace provlab
