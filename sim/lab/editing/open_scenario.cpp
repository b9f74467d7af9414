#include "sim/lab/editing/open_scenario.hpp"

#include <algorithm>

#include "sim/lab/language/standard_world.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/markup/scenario_schema.hpp"

namespace provlab::lab {

OpenScenario::OpenScenario(std::string text, std::string file, std::string root)
    : file_(std::move(file)), root_(std::move(root)) {
  set_text(std::move(text));
}

void OpenScenario::set_text(std::string text) {
  loose_ = std::make_unique<LooseDocument>(std::move(text));
  const Grammar& grammar = ScenarioSchema::shared().grammar();
  types_.clear();
  for (const LooseDocument::Element& each : loose_->elements()) {
    const std::string_view name = loose_->piece(each.name);
    const Grammar::ComplexType* type = nullptr;
    if (each.parent == LooseDocument::kNone) {
      if (name == grammar.root_name()) type = &grammar.root();
    } else if (const Grammar::ComplexType* parent = types_[each.parent]; parent != nullptr) {
      const Grammar::Child* child = parent->child(name);
      if (child != nullptr) type = child->type;
    }
    types_.push_back(type);
  }
}

bool OpenScenario::is_scenario() const {
  return !loose_->elements().empty() &&
         loose_->name(0) == ScenarioSchema::shared().grammar().root_name();
}

std::vector<Complaint> OpenScenario::judge() {
  if (text().size() > kMostScenarioOctets) {
    return {{file_, 1, "the file is larger than the 4 MiB that a scenario may have"}};
  }
  auto plan = compile_scenario(text(), file_, root_);
  if (!plan) return std::move(plan.error());
  variants_.clear();
  for (const Variant& each : (*plan)->variants) {
    if (!each.name.empty()) variants_.push_back(each.name);
  }
  return {};
}

const Grammar::ComplexType* OpenScenario::type_of(std::size_t element) const {
  return element == LooseDocument::kNone ? nullptr : types_[element];
}

const Grammar::Attribute* OpenScenario::type_of(std::size_t element,
                                                std::string_view attribute) const {
  const Grammar::ComplexType* type = type_of(element);
  return type == nullptr ? nullptr : type->attribute(attribute);
}

bool OpenScenario::is_inside(std::size_t element, std::string_view name) const {
  const auto& elements = loose_->elements();
  for (; element != LooseDocument::kNone; element = elements[element].parent) {
    if (loose_->name(element) == name) return true;
  }
  return false;
}

std::vector<OpenScenario::Named> OpenScenario::hosts() const {
  std::vector<Named> hosts;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i] == nullptr || types_[i]->name != "Host") continue;
    if (std::string id = loose_->value(i, "id"); !id.empty()) hosts.push_back({std::move(id), i});
  }
  return hosts;
}

std::vector<std::string> OpenScenario::host_ids() const {
  std::vector<std::string> ids;
  for (Named& each : hosts()) ids.push_back(std::move(each.id));
  if (!has_standard_hosts()) return ids;
  for (std::string& standard : standard_host_ids()) {
    if (std::ranges::find(ids, standard) == ids.end()) ids.push_back(std::move(standard));
  }
  return ids;
}

bool OpenScenario::has_standard_hosts() const {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i] != nullptr && types_[i]->name == "World" &&
        !loose_->value(i, "extends").empty()) {
      return true;
    }
  }
  return hosts().empty();
}

std::vector<OpenScenario::Named> OpenScenario::answers() const {
  std::vector<Named> answers;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i] == nullptr || types_[i]->name == "Host" ||
        types_[i]->attribute("id") == nullptr) {
      continue;
    }
    if (!is_inside(i, "responders") && !is_inside(i, "timeline")) continue;
    if (std::string id = loose_->value(i, "id"); !id.empty()) answers.push_back({std::move(id), i});
  }
  return answers;
}

std::vector<std::string> OpenScenario::paths_served() const {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i] == nullptr || !is_inside(i, "responders")) continue;
    std::string path = loose_->value(i, "path");
    if (!path.empty() && std::ranges::find(paths, path) == paths.end()) {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

std::string OpenScenario::folder() const {
  return folder_of(file_);
}

std::vector<OpenScenario::NamedFile> OpenScenario::files() const {
  std::vector<NamedFile> files;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i] == nullptr) continue;
    for (const LooseDocument::Attribute& each : loose_->elements()[i].attributes) {
      const Grammar::Attribute* known = types_[i]->attribute(loose_->name(each));
      if (known == nullptr || known->type->name != "FileName") continue;
      const std::string name = loose_->value(each);
      if (name.empty()) continue;
      files.push_back({name.starts_with('/') ? name : folder() + name, i, each.value});
    }
  }
  return files;
}

}  // namespace provlab::lab
