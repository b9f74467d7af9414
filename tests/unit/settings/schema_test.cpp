#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <memory>
#include <string>

#include "tests/unit/settings/builders.hpp"

/// The schemas we publish agree with how documents are read and stored.
namespace provlab::settings {
namespace {

/// An XSD of schemas/, judged by libxml2.
class Schema {
 public:
  explicit Schema(const std::string& name) {
    const std::string path = std::string(PROVLAB_SOURCE_DIR) + "/schemas/" + name;
    xmlSchemaParserCtxt* parser = xmlSchemaNewParserCtxt(path.c_str());
    schema_ = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (schema_ == nullptr) throw std::runtime_error("not a schema: " + path);
  }
  ~Schema() { xmlSchemaFree(schema_); }
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  /// Empty where the document is valid, else what the validator says.
  std::string verdict(const std::string& xml) const {
    const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
        xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "document.xml", nullptr,
                      XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        xmlFreeDoc);
    if (!document) return "not well-formed";
    std::string complaints;
    xmlSchemaValidCtxt* context = xmlSchemaNewValidCtxt(schema_);
    xmlSchemaSetValidStructuredErrors(
        context,
        [](void* out, xmlErrorPtr error) {
          static_cast<std::string*>(out)->append(error->message);
        },
        &complaints);
    const int result = xmlSchemaValidateDoc(context, document.get());
    xmlSchemaFreeValidCtxt(context);
    return result == 0 ? complaints : complaints + "invalid";
  }

 private:
  xmlSchema* schema_ = nullptr;
};

TEST(ReferenceSchema, AcceptsAndRefusesWhatTheReaderDoes) {
  const Schema schema("provisioning_references.xsd");
  const auto read = [](const std::string& xml) { return read_document(xml, "").has_value(); };
  const std::string file = file_content("references.xml");
  EXPECT_EQ(schema.verdict(file), "");
  EXPECT_TRUE(read(file));
  for (const std::string good :
       {"", "<url/>", "<url>a</url><url> b </url>", "<url>p?m=&lt;MACADR&gt;&amp;x={mac}</url>"}) {
    const std::string xml = "<referencedSettings>" + good + "</referencedSettings>";
    EXPECT_EQ(schema.verdict(xml), "") << xml;
    EXPECT_TRUE(read(xml)) << xml;
  }
  for (const std::string bad : {"<uri/>", "text", "<url><a/></url>", "<url/>x"}) {
    const std::string xml = "<referencedSettings>" + bad + "</referencedSettings>";
    EXPECT_NE(schema.verdict(xml), "") << xml;
    EXPECT_FALSE(read(xml)) << xml;
  }
}

TEST(ConfigurationSchema, AcceptsTheFactoryDefaultsOfItsRelease) {
  const Schema schema("2.2A/configuration.xsd");
  for (const DeviceType type : {DeviceType::d100, DeviceType::d200}) {
    EXPECT_EQ(schema.verdict(Configuration::factory_defaults(type, Release::r2_2A).to_xml()), "");
  }
}

TEST(ConfigurationSchema, AcceptsWhatOurDocumentsMakeOfThem) {
  const Schema schema("2.2A/configuration.xsd");
  Device phone;
  for (const char* file : {"lone_keys_lua.xml", "template_nested_function.xml", "latin1.xml"}) {
    ASSERT_EQ(phone.apply(file_content(file)).accepted, 1u) << file;
    EXPECT_EQ(schema.verdict(phone.xml()), "") << file;
  }
}

TEST(ConfigurationSchema, RefusesUnknownSettingsAndWrongValues) {
  const Schema schema("2.2A/configuration.xsd");
  EXPECT_NE(schema.verdict("<configuration><time><nonsense/></time></configuration>"), "");
  EXPECT_NE(schema.verdict("<configuration><nonsense/></configuration>"), "");
  EXPECT_NE(schema.verdict("<configuration><telephony><callWaiting><active>maybe</active>"
                           "</callWaiting></telephony></configuration>"),
            "");
}

}  // namespace
}  // namespace provlab::settings
