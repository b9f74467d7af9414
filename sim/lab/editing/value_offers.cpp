#include "sim/lab/editing/value_offers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "netfakes/responder_kinds.hpp"
#include "sim/lab/editing/setting_offers.hpp"
#include "sim/lab/language/moments.hpp"
#include "sim/lab/language/specification.hpp"
#include "sim/lab/trace/known_events.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

class ValueOffers {
 public:
  ValueOffers(const OpenScenario& scenario, std::size_t element,
              const Grammar::Attribute& attribute, std::string_view typed)
      : scenario_(scenario), element_(element), attribute_(attribute), typed_(typed) {}

  std::vector<Offer> make() {
    using Maker = void (ValueOffers::*)();
    static constexpr std::array<std::pair<std::string_view, Maker>, 13> kMakers{
        {{"HostId", &ValueOffers::hosts},
         {"Addresses", &ValueOffers::hosts},
         {"Sender", &ValueOffers::hosts},
         {"AnswerRef", &ValueOffers::answers},
         {"EventName", &ValueOffers::events},
         {"FieldName", &ValueOffers::fields},
         {"RequestField", &ValueOffers::request_fields},
         {"RuleNumbers", &ValueOffers::rules},
         {"FileName", &ValueOffers::files},
         {"ExpectedTarget", &ValueOffers::targets},
         {"Globs", &ValueOffers::variants},
         {"Moment", &ValueOffers::moments},
         {"Path", &ValueOffers::settings}}};
    const std::string& type = attribute_.type->name;
    for (const std::string& each : attribute_.type->values) add(each);
    const auto maker = std::ranges::find(kMakers, type, &std::pair<std::string_view, Maker>::first);
    if (maker != kMakers.end()) (this->*maker->second)();
    if (type == "Results") results();
    if (attribute_.name == "equals" || attribute_.name == "value") {
      offers_ = setting_value_offers(scenario_, element_);
    }
    if (attribute_.name == "request" || (attribute_.name == "is" && type == "FullText")) requests();
    return std::move(offers_);
  }

 private:
  void add(std::string label, std::string detail = {}, std::string about = {},
           Offer::Kind kind = Offer::Kind::value) {
    Offer offer{.kind = kind, .label = label};
    for (const char c : label) {
      offer.text += c == '<'   ? std::string("&lt;")
                    : c == '&' ? std::string("&amp;")
                    : c == '"' ? std::string("&quot;")
                               : std::string{c};
    }
    offer.detail = std::move(detail);
    offer.about = std::move(about);
    offers_.push_back(std::move(offer));
  }
  void add_name(std::string label, std::string detail = {}) {
    add(std::move(label), std::move(detail), {}, Offer::Kind::name);
  }

  const LooseDocument& loose() const { return scenario_.loose(); }
  std::string_view parent_name(std::size_t element) const {
    const std::size_t parent = loose().elements()[element].parent;
    return parent == LooseDocument::kNone ? std::string_view() : loose().name(parent);
  }

  void hosts() {
    for (const std::string& id : scenario_.host_ids()) add_name(id, "host");
    const std::string_view own = loose().name(element_);
    if (own == "lose" || own == "event") add_name("device", "the phone");
    if (attribute_.type->name == "Addresses" || parent_name(element_) == "responders") {
      add_name("none");
    }
  }

  void answers() {
    for (const OpenScenario::Named& each : scenario_.answers()) {
      add_name(each.id, std::string(loose().piece(loose().elements()[each.element].tag)));
    }
  }

  void events() {
    for (const auto& [name, fields] : known_events()) {
      add_name(name, fmt::format("{}", fmt::join(fields, " ")));
    }
  }

  void fields() {
    const std::size_t parent = loose().elements()[element_].parent;
    if (parent == LooseDocument::kNone) return;
    const auto [begin, end] = known_events().equal_range(loose().value(parent, "name"));
    std::set<std::string> names;
    for (auto each = begin; each != end; ++each) {
      names.insert(each->second.begin(), each->second.end());
    }
    for (const std::string& name : names) add_name(name);
  }

  void request_fields() {
    const std::size_t request = loose().elements()[element_].parent;
    if (request == LooseDocument::kNone) return;
    const std::string is = loose().value(request, "is");
    const std::string kind = loose().value(request, "kind");
    for (const netfakes::ResponderKind* each : netfakes::responder_kinds()) {
      if (!kind.empty() && each->name != kind) continue;
      if (!is.empty() && !each->can_be_asked(is)) continue;
      for (const std::string_view field : each->fields) {
        if (!field.ends_with('*')) add_name(std::string(field), std::string(each->name));
      }
      if (each->name == "dhcp") {
        for (const unsigned code : {50U, 53U, 54U, 55U, 57U, 60U, 61U}) {
          add_name(fmt::format("option-{}", code), std::string(each->name));
        }
      }
    }
  }

  void rules() {
    for (const SpecRule& rule : specification().rules) {
      add(rule.number, rule.title, rule.text, Offer::Kind::name);
    }
  }

  void moments() {
    if (typed_.find_first_of("+#") != std::string_view::npos) return;
    results();
    events();
  }

  void results() {
    for (const std::string& name : result_names()) add_name(name, "result of a run");
  }

  void targets() {
    for (const std::string& path : scenario_.paths_served()) add_name(path);
    if (scenario_.type_of(0) != nullptr) {
      add("winner", "in a race");
      add("loser", "in a race");
    }
  }

  void settings() { offers_ = setting_path_offers(scenario_, typed_); }

  void variants() {
    for (const std::string& name : scenario_.variants()) add_name(name, "variant");
  }

  void requests() {
    const std::string kind =
        attribute_.name == "request" ? std::string(parent_name(element_)) : kind_expected();
    for (const netfakes::ResponderKind* each : netfakes::responder_kinds()) {
      // Theirs only begin a request; whole ones follow below, as the file has them.
      if (each->name == "http" || each->name == "dns") continue;
      if (!kind.empty() && each->name != kind) continue;
      for (const std::string_view name : each->requests) {
        add(std::string(name), std::string(each->name));
      }
    }
    if (attribute_.name != "request") return;
    if (kind == "http") {
      for (const std::string& path : scenario_.paths_served()) add_name("GET " + path);
    } else if (kind == "dns") {
      for (const OpenScenario::Named& each : scenario_.hosts()) {
        const std::string name = loose().value(each.element, "name");
        if (!name.empty()) add_name("A " + name.substr(0, name.find(' ')));
      }
    }
  }

  /// Of the request that is expected, or of the list around it.
  std::string kind_expected() const {
    std::string kind = loose().value(element_, "kind");
    const std::size_t parent = loose().elements()[element_].parent;
    if (kind.empty() && parent != LooseDocument::kNone) kind = loose().value(parent, "kind");
    return kind;
  }

  void files() {
    namespace fs = std::filesystem;
    const std::string begun(typed_.substr(0, typed_.rfind('/') + 1));
    const std::string folder = begun.starts_with('/') ? begun : scenario_.folder() + begun;
    std::error_code error;
    std::vector<std::pair<std::string, bool>> found;
    constexpr std::size_t kMost = 1000;
    for (fs::directory_iterator each(folder.empty() ? "." : folder, error);
         !error && each != fs::directory_iterator() && found.size() < kMost;
         each.increment(error)) {
      std::error_code none;
      const std::string name = each->path().filename().string();
      // One that nobody could type, or that is no UTF-8, is left out.
      if (!name.starts_with('.') && visible(name) == name)
        found.emplace_back(name, each->is_directory(none));
    }
    std::ranges::sort(found);
    for (const auto& [name, is_folder] : found) {
      add(begun + name + (is_folder ? "/" : ""), {}, {},
          is_folder ? Offer::Kind::folder : Offer::Kind::file);
    }
  }

  const OpenScenario& scenario_;
  std::size_t element_;
  const Grammar::Attribute& attribute_;
  std::string_view typed_;
  std::vector<Offer> offers_;
};

}  // namespace

LooseDocument::Span part_of_value(const LooseDocument& loose, const Grammar::Attribute& attribute,
                                  LooseDocument::Span value, std::size_t offset) {
  static constexpr std::array<std::string_view, 4> kOfWords{"Addresses", "RuleNumbers", "Results",
                                                            "Globs"};
  if (std::ranges::find(kOfWords, attribute.type->name) == kOfWords.end()) return value;
  const std::size_t before = loose.piece({value.begin, offset}).rfind(' ');
  const std::size_t after = loose.piece({offset, value.end}).find(' ');
  return {before == std::string_view::npos ? value.begin : value.begin + before + 1,
          after == std::string_view::npos ? value.end : offset + after};
}

std::vector<Offer> value_offers(const OpenScenario& scenario, std::size_t element,
                                const Grammar::Attribute& attribute, std::string_view typed) {
  return ValueOffers(scenario, element, attribute, typed).make();
}

}  // namespace provlab::lab
