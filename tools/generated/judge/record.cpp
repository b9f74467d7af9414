#include "tools/generated/judge/record.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "tools/generated/judge/kept_lines.hpp"

namespace provlab::mutants {

namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  return fields;
}

std::string heading(std::uint64_t identity) {
  return fmt::format("# what became of generated mutants, by program and library {:016x}\n",
                     identity);
}

}  // namespace

Expected<Record> Record::open(const std::string& file, std::uint64_t identity) {
  auto kept = keep_lines(file, heading(identity));
  if (!kept) return std::unexpected(kept.error());
  Record record(std::move(kept->file));
  std::istringstream lines(kept->known);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> fields = split(line);
    if (fields.size() != 5) continue;
    const auto end = end_of(fields[1]);
    if (!end) continue;
    Verdict verdict;
    verdict.ending.end = *end;
    verdict.ending.by = fields[4] == "-" ? "" : fields[4];
    std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), verdict.reaching);
    std::from_chars(fields[3].data(), fields[3].data() + fields[3].size(), verdict.seconds);
    record.verdicts_[fields[0]] = verdict;
  }
  return record;
}

Expected<void> Record::add(const Mutant& mutant, const Verdict& verdict) {
  verdicts_[mutant.id] = verdict;
  const std::string by = verdict.ending.by.empty() ? "-" : verdict.ending.by;
  return file_.append(fmt::format("{}\t{}\t{}\t{:.3f}\t{}\n", mutant.id,
                                  to_string(verdict.ending.end), verdict.reaching, verdict.seconds,
                                  by));
}

Expected<std::vector<Remark>> parse_remarks(std::string_view text, const std::string& file) {
  std::vector<Remark> all;
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const std::vector<std::string> fields = split(line);
    const std::string place = fmt::format("{}:{}", file, number);
    if (fields.size() != 3) {
      return fail("write ID, source line and reason with tabs between them", place);
    }
    all.push_back({fields[0], fields[1], fields[2], place});
  }
  return all;
}

}  // namespace provlab::mutants
