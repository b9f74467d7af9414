#pragma once
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace provlab {

template <class Signature, std::size_t InlineBytes = 64>
class UniqueFunction;

/// A move-only callable with room for a coroutine's completion handler inside. The standard's
/// move_only_function keeps three words only and allocates for every handler of the event queue.
template <class R, class... Args, std::size_t InlineBytes>
class UniqueFunction<R(Args...), InlineBytes> {
 public:
  UniqueFunction() = default;
  UniqueFunction(std::nullptr_t) {}  // NOLINT(google-explicit-constructor)
  template <class F, class D = std::decay_t<F>>
    requires(!std::is_same_v<D, UniqueFunction> && std::is_invocable_r_v<R, D&, Args...>)
  UniqueFunction(F&& f) {  // NOLINT(google-explicit-constructor)
    if constexpr (fits<D>) {
      new (storage_) D(std::forward<F>(f));
      table_ = &inline_table<D>;
    } else {
      *reinterpret_cast<D**>(storage_) = new D(std::forward<F>(f));
      table_ = &heap_table<D>;
    }
  }
  UniqueFunction(UniqueFunction&& other) noexcept { take(other); }
  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~UniqueFunction() { reset(); }

  explicit operator bool() const { return table_ != nullptr; }
  R operator()(Args... args) { return table_->call(storage_, std::forward<Args>(args)...); }

  void reset() {
    if (const Table* table = std::exchange(table_, nullptr)) table->destroy(storage_);
  }

 private:
  struct Table {
    R (*call)(void*, Args&&...);
    void (*move)(void* to, void* from);
    void (*destroy)(void*);
  };
  template <class D>
  static constexpr bool fits =
      sizeof(D) <= InlineBytes && alignof(D) <= alignof(std::max_align_t) &&
      std::is_nothrow_move_constructible_v<D>;
  template <class D>
  static constexpr Table inline_table{[](void* p, Args&&... args) -> R {
                                        return (*static_cast<D*>(p))(std::forward<Args>(args)...);
                                      },
                                      [](void* to, void* from) {
                                        new (to) D(std::move(*static_cast<D*>(from)));
                                        static_cast<D*>(from)->~D();
                                      },
                                      [](void* p) { static_cast<D*>(p)->~D(); }};
  template <class D>
  static constexpr Table heap_table{
      [](void* p, Args&&... args) -> R {
        return (**static_cast<D**>(p))(std::forward<Args>(args)...);
      },
      [](void* to, void* from) { *static_cast<D**>(to) = *static_cast<D**>(from); },
      [](void* p) { delete *static_cast<D**>(p); }};

  void take(UniqueFunction& other) noexcept {
    if (other.table_) {
      other.table_->move(storage_, other.storage_);
      table_ = std::exchange(other.table_, nullptr);
    }
  }

  alignas(std::max_align_t) unsigned char storage_[InlineBytes];
  const Table* table_ = nullptr;
};

}  // namespace provlab
