#pragma once
#include <cstdint>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings/configuration.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

/// Numbers that are the same everywhere for the same seed (SplitMix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t x = (state_ += 0x9E3779B97F4A7C15U);
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
  }
  /// From 0 to one less than `count`.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
  bool once_in(std::size_t times) { return below(times) == 0; }
  template <class Range>
  const auto& one_of(const Range& range) {
    return range[below(std::size(range))];
  }

 private:
  std::uint64_t state_;
};

/// Writes random sections by a release's schemas: any order, anything left out; valid, unless a
/// flaw is asked for.
class Generator {
 public:
  Generator(std::uint64_t seed, Release release) : dice(seed), release_(release) {}

  /// A valid section, sometimes with steering attributes.
  std::string section(std::string_view name) {
    const ElementModel* model = ReleaseSchema::of(release_).model(name);
    std::string xml;
    element(*model, xml);
    return xml;
  }
  /// A name of a section that the release has.
  std::string_view section_name() {
    for (;;) {
      const std::string_view name = dice.one_of(known_sections());
      if (ReleaseSchema::of(release_).model(name) != nullptr) return name;
    }
  }
  /// A document of patch type: some sections, each once.
  std::string patch() {
    std::string xml = "<configuration";
    if (dice.once_in(4)) xml += dice.once_in(2) ? " patchDefault=\"false\"" : " patchDefault='1'";
    xml += ">";
    for (const std::string_view name : known_sections()) {
      if (ReleaseSchema::of(release_).model(name) != nullptr && dice.once_in(4))
        xml += section(name);
    }
    return xml + "</configuration>";
  }
  /// A document of operations type; whether they can be carried out is left to chance.
  std::string operations() {
    static constexpr const char* kPaths[] = {"/templates/template[1]",
                                             "/templates",
                                             "/keys/phoneXtensions/key",
                                             "/keys/phoneXtensions",
                                             "/telephony//active",
                                             "//identity[2]/username",
                                             "/provisioning/sip/allowlist",
                                             "/time/*",
                                             "/identities/identity[last()]",
                                             "/users/user[@name='admin']/password",
                                             "/network/ipv4/@dhcp",
                                             "/userInterface/display",
                                             "/templates/template/@name",
                                             "",
                                             "/luaLibraries/luaLibrary/code",
                                             "//*[.='true']",
                                             "/time[",
                                             "/configuration/time/ntpServer/"};
    std::string xml = "<operations>";
    for (std::size_t i = dice.below(5) + 1; i > 0; --i) {
      const std::string path = dice.one_of(kPaths);
      const std::string name(path.substr(path.rfind('/') + 1));
      switch (dice.below(3)) {
        case 0:
          xml += "<delete path=\"" + path + "\"/>";
          break;
        case 1:
          xml += "<add path=\"" + path + "\">" + piece() + "</add>";
          break;
        default:
          xml += "<replace path=\"" + path + "\">" + piece() + "</replace>";
      }
    }
    return xml + "</operations>";
  }
  /// A document made worse: by another value, a changed tag, octets that come, go or change.
  std::string spoilt(std::string xml) {
    static constexpr const char* kBad[] = {
        "maybe", "-1",          "99999999999",          "\x01",         "&evil;", "<a>",
        "</b>",  "<!--",        "<![CDATA[x]]>",        "<?p?>",        "\xff",   "\"",
        "é",     "<template/>", "<key keyNumber='1'/>", " version='x'", "24:61"};
    for (std::size_t i = dice.below(3) + 1; i > 0 && !xml.empty(); --i) {
      const std::size_t at = dice.below(xml.size());
      switch (dice.below(5)) {
        case 0:
          xml.erase(at, dice.below(20));
          break;
        case 1:
          xml[at] = static_cast<char>(dice.below(256));
          break;
        case 2:
          xml.insert(at, xml.substr(at / 2, dice.below(60)));
          break;
        default: {
          const std::size_t open = xml.find('>', at);  // where a value may stand
          xml.insert(open == std::string::npos ? at : open + 1, dice.one_of(kBad));
        }
      }
    }
    return xml;
  }

  Dice dice;

 private:
  std::string piece() {
    static constexpr const char* kPieces[] = {"<template name='a'/>",
                                              "<template/>",
                                              "<key keyNumber='7' label='x'/>",
                                              "<active>true</active>",
                                              "<active>maybe</active>",
                                              "<username>9</username>",
                                              "<allowlistEntry>a</allowlistEntry>",
                                              "<nonsense/>",
                                              "<identity/>",
                                              "<brightness>5</brightness>",
                                              "<time><ntpServer>a</ntpServer></time>",
                                              ""};
    return dice.one_of(kPieces);
  }

  std::string value(const ValueModel& model) {
    if (!model.choices.empty()) return dice.one_of(model.choices);
    if (!model.pattern.empty()) return matching(model.pattern);
    switch (model.base) {
      case ValueModel::Base::boolean: {
        static constexpr const char* kSwitches[] = {"true", "false", "1", "0"};
        return dice.one_of(kSwitches);
      }
      case ValueModel::Base::integer: {
        const auto span = static_cast<std::uint64_t>(model.most - model.least) + 1;
        if (dice.once_in(5)) return std::to_string(dice.once_in(2) ? model.least : model.most);
        return std::to_string(model.least + static_cast<std::int64_t>(dice.next() % span));
      }
      case ValueModel::Base::text:
        break;
    }
    static constexpr const char* kTexts[] = {"a",     "pbx.local", "x y", "T\u00FCr", "a &lt; b",
                                             "&amp;", "0",         "  ",  ""};
    std::string text = dice.one_of(kTexts);
    return model.shortest > 0 && is_blank(text) ? "least" : text;
  }

  std::string matching(const std::string& pattern) {
    static const std::vector<std::string> kSamples = {
        "",         "0:00", "23:59", "7:30",  "192.0.2.7", "255.255.255.0",
        "10.0.0.1", "hall", "de",    "en-GB", "phone-1"};
    const std::regex expression(pattern);
    for (;;) {
      const std::string& sample = dice.one_of(kSamples);
      if (std::regex_match(sample, expression)) return sample;
    }
  }

  void attributes(const ElementModel& model, const std::string& mark, std::string& xml) {
    for (const AttributeModel& attribute : model.attributes) {
      if (attribute.name == "version") continue;
      std::string text;
      if (!mark.empty() && attribute.required) {
        text = mark;
      } else if (attribute.required || dice.once_in(3)) {
        text = value(attribute.value);
      } else {
        continue;
      }
      xml += " " + attribute.name + "=\"" + text + "\"";
    }
  }

  void element(const ElementModel& model, std::string& xml, const std::string& mark = "") {
    xml += "<" + model.name;
    attributes(model, mark, xml);
    xml += ">";
    switch (model.kind) {
      case Kind::value:
        xml += value(model.value);
        break;
      case Kind::open:
        if (dice.once_in(2)) xml += "<function a='1'>x<![CDATA[<y>]]></function>";
        break;
      case Kind::record:
        record(model, xml);
        break;
      case Kind::positional_list:
      case Kind::plain_list:
      case Kind::marked_list:
        for (std::size_t i = dice.below(4); i > 0; --i) {
          // Marks that differ, and recur from document to document.
          element(model.children.front(), xml, std::to_string(i * 4 + dice.below(4)));
        }
        break;
    }
    xml += "</" + model.name + ">";
  }

  void record(const ElementModel& model, std::string& xml) {
    const std::size_t first = dice.below(model.children.size());
    for (std::size_t i = 0; i < model.children.size(); ++i) {
      const ElementModel& child = model.children[(first + i) % model.children.size()];
      if (!dice.once_in(3)) element(child, xml);
    }
  }

  Release release_;
};

}  // namespace provlab::settings
