#include "sim/lab/language/device_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/markers.hpp"
#include "core/net/url.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kSeparators = ",;\t";

/// In one of the three ways in which people write it.
std::optional<MacAddress> mac_as_written(std::string_view text) {
  std::string usual;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.size() == 12 && i > 0 && i % 2 == 0) usual += ':';
    usual += text[i];
  }
  if (usual.find(':') == usual.npos) std::ranges::replace(usual, '-', ':');
  const auto mac = parse_mac(usual);
  return mac ? std::optional(*mac) : std::nullopt;
}

/// A value of a line, and where it stands.
struct Field {
  std::string value;
  int column = 0;
};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

/// Reads line after line.
class DeviceList::Reader {
 public:
  Reader(DeviceList& list, Complaints& complaints) : list_(list), complaints_(complaints) {}

  void read(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    while (!text.empty() && !complaints_.full()) {
      const std::size_t end = text.find('\n');
      ++line_;
      read_line(text.substr(0, end));
      if (end == text.npos) break;
      text.remove_prefix(end + 1);
    }
  }

 private:
  /// `column` is in octets of the line, from 1.
  void complain(int column, std::string text) {
    const auto octets = static_cast<std::size_t>(column - 1);
    const auto further = std::ranges::count_if(whole_line_.substr(0, octets), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;  // of a character of UTF-8
    });
    complaints_.add(
        {complaints_.file(), line_, std::move(text), column - static_cast<int>(further)});
  }

  void read_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    whole_line_ = line;
    const std::string_view content = trimmed(line);
    if (content.empty() || content.front() == '#') return;
    if (line.size() > kMostInLine) {
      return complain(1,
                      fmt::format("this line has {} octets; a MAC address and a URL have at most "
                                  "{}",
                                  line.size(), kMostInLine));
    }
    const auto control =
        std::ranges::find_if(line, [](char c) { return c != '\t' && is_control(c); });
    if (control != line.end()) {
      return complain(static_cast<int>(control - line.begin()) + 1,
                      "a control character stands here; remove it");
    }
    const auto fields = split(line);
    if (!fields) return;
    if (std::exchange(first_, false) && same_ignoring_case(fields->front().value, "mac")) return;
    take(*fields);
  }

  /// At the separator that comes first, but for what stands in quotes. Nothing where it was
  /// complained about.
  std::optional<std::vector<Field>> split(std::string_view line) {
    std::vector<Field> fields;
    char separator = '\0';
    std::size_t at = 0;
    for (;;) {
      while (at < line.size() && line[at] == ' ') ++at;
      Field field{{}, static_cast<int>(at) + 1};
      if (at < line.size() && line[at] == '"') {
        if (!take_quoted(line, at, field)) return std::nullopt;
      } else {
        const std::string_view ends =
            separator == '\0' ? kSeparators : std::string_view(&separator, 1);
        const std::size_t end = std::min(line.find_first_of(ends, at), line.size());
        field.value = trimmed(line.substr(at, end - at));
        at = end;
      }
      fields.push_back(std::move(field));
      while (at < line.size() && line[at] == ' ') ++at;
      if (at == line.size()) return fields;
      if (separator == '\0' && kSeparators.find(line[at]) != kSeparators.npos) separator = line[at];
      if (line[at] != separator) {
        complain(static_cast<int>(at) + 1,
                 "a comma is to stand behind the quote; write \"...\",\"...\"");
        return std::nullopt;
      }
      ++at;
    }
  }

  /// From its opening quote to behind the closing one; a quote inside is doubled.
  bool take_quoted(std::string_view line, std::size_t& at, Field& field) {
    const std::size_t opening = at++;
    for (; at < line.size(); ++at) {
      if (line[at] != '"') {
        field.value += line[at];
      } else if (at + 1 < line.size() && line[at + 1] == '"') {
        field.value += line[at++];
      } else {
        ++at;
        return true;
      }
    }
    complain(static_cast<int>(opening) + 1, "this quote is not closed in its line; add a '\"'");
    return false;
  }

  void take(const std::vector<Field>& fields) {
    const Field& mac_field = fields.front();
    const auto mac = mac_as_written(mac_field.value);
    if (!mac) {
      return complain(mac_field.column,
                      fmt::format("'{}' is not a MAC address; write 00:09:52:00:00:0E, "
                                  "00-09-52-00-00-0E or 00095200000E",
                                  shortened(mac_field.value)));
    }
    if (mac->is_group()) {
      return complain(
          mac_field.column,
          fmt::format("{} is the address of a group; write that of a device", mac->to_string()));
    }
    if (fields.size() < 2 || fields[1].value.empty()) {
      return complain(fields.size() < 2 ? mac_field.column : fields[1].column,
                      fmt::format("the device has no URL; write {},http://prov.server.com/a.xml",
                                  mac->to_string()));
    }
    for (const Field& further : std::span(fields).subspan(2)) {
      if (further.value.empty()) continue;
      return complain(further.column,
                      fmt::format("'{}' is a third value; a line has a MAC address and a URL, with "
                                  "quotes around a URL that holds the separator",
                                  shortened(further.value)));
    }
    const Field& url = fields[1];
    DeviceIdentity device;
    device.mac = *mac;
    if (const auto parsed = net::Url::parse(net::replace_markers(url.value, device).text);
        !parsed) {
      return complain(url.column, fmt::format("{}; write it as http://prov.server.com/a.xml",
                                              parsed.error().text));
    }
    const auto [place, fresh] = places_.emplace(*mac, line_);
    if (!fresh) {
      return complain(mac_field.column,
                      fmt::format("{} stands in line {} already; keep one of them",
                                  mac->to_string(), place->second));
    }
    list_.urls_.emplace(mac->compact(), url.value);
  }

  DeviceList& list_;
  Complaints& complaints_;
  std::map<MacAddress, int> places_;
  int line_ = 0;
  std::string_view whole_line_;
  bool first_ = true;  ///< of the lines that have values
};

DeviceList::Result DeviceList::parse(std::string_view text, const std::string& file) {
  Complaints complaints(file);
  const std::shared_ptr<DeviceList> list(new DeviceList(file));
  Reader(*list, complaints).read(text);
  if (!complaints.empty()) return std::unexpected(complaints.sorted());
  return list;
}

DeviceList::Result DeviceList::load(const std::string& file) {
  auto text = read_file(file, kMostOctets);
  if (text) return parse(*text, file);
  return std::unexpected(std::vector{Complaint{file, 0, std::move(text.error().text)}});
}

std::optional<std::string> DeviceList::url_of(std::string_view mac) const {
  const auto found = urls_.find(mac);
  if (found == urls_.end()) return std::nullopt;
  return found->second;
}

}  // namespace provlab::lab
