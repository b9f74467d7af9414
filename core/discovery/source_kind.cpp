#include "core/discovery/source_kind.hpp"

namespace provlab::discovery {

std::string_view to_string(SourceKind source) {
  switch (source) {
    case SourceKind::dhcp:
      return "dhcp";
    case SourceKind::redirect:
      return "redirect";
    case SourceKind::multicast:
      return "multicast";
    case SourceKind::configured:
      return "configured";
  }
  return "";
}

}  // namespace provlab::discovery
