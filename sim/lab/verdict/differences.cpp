#include "sim/lab/verdict/differences.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "core/settings/release_schema.hpp"
#include "core/settings/section.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::lab {

namespace {

/// More of a value hardly helps to recognise it.
constexpr std::size_t kMaxShown = 72;

/// One place of a configuration: an attribute, or an element with its own text.
struct PlaceEntry {
  std::string value;
  bool holds_elements = false;
};

/// The places of one section in document order.
class Places {
 public:
  explicit Places(const settings::SectionPointer& section) {
    if (section) add(section->element(), std::string(section->name()));
  }
  const std::vector<std::string>& paths() const { return paths_; }
  const PlaceEntry* find(const std::string& path) const {
    const auto found = entries_.find(path);
    return found == entries_.end() ? nullptr : &found->second;
  }

 private:
  void add(pugi::xml_node element, const std::string& path);
  void put(const std::string& path, PlaceEntry entry) {
    if (entries_.emplace(path, std::move(entry)).second) paths_.push_back(path);
  }

  std::vector<std::string> paths_;
  std::map<std::string, PlaceEntry, std::less<>> entries_;
};

/// What the newest release that knows an element says of it, null where none does: a setting that
/// several releases have is the same in all of them.
const settings::ElementModel* model_of(pugi::xml_node element) {
  const std::string_view section = element.root().first_child().name();
  for (std::size_t i = settings::kReleases.size(); i-- > 0;) {
    const settings::ElementModel* model =
        settings::ReleaseSchema::of(settings::kReleases[i]).model(section);
    if (model != nullptr) model = settings::model_at(*model, element);
    if (model != nullptr) return model;
  }
  return nullptr;
}

/// How an element is told from its siblings; `index` counts those of its name, from 1.
std::string step_of(pugi::xml_node element, std::size_t index) {
  const settings::ElementModel* parent = model_of(element.parent());
  const std::string_view name = element.name();
  const bool marked = parent != nullptr && parent->kind == settings::Kind::marked_list;
  if (marked && element.attribute(parent->marking.c_str())) {
    return fmt::format("{}[@{}='{}']", name, parent->marking,
                       element.attribute(parent->marking.c_str()).value());
  }
  const bool counted = (parent != nullptr && parent->is_list() && !marked) || index > 1;
  return counted ? fmt::format("{}[{}]", name, index) : std::string(name);
}

void Places::add(pugi::xml_node element, const std::string& path) {
  const bool parent = settings::has_element_children(element);
  put(path, {parent && !settings::has_own_text(element) ? "" : settings::text_of(element), parent});
  for (auto each = element.first_attribute(); each; each = each.next_attribute()) {
    put(fmt::format("{}/@{}", path, each.name()), {each.value(), false});
  }
  std::map<std::string_view, std::size_t> seen;
  for (auto child = settings::first_element(element); child;
       child = settings::next_element(child)) {
    add(child, path + '/' + step_of(child, ++seen[child.name()]));
  }
}

std::string told_of(const PlaceEntry* entry) {
  if (entry == nullptr) return "(none)";
  if (entry->value.empty()) return entry->holds_elements ? "(settings)" : "(empty)";
  if (settings::is_blank(entry->value)) return fmt::format("'{}'", entry->value);
  std::string text;
  for (const char c : entry->value) {
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  if (text.size() <= kMaxShown) return text;
  std::size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return fmt::format("{}... ({} octets)", text.substr(0, end), entry->value.size());
}

/// Whether the two are alike: an element that only holds others is told by those.
bool told_alike(const PlaceEntry* a, const PlaceEntry* b) {
  const auto bare = [](const PlaceEntry* entry) {
    return entry == nullptr || (entry->holds_elements && entry->value.empty());
  };
  if (bare(a) && bare(b)) return true;
  if (a == nullptr || b == nullptr) return false;
  return a->value == b->value;
}

void compare_places(const Places& from, const Places& to, std::vector<Difference>& found) {
  const auto tell = [&](const std::string& path, const PlaceEntry* a, const PlaceEntry* b) {
    if (!told_alike(a, b)) found.push_back({path, told_of(a), told_of(b)});
  };
  for (const std::string& path : from.paths()) tell(path, from.find(path), to.find(path));
  for (const std::string& path : to.paths()) {
    if (from.find(path) == nullptr) tell(path, nullptr, to.find(path));
  }
}

}  // namespace

std::vector<Difference> differences(const settings::Configuration& from,
                                    const settings::Configuration& to) {
  std::vector<Difference> found;
  std::vector<std::string> names = from.section_names();
  for (const std::string& name : to.section_names()) {
    if (!from.section(name)) names.push_back(name);
  }
  for (const std::string& name : names) {
    const auto old = from.section(name);
    const auto now = to.section(name);
    if (old && now && old->same_as(*now)) continue;
    const std::size_t before = found.size();
    compare_places(Places(old), Places(now), found);
    if (found.size() == before) found.push_back({name, {}, {}, true});
  }
  return found;
}

}  // namespace provlab::lab
