#include "sim/world/packet.hpp"

namespace provlab::world {

std::string Packet::flags_text() const {
  std::string text;
  const auto add = [&](bool set, std::string_view name) {
    if (!set) return;
    if (!text.empty()) text += ',';
    text += name;
  };
  add(flags.syn, "SYN");
  add(flags.fin, "FIN");
  add(flags.rst, "RST");
  add(flags.psh, "PSH");
  add(flags.ack, "ACK");
  return text;
}

}  // namespace provlab::world
