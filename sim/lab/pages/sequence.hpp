#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/record/trace.hpp"

/// Who sent what to whom, when: a trace as lifelines, messages and marks, ready to be drawn. Knows
/// nothing of pages; made from the trace alone.
namespace provlab::lab {

struct Lifeline {
  std::string host;
  std::string address;  ///< the first one it sent from; empty where it never sent
};

/// A packet, from the moment it was sent to the one it arrived.
struct Message {
  enum class Part {
    plain,
    racing,  ///< an answer of the race
    winner,  ///< the answer that won
    late,    ///< an answer that came when another source had won
    alone    ///< of two runs that are compared, the other has it not
  };

  EventNumber sent_event = 0;
  EventNumber received_event = 0;  ///< 0 where it did not arrive
  std::size_t from = 0;            ///< lifeline
  std::optional<std::size_t> to;   ///< absent where nobody has the address
  Duration sent{};
  Duration ended{};        ///< when it arrived or was lost
  std::string label;       ///< in words: `DHCP DISCOVER`, `GET /a.xml`, `NOTIFY http://…`
  std::string protocol;    ///< `dhcp`, `dns`, `ntp`, `sip`, `http`, `tcp` or `udp`
  std::string answer;      ///< the answer's id in the scenario; empty for what is no answer
  std::string lost;        ///< why it was of no use; empty where it arrived
  bool again = false;      ///< the same was sent, or received, before
  bool transport = false;  ///< handshakes, acknowledgements, further segments: folded away at first
  std::size_t segments = 1;  ///< packets that this message came in
  Part part = Part::plain;
};

/// Something that happened at a host.
struct Mark {
  enum class Kind { note, run, race, winner, trouble, failure };

  EventNumber event = 0;
  Duration at{};
  std::size_t lifeline = 0;
  Kind kind = Kind::note;
  std::string text;
  std::string detail;  ///< of a race and of a failure: what there is to say beside it
};

/// Answers that belong to one run of the phone, in the order of their arrival.
struct AnswersOfRun {
  std::string run;      ///< its number; empty: before the first
  std::string trigger;  ///< why it was made
  Duration from{};      ///< when it began
  std::vector<const Message*> answers;

  std::string title() const;  ///< `Run 2 (menu), from 31.000 s on`
};

/// A run of the phone.
struct PhoneRun {
  EventNumber started = 0;
  Duration at{};
  std::string number;
  std::string trigger;
};

struct SequenceDiagram {
  std::vector<Lifeline> lifelines;  ///< the phone first, then as they first take part
  std::vector<Message> messages;    ///< as they were sent
  std::vector<Mark> marks;          ///< in the order of events
  std::vector<PhoneRun> runs;       ///< of the phone, as they began

  /// Answers of the race, or of sources that met, in the order of their arrival.
  std::vector<const Message*> answers_in_order() const;
  /// The same by the run in which they arrived, or else were sent; runs without any are left out.
  std::vector<AnswersOfRun> answers_by_run() const;
};

}  // namespace provlab::lab
