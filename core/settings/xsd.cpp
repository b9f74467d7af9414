#include "core/settings/xsd.hpp"

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>

#include <mutex>
#include <stdexcept>
#include <vector>

#include "core/platform/text.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

struct Xsd::Compiled {
  xmlSchema* schema = nullptr;
};

namespace {

#if LIBXML_VERSION >= 21200
using XmlError = const xmlError*;
#else
using XmlError = xmlError*;
#endif

/// libxml2's tables have to stand before a second thread uses them.
void initialise_libxml2() {
  static std::once_flag once;
  std::call_once(once, [] {
    xmlInitParser();
    xmlSchemaInitTypes();
  });
}

const xmlChar* as_xml(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}

/// Shows a tree to libxml2 as a parser would, and notes the first thing it finds wrong.
class Showing {
 public:
  explicit Showing(xmlSchema* schema)
      : context_(xmlSchemaNewValidCtxt(schema), xmlSchemaFreeValidCtxt) {
    if (!context_) throw std::bad_alloc();
    xmlSchemaSetValidStructuredErrors(context_.get(), &Showing::note, this);
    plug_ = xmlSchemaSAXPlug(context_.get(), &handlers_, &user_);
    if (plug_ == nullptr) throw std::bad_alloc();
  }
  ~Showing() { xmlSchemaSAXUnplug(plug_); }
  Showing(const Showing&) = delete;
  Showing& operator=(const Showing&) = delete;

  void show(pugi::xml_node element) {
    const xmlChar* const name = as_xml(element.name());
    start(element, name);
    for (pugi::xml_node child = element.first_child(); child && !found_;
         child = child.next_sibling()) {
      if (is_element(child)) {
        show(child);
        if (!found_) current_ = element;
      } else {
        const std::string_view text = child.value();
        if (text.empty()) continue;
        handlers_->characters(user_, as_xml(text.data()), static_cast<int>(text.size()));
      }
    }
    // What has begun is ended even if nothing more is shown: libxml2 frees its notes about unique
    // attributes only then.
    handlers_->endElementNs(user_, name, nullptr, nullptr);
  }

  std::optional<XsdViolation> violation() const {
    if (!found_) return std::nullopt;
    return XsdViolation{code_, message_, current_};
  }

 private:
  void start(pugi::xml_node element, const xmlChar* name) {
    attributes_.clear();
    for (auto attribute = element.first_attribute(); attribute;
         attribute = attribute.next_attribute()) {
      const std::string_view value = attribute.value();
      attributes_.insert(attributes_.end(),
                         {as_xml(attribute.name()), nullptr, nullptr, as_xml(value.data()),
                          as_xml(value.data() + value.size())});
    }
    current_ = element;
    const int count = static_cast<int>(attributes_.size() / kPerAttribute);
    handlers_->startElementNs(user_, name, nullptr, nullptr, 0, nullptr, count, 0,
                              attributes_.data());
  }

  static void note(void* self, XmlError error) {
    auto& showing = *static_cast<Showing*>(self);
    if (showing.found_) return;
    showing.found_ = true;
    showing.code_ = error->code;
    if (error->message != nullptr) showing.message_ = error->message;
  }

  static constexpr std::size_t kPerAttribute = 5;  // name, prefix, namespace, begin and end

  std::unique_ptr<xmlSchemaValidCtxt, void (*)(xmlSchemaValidCtxt*)> context_;
  xmlSchemaSAXPlugStruct* plug_ = nullptr;
  xmlSAXHandler* handlers_ = nullptr;
  void* user_ = nullptr;
  std::vector<const xmlChar*> attributes_;
  pugi::xml_node current_;
  bool found_ = false;
  int code_ = 0;
  std::string message_;
};

}  // namespace

Error XsdViolation::error() const {
  return {shortened(trimmed(message), 240), path_of(element)};
}

Xsd::Xsd(std::string_view text) {
  initialise_libxml2();
  std::string complaints;
  const auto append = [](void* out, XmlError error) {
    if (error->message != nullptr) static_cast<std::string*>(out)->append(error->message);
  };
  xmlSchemaParserCtxt* parser =
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size()));
  xmlSchemaSetParserStructuredErrors(parser, append, &complaints);
  auto compiled = std::make_unique<Compiled>();
  compiled->schema = xmlSchemaParse(parser);
  xmlSchemaFreeParserCtxt(parser);
  if (compiled->schema == nullptr) throw std::logic_error("no schema: " + complaints);
  compiled_ = std::move(compiled);
}

Xsd::~Xsd() {
  xmlSchemaFree(compiled_->schema);
}

std::optional<XsdViolation> Xsd::validate(pugi::xml_node element) const {
  Showing showing(compiled_->schema);
  showing.show(element);
  return showing.violation();
}

}  // namespace provlab::settings
