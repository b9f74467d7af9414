#include <algorithm>

#include "sim/lab/pages/page_parts.hpp"

namespace provlab::lab {

Legend::Legend() {
  html_.open("ul", {{"class", "legend"}, {"aria-label", "Legend"}});
}

void Legend::entry(std::string_view type, std::string_view what) {
  html_.open("li");
  html_.element("i", "", {{"class", type}});
  html_.text(" ");
  html_.text(what);
  html_.close();
}

void Legend::of_runs(std::span<const SequenceDiagram> diagrams, bool failures,
                     std::string_view failure) {
  const auto any = [diagrams](auto has) {
    return std::ranges::any_of(diagrams, [&has](const SequenceDiagram& diagram) {
      return std::ranges::any_of(diagram.messages, has);
    });
  };
  const auto part = [&any](Message::Part which) {
    return any([which](const Message& message) { return message.part == which; });
  };
  entry("m", "packet, from sending to arrival");
  if (any([](const Message& message) { return message.again; })) entry("again", "sent again");
  if (any([](const Message& message) { return !message.lost.empty(); })) {
    entry("lost", "lost: ends in a cross, with the reason");
  }
  if (part(Message::Part::winner)) entry("win", "the answer that wins");
  if (part(Message::Part::late)) entry("late", "an answer that came late");
  entry("dot", "the host does or decides something");
  if (failures) entry("dot fail", failure);
}

std::string Legend::take() {
  html_.close();
  return html_.take();
}

std::string figure_part(std::string_view type, std::string_view label, std::string_view drawn) {
  HtmlWriter html;
  html.open("div", {{"class", type}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", label}});
  html.raw(drawn);
  html.close();
  return html.take();
}

}  // namespace provlab::lab
