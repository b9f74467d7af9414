#include <fmt/format.h>

#include <string_view>

#include "sim/lab/daemons/configuration.hpp"

namespace provlab::lab {

namespace {

/// SIPp takes what stands in brackets for words of its own.
std::string sipp_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// What the scenario remembers of the SUBSCRIBE: the URI of Contact in $2, From in $3, To in $4.
constexpr std::string_view kBegin = R"(<?xml version="1.0" encoding="UTF-8"?>
<scenario name="notifier">
  <recv request="SUBSCRIBE" crlf="true">
    <action>
      <ereg regexp="&lt;([^&gt;]+)&gt;" search_in="hdr" header="Contact:" check_it="true" assign_to="1,2"/>
      <ereg regexp=".*" search_in="hdr" header="From:" assign_to="3"/>
      <ereg regexp=".*" search_in="hdr" header="To:" assign_to="4"/>
    </action>
  </recv>
  <Reference variables="1,3,4"/>
)";

class SippWriter {
 public:
  explicit SippWriter(const DaemonSite& site) : address_(site.address.address.to_string()) {}

  std::string write(const netfakes::MulticastConfig& config) {
    text_ = kBegin;
    if (config.send_ok && config.ok_first) {
      pause(config.ok_after);
      write_ok();
    }
    Duration passed = config.ok_first ? config.ok_after : Duration::zero();
    unsigned sequence = 1;
    for (const netfakes::Notify& notify : config.notifies) {
      if (notify.after > passed) {
        pause(notify.after - passed);
        passed = notify.after;
      }
      write_notify(notify, sequence, config.unswapped);
      if (sequence++ == 1 && config.send_ok && !config.ok_first) {
        pause(config.ok_after);
        write_ok();
      }
      text_ += "  <recv response=\"200\" crlf=\"true\"/>\n";
    }
    return std::move(text_) + "</scenario>\n";
  }

 private:
  void pause(Duration time) {
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(time).count();
    if (milliseconds > 0) text_ += fmt::format("  <pause milliseconds=\"{}\"/>\n", milliseconds);
  }

  void write_ok() {
    text_ += fmt::format(R"(  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=provlab[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:{}:5060>
Expires: 0
Content-Length: 0

]]></send>
)",
                         address_);
  }

  void write_notify(const netfakes::Notify& notify, unsigned sequence, bool unswapped) {
    // What To says in a dialog of ours it says to the phone, whose tag is in its From.
    const char* from = unswapped ? "From:[$3]" : "From:[$4];tag=provlab[call_number]";
    const char* to = unswapped ? "To:[$4];tag=provlab[call_number]" : "To:[$3]";
    text_ += fmt::format(R"(  <send retrans="500"><![CDATA[
NOTIFY [$2] SIP/2.0
Via: SIP/2.0/UDP {0}:5060;branch=[branch]
{1}
{2}
[last_Call-ID:]
CSeq: {3} NOTIFY
Max-Forwards: 70
Contact: <sip:{0}:5060>
Event: ua-profile
Subscription-State: terminated;reason=timeout
Content-Type: {4}
Content-Length: [len]

{5}]]></send>
)",
                         address_, from, to, sequence, sipp_text(notify.content_type),
                         sipp_text(notify.url));
  }

  std::string address_;
  std::string text_;
};

}  // namespace

DaemonConfiguration configure_sipp(const DaemonPlan& daemon, const DaemonSite& site) {
  DaemonConfiguration made;
  made.files = {{"notifier.xml", SippWriter(site).write(*daemon.as<netfakes::MulticastConfig>())}};
  // Bound to its own address it would never see what is sent to the group.
  made.arguments = {"-sf",
                    site.folder + "/notifier.xml",
                    "-i",
                    "0.0.0.0",
                    "-p",
                    "5060",
                    "-nostdin",
                    "-trace_msg",
                    "-message_file",
                    site.folder + "/messages",
                    "-trace_err",
                    "-error_file",
                    site.folder + "/errors"};
  made.ready = {.protocol = "udp", .port = 5060, .word = {}};
  made.hears_multicast = true;
  return made;
}

}  // namespace provlab::lab
