#include "core/settings/setting_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/settings/xml_tree.hpp"
#include "core/settings/xpath.hpp"
#include "core/settings/xpath_cost.hpp"

namespace provlab::settings {

namespace {

/// The names of the settings right below an element, for messages; those of a list once.
std::string children_of(pugi::xml_node parent) {
  std::vector<std::string_view> names;
  for (pugi::xml_node child = first_element(parent); child; child = next_element(child)) {
    if (names.empty() || names.back() != child.name()) names.emplace_back(child.name());
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Says that a path names no setting, and what there is along it.
Error no_such_setting(pugi::xml_node section, std::string_view path) {
  pugi::xml_node deepest = section;
  std::string_view rest = path.substr(std::min(path.size(), path.find('/')));
  while (rest.starts_with('/')) {
    rest.remove_prefix(1);
    const pugi::xml_node child = child_named(deepest, rest.substr(0, rest.find('/')));
    if (!child) break;
    deepest = child;
    rest = rest.substr(std::min(rest.size(), rest.find('/')));
  }
  const std::string present = children_of(deepest);
  return {present.empty()
              ? "there is no such setting"
              : fmt::format("there is no such setting; {} has {}", path_of(deepest), present),
          std::string(path)};
}

/// The elements a path selects in a section's draft.
Expected<std::vector<pugi::xml_node>> select(const pugi::xml_document& draft,
                                             const std::string& path) {
  std::vector<pugi::xml_node> elements;
  try {
    const pugi::xpath_query query(path.c_str());
    if (auto checked = check_cost(path, draft); !checked) {
      return fail(checked.error().to_string(), path);
    }
    for (const pugi::xpath_node& node : nodes_in_order(query, draft)) {
      if (!is_element(node.node())) return fail("only elements can be set", path);
      elements.push_back(node.node());
    }
  } catch (const pugi::xpath_exception& error) {
    return fail(fmt::format("invalid path: {}", error.result().description()), path);
  }
  return elements;
}

/// The model of a plain list, null for any other element.
const ElementModel* plain_list(pugi::xml_node element, const ElementModel& section) {
  const ElementModel* model = model_at(section, element);
  return model != nullptr && model->kind == Kind::plain_list ? model : nullptr;
}

bool holds_settings(pugi::xml_node element, const ElementModel& section) {
  const ElementModel* model = model_at(section, element);
  return (model != nullptr && model->is_list()) || has_element_children(element);
}

}  // namespace

Expected<pugi::xml_node> element_to_set(const pugi::xml_document& draft, const ElementModel& model,
                                        const std::string& path) {
  auto elements = select(draft, path);
  if (!elements) return std::unexpected(elements.error());
  const std::size_t slash = path.rfind('/');
  if (elements->empty() && slash != std::string::npos) {
    const std::string name = path.substr(slash + 1);
    const auto lists = select(draft, path.substr(0, slash));
    if (lists && lists->size() == 1) {
      pugi::xml_node list = lists->front();
      const ElementModel* known = plain_list(list, model);
      if (known != nullptr && known->element() == name) return list.append_child(name.c_str());
    }
  }
  if (elements->empty()) {
    return std::unexpected(no_such_setting(draft.document_element(), path));
  }
  pugi::xml_node target = elements->front();
  pugi::xml_node parent = target.parent();
  if (is_element(parent) && plain_list(parent, model) != nullptr) {
    while (pugi::xml_node extra = next_element(first_element(parent))) parent.remove_child(extra);
    return first_element(parent);
  }
  if (elements->size() > 1) {
    return fail(fmt::format("the path selects {} settings; name one", elements->size()), path);
  }
  if (holds_settings(target, model)) {
    return fail(fmt::format("holds settings, no value; name one of them: {}", children_of(target)),
                path);
  }
  return target;
}

}  // namespace provlab::settings
