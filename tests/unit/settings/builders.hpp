#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "core/settings/device_settings.hpp"
#include "tests/unit/settings/fake_host.hpp"

namespace provlab::settings {

inline std::string file_content(const std::string& name) {
  std::ifstream file(std::string(PROVLAB_TEST_DATA) + "/documents/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// So many elements `a`, each in the one before.
inline std::string nested_elements(unsigned levels) {
  return repeated("<a>", levels) + repeated("</a>", levels);
}

inline DeviceIdentity device(DeviceType type = DeviceType::d200, Release release = Release::r2_2A) {
  DeviceIdentity identity;
  identity.type = type;
  identity.release = release;
  return identity;
}

/// A device that has booted, with the means to feed it documents.
struct Device {
  explicit Device(DeviceIdentity identity = device()) : settings(host, identity) {
    settings.load();
  }
  /// Boots on what another device's storage holds.
  explicit Device(const FakeStorage& storage, DeviceIdentity identity = device())
      : settings(host, identity) {
    host.storage().pieces = storage.pieces;
    settings.load();
  }

  ApplyOutcome apply(std::string_view xml) {
    const auto document = read_document(xml, "");
    if (!document) {
      ADD_FAILURE() << document.error().to_string();
      return {};
    }
    return settings.apply(*document, "http://prov/a.xml");
  }
  std::string text(std::string_view path) const { return settings.configuration().text(path); }
  /// The only value an XPath gives.
  std::string value(std::string_view xpath) const {
    const auto values = settings.configuration().select(xpath);
    if (!values) return "error: " + values.error().to_string();
    return values->size() == 1 ? values->front()
                               : "(" + std::to_string(values->size()) + " values)";
  }
  std::string xml() const { return settings.configuration().to_xml(); }

  FakeHost host;
  DeviceSettings settings;
};

}  // namespace provlab::settings
