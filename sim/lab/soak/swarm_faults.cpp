#include "sim/lab/soak/swarm_faults.hpp"

namespace provlab::lab {

namespace {

constexpr SwarmFault kDhcp[] = {
    {"", "<nothing/>"},
    {"discover", "<nothing/>"},
    {"request", "<nothing/>"},
    {"request", "<nak/>"},
    {"request renewing", "<nak/>"},
    {"request renewing", "<nothing/>"},
    {"", "<answer after=\"3s\"/>"},
    {"", "<answer after=\"9s\"/>"},
    {"", "<answer copies=\"2\" gap=\"20ms\"/>"},
    {"", "<answer order=\"after-next\"/>"},
    {"", "<answer transaction=\"wrong\"/>"},
    {"", "<answer corrupt=\"3B\"/>"},
    {"", "<answer corrupt=\"40B\"/>"},
    {"", "<answer cut=\"200B\"/>"},
    {"", "<answer cut=\"260B\"/>"},
    {"", "<answer grow=\"1400B\"/>"},
    {"", "<answer from=\"192.0.2.66\"/>"},
    {"", "<answer options=\"none\"/>"},
    {"", "<answer lease=\"40s\"/>"},
    {"", "<answer lease=\"60s\" renew=\"20s\" rebind=\"40s\"/>"},
    {"", "<answer dns=\"none\"/>"},
    {"", "<answer ntp=\"none\"/>"},
    {"", "<answer ntp=\"192.0.2.66\"/>"},
    {"", "<answer><option code=\"66\" text=\"tftp://192.0.2.1\"/></answer>"},
    {"", "<answer><option code=\"67\" text=\"http://\"/></answer>"},
    {"", "<answer><option code=\"67\" text=\"http://nobody.example/&lt;FOO&gt;.xml\"/></answer>"},
    {"", "<answer><option code=\"43\" hex=\"42:50:68:74\"/></answer>"},
    {"", "<answer><option code=\"43\" text=\"42:0b:68:74:74:70\"/></answer>"},
    {"", "<answer><option code=\"67\" hex=\"68:74:74:70:01:02\"/></answer>"},
    {"", "<raw hex=\"02:01:06:00\" transaction=\"right\"/>"},
    {"inform", "<nothing/>"},
};

constexpr SwarmFault kDns[] = {
    {"", "<nothing/>"},
    {"", "<answer after=\"3s\"/>"},
    {"", "<answer after=\"7s\"/>"},
    {"", "<answer result=\"no-such-name\"/>"},
    {"", "<answer result=\"server-failure\"/>"},
    {"", "<answer result=\"refused\"/>"},
    {"", "<answer address=\"192.0.2.66\"/>"},
    {"", "<answer address=\"192.0.2.1\"/>"},
    {"", "<answer cut=\"10B\"/>"},
    {"", "<answer cut=\"20B\"/>"},
    {"", "<answer grow=\"600B\"/>"},
    {"", "<answer corrupt=\"2B\"/>"},
    {"", "<answer transaction=\"wrong\"/>"},
    {"", "<answer copies=\"3\" gap=\"5ms\"/>"},
    {"", "<answer from=\"192.0.2.66\"/>"},
    {"", "<answer order=\"after-next\"/>"},
    {"", "<raw hex=\"00:00:81:80:00:01:00:01\" transaction=\"right\"/>"},
};

constexpr SwarmFault kNtp[] = {
    {"", "<nothing/>"},
    {"", "<answer after=\"2s\"/>"},
    {"", "<answer after=\"30s\"/>"},
    {"", "<answer leap=\"3\"/>"},
    {"", "<answer stratum=\"16\"/>"},
    {"", "<answer kiss=\"DENY\"/>"},
    {"", "<answer kiss=\"RSTR\"/>"},
    {"", "<answer kiss=\"RATE\"/>"},
    {"", "<answer clock=\"2016-01-01T00:00:00Z\"/>"},
    {"", "<answer clock=\"2036-02-07T06:28:15Z\"/>"},
    {"", "<answer clock=\"2061-07-01T00:00:00Z\"/>"},
    {"", "<answer cut=\"40B\"/>"},
    {"", "<answer grow=\"80B\"/>"},
    {"", "<answer corrupt=\"4B\"/>"},
    {"", "<answer transaction=\"wrong\"/>"},
    {"", "<answer copies=\"2\"/>"},
    {"", "<answer from=\"192.0.2.66\"/>"},
    {"", "<answer from=\"192.0.2.1:124\"/>"},
    {"", "<answer order=\"after-next\"/>"},
};

constexpr SwarmFault kRedirect[] = {
    {"", "<nothing/>"},
    {"", "<answer after=\"400ms\"/>"},
    {"", "<answer after=\"3s\"/>"},
    {"", "<answer after=\"12s\"/>"},
    {"", "<answer status=\"204\"/>"},
    {"", "<answer status=\"404\"/>"},
    {"", "<answer status=\"500\"/>"},
    {"", "<answer status=\"302\" url=\"ftp://prov.server.com/a.xml\"/>"},
    {"", "<answer status=\"302\" url=\"http://nobody.example/a.xml\"/>"},
    {"", "<answer url=\"no URL at all\"/>"},
    {"", "<answer url=\"http://\"/>"},
    {"", "<answer reset-at=\"0B\"/>"},
    {"", "<answer reset-at=\"90B\"/>"},
    {"", "<answer stall-at=\"60B\"/>"},
    {"", "<answer drip=\"5B\" gap=\"300ms\"/>"},
    {"", "<answer length=\"9999B\"/>"},
    {"", "<answer length=\"3B\"/>"},
    {"", "<answer chunked=\"4B\"/>"},
    {"", "<answer corrupt=\"5B\"/>"},
    {"", "<answer cut=\"70B\"/>"},
    {"", "<raw hex=\"48:54:54:50:2f\"/>"},
};

constexpr SwarmFault kMulticast[] = {
    {"", "<nothing/>"},
    {"", "<answer after=\"300ms\"/>"},
    {"", "<answer after=\"2s\"/>"},
    {"", "<answer after=\"8s\"/>"},
    {"", "<answer copies=\"3\" gap=\"20ms\"/>"},
    {"", "<answer order=\"after-next\"/>"},
    {"", "<answer transaction=\"wrong\"/>"},
    {"", "<answer corrupt=\"3B\"/>"},
    {"", "<answer cut=\"100B\"/>"},
    {"", "<answer grow=\"3000B\"/>"},
    {"", "<answer from=\"192.0.2.66\"/>"},
    {"", "<answer><notify url=\"\"/></answer>"},
    {"", "<answer><notify url=\"no URL at all\"/></answer>"},
    {"", "<answer><notify url=\"tftp://prov.server.com/a.xml\"/></answer>"},
    {"", "<answer><notify url=\"http://nobody.example/a.xml\"/></answer>"},
    {"",
     "<answer><notify url=\"\"/><notify url=\"http://prov.server.com/other.xml\" "
     "after=\"40ms\"/></answer>"},
    {"", "<raw hex=\"4e:4f:54:49:46:59:20\" after=\"10ms\"/>"},
};

constexpr SwarmFault kHttp[] = {
    {"", "<nothing/>"},
    {"", "<answer after=\"2s\"/>"},
    {"", "<answer after=\"20s\"/>"},
    {"", "<answer status=\"204\"/>"},
    {"", "<answer status=\"401\"/>"},
    {"", "<answer status=\"404\"/>"},
    {"", "<answer status=\"500\"/>"},
    {"", "<answer status=\"503\"/>"},
    {"", "<answer status=\"302\" location=\"/loop.xml\"/>"},
    {"", "<answer status=\"301\" location=\"http://nobody.example/a.xml\"/>"},
    {"", "<answer status=\"302\" location=\"ftp://prov.server.com/a.xml\"/>"},
    {"", "<answer type=\"text/html\"/>"},
    {"", "<answer reset-at=\"0B\"/>"},
    {"", "<answer reset-at=\"150B\"/>"},
    {"", "<answer stall-at=\"0B\"/>"},
    {"", "<answer stall-at=\"140B\"/>"},
    {"", "<answer drip=\"9B\" gap=\"200ms\"/>"},
    {"", "<answer drip=\"2B\" gap=\"1500ms\"/>"},
    {"", "<answer length=\"9999B\"/>"},
    {"", "<answer length=\"7B\"/>"},
    {"", "<answer length=\"none\"/>"},
    {"", "<answer chunked=\"8B\"/>"},
    {"", "<answer chunked=\"8B\" cut=\"160B\"/>"},
    {"", "<answer gzip=\"true\"/>"},
    {"", "<answer then=\"close\"/>"},
    {"", "<answer then=\"close-at-next\"/>"},
    {"", "<answer then=\"reset\"/>"},
    {"", "<answer cut=\"120B\"/>"},
    {"", "<answer corrupt=\"2B\"/>"},
    {"", "<answer corrupt=\"20B\"/>"},
    {"", "<answer order=\"after-next\"/>"},
    {"", "<raw hex=\"00:01:02:03\"/>"},
    {"", "<answer>not a document</answer>"},
    {"", "<answer/>"},
    {"", "<answer>&lt;configuration&gt;&lt;telephony&gt;</answer>"},
    {"", "<answer>&lt;!DOCTYPE a [&lt;!ENTITY b \"c\"&gt;]&gt;&lt;configuration/&gt;</answer>"},
    {"", "<answer><configuration/></answer>"},
    {"",
     "<answer>&lt;?xml version=\"1.0\" encoding=\"utf=8\"?&gt;&lt;telephony&gt;&lt;callWaiting&gt;"
     "&lt;active&gt;true&lt;/active&gt;&lt;/callWaiting&gt;&lt;/telephony&gt;</answer>"},
    {"",
     "<answer><telephony><callWaiting><active>perhaps</active></callWaiting></telephony></answer>"},
    {"",
     "<answer><configuration><telephony><callWaiting><active>perhaps</active></callWaiting>"
     "</telephony><userInterface><nothing>1</nothing></userInterface></configuration></answer>"},
    {"", "<answer><configuration><unheardOf><x>1</x></unheardOf></configuration></answer>"},
    {"", "<answer><configuration patchDefault=\"false\"><telephony/></configuration></answer>"},
    {"", "<answer><identities><identity/><identity/><identity/></identities></answer>"},
    {"", "<answer><referencedSettings/></answer>"},
    {"", "<answer><referencedSettings><url>no such.xml</url></referencedSettings></answer>"},
    {"",
     "<answer><referencedSettings><url>/loop.xml</url><url>/loop.xml</url><url>ftp://x/y</url>"
     "</referencedSettings></answer>"},
    {"", "<answer><operations><delete path=\"/telephony/callWaiting\"/></operations></answer>"},
    {"", "<answer><operations><delete path=\"/nowhere/at/all\"/></operations></answer>"},
    {"", "<answer><operations><delete path=\"not ( an XPath\"/></operations></answer>"},
};

/// Faults that move a megabyte: too dear for every run.
constexpr SwarmFault kHeavy[] = {
    {"", "<answer endless=\"true\"/>"},
    {"", "<answer endless=\"true\" drip=\"64KiB\" gap=\"1ms\"/>"},
};

}  // namespace

const SwarmFault& draw_fault(Draw& draw, std::string_view kind) {
  if ((kind == "redirect" || kind == "http") && draw.one_in(200)) return draw.of(kHeavy);
  if (kind == "dhcp") return draw.of(kDhcp);
  if (kind == "dns") return draw.of(kDns);
  if (kind == "ntp") return draw.of(kNtp);
  if (kind == "redirect") return draw.of(kRedirect);
  if (kind == "multicast") return draw.of(kMulticast);
  return draw.of(kHttp);
}

}  // namespace provlab::lab
