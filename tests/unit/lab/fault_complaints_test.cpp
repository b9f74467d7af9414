#include <gmock/gmock.h>

#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;

struct FaultSlip {
  const char* name;
  const char* rule;       ///< inside the sample's <ntp>, which stands in line 14
  const char* complaint;  ///< all of it
};

class FaultComplaint : public ::testing::TestWithParam<FaultSlip> {};

TEST_P(FaultComplaint, SaysWhatToWrite) {
  const std::string ntp = std::string("<ntp host=\"router\">") + GetParam().rule + "</ntp>";
  EXPECT_THAT(complaints(changed(kScenario, "<ntp host=\"router\"/>", ntp)),
              ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, FaultComplaint,
    ::testing::Values(
        FaultSlip{"GapWithoutCopies", "<on><answer gap=\"1ms\"/></on>",
                  "s.xml:14: gap is the time between copies=\"2\" of a datagram, or between the "
                  "pieces of "
                  "a drip=\"10B\"; add one of them"},
        FaultSlip{"PlaceWithoutCorruption", "<on><answer corrupt-from=\"4B\"/></on>",
                  "s.xml:14: corrupt-from says where the corrupt octets begin; add corrupt=\"1B\""},
        FaultSlip{"CutAndGrown", "<on><answer cut=\"4B\" grow=\"99B\"/></on>",
                  "s.xml:14: cut and grow exclude each other; keep one of them"},
        FaultSlip{"TooLarge", "<on><answer grow=\"1MiB\"/></on>",
                  "s.xml:14: grow=\"1MiB\": a datagram has at most 65507B"},
        FaultSlip{"SizeWithoutUnit", "<on><answer cut=\"4\"/></on>",
                  "s.xml:14: cut=\"4\" in <answer>: write a number of octets with its unit, for "
                  "example 64B, 4KiB or 2MiB"},
        FaultSlip{"RawWithoutOctets", "<on><raw/></on>",
                  "s.xml:14: <raw> has either hex=\"...\" or src=\"...\"; give one of them"},
        FaultSlip{"RawFileMissing", "<on><raw src=\"no.bin\"/></on>",
                  "s.xml:14: there is no file 'no.bin'; it is looked for beside the scenario, as "
                  "no.bin"},
        FaultSlip{"SenderUnknown", "<on><answer from=\"routr\"/></on>",
                  "s.xml:14: from: 'routr' is neither an address nor a host of this scenario (did "
                  "you mean 'router'?); the world has router, pbx, cloud or prov"},
        FaultSlip{"SenderPort", "<on><answer from=\"router:99999\"/></on>",
                  "s.xml:14: from=\"router:99999\": a port goes from 1 to 65535"},
        FaultSlip{"KissAndStratum", "<on><answer kiss=\"DENY\" stratum=\"3\"/></on>",
                  "s.xml:14: kiss says stratum as well; remove one of them"},
        FaultSlip{"RangeBackwards", "<on nth=\"4..2\"><nothing/></on>",
                  "s.xml:14: nth=\"4..2\": the second number is the smaller one; swap them"},
        FaultSlip{"RangeShadowed",
                  "<on nth=\"2..\"><nothing/></on><on nth=\"3..4\"><answer after=\"1s\"/></on>",
                  "s.xml:14: this rule is never used: the rule in line 14 comes first and answers "
                  "all its requests; move it up, or narrow the other"}),
    kSlipName);

class StreamFaultComplaint : public ::testing::TestWithParam<FaultSlip> {};

TEST_P(StreamFaultComplaint, SaysWhatToWrite) {
  EXPECT_THAT(complaints(changed(kScenario, "<file path=\"/a.xml\"",
                                 std::string("<file path=\"/a.xml\" ") + GetParam().rule)),
              ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, StreamFaultComplaint,
    ::testing::Values(
        FaultSlip{"DripWithoutGap", "drip=\"1B\"",
                  "s.xml:18: drip needs the time between its pieces; add gap=\"100ms\""},
        FaultSlip{"EmptyDrip", "drip=\"0B\" gap=\"1s\"",
                  "s.xml:18: pieces of 0 octets never end; write drip=\"1B\" or more"},
        FaultSlip{"EmptyChunk", "chunked=\"0B\"",
                  "s.xml:18: a chunk of 0 octets is the last one; write chunked=\"1B\" or more"},
        FaultSlip{"ResetAndStall", "reset-at=\"9B\" stall-at=\"9B\"",
                  "s.xml:18: reset-at and stall-at exclude each other; keep one of them"},
        FaultSlip{"EndlessThatStops", "endless=\"true\" reset-at=\"9B\"",
                  "s.xml:18: an endless body cannot stop as well; remove one of the two"}),
    kSlipName);

class ServerActionComplaint : public ::testing::TestWithParam<FaultSlip> {};

TEST_P(ServerActionComplaint, SaysWhatToWrite) {
  EXPECT_THAT(complaints(changed(kScenario, "<boot at=\"0s\"/>",
                                 std::string("<boot at=\"0s\"/>") + GetParam().rule)),
              ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Timeline, ServerActionComplaint,
    ::testing::Values(
        FaultSlip{"NothingToStop", "<stop at=\"1s\" host=\"prov\" responder=\"dns\"/>",
                  "s.xml:24: host 'prov' has no <dns> to stop"},
        FaultSlip{"TwoBodies",
                  "<check-sync at=\"1s\" host=\"pbx\" url=\"http://h/\"><notifySync/></check-sync>",
                  "s.xml:24: this check-sync has a body of its own; leave out what would make "
                  "another: url, data-available, start-delay, start-date and do"},
        FaultSlip{"TwoWishes",
                  "<check-sync at=\"1s\" host=\"pbx\" url=\"http://h/\" do=\"reboot\"/>",
                  "s.xml:24: a check-sync asks for one thing: keep do, or url and "
                  "data-available"}),
    kSlipName);

}  // namespace
}  // namespace provlab::lab
