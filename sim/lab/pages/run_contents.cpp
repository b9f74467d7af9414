#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

/// Panels, each of which knows the one before and the one behind.
class Panels {
 public:
  Panels(const RunDetail& detail, const SequenceDiagram& diagram) : diagram_(diagram) {
    for (const Message& message : diagram.messages)
      messages_.try_emplace(message.sent_event, &message);
    for (const PacketContent& content : detail.contents) {
      if (messages_.contains(content.event)) contents_.push_back(&content);
    }
  }

  /// Texts are cut more and more until all has room; then the first that have it stay.
  std::string make(std::size_t most, PageLinks& links) {
    static constexpr std::array<std::size_t, 4> kMostOfPart{kMostPartOctets + 200, 1500, 500, 160};
    for (const std::size_t most_of_part : kMostOfPart) {
      std::string all = with_parts_of(most_of_part, contents_.size());
      if (all.size() <= most) return told(std::move(all), contents_.size(), links);
    }
    std::size_t count = contents_.size();
    for (;;) {
      std::string all = with_parts_of(kMostOfPart.back(), count);
      if (all.size() <= most || count == 0) return told(std::move(all), count, links);
      count = count * most / all.size() * 9 / 10;
    }
  }

 private:
  std::string told(std::string all, std::size_t count, PageLinks& links) const {
    if (contents_.empty()) return {};
    for (std::size_t i = 0; i < count; ++i) links.add_content(contents_[i]->event);
    HtmlWriter html;
    html.open("section", {{"class", "contents"}, {"aria-label", "What messages say"}});
    html.raw(all);
    html.element("a", "Close", {{"href", "#diagram"}, {"class", "close"}});
    if (count < contents_.size()) {
      html.element("p",
                   fmt::format("The page has no room for what {} later messages say; a capture "
                               "(--pcap) has them all.",
                               contents_.size() - count),
                   {{"class", "quiet"}});
    }
    html.close();
    return html.take();
  }

  std::string with_parts_of(std::size_t most_of_part, std::size_t count) const {
    HtmlWriter html;
    for (std::size_t i = 0; i < count; ++i) panel(html, i, most_of_part, count);
    return html.take();
  }

  void panel(HtmlWriter& html, std::size_t i, std::size_t most_of_part, std::size_t count) const {
    const PacketContent& content = *contents_[i];
    const Message& message = *messages_.at(content.event);
    html.open("article", {{"id", fmt::format("p{}", content.event)}, {"class", "says"}});
    html.element("h3", message.label);
    html.element("p", story_of(message));
    if (content.first != 0) {
      html.open("p");
      html.text("Sent again: the octets are those of ");
      html.element("a", fmt::format("event {}", content.first),
                   {{"href", fmt::format("#{}{}", is_shown(content.first, count) ? 'p' : 'e',
                                         content.first)}});
      html.text(".");
      html.close();
    }
    for (const ContentPart& part : content.parts) {
      html.element("h4", part.heading);
      html.element("pre", cut_text(part.text, most_of_part));
    }
    html.close();
    html.raw("\n");
  }

  bool is_shown(EventNumber event, std::size_t count) const {
    return std::any_of(contents_.begin(), contents_.begin() + static_cast<std::ptrdiff_t>(count),
                       [&](const PacketContent* each) { return each->event == event; });
  }

  std::string story_of(const Message& message) const {
    std::string text = fmt::format("{} → {}, sent at {}", diagram_.lifelines[message.from].host,
                                   message.to ? diagram_.lifelines[*message.to].host : "nobody",
                                   seconds_text(message.sent));
    if (message.received_event != 0) text += ", arrived at " + seconds_text(message.ended);
    if (!message.lost.empty()) text += "; lost: " + message.lost;
    if (message.part == Message::Part::winner) text += "; this answer won";
    if (message.part == Message::Part::late) text += "; late: another source had won";
    return text;
  }

  const SequenceDiagram& diagram_;
  std::map<EventNumber, const Message*> messages_;
  std::vector<const PacketContent*> contents_;
};

}  // namespace

std::string contents_part(const RunDetail& detail, const SequenceDiagram& diagram,
                          std::size_t most_octets, PageLinks& links) {
  return Panels(detail, diagram).make(most_octets, links);
}

std::string cut_text(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return fmt::format("{}\n… {} more octets are left out here.", text.substr(0, end),
                     text.size() - end);
}

}  // namespace provlab::lab
