#include <chrono>
#include <coroutine>
#include <optional>
#include <string>

// One function for each kind of mutant, and one for each kind of place that stays as it is.
// maker_test.sh looks at what becomes of it.
namespace sample {

using namespace std::chrono_literals;

constexpr int kLimit = 4;
#define TWICE(x) ((x) + (x))

bool relation(int a, int b) { return a < b; }
bool logical(bool a, bool b) { return a && b; }
int arithmetic(int a, int b) { return a - b; }
int constant() { return 40; }
int named() { return kLimit; }
std::chrono::milliseconds duration() { return 5s; }
int condition(bool a) {
  if (a) return 10;
  return 20;
}
int statement() {
  int n = 0;
  ++n;
  return n;
}
int difference(int a, int b) { return a * 100 + b; }
int arguments(int a, int b) { return difference(a, b); }
void early(int& n) {
  n += 1;
  n += 2;
  n += 4;
}
int guarded(bool a) {
  int n = 1;
  if (a) n += 2;
  if (!a) {
    n += 4;
  }
  return n;
}
int nested(int a, int b) {
  if (a < b && a + 1 > 0) return 10 * a + 7;
  return b;
}

constexpr int stays_constexpr(int a) { return a + 1; }
template <class T>
T stays_template(T a) {
  return a + 1;
}
std::size_t stays_memory(int a) {
  std::string text;
  text.reserve(static_cast<std::size_t>(a + 4));
  text.shrink_to_fit();
  return text.size();
}
int stays_label(int a) {
  switch (a) {
    case 1:
    case 2: return a;
  }
  static_assert(sizeof(int) > 1);
  const int bound = 3;
  int array[bound] = {};
  return array[a];
}
bool stays_declared(std::optional<int> (*find)()) {
  if (const auto found = find()) return found.has_value();
  return false;
}
int stays_macro(int a) { return TWICE(a); }

}  // namespace sample
