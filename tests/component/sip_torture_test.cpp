#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/platform/text.hpp"
#include "tests/component/phone_lab.hpp"

/// Every message of RFC 4475 section 3, sent to a phone that may be sent check-syncs: as it is, and
/// as a NOTIFY of check-sync where the phone would otherwise see no more than that it is none. The
/// octets are in tests/data/rfc4475/; its README says which are those of the RFC.
namespace provlab::test {
namespace {

struct Torture {
  const char* name;
  unsigned answer;  ///< to the message; 0: none
  unsigned notify;  ///< to its NOTIFY; 0: none, because the message is a response
  const char* why;
};

const Torture kTortures[] = {
    // 3.1.1: valid messages
    {"wsinv", 405, 415,
     "space, folding and case are read; the body is SDP, which is no check-sync"},
    {"intmeth", 405, 200, "a token may be this odd; control characters may be quoted, NUL too"},
    {"esc01", 405, 200, "escapes in URIs are left as they are"},
    {"escnull", 405, 200, "%00 is text here, never a NUL"},
    {"esc02", 405, 200, "% in a method or a header's name escapes nothing: they are unknown names"},
    {"lwsdisp", 405, 200, "nothing need stand between a display name and <"},
    {"longreq", 405, 200, "lengths are bounded by the datagram only"},
    {"dblreq", 405, 200, "what follows the body is no part of the message, and no second one"},
    {"semiuri", 405, 200, "a ; in the user part is the user's"},
    {"transports", 405, 200, "the transports of lower Vias are not ours to judge"},
    {"mpart01", 405, 415, "a body of several parts is none that the phone understands"},
    {"unreason", 0, 0, "a response is read whatever its phrase, and answers no request of ours"},
    {"noreason", 0, 0, "an empty phrase is one"},
    // 3.1.2: invalid messages
    {"badinv01", 405, 400,
     "empty places in a Via leave doubt about the way back; those of Contact "
     "would not"},
    {"clerr", 405, 400, "over UDP a body that is shorter than it says is an incomplete message"},
    {"ncl", 405, 400, "a negative Content-Length is none"},
    {"scalar02", 405, 400, "a CSeq beyond 2^31 is none; Expires and Max-Forwards are not needed"},
    {"scalarlg", 0, 0, "a response that cannot be read is thrown away"},
    {"quotbal", 405, 400, "nobody can say where an open quote ends"},
    {"ltgtruri", 405, 400, "a Request-URI has no brackets"},
    {"lwsruri", 405, 400, "white space within a Request-URI: it could end at either place"},
    {"lwsstart", 405, 200, "white space around it leaves no doubt"},
    {"trws", 405, 200, "white space at the end of the start line leaves none either"},
    {"escruri", 405, 200, "headers in a Request-URI are not looked at, which the RFC allows"},
    {"baddate", 405, 200, "nobody needs the Date"},
    {"regbadct", 405, 200, "nobody needs the Contact"},
    {"badaspec", 405, 200, "space within <> leaves no doubt, and To is only repeated"},
    {"baddn", 405, 200, "a comma in a bare display name: From is only repeated"},
    {"badvers", 505, 505,
     "another version is judged first, and answered though the Via has it too"},
    {"mismatch01", 405, 400, "a CSeq that names another method"},
    {"mismatch02", 405, 400, "the same with a method that nobody knows"},
    {"bigcode", 0, 0, "a status of ten digits is none, and no response is answered"},
    // 3.2: transactions
    {"badbranch", 405, 200, "a branch of nothing but its cookie: Call-ID and CSeq count as well"},
    // 3.3: what the application judges
    {"insuf", 405, 400, "From, To and Call-ID are missing; the Via says whither"},
    {"unkscm", 405, 200, "the phone is not asked by several URIs, so it judges none"},
    {"novelsc", 405, 200, "the same"},
    {"unksm2", 405, 200, "From and To may be any URI"},
    {"bext01", 405, 420, "extensions that nobody knows; Proxy-Require is for proxies"},
    {"invut", 405, 415, "a body of a type that nobody knows"},
    {"regaut01", 405, 200, "credentials that were not asked for are nothing to judge"},
    {"multi01", 405, 400, "two From, To, Call-ID and CSeq: which one counts?"},
    {"mcl01", 405, 400, "two lengths: which one counts?"},
    {"bcast", 0, 0, "a response with a broadcast address in its second Via goes nowhere"},
    {"zeromf", 405, 200, "Max-Forwards is for those who forward"},
    {"cparam01", 405, 200, "nobody needs the Contact"},
    {"cparam02", 405, 200, "nobody needs the Contact"},
    {"regescrt", 405, 200, "nobody needs the Contact"},
    {"sdp01", 405, 200, "the phone's answers have no body that an Accept could rule out"},
    // 3.4: what RFC 2543 allowed
    {"inv2543", 405, 415, "no branch, no tag, no length: all readable; the body is SDP"},
};

std::string octets_of(std::string_view name) {
  std::ifstream file(std::string(PROVLAB_TEST_DATA) + "/rfc4475/" + std::string(name) + ".sip",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The request as a NOTIFY of check-sync; a CSeq that names another method stays.
std::string as_notify(std::string text) {
  const std::string method = text.substr(0, text.find(' '));
  const std::size_t header = lower(text).find("\ncseq");
  const std::size_t named = text.find(method, header);
  constexpr std::size_t kNear = 60;
  if (header != std::string::npos && named < header + kNear) {
    text.replace(named, method.size(), "NOTIFY");
  }
  text.replace(0, method.size(), "NOTIFY");
  return text.insert(text.find("\r\n") + 2, "Event: check-sync\r\n");
}

class SipTorture : public testing::TestWithParam<Torture> {
 protected:
  SipTorture() {
    lab.options.settings = {{"provisioning/sip/active", "true"},
                            {"provisioning/sip/allowlist/allowlistEntry", "192.0.2.77"}};
    lab.boot();
    EXPECT_TRUE(lab.run_until_ended());
    socket_ = std::move(*sender_.open_udp({.port = 5060, .groups = {}}));
  }
  /// The statuses of what comes back within a second.
  std::vector<unsigned> statuses(std::string_view octets) {
    EXPECT_TRUE(
        socket_->send({lab.device.configuration()->address.address, 5060}, bytes_of(octets)));
    const std::size_t before = lab.count("sip_response_sent");
    lab.world.run_until(lab.world.now() + 1s);
    std::vector<unsigned> all;
    for (std::size_t i = before; i < lab.count("sip_response_sent"); ++i) {
      all.push_back(static_cast<unsigned>(std::stoul(lab.field("sip_response_sent", "status", i))));
    }
    return all;
  }

  PhoneLab lab;

 private:
  world::VirtualHost& sender_ = lab.world.add_host(
      {.name = "sender",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 77), 24}, {}},
       .mac = {}});
  std::unique_ptr<UdpSocket> socket_;
};

std::vector<unsigned> one_or_none(unsigned status) {
  return status == 0 ? std::vector<unsigned>() : std::vector{status};
}

TEST_P(SipTorture, MessageGetsItsAnswer) {
  const Torture& torture = GetParam();
  EXPECT_EQ(statuses(octets_of(torture.name)), one_or_none(torture.answer)) << torture.why;
  EXPECT_EQ(lab.count("check_sync_accepted"), 0U);
}

TEST_P(SipTorture, NotifyMadeOfItGetsItsAnswer) {
  const Torture& torture = GetParam();
  if (torture.notify == 0) return;
  EXPECT_EQ(statuses(as_notify(octets_of(torture.name))), one_or_none(torture.notify))
      << torture.why;
  EXPECT_EQ(lab.count("check_sync_accepted"), torture.notify == 200 ? 1U : 0U);
  if (torture.notify == 200) {
    EXPECT_TRUE(lab.run_until_ended(2));
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc4475, SipTorture, testing::ValuesIn(kTortures),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace provlab::test
