#include "sim/lab/report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;
using Result = JUnitCase::Result;

/// Surefire takes three digits behind the point.
std::string junit_seconds(Duration value) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(value).count());
}

void set(pugi::xml_node node, const char* attribute, std::string_view value) {
  node.append_attribute(attribute) = visible(value).c_str();
}

void add_result(pugi::xml_node test, const JUnitCase& each) {
  if (each.result == Result::passed) return;
  if (each.result == Result::skipped) {
    return set(test.append_child("skipped"), "message", each.message);
  }
  pugi::xml_node problem = test.append_child(each.result == Result::failure ? "failure" : "error");
  set(problem, "message", each.message);
  set(problem, "type", each.type);
  problem.text() = each.text.c_str();
}

}  // namespace

std::string junit_document(std::string_view name, std::span<const JUnitCase> cases, Duration time) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuite");
  const auto count = [&](Result result) {
    return static_cast<unsigned>(std::ranges::count(cases, result, &JUnitCase::result));
  };
  set(root, "name", name);
  root.append_attribute("tests") = static_cast<unsigned>(cases.size());
  root.append_attribute("failures") = count(Result::failure);
  root.append_attribute("errors") = count(Result::error);
  root.append_attribute("skipped") = count(Result::skipped);
  root.append_attribute("time") = junit_seconds(time).c_str();
  std::map<std::pair<std::string, std::string>, unsigned> names;
  for (const JUnitCase& each : cases) {
    const unsigned same = ++names[{each.classname, each.name}];
    pugi::xml_node test = root.append_child("testcase");
    set(test, "classname", each.classname);
    set(test, "name", same == 1 ? each.name : fmt::format("{} ({})", each.name, same));
    test.append_attribute("time") = junit_seconds(each.time).c_str();
    add_result(test, each);
    if (!each.out.empty()) test.append_child("system-out").text() = each.out.c_str();
  }
  std::ostringstream out;
  document.save(out, "  ");
  return std::move(out).str();
}

std::string junit_class(const std::string& file) {
  fs::path path = fs::path(file).lexically_normal();
  if (path.is_absolute()) {
    std::error_code error;
    const fs::path near = path.lexically_relative(fs::current_path(error));
    if (!error && !near.empty() && *near.begin() != "..") path = near;
  }
  std::string name;
  for (const fs::path& part : path.parent_path().relative_path()) {
    std::string word = part.string();
    if (word == "." || word == "..") continue;
    std::ranges::replace(word, '.', '_');
    name += (name.empty() ? "" : ".") + word;
  }
  return name.empty() ? "scenarios" : name;
}

}  // namespace provlab::lab
