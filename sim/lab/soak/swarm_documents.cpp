#include "sim/lab/soak/swarm_documents.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "core/settings/configuration.hpp"
#include "core/settings/factory_defaults.hpp"
#include "core/settings/section.hpp"
#include "core/settings/settings_version.hpp"

namespace provlab::lab {

namespace {

constexpr unsigned kDeepest = 3;
constexpr unsigned kMostFiles = 8;

/// Sections whose settings take no part in provisioning.
constexpr std::string_view kHarmless[] = {"telephony", "userInterface"};

void find_switches(pugi::xml_node element, const std::string& path,
                   std::vector<std::string>& found) {
  const std::string_view value = element.child_value();
  if (value == "true" || value == "false") found.push_back(path);
  for (const pugi::xml_node child : element.children()) {
    if (child.type() != pugi::node_element) continue;
    find_switches(child, path + "/" + child.name(), found);
  }
}

/// Every setting of a harmless section that is true or false.
std::vector<std::string> switches_of(DeviceType type, Release release) {
  std::vector<std::string> found;
  const auto factory = settings::factory_defaults(type, release);
  for (const std::string_view name : kHarmless) {
    if (const auto section = factory.section(name)) {
      find_switches(section->element(), std::string(name), found);
    }
  }
  return found;
}

const std::vector<std::string>& switches(DeviceType type, Release release) {
  static const auto all = [] {
    std::array<std::array<std::vector<std::string>, settings::kReleases.size()>, 2> made;
    for (const DeviceType each : {DeviceType::d100, DeviceType::d200}) {
      for (const Release one : settings::kReleases) {
        made[static_cast<std::size_t>(each)][static_cast<std::size_t>(one)] =
            switches_of(each, one);
      }
    }
    return made;
  }();
  return all[static_cast<std::size_t>(type)][static_cast<std::size_t>(release)];
}

/// The element at `path` below `root`, made where it is not there.
pugi::xml_node reach(pugi::xml_node root, std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string name(path.substr(0, slash));
    pugi::xml_node child = root.child(name.c_str());
    root = child ? child : root.append_child(name.c_str());
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return root;
}

}  // namespace

std::string SwarmDocuments::draw_switch() {
  return draw_.of(std::span<const std::string>(switches(type_, release_)));
}

void SwarmDocuments::patch(pugi::xml_node parent) {
  pugi::xml_node root = parent.append_child("configuration");
  for (std::size_t left = draw_.between(1, 4); left > 0; --left) {
    reach(root, draw_switch()).text().set(draw_.one_in(2) ? "true" : "false");
  }
  for (pugi::xml_node section : root.children()) {
    if (draw_.one_in(4)) section.append_attribute("patch") = draw_.one_in(3) ? "false" : "true";
    if (draw_.one_in(4)) {
      const std::string version(settings::settings_version(release_));
      section.append_attribute("version") = version.c_str();
    }
  }
  if (draw_.one_in(5)) root.append_attribute("patchDefault") = "false";
}

void SwarmDocuments::operations(pugi::xml_node parent) {
  pugi::xml_node root = parent.append_child("operations");
  for (std::size_t left = draw_.between(1, 3); left > 0; --left) {
    const std::string path = draw_switch();
    pugi::xml_node replace = root.append_child("replace");
    replace.append_attribute("path") = ("/" + path).c_str();
    replace.append_child(path.substr(path.rfind('/') + 1).c_str())
        .text()
        .set(draw_.one_in(2) ? "true" : "false");
  }
}

void SwarmDocuments::references(pugi::xml_node parent, unsigned level) {
  pugi::xml_node root = parent.append_child("referencedSettings");
  for (std::size_t left = draw_.between(1, 3); left > 0; --left) {
    const std::string path = add(level + 1);
    std::string url = path;
    if (draw_.one_in(3)) url = server_ + path;
    if (draw_.one_in(3)) url = path + "?mac={mac}";
    root.append_child("url").text().set(url.c_str());
  }
}

void SwarmDocuments::write(pugi::xml_node parent) {
  if (draw_.one_in(4)) return operations(parent);
  patch(parent);
}

std::string SwarmDocuments::add() {
  return add(1);
}

std::string SwarmDocuments::add(unsigned level) {
  const std::string path = fmt::format("/file{}.xml", ++files_);
  pugi::xml_node file = http_.append_child("file");
  file.append_attribute("path") = path.c_str();
  if (level < kDeepest && files_ < kMostFiles && draw_.one_in(4)) {
    references(file, level);
  } else {
    write(file);
  }
  return path;
}

}  // namespace provlab::lab
