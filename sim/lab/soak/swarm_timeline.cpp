#include "sim/lab/soak/swarm_timeline.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace provlab::lab {

namespace {

using pugi::xml_node;
using namespace std::chrono_literals;

class TimelineWriter {
 public:
  TimelineWriter(Draw& draw, xml_node timeline, SwarmDocuments& documents,
                 const SwarmTimelinePlan& plan)
      : draw_(draw), timeline_(timeline), documents_(documents), plan_(plan) {}

  void write() {
    act("boot", 0s);
    std::vector<Duration> moments(draw_.of({0U, 0U, 1U, 1U, 2U, 4U}));
    for (Duration& moment : moments) moment = draw_moment();
    std::ranges::sort(moments);
    for (const Duration moment : moments) accident(moment);
    act("power-off", plan_.healed);
    act("power-on", plan_.healed + 1s);
    put_attribute(act("enter-url", plan_.healed + 2s), "url", plan_.own_url);
    put_attribute(act("press", plan_.healed + 20s), "button", "start-provisioning");
  }

 private:
  xml_node act(const char* what, Duration at) {
    xml_node action = timeline_.append_child(what);
    put_attribute(action, "at", at);
    return action;
  }
  Duration draw_moment() {
    return Duration(std::chrono::milliseconds(
        draw_.between(100, static_cast<std::size_t>((plan_.healed - 15s) / 1ms))));
  }

  void accident(Duration at) {
    const Duration later = at + draw_.of({50ms, 800ms, 4000ms, 12000ms});
    const char* at_host = draw_.of({"router", "cloud", "prov"});
    switch (draw_.below(10)) {
      case 0:
        act("power-off", at);
        act("power-on", later);
        return;
      case 1:
        act("unplug", at);
        act("plug", later);
        return;
      case 2:
        put_attribute(act("unplug", at), "host", at_host);
        put_attribute(act("plug", later), "host", at_host);
        return;
      case 3:
        if (std::string_view(at_host) == "cloud" && !plan_.redirect) at_host = "prov";
        put_attribute(act("stop", at), "host", at_host);
        put_attribute(act("start", later), "host", at_host);
        return;
      case 4:
        put_attribute(act("enter-url", at), "url",
                      draw_.of({"http://prov.server.com/missing.xml", "nonsense", "",
                                "http://nobody.example/a.xml", "http://198.51.100.99/a.xml"}));
        return;
      case 5:
        act("backup", at);
        act("restore", later);
        return;
      case 6:
        documents_.write(act("upload", at));
        return;
      case 7:
      case 8:
        if (plan_.notified) return check_sync(at);
        [[fallthrough]];
      default:
        put_attribute(act("press", at), "button", "start-provisioning");
    }
  }

  void check_sync(Duration at) {
    xml_node sync = act("check-sync", at);
    put_attribute(sync, "host", "pbx");
    switch (draw_.below(8)) {
      case 0:
        return put_attribute(sync, "url", plan_.server + "/file1.xml");
      case 1:
        return put_attribute(sync, "data-available", "false");
      case 2:
        return put_attribute(sync, "start-delay", draw_.of({1s, 5s, 20s}));
      case 3:
        return put_attribute(sync, "do", draw_.of({"reboot", "reregister", "update-firmware"}));
      case 4:
        return documents_.write(sync);
      case 5:
        return put_attribute(sync, "cut", draw_.of({"30B", "200B", "400B"}));
      case 6:
        return put_attribute(sync, "copies", "3");
      default:
        return;
    }
  }

  Draw& draw_;
  xml_node timeline_;
  SwarmDocuments& documents_;
  const SwarmTimelinePlan& plan_;
};

}  // namespace

void write_timeline(Draw& draw, xml_node timeline, SwarmDocuments& documents,
                    const SwarmTimelinePlan& plan) {
  TimelineWriter(draw, timeline, documents, plan).write();
}

}  // namespace provlab::lab
