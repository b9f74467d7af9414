#include "sim/lab/machine/output_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "sim/lab/machine/exhaustion.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

/// File systems take 255 octets; the ending and a number come behind.
constexpr std::size_t kLongestName = 230;

std::unexpected<Error> cannot_be_written(const fs::path& file, int reason) {
  throw_where_exhausted(reason);
  return fail("the file cannot be written: " + std::generic_category().message(reason),
              file.string());
}

/// Without links in the folders, so that one folder has one name.
fs::path with_plain_folder(const fs::path& file) {
  std::error_code error;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const fs::path plain = fs::weakly_canonical(folder, error);
  return (error ? fs::absolute(folder) : plain) / file.filename();
}

fs::path plain_folder(const std::string& path) {
  std::error_code error;
  fs::path plain = fs::weakly_canonical(path, error);
  if (!error && fs::is_directory(plain, error)) return plain;
  return with_plain_folder(path).parent_path();
}

}  // namespace

Expected<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error) && !error) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) return fail("the folder cannot be made: " + error.message(), folder.string());
  return {};
}

GrowingFile::GrowingFile(fs::path file, Stream stream)
    : file_(std::move(file)), stream_(std::move(stream)) {}

Expected<GrowingFile> GrowingFile::create(const fs::path& file) {
  if (file.has_parent_path()) {
    if (auto made = make_folder(file.parent_path()); !made) {
      return std::unexpected(std::move(made.error()));
    }
  }
  Stream stream(std::fopen(file.c_str(), "wb"), &std::fclose);
  if (!stream) return cannot_be_written(file, errno);
  return GrowingFile(file, std::move(stream));
}

Expected<void> GrowingFile::append(std::string_view content) {
  // What is kept back is written now; it may be that only then the disk turns out to be full.
  if (std::fwrite(content.data(), 1, content.size(), stream_.get()) != content.size() ||
      std::fflush(stream_.get()) != 0) {
    return cannot_be_written(file_, errno);
  }
  return {};
}

Expected<void> write_file(const fs::path& file, std::string_view content) {
  auto created = GrowingFile::create(file);
  if (!created) return std::unexpected(std::move(created.error()));
  return created->append(content);
}

std::string common_folder(const std::vector<std::string>& paths) {
  fs::path common;
  for (const std::string& path : paths) {
    const fs::path folder = plain_folder(path);
    if (common.empty()) {
      common = folder;
      continue;
    }
    const auto parted = std::ranges::mismatch(common, folder).in1;
    fs::path shared;
    for (auto part = common.begin(); part != parted; ++part) shared /= *part;
    common = shared;
  }
  return common.string();
}

RunFileNames::RunFileNames(const std::string& root)
    : root_(with_plain_folder(fs::path(root) / "file").parent_path()) {}

std::string RunFileNames::name(const std::string& scenario_file, const std::string& variant) {
  fs::path path;
  for (const fs::path& part : with_plain_folder(scenario_file).lexically_relative(root_)) {
    if (part != "..") path /= part;
  }
  if (path.extension() == ".xml") path.replace_extension();
  std::string last = path.filename().string();
  if (!variant.empty()) last += "--" + variant;
  last.resize(std::min(last.size(), kLongestName));
  for (std::size_t number = 1;; ++number) {
    std::string name =
        path.replace_filename(number == 1 ? last : fmt::format("{}-{}", last, number)).string();
    if (taken_.insert(name).second) return name;
  }
}

}  // namespace provlab::lab
