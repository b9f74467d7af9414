#include "core/settings/apply_outcome.hpp"

namespace provlab::settings {

std::string_view to_string(SectionOutcome::What what) {
  switch (what) {
    case SectionOutcome::What::merged:
      return "merged";
    case SectionOutcome::What::replaced:
      return "replaced";
    case SectionOutcome::What::unchanged:
      return "unchanged";
    case SectionOutcome::What::rejected:
      return "rejected";
    case SectionOutcome::What::operated:
      return "operated";
  }
  return "";
}

}  // namespace provlab::settings
