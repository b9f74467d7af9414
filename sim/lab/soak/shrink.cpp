// One document is changed in place. An element goes, and its text is offered to `still`; where that
// says no, a copy comes back to the same place, and its children are tried one by one. Outer
// elements come first, because nothing inside one that went need be tried. Then attributes go in
// the same way. All of it is repeated until a whole round leaves out nothing, since what was needed
// by something that went may go now. best_ is the last text of which `still` held.
#include "sim/lab/soak/shrink.hpp"

#include <vector>

#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

class Shrinker {
 public:
  Shrinker(const std::function<bool(const std::string&)>& still, const ShrinkOptions& options)
      : still_(still), options_(options) {}

  std::string shrink(const std::string& scenario) {
    document_ = scenario_tree(scenario);
    best_ = scenario;
    for (bool smaller = true; smaller && left();) {
      smaller = false;
      // Outer elements first: what goes with them need not be tried.
      smaller = leave_out_elements(document_.document_element()) || smaller;
      smaller = leave_out_attributes(document_.document_element()) || smaller;
    }
    return best_;
  }

 private:
  bool left() const { return tried_ < options_.budget; }

  bool holds() {
    ++tried_;
    std::string candidate = scenario_text(document_);
    if (!still_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
  }

  bool leave_out_elements(pugi::xml_node parent) {
    bool smaller = false;
    std::vector<pugi::xml_node> children;
    for (const pugi::xml_node child : parent.children()) {
      if (child.type() == pugi::node_element && !options_.keep(child)) children.push_back(child);
    }
    for (pugi::xml_node child : children) {
      if (!left()) return smaller;
      // A copy stands in for the place it had, should it have to come back.
      pugi::xml_document aside;
      aside.append_copy(child);
      const pugi::xml_node before = child.previous_sibling();
      parent.remove_child(child);
      if (holds()) {
        smaller = true;
        continue;
      }
      child = before ? parent.insert_copy_after(aside.document_element(), before)
                     : parent.prepend_copy(aside.document_element());
      smaller = leave_out_elements(child) || smaller;
    }
    return smaller;
  }

  bool leave_out_attributes(pugi::xml_node element) {
    bool smaller = false;
    std::vector<std::string> names;
    for (const pugi::xml_attribute attribute : element.attributes()) {
      names.emplace_back(attribute.name());
    }
    for (const std::string& name : names) {
      if (!left()) return smaller;
      const pugi::xml_attribute attribute = element.attribute(name.c_str());
      const std::string value = attribute.value();
      const pugi::xml_attribute before = attribute.previous_attribute();
      element.remove_attribute(attribute);
      if (holds()) {
        smaller = true;
        continue;
      }
      pugi::xml_attribute again = before ? element.insert_attribute_after(name.c_str(), before)
                                         : element.prepend_attribute(name.c_str());
      again.set_value(value.c_str());
    }
    for (const pugi::xml_node child : element.children()) {
      if (child.type() != pugi::node_element || options_.keep(child)) continue;
      smaller = leave_out_attributes(child) || smaller;
    }
    return smaller;
  }

  const std::function<bool(const std::string&)>& still_;
  const ShrinkOptions& options_;
  pugi::xml_document document_;
  std::string best_;
  std::size_t tried_ = 0;
};

}  // namespace

std::string shrink(const std::string& scenario,
                   const std::function<bool(const std::string&)>& still,
                   const ShrinkOptions& options) {
  return Shrinker(still, options).shrink(scenario);
}

}  // namespace provlab::lab
