#include "sim/lab/pages/fresh_pages.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "core/platform/checksum.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/pages.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kIndex = "index.html";

/// What a page asks with. Names of pages hold letters, digits, dashes, slashes and dots.
std::string asking_script(std::string_view name, std::string_view mark) {
  const std::string_view up = name.find('/') == name.npos ? "" : "../";
  return fmt::format(R"((function () {{
  const own = '{}', mark = '{}', up = '{}';
  window.provlabFresh = function (marks) {{
    const has = (page) => Object.prototype.hasOwnProperty.call(marks, page);
    const back = location.hash.startsWith('#back=') ? location.hash.slice(6) : '';
    if (!has(own)) location.replace(up + 'index.html#back=' + own);
    else if (back && has(back)) location.replace(up + back);
    else if (marks[own] !== mark) location.reload();
  }};
  const ask = function () {{
    const script = document.createElement('script');
    script.src = up + 'fresh.js?' + Date.now();
    script.onload = script.onerror = function () {{ script.remove(); setTimeout(ask, 250); }};
    document.head.append(script);
  }};
  setTimeout(ask, 250);
}})();
)",
                     name, mark, up);
}

/// In one step for those who read it meanwhile.
Expected<void> replace_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path beside = file.string() + ".new";
  if (const auto written = write_file(beside, content); !written) return written;
  std::error_code error;
  std::filesystem::rename(beside, file, error);
  if (error) return fail("cannot be written: " + error.message(), file.string());
  return {};
}

}  // namespace

Expected<void> FreshPages::write_page(const std::string& name, std::string page) {
  std::string mark = fmt::format("{:016x}", checksum_of(page));
  if (const auto known = marks_.find(name); known != marks_.end() && known->second == mark) {
    return {};
  }
  page = with_script(std::move(page), asking_script(name, mark));
  const auto written = replace_file(std::filesystem::path(folder_) / name, page);
  if (!written) return written;
  marks_[name] = std::move(mark);
  return {};
}

Expected<void> FreshPages::write(const SuiteReport& suite, const std::set<std::string>& files) {
  const std::filesystem::path root(folder_);
  if (const auto made = make_folder(root / "runs"); !made) return made;
  std::set<std::string> names{std::string(kIndex)};
  for (const RunReport& run : suite.runs) {
    const std::string name = page_path(run);
    names.insert(name);
    if (marks_.contains(name) && !files.contains(run.file)) continue;
    if (const auto written = write_page(name, run_page(run, folder_)); !written) return written;
  }
  if (const auto written = write_page(std::string(kIndex), index_page(suite, PageChoice::all));
      !written) {
    return written;
  }
  for (auto each = marks_.begin(); each != marks_.end();) {
    std::error_code ignored;
    if (names.contains(each->first)) {
      ++each;
    } else {
      std::filesystem::remove(root / each->first, ignored);
      each = marks_.erase(each);
    }
  }
  std::string said = "provlabFresh({";
  for (const auto& [name, mark] : marks_) said += fmt::format("\n'{}': '{}',", name, mark);
  return replace_file(root / "fresh.js", said + "\n});\n");
}

}  // namespace provlab::lab
