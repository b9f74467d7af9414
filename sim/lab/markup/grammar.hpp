#pragma once
#include <libxml/xmlregexp.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/markup/xml_document.hpp"

namespace provlab::lab {

/// The scenario language as schemas/scenario.xsd describes it, read so that every slip in a file
/// can be explained. Covers the part of XSD that the schema uses; what it cannot read throws
/// std::logic_error, which a test would show. Immutable once made; shared by threads.
class Grammar {
 public:
  struct SimpleType {
    std::string name;
    std::string description;          ///< completes "write …"
    std::vector<std::string> values;  ///< of an enumeration
    std::vector<std::shared_ptr<xmlRegexp>> patterns;
    bool accepts(const std::string& value) const;
  };
  struct Attribute {
    std::string name;
    const SimpleType* type = nullptr;
    bool required = false;
    std::string description = {};  ///< its own, beside that of its type; mostly empty
  };
  struct ComplexType;
  struct Child {
    std::string name;
    const ComplexType* type = nullptr;
    unsigned least = 0;
    bool many = false;  ///< more than once
  };
  struct ComplexType {
    std::string name;
    std::string description;
    std::vector<Attribute> attributes;
    std::vector<Child> children;
    bool sequence = false;             ///< children stand in the order given; else in any
    unsigned choice_least = 0;         ///< any order: how many at least
    bool choice_many = true;           ///< any order: more than one in all
    bool open = false;                 ///< any other XML may stand inside
    const SimpleType* text = nullptr;  ///< what the text inside must be; null: no text
    bool mixed = false;

    const Attribute* attribute(std::string_view attribute_name) const;
    const Child* child(std::string_view child_name) const;
  };

  explicit Grammar(std::string_view xsd);
  const ComplexType& root() const { return *root_; }
  const std::string& root_name() const { return root_name_; }

 private:
  void read_simple_type(xmlNode* node);
  void read_complex_type(xmlNode* node);
  void read_content(xmlNode* node, ComplexType& type);
  void read_particles(xmlNode* node, ComplexType& type);
  void read_attribute(xmlNode* node, ComplexType& type);
  const SimpleType* simple(const std::string& name) const;

  std::map<std::string, SimpleType> simple_types_;
  std::map<std::string, ComplexType> complex_types_;
  std::map<std::string, xmlNode*> attribute_groups_;  // while reading
  const ComplexType* root_ = nullptr;
  std::string root_name_;
};

}  // namespace provlab::lab
