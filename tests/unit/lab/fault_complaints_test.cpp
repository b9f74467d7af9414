#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

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
                  "s.xml:14: gap is the time between the copies of an answer; add copies=\"2\""},
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
    [](const ::testing::TestParamInfo<FaultSlip>& slip) { return slip.param.name; });

}  // namespace
}  // namespace provlab::lab
