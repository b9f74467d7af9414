#include "sim/lab/pages/changes_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/pages/page_frame.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostChanges = 300;

void write_example(HtmlWriter& html, const Notice& notice, SideName side) {
  const std::string& example = notice.example[index_of(side)];
  html.open("dt");
  html.element("span", side == SideName::a ? "A" : "B",
               {{"class", side == SideName::a ? "letter a" : "letter b"}});
  html.close();
  html.element("dd", example.empty() ? "nothing" : example);
}

void write_change(HtmlWriter& html, const ChangesPage::Change& change) {
  html.open("div", {{"class", "card bad"}});
  html.element("h3", change.notice.text);
  html.element("p", fmt::format("in {}: {}", change.count, change.where), {{"class", "quiet"}});
  if (!change.notice.example[0].empty() || !change.notice.example[1].empty()) {
    html.open("dl", {{"class", "planes"}});
    for (const SideName side : kBothSides) write_example(html, change.notice, side);
    html.close();
  }
  if (!change.look.empty()) {
    html.open("p");
    html.text("Look at one: ");
    html.element("code", change.look);
    html.close();
  }
  html.close();
}

}  // namespace

std::string changes_page(const ChangesPage& page) {
  HtmlWriter html;
  html.open("h1");
  html.element("span", page.changes.empty() ? "the same" : "differ",
               {{"class", page.changes.empty() ? "badge passed" : "badge failed"}});
  html.text(" What differs between two builds");
  html.close();
  html.element("p",
               "The same scenarios were played with both builds. Each way in which what happened "
               "differs stands here once, with how often, and what it is in the first of them.",
               {{"class", "about"}});
  html.open("dl", {{"class", "planes"}});
  for (const SideName side : kBothSides) {
    html.open("dt");
    html.element("span", side == SideName::a ? "A" : "B",
                 {{"class", side == SideName::a ? "letter a" : "letter b"}});
    html.close();
    html.element("dd", side == SideName::a ? page.a : page.b);
  }
  html.close();
  html.element("p", page.summary);
  if (!page.example.empty()) {
    html.open("p");
    html.element("a", "The first run that differs, with both builds beside each other",
                 {{"href", "#example"}});
    html.close();
  }
  for (const std::string& note : page.notes) html.element("p", note, {{"class", "quiet"}});
  for (std::size_t i = 0; i < std::min(page.changes.size(), kMostChanges); ++i) {
    write_change(html, page.changes[i]);
  }
  if (page.changes.size() > kMostChanges) {
    html.element("p", fmt::format("And {} more ways.", page.changes.size() - kMostChanges));
  }
  if (!page.example.empty()) {
    html.element("h2", "The first run that differs: " + page.example, {{"id", "example"}});
    html.raw(page.drawn);
  }
  return framed_page("What differs between two builds", html.take());
}

}  // namespace provlab::lab
