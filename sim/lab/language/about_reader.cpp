#include "sim/lab/language/about_reader.hpp"

#include "core/platform/text.hpp"
#include "sim/lab/language/specification.hpp"

namespace provlab::lab {

void read_about(const Element& about, ScenarioPlan& plan) {
  std::string text = text_of(about.node());
  // One line, whatever the layout in the file.
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::string_view(" \t\r\n").find(text[i]) == std::string_view::npos) {
      plan.about += text[i];
    } else if (!plan.about.empty() && plan.about.back() != ' ') {
      plan.about += ' ';
    }
  }
  plan.about = trimmed(plan.about);
  plan.rules = about.words("rules");
  plan.not_on_wire = about.text("not-on-wire");
  plan.wire_order = about.text("wire-order");
  for (const std::string& rule : plan.rules) {
    if (is_rule(rule)) continue;
    about.complain("rules", "rules: " + no_such_rule(rule));
  }
}

}  // namespace provlab::lab
