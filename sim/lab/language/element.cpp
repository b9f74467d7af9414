#include "sim/lab/language/element.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <climits>
#include <filesystem>
#include <sstream>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

/// Whether a file, when it is opened, is one below the folder: all links are followed.
bool lies_below(const std::string& file, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto plain = [&error](const std::string& path) {
    const fs::path whole = error ? fs::path() : fs::absolute(path, error);
    return error ? fs::path() : fs::weakly_canonical(whole, error);
  };
  const fs::path root = plain(folder.empty() ? "." : folder);
  const fs::path place = plain(file);
  if (error) return false;
  // A folder may be written with a slash behind it, which is an empty part.
  auto end = root.end();
  if (!root.empty() && root.filename().empty() && root.has_relative_path()) --end;
  return std::mismatch(root.begin(), end, place.begin(), place.end()).first == end;
}

std::optional<unsigned> whole_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `02:30`, `02:30:15` or `02:30+24h`: the first one from the start on, and so long after it.
Expected<Moment> parse_time_of_day(std::string_view text, WallTime epoch) {
  const std::size_t plus = std::min(text.find('+'), text.size());
  const std::string_view clock = text.substr(0, plus);
  const auto part = [&](std::size_t place) {
    return place < clock.size() ? whole_number(clock.substr(place, 2)).value_or(0) : 0U;
  };
  constexpr Duration kDay = std::chrono::hours(24);
  const Duration wanted =
      std::chrono::hours(part(0)) + std::chrono::minutes(part(3)) + std::chrono::seconds(part(6));
  const Duration start = epoch - std::chrono::floor<std::chrono::days>(epoch);
  Moment moment{
      .anchor = {}, .offset = (wanted - start + kDay) % kDay, .time_of_day = std::string(text)};
  if (plus == text.size()) return moment;
  const auto later = parse_time(text.substr(plus + 1));
  if (!later) return std::unexpected(later.error());
  moment.offset += *later;
  return moment;
}

Expected<Moment> parse_moment(std::string_view text, WallTime epoch) {
  Moment moment;
  if (text.find(':') != std::string_view::npos) return parse_time_of_day(text, epoch);
  if (text.front() >= '0' && text.front() <= '9') {
    const auto offset = parse_time(text);
    if (!offset) return std::unexpected(offset.error());
    moment.offset = *offset;
    return moment;
  }
  if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    const auto offset = parse_time(text.substr(plus + 1));
    if (!offset) return std::unexpected(offset.error());
    moment.offset = *offset;
    text = text.substr(0, plus);
  }
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    const auto nth = whole_number(text.substr(hash + 1));
    if (!nth) return fail(fmt::format("'{}' counts beyond {}", text.substr(hash), UINT_MAX));
    moment.nth = *nth;
    text = text.substr(0, hash);
  }
  moment.anchor = text;
  return moment;
}

}  // namespace

Bytes hexadecimal_octets(std::string_view text) {
  Bytes octets;
  std::optional<unsigned> high;
  for (const char c : text) {
    const auto value = hexadecimal_digit(c);
    if (!value) continue;
    if (!high) {
      high = value;
    } else {
      octets.push_back(static_cast<std::uint8_t>(*high * 16 + *value));
      high.reset();
    }
  }
  return octets;
}

Expected<Duration> parse_time(std::string_view text, Duration most) {
  auto value = parse_duration(text);
  if (value && *value <= most) return value;
  // What is too long for a Duration is too long here, and the limit is what helps; other errors are
  // in the fraction.
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::size_t unit = std::min(text.find_first_not_of(".0123456789"), text.size());
  const auto whole = fmt::format("{}{}", text.substr(0, digits), text.substr(unit));
  if (!value && parse_duration(whole)) return value;
  return fail(fmt::format("'{}' is too long; at most {} are taken", text, to_string(most)));
}

std::vector<Element> Element::children() const {
  std::vector<Element> result;
  for (xmlNode* child : Children(node_)) {
    if (!context_->bad.contains(child)) result.emplace_back(*context_, child);
  }
  return result;
}

std::vector<Element> Element::children(std::string_view child_name) const {
  std::vector<Element> result;
  for (xmlNode* child : Children(node_)) {
    if (name_of(child) == child_name) result.emplace_back(*context_, child);
  }
  return result;
}

std::optional<Element> Element::child(std::string_view child_name) const {
  for (xmlNode* child : Children(node_)) {
    if (name_of(child) == child_name) return Element(*context_, child);
  }
  return std::nullopt;
}

std::optional<std::string> Element::get(const char* attribute) const {
  const xmlAttr* attr = xmlHasProp(node_, reinterpret_cast<const xmlChar*>(attribute));
  if (attr == nullptr || context_->bad.contains(attr)) return std::nullopt;
  return lab::attribute(node_, attribute);
}

std::string Element::text(const char* attribute, std::string_view fallback) const {
  return get(attribute).value_or(std::string(fallback));
}

template <class T>
std::optional<T> Element::parsed(const char* attribute, Expected<T> value) const {
  if (value) return *value;
  complain_and_forget(attribute, fmt::format("{}: {}", attribute, value.error().text));
  return std::nullopt;
}

void Element::complain_and_forget(const char* attribute, std::string text) const {
  complain(attribute, std::move(text));
  context_->bad.insert(xmlHasProp(node_, reinterpret_cast<const xmlChar*>(attribute)));
}

std::optional<Duration> Element::duration(const char* attribute, Duration most) const {
  const auto value = get(attribute);
  return value ? parsed(attribute, parse_time(*value, most)) : std::nullopt;
}

std::optional<unsigned> Element::number(const char* attribute) const {
  const auto value = get(attribute);
  if (!value) return std::nullopt;
  const auto number = whole_number(*value);
  if (!number) {
    complain_and_forget(attribute, fmt::format("{}=\"{}\": a number from 0 to {} is taken",
                                               attribute, *value, UINT_MAX));
  }
  return number;
}

std::optional<bool> Element::flag(const char* attribute) const {
  const auto value = get(attribute);
  if (!value) return std::nullopt;
  return *value == "true";
}

std::optional<double> Element::percent(const char* attribute) const {
  const auto value = get(attribute);
  if (!value) return std::nullopt;
  double number = 0;
  std::from_chars(value->data(), value->data() + value->size(), number);
  return number / 100;
}

std::optional<MacAddress> Element::mac(const char* attribute) const {
  const auto value = get(attribute);
  return value ? parsed(attribute, parse_mac(*value)) : std::nullopt;
}

std::optional<Ipv4Address> Element::address(const char* attribute) const {
  const auto value = get(attribute);
  return value ? parsed(attribute, Ipv4Address::parse(*value)) : std::nullopt;
}

std::optional<InterfaceAddress> Element::interface_address(const char* attribute) const {
  const auto value = get(attribute);
  if (!value) return std::nullopt;
  const std::size_t slash = value->find('/');
  const auto address = parsed(attribute, Ipv4Address::parse(value->substr(0, slash)));
  if (!address) return std::nullopt;
  InterfaceAddress result{*address, 24};
  if (slash != std::string::npos) {
    result.prefix_length = whole_number(value->substr(slash + 1)).value_or(33);
  }
  if (result.prefix_length > 32 || result.prefix_length == 0) {
    complain(attribute,
             fmt::format("{}=\"{}\": a prefix length goes from 1 to 32", attribute, *value));
    return std::nullopt;
  }
  if (!address->is_unicast()) {
    complain(attribute,
             fmt::format("{}=\"{}\" is no address that a machine can have", attribute, *value));
    return std::nullopt;
  }
  return result;
}

std::optional<WallTime> Element::wall_time(const char* attribute) const {
  const auto value = get(attribute);
  if (!value) return std::nullopt;
  const auto time = parsed(attribute, parse_wall_time(*value));
  using std::chrono::January;
  const auto first_of = [](int year) {
    return std::chrono::sys_days(std::chrono::year(year) / std::chrono::January / 1);
  };
  if (!time || (*time >= first_of(1900) && *time < first_of(2200))) return time;
  complain_and_forget(attribute, fmt::format("{}=\"{}\": a time of the years from 1900 to 2199 is "
                                             "taken",
                                             attribute, *value));
  return std::nullopt;
}

std::optional<Moment> Element::moment(const char* attribute) const {
  const auto value = get(attribute);
  return value ? parsed(attribute, parse_moment(*value, context_->epoch)) : std::nullopt;
}

std::optional<Instant> Element::time(const char* attribute) const {
  const auto at = moment(attribute);
  return at ? std::optional(Instant{} + at->offset) : std::nullopt;
}

std::optional<Times> Element::times(const char* attribute) const {
  const auto value = get(attribute);
  if (!value) return std::nullopt;
  Times times;
  const std::size_t dots = value->find("..");
  times.least = whole_number(value->substr(0, dots)).value_or(0);
  if (dots == std::string::npos) {
    times.most = times.least;
  } else if (dots + 2 < value->size()) {
    times.most = whole_number(value->substr(dots + 2)).value_or(0);
    if (times.most < times.least) {
      complain(attribute, fmt::format("{}=\"{}\": the second number is the smaller one; swap them",
                                      attribute, *value));
    }
  }
  return times;
}

std::optional<netfakes::Nth> Element::nth(const char* attribute) const {
  const auto range = times(attribute);
  return range ? std::optional(netfakes::Nth(range->least, range->most)) : std::nullopt;
}

std::optional<std::size_t> Element::size(const char* attribute, std::size_t most) const {
  const auto value = get(attribute);
  if (!value) return std::nullopt;
  const std::size_t unit = value->find_first_not_of("0123456789");
  const std::size_t number = whole_number(value->substr(0, unit)).value_or(0);
  const std::string_view name = std::string_view(*value).substr(std::min(unit, value->size()));
  const std::size_t octets = number * (name == "KiB" ? 1024 : name == "MiB" ? 1024 * 1024 : 1);
  if (octets <= most) return octets;
  complain_and_forget(attribute, fmt::format("{}=\"{}\" is too much; at most {} octets are taken",
                                             attribute, *value, most));
  return std::nullopt;
}

std::optional<Bytes> Element::octets(const char* attribute) const {
  const auto text = get(attribute);
  return text ? std::optional(hexadecimal_octets(*text)) : std::nullopt;
}

std::vector<std::string> Element::words(const char* attribute) const {
  std::vector<std::string> result;
  std::istringstream stream(text(attribute));
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

std::optional<std::string> Element::path(const char* attribute) const {
  const auto name = get(attribute);
  if (!name) return std::nullopt;
  std::string where = name->starts_with('/') ? *name : context_->directory + *name;
  const std::string& root = context_->root.empty() ? context_->directory : context_->root;
  if (lies_below(where, root)) return where;
  complain(attribute,
           fmt::format("'{}' leads out of the folder {}; put the file beside the scenario, or name "
                       "a folder that holds both by --root",
                       *name, root.empty() ? "of the scenario" : root));
  return std::nullopt;
}

std::optional<std::string> Element::file(const char* attribute, std::size_t most) const {
  const auto where = path(attribute);
  if (!where) return std::nullopt;
  auto content = read_file(*where, most);
  if (content) return std::move(*content);
  const std::string name = text(attribute);
  std::error_code none;
  complain(attribute, std::filesystem::exists(*where, none)
                          ? fmt::format("'{}': {}", name, content.error().text)
                          : fmt::format("there is no file '{}'; it is looked for beside the "
                                        "scenario, as {}",
                                        name, *where));
  return std::nullopt;
}

std::optional<std::string> Element::body() const {
  xmlNode* inside = first_element(node_);
  const std::string content =
      inside != nullptr ? context_->document.to_xml(inside) : std::string(trimmed(text_of(node_)));
  if (inside != nullptr) check_nothing_beside(Element(*context_, inside));
  const auto src = get("src");
  if (!src) return content.empty() ? std::nullopt : std::optional(content);
  if (!content.empty()) {
    complain("src",
             fmt::format("<{}> has both src and content of its own; keep one of them", name()));
    return std::nullopt;
  }
  return file("src", kMostScenarioOctets);
}

std::optional<std::string> Element::sized_body() const {
  constexpr std::size_t kMostOfBody = std::size_t{16} << 20;
  auto content = body();
  const auto wanted = size("size", kMostOfBody);
  if (!wanted) return content;
  if (!content) return std::string(*wanted, 'x');
  if (content->size() > *wanted) {
    complain("size", fmt::format("size=\"{}\": the content has {} octets already; write more, or "
                                 "cut=\"...\" to cut the answer short",
                                 text("size"), content->size()));
    return content;
  }
  content->resize(*wanted, '\n');
  return content;
}

/// An element inside is all that is taken.
void Element::check_nothing_beside(const Element& inside) const {
  std::string beside;
  for (xmlNode* each = node_->children; each != nullptr; each = each->next) {
    if (each->type != XML_TEXT_NODE && each->type != XML_CDATA_SECTION_NODE) continue;
    const std::string text = text_of(each);
    if (const auto words = trimmed(text); !words.empty()) beside.append(" ").append(words);
  }
  if (beside.empty()) return;
  inside.complain(
      fmt::format("text beside the element in <{}> goes unheard:{}; remove it, or write "
                  "all of it as text, in <![CDATA[...]]>",
                  name(), shortened(beside, 60)));
}

std::string Element::start_tag() const {
  std::string text = fmt::format("<{}", name());
  for (const xmlAttr* attr = node_->properties; attr != nullptr; attr = attr->next) {
    const auto* attribute = reinterpret_cast<const char*>(attr->name);
    if (std::string_view(attribute) == "why" || std::string_view(attribute) == "not-on-wire") {
      continue;
    }
    text += fmt::format(" {}=\"{}\"", attribute, lab::attribute(node_, attribute).value_or(""));
  }
  return text + ">";
}

std::string Element::as_written() const {
  std::string text = start_tag();
  xmlNode* inside = first_element(node_);
  if (inside == nullptr) {
    text.back() = '/';
    return text + ">";
  }
  for (; inside != nullptr; inside = next_element(inside)) {
    text += Element(*context_, inside).as_written();
  }
  return text + fmt::format("</{}>", name());
}

}  // namespace provlab::lab
