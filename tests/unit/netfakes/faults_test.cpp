#include "netfakes/faults.hpp"

#include <gmock/gmock.h>

#include "sim/world/random.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class FaultsTest : public testing::Test {
 protected:
  std::string spoilt(const Faults& faults, std::string_view message, OctetRange transaction = {}) {
    done_.clear();
    world::SeededRandom random(1);
    const Bytes octets = spoil(faults, bytes_of(message), transaction, random,
                               [&](const FaultDone& fault) { done_.emplace_back(fault.fault); });
    return std::string(text_of(octets));
  }
  std::vector<std::string> done_;
};

std::vector<std::size_t> differences(std::string_view a, std::string_view b) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i] != b[i]) places.push_back(i);
  }
  return places;
}

TEST_F(FaultsTest, NoneLeaveTheMessageAlone) {
  EXPECT_EQ(spoilt({}, "message"), "message");
  EXPECT_THAT(done_, IsEmpty());
}

TEST_F(FaultsTest, CorruptionFromAPlaceChangesTheOctetsThere) {
  Faults faults;
  faults.corruption = {.octets = 3, .from = 2};
  EXPECT_THAT(differences(spoilt(faults, "0123456789"), "0123456789"), ElementsAre(2, 3, 4));
  EXPECT_THAT(done_, ElementsAre("corrupt"));
}

TEST_F(FaultsTest, CorruptionEndsWithTheMessage) {
  Faults faults;
  faults.corruption = {.octets = 30, .from = 8};
  EXPECT_THAT(differences(spoilt(faults, "0123456789"), "0123456789"), ElementsAre(8, 9));
}

TEST_F(FaultsTest, DrawnCorruptionChangesSoManyDifferentOctets) {
  Faults faults;
  faults.corruption = {.octets = 4, .from = {}};
  EXPECT_THAT(differences(spoilt(faults, "0123456789"), "0123456789"), SizeIs(4));
  faults.corruption->octets = 100;
  EXPECT_THAT(differences(spoilt(faults, "0123456789"), "0123456789"), SizeIs(10));
}

TEST_F(FaultsTest, CutAndGrownMessagesHaveTheSizeAskedFor) {
  Faults faults;
  faults.cut = 4;
  EXPECT_EQ(spoilt(faults, "0123456789"), "0123");
  EXPECT_EQ(spoilt(faults, "01"), "01");
  EXPECT_THAT(done_, IsEmpty());
  faults = {};
  faults.grow = 6;
  EXPECT_EQ(spoilt(faults, "0123"), "0123XX");
}

TEST_F(FaultsTest, WrongTransactionIsAnotherOneThatIsStillText) {
  Faults faults;
  faults.transaction = Faults::Transaction::wrong;
  EXPECT_EQ(spoilt(faults, "id=abc.", {3, 3}), "id=`bc.");
  EXPECT_EQ(spoilt(faults, "short", {3, 30}), "short") << "a range that the message does not have";
}

TEST_F(FaultsTest, RawOctetsStandForTheMessage) {
  Faults faults;
  faults.raw = Bytes{'r', 'a', 'w', '!'};
  EXPECT_EQ(spoilt(faults, "id=abc.", {1, 2}), "raw!");
  faults.transaction = Faults::Transaction::right;
  EXPECT_EQ(spoilt(faults, "id=abc.", {1, 2}), "rd=!");
  EXPECT_THAT(done_, ElementsAre("raw"));
}

TEST_F(FaultsTest, RawTextGetsTheCallIdInPlaceOfItsMarker) {
  const std::string_view raw = "i: {call-id}\r\n";
  Faults faults;
  faults.raw = Bytes(raw.begin(), raw.end());
  faults.transaction = Faults::Transaction::right;
  EXPECT_EQ(spoilt(faults, "Call-ID: 12345@host", {9, 10}), "i: 12345@host\r\n");
}

TEST_F(FaultsTest, RawSipWithoutMarkersStaysAsItIs) {
  const std::string raw = "NOTIFY sip:a SIP/2.0\r\nCall-ID: mine\r\n";
  Faults faults;
  faults.raw = Bytes(raw.begin(), raw.end());
  faults.transaction = Faults::Transaction::right;
  EXPECT_EQ(spoilt(faults, "Via: x;branch=z9hG4bK1\r\nCall-ID: 12345@host", {33, 10}), raw);
}

TEST_F(FaultsTest, SameSeedSpoilsTheSameOctets) {
  Faults faults;
  faults.corruption = {.octets = 5, .from = {}};
  EXPECT_EQ(spoilt(faults, "0123456789"), spoilt(faults, "0123456789"));
}

}  // namespace
}  // namespace provlab::netfakes::test
