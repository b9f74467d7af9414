#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/phone/phone.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"

/// Backup and "restore backup" of the Web UI (SPEC 5.2, 5.7, 8.2).
namespace provlab::phone {
namespace {

using testing::HasSubstr;

class WebUi : public testing::Test {
 protected:
  WebUi() {
    PhoneOptions options;
    options.run_at_boot = false;
    phone_ = std::make_unique<Phone>(host_, options);
  }
  /// `RESULT: REASON` of the last upload.
  std::string ended() {
    std::string said;
    for (const TraceRecord record : world_.trace()) {
      if (record.is("upload_ended"))
        said = *record.field("result") + ": " + *record.field("reason");
    }
    return said;
  }

  world::World world_;
  world::VirtualHost& host_ = world_.add_host({.name = "device"});
  std::unique_ptr<Phone> phone_;
};

TEST_F(WebUi, BackupRestoredGivesTheSameConfiguration) {
  phone_->power_on();
  phone_->set("userInterface/language", "en");
  const auto before = phone_->configuration();
  const auto backup = phone_->make_backup();
  ASSERT_TRUE(backup);
  phone_->set("userInterface/language", "fr");
  phone_->upload("<keys><phoneXtensions><key keyNumber='1'/></phoneXtensions></keys>");
  ASSERT_NE(phone_->configuration(), before);
  phone_->upload(*backup);
  EXPECT_EQ(phone_->configuration().to_xml(), before.to_xml());
  EXPECT_THAT(ended(), HasSubstr("restored: 11 accepted, 0 rejected"));
}

TEST_F(WebUi, RestoreOfTheSameChangesNothing) {
  phone_->power_on();
  phone_->upload(*phone_->make_backup());
  EXPECT_THAT(ended(), HasSubstr("unchanged: "));
}

TEST_F(WebUi, UploadOfReferenceTypeIsRefusedWithTheReason) {
  phone_->power_on();
  const auto before = phone_->configuration().to_xml();
  phone_->upload("<referencedSettings><url>http://a/b.xml</url></referencedSettings>");
  EXPECT_THAT(ended(), HasSubstr("refused: a document of reference type"));
  EXPECT_EQ(phone_->configuration().to_xml(), before);
}

TEST_F(WebUi, UploadOfNoDocumentIsRefusedWithTheReason) {
  phone_->power_on();
  phone_->upload("");
  EXPECT_EQ(ended(), "refused: the document is empty");
  phone_->upload("<keys>\n<a></keys>");
  EXPECT_EQ(ended(), "refused: line 2: end tag 'keys' where 'a' is open");
}

TEST_F(WebUi, UploadWithoutAnythingValidIsRejected) {
  phone_->power_on();
  phone_->upload("<telephony>loud</telephony>");
  EXPECT_EQ(ended(), "rejected: 0 accepted, 1 rejected");
}

TEST_F(WebUi, WithoutPowerThereIsNone) {
  EXPECT_FALSE(phone_->make_backup());
  phone_->upload("<keys/>");
  EXPECT_EQ(ended(), "");
}

}  // namespace
}  // namespace provlab::phone
