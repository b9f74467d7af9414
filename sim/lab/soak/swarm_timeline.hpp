#pragma once
#include <pugixml.hpp>
#include <string>

#include "sim/lab/soak/draw.hpp"
#include "sim/lab/soak/swarm_documents.hpp"

namespace provlab::lab {

/// What the timeline of a scenario by chance must know of the rest.
struct SwarmTimelinePlan {
  Duration healed{};      ///< from then on all is in order
  std::string own_url;    ///< that the phone has, or empty
  std::string server;     ///< of the documents: `http://prov.server.com`
  bool redirect = false;  ///< there is a redirect service
  bool notified = false;  ///< the phone takes check-syncs
};

/// Accidents and orders by chance until the moment at which all is in order; then the four actions
/// that every such scenario ends with: off, on, the phone's own URL, the button.
void write_timeline(Draw& draw, pugi::xml_node timeline, SwarmDocuments& documents,
                    const SwarmTimelinePlan& plan);

/// Sets an attribute to a text or a time with its unit.
inline void put_attribute(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name) = std::string(value).c_str();
}
inline void put_attribute(pugi::xml_node node, const char* name, Duration value) {
  put_attribute(node, name, provlab::to_string(value));
}

}  // namespace provlab::lab
