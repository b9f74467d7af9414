#include "tools/watched_files.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "sim/lab/editing/open_scenario.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/lab/suite/scenario_files.hpp"

namespace provlab::tools {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Between the steps of one save.
constexpr Duration kQuiet = 5ms;
/// So long a save may go on in such steps before it is judged all the same.
constexpr Duration kLongestSave = 30ms;
/// A file that is away so long, or was written but not closed, was meant to be so.
constexpr Duration kPatience = 150ms;

std::string whole_path(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  return error ? path : whole.lexically_normal().string();
}

/// The names under which the kernel may tell of a file: its own, and where links lead.
std::set<std::string> names_of(const std::string& path) {
  std::error_code error;
  std::set<std::string> names{whole_path(path)};
  const fs::path real = fs::weakly_canonical(path, error);
  if (!error) names.insert(real.string());
  return names;
}

bool exists(const std::string& path) {
  return lab::stamp_of(path).has_value();
}

}  // namespace

Expected<WatchedFiles> WatchedFiles::look(const std::vector<std::string>& paths) {
  auto watch = lab::FolderWatch::create();
  if (!watch) return std::unexpected(watch.error());
  WatchedFiles files(std::move(*watch));
  files.paths_ = paths;
  // A wrong path is told now; later it is one that comes and goes.
  if (const auto found = lab::find_scenarios(paths); !found) return std::unexpected(found.error());
  const auto found = files.find_all();
  if (!found) return std::unexpected(found.error());
  if (const auto looked = files.look_into(*found); !looked) return std::unexpected(looked.error());
  return files;
}

std::set<std::string> WatchedFiles::scenarios() const {
  std::set<std::string> all;
  for (const auto& [name, parts] : scenarios_) all.insert(name);
  return all;
}

std::size_t WatchedFiles::read_by_them() const {
  std::set<std::string> others;
  for (const auto& [name, parts] : scenarios_) {
    for (const auto& [file, stamp] : parts) others.insert(file);
  }
  for (const auto& [name, parts] : scenarios_) {
    for (const std::string& own : names_of(name)) others.erase(own);
  }
  return others.size();
}

/// Watches every folder of the arguments; the scenarios among them that were not known.
Expected<std::set<std::string>> WatchedFiles::find_all() {
  std::set<std::string> unknown;
  for (const std::string& path : paths_) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      if (!scenarios_.contains(path)) unknown.insert(path);
      if (const auto watched = watch_around(path); !watched) {
        return std::unexpected(watched.error());
      }
      continue;
    }
    // Watched before it is searched, so that nothing comes between.
    const auto own = watch_.watch(whole_path(path));
    if (!own) return std::unexpected(own.error());
    fs::recursive_directory_iterator each(path, error);
    for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
      std::error_code none;
      if (!each->is_directory(none)) continue;
      const auto watched = watch_.watch(whole_path(each->path().string()));
      if (!watched) return std::unexpected(watched.error());
    }
    const auto found = lab::find_scenarios({path});
    if (!found) continue;  // the folder has gone meanwhile
    for (const std::string& file : *found) {
      if (!scenarios_.contains(file)) unknown.insert(file);
    }
  }
  return unknown;
}

/// The folder of a file, or where it is not there the nearest one above.
Expected<void> WatchedFiles::watch_around(const std::string& file) {
  for (const std::string& name : names_of(file)) {
    for (fs::path folder = fs::path(name).parent_path();; folder = folder.parent_path()) {
      const auto watched = watch_.watch(folder.string());
      if (!watched) return std::unexpected(watched.error());
      if (*watched || folder == folder.root_path()) break;
    }
  }
  return {};
}

Expected<WatchedFiles::Parts> WatchedFiles::parts_of(const std::string& scenario) {
  std::vector<std::string> files{scenario};
  if (const auto text = lab::read_file(scenario, lab::kMostScenarioOctets)) {
    for (const auto& named : lab::OpenScenario(*text, scenario).files()) {
      files.push_back(named.path);
    }
  }
  Parts parts;
  for (const std::string& file : files) {
    if (const auto watched = watch_around(file); !watched) return std::unexpected(watched.error());
    for (const std::string& name : names_of(file)) parts.emplace(name, lab::stamp_of(name));
  }
  return parts;
}

Expected<void> WatchedFiles::look_into(const std::set<std::string>& scenarios) {
  for (const std::string& file : scenarios) {
    auto parts = parts_of(file);
    if (!parts) return std::unexpected(parts.error());
    scenarios_[file] = std::move(*parts);
  }
  return {};
}

/// Goes on as long as the steps of a save follow each other.
Expected<void> WatchedFiles::settle(lab::FolderWatch::Changes& changes) {
  for (Duration waited{}; waited < kLongestSave; waited += kQuiet) {
    lab::FolderWatch::Changes more;
    if (const auto got = watch_.wait(kQuiet, more); !got) return got;
    if (more.empty()) return {};
    changes.written.merge(more.written);
    changes.touched.merge(more.touched);
    changes.gone.merge(more.gone);
    changes.folders_changed |= more.folders_changed;
  }
  return {};
}

Expected<WatchedFiles::Saved> WatchedFiles::wait() {
  lab::FolderWatch::Changes changes;
  if (const auto got = watch_.wait(1s, changes); !got) return std::unexpected(got.error());
  if (changes.empty()) return Saved{};
  Saved saved{.noticed = lab::wall_clock()};
  if (const auto settled = settle(changes); !settled) return std::unexpected(settled.error());
  // What is only touched or gone may be half of a save: its other half has a moment to come.
  const auto is_half = [&](const std::string& path) {
    const bool ours = std::ranges::any_of(
        scenarios_, [&](const auto& each) { return each.second.contains(path); });
    return ours && !changes.written.contains(path);
  };
  if (std::ranges::any_of(changes.gone, is_half) || std::ranges::any_of(changes.touched, is_half)) {
    if (const auto got = watch_.wait(kPatience, changes); !got) return std::unexpected(got.error());
    if (const auto settled = settle(changes); !settled) return std::unexpected(settled.error());
  }
  if (const auto noted = note(changes, saved); !noted) return std::unexpected(noted.error());
  return saved;
}

/// What is in a folder comes and goes with it, unseen.
void WatchedFiles::note_moved_folders(Saved& saved) {
  for (auto& [name, parts] : scenarios_) {
    for (auto& [file, stamp] : parts) {
      if (lab::stamp_of(file) == stamp) continue;
      saved.concerned.insert(name);
      saved.files.insert(file);
    }
  }
}

Expected<void> WatchedFiles::note(const lab::FolderWatch::Changes& changes, Saved& saved) {
  std::set<std::string> all = changes.written;
  all.insert(changes.touched.begin(), changes.touched.end());
  all.insert(changes.gone.begin(), changes.gone.end());
  bool unknown_markup = changes.folders_changed;
  for (const std::string& path : all) {
    bool known = false;
    for (const auto& [name, parts] : scenarios_) {
      if (!parts.contains(path)) continue;
      known = true;
      saved.concerned.insert(name);
    }
    if (known) saved.files.insert(path);
    unknown_markup |= !known && path.ends_with(".xml") && !changes.gone.contains(path);
  }
  if (changes.folders_changed) note_moved_folders(saved);
  if (unknown_markup) {
    const auto found = find_all();
    if (!found) return std::unexpected(found.error());
    saved.concerned.insert(found->begin(), found->end());
    saved.files.insert(found->begin(), found->end());
  }
  for (auto each = scenarios_.begin(); each != scenarios_.end();) {
    const bool argument = std::ranges::find(paths_, each->first) != paths_.end();
    if (argument || exists(each->first)) {
      ++each;
    } else {
      saved.gone.insert(each->first);
      saved.concerned.erase(each->first);
      each = scenarios_.erase(each);
    }
  }
  return look_into(saved.concerned);
}

}  // namespace provlab::tools
