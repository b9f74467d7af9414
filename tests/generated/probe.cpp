#include <cstdio>
#include <cstdlib>

#include "tools/generated/switch.hpp"

// The rewritten sample is included before this. Prints what its functions give with each mutant up
// to the number on the command line, one line each, beginning with no mutant.

int main(int, char** words) {
  using namespace sample;
  const auto most = static_cast<provlab::mutants::Number>(std::atoi(words[1]));
  for (provlab::mutants::Number number = 0; number <= most; ++number) {
    provlab::mutants::active = number;
    int early_result = 1;
    early(early_result);
    std::printf("%d%d%d ", relation(1, 2), relation(2, 2), relation(3, 2));
    std::printf("%d%d%d%d ", logical(true, true), logical(true, false), logical(false, true),
                logical(false, false));
    std::printf("%d %d %d %d ", arithmetic(5, 3), constant(), named(),
                static_cast<int>(duration().count()));
    std::printf("%d%d %d %d %d %d ", condition(true), condition(false), statement(),
                difference(3, 2), arguments(7, 2), early_result);
    std::printf("%d %d ", guarded(true), guarded(false));
    for (int a = -2; a < 3; ++a) std::printf("%d,%d ", nested(a, 1), nested(a, 2));
    std::printf("%d %d %d %d\n", stays_constexpr(1), stays_template(2), stays_label(2),
                stays_macro(3));
  }
}
