#include "sim/lab/language/specification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/lab/markup/complaint.hpp"

namespace provlab::lab {

namespace {

constexpr Rule kRules[] = {
    {"1.1", "Types D100 and D200, with their MAC addresses and serial numbers"},
    {"1.2", "Firmware releases 1.10A, 2.0C and 2.2A, each with settings of its own"},
    {"1.3", "Configuration and drawn minute survive a power cut, whole and as one"},
    {"1.4", "A boot begins without address and time, with the stored or the factory's settings"},
    {"2.1", "Triggers: by hand, at boot, at a time, by check-sync"},
    {"2.2", "Settings that govern provisioning: switches, weekdays, time, random delay"},
    {"2.3", "Switched off, an automatic trigger ends inactive at once; the manual one runs"},
    {"2.4", "One run at a time; the newest trigger of those meanwhile follows it"},
    {"2.5", "Network first, then a valid time; nothing is asked before both"},
    {"2.6", "Network by DHCP or static address: repetition, renewal, refusal, expiry"},
    {"2.7", "Time by SNTP: whose replies count, kiss-o'-death, 2036, repetition"},
    {"2.8", "Sources in their stages; a usable URL ends the search; what is off is skipped"},
    {"2.9", "Usable is an absolute http or https URL with a host, once markers are replaced"},
    {"2.10", "The first answer that has arrived whole and is usable wins; the loser is cancelled"},
    {"2.11", "The first URL found is requested; a failed download ends the run, or by a knob not"},
    {"2.12", "Reference documents: order, depth first, limits, loops, failing files"},
    {"2.13", "Applying never restarts the device"},
    {"2.14", "One result for each run, with a sentence; the table of results; the run's limit"},
    {"2.15", "Manual provisioning goes to the entered URL, without one through the sequence"},
    {"3.1", "Options 66 and 67 are joined by one slash; an absolute 67 stands alone"},
    {"3.2", "Option 43 carries the same two as sub-options"},
    {"3.3", "Pieces of an option are joined and cut at their NUL; option overload"},
    {"3.4", "The header fields file and sname stand for missing options 67 and 66"},
    {"3.5", "66 and 67 before 43; 66 without a scheme; 66 alone; 67 alone"},
    {"3.6", "Options of the lease; by DHCPINFORM with a static address"},
    {"3.7", "What is wrong with the options is diagnosed"},
    {"4.1", "The redirect service: its request, and which answers assign a URL"},
    {"4.2", "SIP multicast: the SUBSCRIBE, its repetition, and which NOTIFY counts"},
    {"4.3", "A URL of multicast is marked as not authenticated"},
    {"4.4", "Port 5060 answers a NOTIFY by its event, and other requests by 405"},
    {"5.1", "Markers in URLs"},
    {"5.2", "Documents of patch type; a lone section; a backup restores everything"},
    {"5.3", "A section is merged or replaced: patch and patchDefault"},
    {"5.4", "How lists are merged: by marking attribute, by position, or whole"},
    {"5.5", "References: same directory, same host, complete; after redirects; markers first"},
    {"5.6", "Operations: delete, replace, add; a section stands or falls as a whole"},
    {"5.7", "The Web UI takes patches and operations, and refuses references"},
    {"5.8", "Limits of documents, requests, redirects and runs"},
    {"5.9", "Sloppy documents are read with a warning, ambiguous ones refused"},
    {"6.1", "A schema for each release, and settings versions apart from the firmware's"},
    {"6.2", "How old a section is: its attribute, else the schema that fits, else 0.0.0"},
    {"6.3", "Migrate, strip, merge, validate; a section that is not valid stays as it was"},
    {"6.4", "A section newer than the device is stripped and not migrated"},
    {"6.5", "The sections that are known by name, and what is in them"},
    {"7.1", "Who may send a check-sync, and in which order it is judged"},
    {"7.2", "What a check-sync can ask for: URL, full run, settings, delay, nothing"},
    {"7.3", "Answered at once, run afterwards, triggered once; reboot and what is only recorded"},
    {"8.1", "The settings menu: server URL and Start provisioning"},
    {"8.2", "The Web UI: backup and restore"},
    {"9", "Faults: what responders and the network do wrong"},
    {"9.nothing", "Fault: no answer at all"},
    {"9.late", "Fault: a late answer"},
    {"9.drop-nth", "Fault: the nth answer is dropped"},
    {"9.drop-every-nth", "Fault: every nth answer is dropped"},
    {"9.duplicate", "Fault: an answer comes several times"},
    {"9.reorder", "Fault: answers overtake each other"},
    {"9.corrupt", "Fault: corrupt octets"},
    {"9.truncated", "Fault: a truncated answer"},
    {"9.oversized", "Fault: an oversized answer"},
    {"9.wrong-transaction", "Fault: an answer to another transaction"},
    {"9.another-address", "Fault: an answer from another address"},
    {"9.stop-after-n", "Fault: a responder that stops after n answers"},
    {"9.dhcp-nak", "DHCP fault: NAK"},
    {"9.dhcp-two-servers", "DHCP fault: two servers"},
    {"9.dhcp-no-options", "DHCP fault: no options"},
    {"9.dhcp-43-as-text", "DHCP fault: option 43 as text"},
    {"9.dhcp-43-truncated", "DHCP fault: a truncated sub-option"},
    {"9.dhcp-url-not-printable", "DHCP fault: a URL that does not print"},
    {"9.dhcp-url-scheme", "DHCP fault: a URL with another scheme"},
    {"9.dhcp-lease-expiry", "DHCP fault: the lease runs out"},
    {"9.dhcp-gone-at-renewal", "DHCP fault: the server is gone at renewal"},
    {"9.ntp-unsynchronised", "NTP fault: a server that is not synchronised"},
    {"9.ntp-kiss", "NTP fault: kiss-o'-death"},
    {"9.ntp-wrong-by-years", "NTP fault: wrong by years"},
    {"9.ntp-2036", "NTP fault: after the rollover of 2036"},
    {"9.dns-nxdomain", "DNS fault: no such name"},
    {"9.dns-servfail", "DNS fault: server failure"},
    {"9.dns-timeout", "DNS fault: no answer for a name"},
    {"9.dns-another-address-later", "DNS fault: another address later"},
    {"9.http-status", "HTTP fault: each status"},
    {"9.http-refused", "HTTP fault: connection refused"},
    {"9.http-no-syn-ack", "HTTP fault: no answer to the SYN"},
    {"9.http-reset", "HTTP fault: reset at an octet"},
    {"9.http-stall", "HTTP fault: stall at an octet"},
    {"9.http-drip", "HTTP fault: slow drip"},
    {"9.http-short-length", "HTTP fault: Content-Length too short"},
    {"9.http-long-length", "HTTP fault: Content-Length too long"},
    {"9.http-chunked", "HTTP fault: chunked"},
    {"9.http-endless", "HTTP fault: endless body"},
    {"9.http-redirect-loop", "HTTP fault: redirect loop"},
    {"9.http-gzip", "HTTP fault: compressed unasked"},
    {"9.http-media-type", "HTTP fault: wrong media type"},
    {"9.http-keep-alive", "HTTP fault: keep-alive closed early"},
    {"9.tls-expired", "TLS fault: expired"},
    {"9.tls-not-yet-valid", "TLS fault: not yet valid"},
    {"9.tls-self-signed", "TLS fault: self-signed"},
    {"9.tls-wrong-host", "TLS fault: wrong host"},
    {"9.tls-stall", "TLS fault: the handshake stalls"},
    {"9.sip-notify-first", "SIP fault: the NOTIFY comes before the 200"},
    {"9.sip-several", "SIP fault: several responders"},
    {"9.sip-no-200", "SIP fault: no 200"},
    {"9.sip-junk", "SIP fault: junk in place of the URL"},
    {"9.sip-empty", "SIP fault: an empty body"},
    {"9.sip-retransmission", "SIP fault: retransmissions"},
    {"I1", "Exactly one result for each run"},
    {"I2", "No discovery and no download before network and time"},
    {"I3", "Stages in their order; no later stage once there is a usable URL"},
    {"I4", "The first request goes to the usable URL that came first in the stage that won"},
    {"I5", "After the winner nothing of the loser changes anything, and it starts nothing"},
    {"I6", "Files in document order, depth first"},
    {"I7", "The stored configuration is always valid; a rejected section is as it was"},
    {"I8", "No restart but by hand, by power or by a NOTIFY that asks for one"},
    {"I9", "At the end of a run everything that it used is released"},
    {"I10", "The store equals memory, through every power cut"},
};

constexpr BeyondRuns kBeyondRuns[] = {
    {"1.3", "a kill at any instant, on a real disk",
     "the disk of a run is memory; tests/unit/wire/ kill a process at every system call"},
    {"2.2", "the random minute is drawn evenly, up to 5:55 and no later",
     "one run draws one minute; tests/unit/service/ draw many"},
    {"5.2", "what a backup looks like as a text",
     "a run sees only what restoring it does; tests/unit/settings/ read the text"},
    {"6.1", "the wording of the schemas, which say that they are reconstructions",
     "it is read by people, not by a telephone"},
    {"8.2", "the factory's login of the Web UI",
     "hands on the phone are actions of the timeline, which log in nowhere"},
    {"I11", "same scenario, same seed, same trace",
     "that takes two runs: `run scenarios --twice` compares them"},
};

}  // namespace

std::span<const Rule> specification_rules() {
  return kRules;
}

std::span<const BeyondRuns> beyond_runs() {
  return kBeyondRuns;
}

bool is_rule(std::string_view number) {
  return std::ranges::find(kRules, number, &Rule::number) != std::end(kRules) ||
         std::ranges::find(kBeyondRuns, number, &BeyondRuns::number) != std::end(kBeyondRuns);
}

std::string rules_near(std::string_view number) {
  std::vector<std::string> all;
  std::string_view first;
  std::string_view last;
  const std::string section(number.substr(0, number.find('.') + 1));
  for (const Rule& rule : kRules) {
    all.emplace_back(rule.number);
    if (section.empty() || section == "9." || !rule.number.starts_with(section)) continue;
    if (first.empty()) first = rule.number;
    last = rule.number;
  }
  std::string text = did_you_mean(number, all);
  if (!first.empty())
    text += fmt::format("; section {} has {} to {}", section.substr(0, section.size() - 1), first,
                        last);
  return text;
}

}  // namespace provlab::lab
