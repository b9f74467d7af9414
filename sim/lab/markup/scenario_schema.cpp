#include "sim/lab/markup/scenario_schema.hpp"

// libxml2 says of an invalid document which rule of XSD it breaks, one error at a time. An author
// needs to know what to write, about every slip at once. So the Walker goes over the document
// beside the grammar: attributes first, then the text, then children in their order, each known,
// misspelt, misplaced, repeated or missing. What has its complaint is left out further on, and only
// where the Walker finds nothing libxml2 is asked whether it agrees.

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace provlab::lab {

namespace {

constexpr std::string_view kInstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";

void append_error(void* user, XmlError* error) {
  auto& text = *static_cast<std::string*>(user);
  if (error->message != nullptr) text += error->message;
}

template <class Range>
std::vector<std::string> names(const Range& range) {
  std::vector<std::string> result;
  for (const auto& member : range) result.push_back(member.name);
  return result;
}

/// Walks over a document beside the grammar.
class Walker {
 public:
  Walker(const XmlDocument& document, Complaints& complaints)
      : document_(document), complaints_(complaints) {}

  void element(xmlNode* node, const Grammar::ComplexType& type) {
    attributes(node, type);
    if (type.open) return open_content(node, type);
    text(node, type);
    children(node, type);
  }

  std::set<const void*> bad;

 private:
  void complain(const xmlNode* node, std::string text) {
    complaints_.add(document_.line(node), std::move(text));
  }

  void attributes(xmlNode* node, const Grammar::ComplexType& type) {
    for (xmlAttr* attr = node->properties; attr != nullptr; attr = attr->next) {
      if (attr->ns != nullptr &&
          reinterpret_cast<const char*>(attr->ns->href) == kInstanceNamespace) {
        continue;
      }
      attribute(node, attr, type);
    }
    for (const Grammar::Attribute& known : type.attributes) {
      if (!known.required || lab::attribute(node, known.name.c_str())) continue;
      if (misspelt_attribute(node, known.name, type)) continue;  // one complaint is enough
      complain(node, fmt::format("<{}> needs {}=\"...\": write {}", name_of(node), known.name,
                                 known.type->description));
    }
  }

  static bool misspelt_attribute(xmlNode* node, const std::string& name,
                                 const Grammar::ComplexType& type) {
    for (const xmlAttr* attr = node->properties; attr != nullptr; attr = attr->next) {
      const std::string_view given = reinterpret_cast<const char*>(attr->name);
      if (type.attribute(given) == nullptr && nearest(given, names(type.attributes)) == name) {
        return true;
      }
    }
    return false;
  }

  void attribute(xmlNode* node, xmlAttr* attr, const Grammar::ComplexType& type) {
    const std::string name = reinterpret_cast<const char*>(attr->name);
    const int line = document_.line(node, name);
    const Grammar::Attribute* known = type.attribute(name);
    if (known == nullptr) {
      bad.insert(attr);
      complaints_.add(line, fmt::format("<{}> has no attribute '{}'{}", name_of(node), name,
                                        attribute_hint(name, type)));
      return;
    }
    const std::string value = lab::attribute(node, name.c_str()).value_or("");
    if (known->type->accepts(value)) return;
    bad.insert(attr);
    complaints_.add(
        line, fmt::format("{}=\"{}\" in <{}>: write {}{}", name, value, name_of(node),
                          known->type->description, did_you_mean(value, known->type->values)));
  }

  /// Where a few of the elements inside have that attribute: it is meant for one of them.
  static std::string hint_of_children(const std::string& name, const Grammar::ComplexType& type) {
    constexpr std::size_t kFew = 3;
    std::vector<std::string> having;
    for (const Grammar::Child& child : type.children) {
      if (child.type->attribute(name) != nullptr) having.push_back("<" + child.name + ">");
    }
    if (having.empty() || having.size() > kFew) return {};
    return fmt::format("; it is one of {} inside", any_of(having));
  }

  static std::string attribute_hint(const std::string& name, const Grammar::ComplexType& type) {
    if (type.child(name) != nullptr) return fmt::format("; write an element <{}> into it", name);
    if (std::string hint = hint_of_children(name, type); !hint.empty()) return hint;
    const std::vector<std::string> all = names(type.attributes);
    if (std::string hint = did_you_mean(name, all); !hint.empty()) return hint;
    return all.empty() ? "; it has none" : fmt::format("; it knows {}", any_of(all));
  }

  void text(xmlNode* node, const Grammar::ComplexType& type) {
    if (type.text != nullptr) {
      if (!type.text->accepts(text_of(node))) {
        complain(node,
                 fmt::format("<{}> is empty; write {}", name_of(node), type.text->description));
      }
      return;
    }
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
      const bool is_text = child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE;
      if (!is_text || xmlIsBlankNode(child) == 1) continue;
      complaints_.add(document_.line(node),
                      fmt::format("there is bare text inside <{}>, which holds {} only; remove it",
                                  name_of(node), type.children.empty() ? "nothing" : "elements"));
      return;
    }
  }

  void open_content(xmlNode* node, const Grammar::ComplexType&) {
    if (xmlNode* first = first_element(node); first != nullptr && next_element(first) != nullptr) {
      complain(node, fmt::format("<{}> holds several elements; an XML document has one root",
                                 name_of(node)));
    }
  }

  void children(xmlNode* node, const Grammar::ComplexType& type) {
    std::size_t furthest = 0;
    std::vector<unsigned> seen(type.children.size());
    unsigned total = 0;
    for (xmlNode* child : Children(node)) {
      const Grammar::Child* known = type.child(name_of(child));
      if (known == nullptr || child->ns != nullptr) {
        unknown_child(node, child, type);
        ++total;  // meant as one of them
        continue;
      }
      const auto index = static_cast<std::size_t>(known - type.children.data());
      ++total;
      if (type.sequence && index < furthest) {
        misplaced_child(node, child, type, furthest);
      } else if (type.sequence && !known->many && seen[index] > 0) {
        complain(child, fmt::format("there is a second <{}> in <{}>; keep one of them", known->name,
                                    name_of(node)));
      } else if (!type.sequence && !type.choice_many && total > 1) {
        complain(child, fmt::format("<{}> holds one of {}, not several", name_of(node),
                                    any_of(names(type.children))));
      }
      furthest = std::max(furthest, index);
      ++seen[index];
      element(child, *known->type);
    }
    missing_children(node, type, seen, total);
  }

  void unknown_child(xmlNode* node, xmlNode* child, const Grammar::ComplexType& type) {
    complain(child, fmt::format("<{}> has no element <{}>{}", name_of(node), name_of(child),
                                child_hint(node, child, type)));
    bad.insert(child);
  }

  static std::string child_hint(xmlNode* node, xmlNode* child, const Grammar::ComplexType& type) {
    if (type.attribute(name_of(child)) != nullptr) {
      return fmt::format("; it is an attribute: <{} {}=\"...\">", name_of(node), name_of(child));
    }
    const std::vector<std::string> all = names(type.children);
    if (std::string hint = did_you_mean(name_of(child), all); !hint.empty()) return hint;
    return all.empty() ? "; it holds no elements" : fmt::format("; it may hold {}", any_of(all));
  }

  void misplaced_child(xmlNode* node, xmlNode* child, const Grammar::ComplexType& type,
                       std::size_t furthest) {
    std::string order;
    for (const Grammar::Child& each : type.children) {
      order += (order.empty() ? "" : ", ") + each.name;
    }
    complain(child, fmt::format("<{}> stands after <{}>; the order in <{}> is {}", name_of(child),
                                type.children[furthest].name, name_of(node), order));
  }

  void missing_children(xmlNode* node, const Grammar::ComplexType& type,
                        const std::vector<unsigned>& seen, unsigned total) {
    if (!type.sequence) {
      if (!type.children.empty() && total < type.choice_least) {
        complain(node, fmt::format("<{}> is empty; write {} into it", name_of(node),
                                   any_of(names(type.children))));
      }
      return;
    }
    for (std::size_t i = 0; i < type.children.size(); ++i) {
      const Grammar::Child& known = type.children[i];
      if (known.least <= seen[i] || misspelt(node, known.name, type)) continue;
      complain(node, fmt::format("<{}> needs <{}>: {}", name_of(node), known.name,
                                 known.type->description));
    }
  }

  /// Whether a child that nobody knows was meant to be `name`: then one complaint is enough.
  static bool misspelt(xmlNode* node, const std::string& name, const Grammar::ComplexType& type) {
    for (xmlNode* child : Children(node)) {
      if (type.child(name_of(child)) == nullptr &&
          nearest(name_of(child), names(type.children)) == name) {
        return true;
      }
    }
    return false;
  }

  const XmlDocument& document_;
  Complaints& complaints_;
};

}  // namespace

const ScenarioSchema& ScenarioSchema::shared() {
  static const ScenarioSchema schema;
  return schema;
}

ScenarioSchema::ScenarioSchema() : grammar_(scenario_schema_text()), schema_(nullptr) {
  initialise_xml();
  const std::string_view text = scenario_schema_text();
  xmlSchemaParserCtxt* parser =
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size()));
  std::string errors;
  xmlSchemaSetParserStructuredErrors(parser, &append_error, &errors);
  schema_ = xmlSchemaParse(parser);
  xmlSchemaFreeParserCtxt(parser);
  if (schema_ == nullptr) throw std::logic_error("scenario.xsd: " + errors);
}

ScenarioSchema::~ScenarioSchema() {
  xmlSchemaFree(schema_);
}

std::string ScenarioSchema::validate(const XmlDocument& document) const {
  xmlSchemaValidCtxt* context = xmlSchemaNewValidCtxt(schema_);
  std::string errors;
  xmlSchemaSetValidStructuredErrors(context, &append_error, &errors);
  const int result = xmlSchemaValidateDoc(context, document.get());
  xmlSchemaFreeValidCtxt(context);
  if (result != 0 && errors.empty()) errors = "not valid";
  return errors;
}

std::set<const void*> ScenarioSchema::check(const XmlDocument& document,
                                            Complaints& complaints) const {
  xmlNode* root = document.root();
  if (name_of(root) != grammar_.root_name()) {
    complaints.add(document.line(root),
                   fmt::format("the root element is <{}>; a scenario begins with <{} name=\"...\">",
                               name_of(root), grammar_.root_name()));
    return {root};
  }
  Walker walker(document, complaints);
  walker.element(root, grammar_.root());
  if (complaints.empty()) {
    // The schema itself has the last word; what it finds beyond the walker is told in its words.
    if (const std::string errors = validate(document); !errors.empty()) {
      complaints.add(document.line(root), "the file does not fit schemas/scenario.xsd: " +
                                              errors.substr(0, errors.find('\n')));
    }
  }
  return std::move(walker.bad);
}

}  // namespace provlab::lab
