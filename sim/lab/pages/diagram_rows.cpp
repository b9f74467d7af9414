#include "sim/lab/pages/diagram_rows.hpp"

#include <algorithm>
#include <cmath>

namespace provlab::lab {

namespace {

// In pixels.
constexpr int kRow = 22;
constexpr int kArrivalRow = 11;
constexpr int kGapRow = 46;
constexpr int kWordsBelow = 8;
constexpr Duration kSilence = std::chrono::milliseconds(500);

/// A message or a mark.
struct Thing {
  EventNumber event;
  std::size_t index;
  bool mark;
  bool failure;
};

std::vector<Thing> things_of(const SequenceDiagram& diagram, bool transport) {
  std::vector<Thing> things;
  for (std::size_t i = 0; i < diagram.messages.size(); ++i) {
    const Message& message = diagram.messages[i];
    if (message.transport && !transport) continue;
    things.push_back({message.sent_event, i, false, false});
  }
  for (std::size_t i = 0; i < diagram.marks.size(); ++i) {
    const Mark& mark = diagram.marks[i];
    things.push_back({mark.event, i, true, mark.kind == Mark::Kind::failure});
  }
  std::ranges::stable_sort(things, {}, &Thing::event);
  return things;
}

/// Whether there is a word at its head.
bool is_tagged(Message::Part part) {
  return part != Message::Part::plain && part != Message::Part::alone;
}

/// Which of them stay.
std::vector<bool> chosen_of(const std::vector<Thing>& things, std::size_t most) {
  std::vector<bool> chosen(things.size(), things.size() <= most);
  if (things.size() <= most) return chosen;
  const std::size_t around = most / 10;
  std::size_t left = most;
  const auto take = [&](std::size_t i) {
    if (left == 0 || i >= things.size() || chosen[i]) return;
    chosen[i] = true;
    --left;
  };
  for (std::size_t i = 0; i < things.size() && left > most / 2; ++i) {
    if (!things[i].failure) continue;
    take(i);
    for (std::size_t away = 1; away <= around; ++away) {
      if (i >= away) take(i - away);
      take(i + away);
    }
  }
  for (std::size_t i = 0; i < most / 4; ++i) take(things.size() - 1 - i);
  for (std::size_t i = 0; i < things.size() && left > 0; ++i) take(i);
  return chosen;
}

class Arranging {
 public:
  Arranging(const SequenceDiagram& diagram, bool transport, std::size_t most) : diagram_(diagram) {
    const std::vector<Thing> things = things_of(diagram, transport);
    const std::vector<bool> chosen = chosen_of(things, most);
    for (std::size_t i = 0; i < things.size(); ++i) {
      if (chosen[i]) {
        add(things[i]);
      } else if (i > 0 && !chosen[i - 1]) {
        ++omitted_.back().second;
      } else {
        omitted_.emplace_back(things[i].event, 1);
      }
    }
    // Of one event, arrivals come before the marks that they lead to.
    std::ranges::stable_sort(rows_.points, {}, &DiagramPoint::event);
  }

  DiagramRows arrange() {
    rows_.ends.assign(diagram_.messages.size(), -1);
    std::optional<Duration> last;
    for (DiagramPoint& point : rows_.points) {
      gap_before(point.event);
      if (last) pass_time(point.at - *last);
      last = point.at;
      const bool arriving = point.what == DiagramPoint::What::arriving;
      const bool told = arriving && is_tagged(diagram_.messages[point.index].part);
      y_ += arriving && !told ? kArrivalRow : kRow;
      point.y = y_;
      if (arriving) rows_.ends[point.index] = y_;
      if (has_words_below(point)) y_ += kWordsBelow;
    }
    gap_before(UINT32_MAX);
    rows_.height = y_ + 24;
    return std::move(rows_);
  }

 private:
  void add(const Thing& thing) {
    using enum DiagramPoint::What;
    if (thing.mark) {
      rows_.points.push_back({thing.event, diagram_.marks[thing.index].at, mark, thing.index});
      return;
    }
    const Message& message = diagram_.messages[thing.index];
    rows_.points.push_back({message.sent_event, message.sent, sending, thing.index});
    if (message.received_event != 0) {
      rows_.points.push_back({message.received_event, message.ended, arriving, thing.index});
    }
  }

  /// Why a message is lost stands at its cross; in narrow windows so does what a rule is about.
  bool has_words_below(const DiagramPoint& point) const {
    if (point.what == DiagramPoint::What::sending) {
      return diagram_.messages[point.index].received_event == 0;
    }
    if (point.what != DiagramPoint::What::mark) return false;
    const Mark::Kind kind = diagram_.marks[point.index].kind;
    return kind == Mark::Kind::race || kind == Mark::Kind::failure;
  }

  void gap_before(EventNumber event) {
    std::size_t left_out = 0;
    while (next_omitted_ < omitted_.size() && omitted_[next_omitted_].first < event) {
      left_out += omitted_[next_omitted_++].second;
    }
    if (left_out == 0) return;
    rows_.gaps.push_back({y_ + kGapRow / 2 + 4, {}, left_out});
    y_ += kGapRow;
  }

  void pass_time(Duration time) {
    if (time >= kSilence) {
      rows_.gaps.push_back({y_ + kGapRow / 2 + 4, time, 0});
      y_ += kGapRow;
    } else if (time > Duration::zero()) {
      const double milliseconds = std::chrono::duration<double, std::milli>(time).count();
      y_ += std::clamp(static_cast<int>(4 * std::log2(1 + milliseconds)), 2, 26);
    }
  }

  const SequenceDiagram& diagram_;
  DiagramRows rows_;
  std::vector<std::pair<EventNumber, std::size_t>> omitted_;  // from which event on, how many
  std::size_t next_omitted_ = 0;
  int y_ = 8;
};

}  // namespace

DiagramRows diagram_rows(const SequenceDiagram& diagram, bool transport, std::size_t most) {
  return Arranging(diagram, transport, most).arrange();
}

}  // namespace provlab::lab
