#include "core/settings/model.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <tuple>

#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

/// Reads a schema into a model.
class ModelReader {
 public:
  explicit ModelReader(pugi::xml_node schema) : schema_(schema) {}

  ElementModel element(pugi::xml_node declaration) const {
    ElementModel model;
    model.name = declaration.attribute("name").value();
    pugi::xml_node complex = declaration.child("xs:complexType");
    const std::string_view type = declaration.attribute("type").value();
    if (!complex) complex = named("xs:complexType", type);
    if (!complex) {
      model.value = value(type);
      return model;
    }
    content(complex, model);
    if (const auto unique = declaration.child("xs:unique")) {
      model.kind = Kind::marked_list;
      model.marking = unique.child("xs:field").attribute("xpath").value();
      model.marking.erase(0, 1);  // the @
    }
    return model;
  }

 private:
  pugi::xml_node named(const char* kind, std::string_view name) const {
    return schema_.find_child_by_attribute(kind, "name", std::string(name).c_str());
  }

  void content(pugi::xml_node complex, ElementModel& model) const {
    attributes(complex, model);
    if (const auto all = complex.child("xs:all")) {
      model.kind = Kind::record;
      for (const auto child : all.children("xs:element")) model.children.push_back(element(child));
      return;
    }
    const auto sequence = complex.child("xs:sequence");
    if (sequence.child("xs:any")) {
      model.kind = Kind::open;
      return;
    }
    const auto child = sequence.child("xs:element");
    if (!child) throw std::logic_error(fmt::format("schema of '{}': not understood", model.name));
    model.children.push_back(element(child));
    const std::string_view most = child.attribute("maxOccurs").value();
    model.kind = most == "unbounded" ? Kind::plain_list : Kind::positional_list;
  }

  void attributes(pugi::xml_node holder, ElementModel& model) const {
    for (const auto child : holder.children()) {
      const std::string_view kind = child.name();
      if (kind == "xs:attribute") {
        model.attributes.push_back(
            {child.attribute("name").value(), value(child.attribute("type").value()),
             child.attribute("use").value() == std::string_view("required")});
      } else if (kind == "xs:attributeGroup") {
        attributes(named("xs:attributeGroup", child.attribute("ref").value()), model);
      } else if (kind == "xs:anyAttribute") {
        model.open_attributes = true;
      }
    }
  }

  ValueModel value(std::string_view type) const {
    if (type.starts_with("xs:")) return builtin(type);
    const pugi::xml_node simple = named("xs:simpleType", type);
    const pugi::xml_node restriction = simple.child("xs:restriction");
    if (!restriction) throw std::logic_error(fmt::format("schema type '{}' is not known", type));
    ValueModel model = value(restriction.attribute("base").value());
    const std::string_view text = simple.child("xs:annotation").child_value("xs:documentation");
    for (const auto facet : restriction.children()) {
      const std::string_view name = facet.name();
      const auto limit = facet.attribute("value");
      if (name == "xs:enumeration") model.choices.emplace_back(limit.value());
      if (name == "xs:minInclusive") model.least = limit.as_llong();
      if (name == "xs:maxInclusive") model.most = limit.as_llong();
      if (name == "xs:minLength") model.shortest = limit.as_uint();
      if (name == "xs:pattern") model.pattern = limit.value();
    }
    describe(model, text);
    return model;
  }

  static void describe(ValueModel& model, std::string_view text) {
    if (!text.empty()) {
      model.description = text;
    } else if (!model.choices.empty()) {
      model.description = fmt::format("one of {}", fmt::join(model.choices, ", "));
    } else if (model.base == ValueModel::Base::integer) {
      model.description = fmt::format("a whole number from {} to {}", model.least, model.most);
    } else if (!model.pattern.empty()) {
      model.description = fmt::format("what fits the pattern {}", model.pattern);
    }
  }

  static ValueModel builtin(std::string_view type) {
    using Base = ValueModel::Base;
    ValueModel model;
    model.collapses = type != "xs:string";
    if (type == "xs:string" || type == "xs:token") {
      model.description = "text";
    } else if (type == "xs:boolean") {
      model.base = Base::boolean;
      model.description = "true or false";
    } else {
      static const std::map<std::string_view, std::pair<std::int64_t, std::int64_t>> kRanges = {
          {"xs:unsignedByte", {0, 255}},
          {"xs:unsignedShort", {0, 65'535}},
          {"xs:unsignedInt", {0, 4'294'967'295}},
          {"xs:nonNegativeInteger", {0, 2'147'483'647}},
          {"xs:positiveInteger", {1, 2'147'483'647}},
          {"xs:integer", {-2'147'483'648, 2'147'483'647}}};
      const auto range = kRanges.find(type);
      if (range == kRanges.end()) {
        throw std::logic_error(fmt::format("schema type '{}' is not understood", type));
      }
      model.base = Base::integer;
      std::tie(model.least, model.most) = range->second;
      model.description = type == "xs:integer"              ? "a whole number"
                          : type == "xs:nonNegativeInteger" ? "a whole number, 0 or more"
                          : type == "xs:positiveInteger"    ? "a whole number, 1 or more"
                                                            : "";
    }
    if (model.description.empty()) describe(model, {});
    return model;
  }

  pugi::xml_node schema_;
};

}  // namespace

const ElementModel* ElementModel::child(std::string_view child_name) const {
  for (const ElementModel& candidate : children) {
    if (candidate.name == child_name) return &candidate;
  }
  return nullptr;
}

const AttributeModel* ElementModel::attribute(std::string_view attribute_name) const {
  for (const AttributeModel& candidate : attributes) {
    if (candidate.name == attribute_name) return &candidate;
  }
  return nullptr;
}

ElementModel read_model(pugi::xml_node schema, std::string_view element) {
  return ModelReader(schema).element(
      schema.find_child_by_attribute("xs:element", "name", std::string(element).c_str()));
}

const ElementModel* model_at(const ElementModel& section, pugi::xml_node element) {
  const pugi::xml_node parent = element.parent();
  if (!is_element(parent)) return element.name() == section.name ? &section : nullptr;
  const ElementModel* above = model_at(section, parent);
  return above == nullptr ? nullptr : above->child(element.name());
}

}  // namespace provlab::settings
