#include "core/service/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provlab::service {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

DocumentTally clean(bool changed) {
  return {.requested = 1, .downloaded = 1, .accepted = 2, .changed = changed, .first_problem = {}};
}

// SPEC 2.14, row by row.

TEST(Result, NothingDownloadedIsDownloadFailed) {
  EXPECT_EQ(judge({.requested = 1, .failed = 1, .first_problem = {}}), RunResult::download_failed);
}

TEST(Result, DownloadedWithoutAnythingAcceptedIsRejected) {
  DocumentTally tally{.requested = 1, .downloaded = 1, .rejected = 3, .first_problem = {}};
  EXPECT_EQ(judge(tally), RunResult::rejected);
  tally = {.requested = 1, .downloaded = 1, .refused = 1, .first_problem = {}};
  EXPECT_EQ(judge(tally), RunResult::rejected);
  tally = {.requested = 1, .downloaded = 1, .first_problem = {}};  // an empty reference document
  EXPECT_EQ(judge(tally), RunResult::rejected);
}

TEST(Result, NothingButUnknownSectionsIsUnchanged) {
  DocumentTally tally{.requested = 1, .downloaded = 1, .first_problem = {}};
  tally.note_unknown("ldap");
  tally.note_unknown("ldap");
  EXPECT_EQ(judge(tally), RunResult::unchanged);
  EXPECT_THAT(describe(RunResult::unchanged, "", tally, TimeLimit::kept),
              EndsWith("nothing to do. Left out, as this release has no such section: ldap."));
  tally.failed = 1;
  EXPECT_EQ(judge(tally), RunResult::rejected);
}

TEST(Result, AnythingWrongBesideSomethingAcceptedIsPartial) {
  for (unsigned DocumentTally::*wrong : {&DocumentTally::failed, &DocumentTally::refused,
                                         &DocumentTally::skipped, &DocumentTally::rejected}) {
    DocumentTally tally = clean(true);
    tally.*wrong = 1;
    EXPECT_EQ(judge(tally), RunResult::partial);
    tally.changed = false;
    EXPECT_EQ(judge(tally), RunResult::partial);
  }
}

TEST(Result, AllAcceptedAndSomethingChangedIsProvisioned) {
  EXPECT_EQ(judge(clean(true)), RunResult::provisioned);
}

TEST(Result, AllAcceptedAndNothingDifferentIsUnchanged) {
  EXPECT_EQ(judge(clean(false)), RunResult::unchanged);
}

TEST(Result, NamesAreThoseOfTheSpecification) {
  EXPECT_EQ(to_string(RunResult::no_valid_time), "no-valid-time");
  EXPECT_EQ(to_string(RunResult::download_failed), "download-failed");
  EXPECT_EQ(to_string(Trigger::at_time), "at-time");
  EXPECT_EQ(to_string(Trigger::check_sync), "check-sync");
}

TEST(Sentence, OfEveryResultIsOneWithAFullStop) {
  for (const RunResult result : kRunResults) {
    const std::string text = describe(result, "a reason", clean(true), TimeLimit::kept);
    EXPECT_THAT(text, EndsWith("."));
    EXPECT_THAT(text, Not(HasSubstr("..")));
  }
}

TEST(Sentence, OfAFailedDownloadNamesTheProblem) {
  DocumentTally tally{.requested = 1, .failed = 1, .first_problem = {}};
  tally.note_problem("http://prov.server.com/a.xml: " + describe_http_status(404));
  tally.note_problem("a later problem");
  const std::string text = describe(RunResult::download_failed, "", tally, TimeLimit::kept);
  EXPECT_THAT(text, HasSubstr("http://prov.server.com/a.xml: the server answered 404 (not found); "
                              "check that the file is there"));
  EXPECT_THAT(text, Not(HasSubstr("a later problem")));
}

TEST(Sentence, OfAPartialRunCountsWhatWentWrong) {
  DocumentTally tally = clean(true);
  tally.failed = 1;
  tally.skipped = 2;
  tally.rejected = 1;
  tally.first_problem = "section keys: no";
  EXPECT_EQ(
      describe(RunResult::partial, "", tally, TimeLimit::kept),
      "Installed only in part: 2 sections or operations accepted, but 1 file could not be "
      "downloaded, 2 references were not followed, 1 section or operation was rejected. First "
      "problem: section keys: no; correct it and provision again.");
}

TEST(Sentence, WarnsOfFilesByHttpThatADocumentByHttpsNames) {
  DocumentTally tally = clean(true);
  EXPECT_THAT(describe(RunResult::provisioned, "", tally, TimeLimit::kept),
              Not(HasSubstr("Warning")));
  tally.downgraded = 2;
  EXPECT_THAT(
      describe(RunResult::provisioned, "", tally, TimeLimit::kept),
      HasSubstr("Warning: a document that came by https names 2 URLs by http, where anybody "
                "on the way can change what is loaded; use https there."));
}

TEST(Sentence, MentionsTheTimeLimit) {
  EXPECT_THAT(describe(RunResult::provisioned, "", clean(true), TimeLimit::reached),
              HasSubstr("time limit"));
  EXPECT_THAT(describe(RunResult::provisioned, "", clean(true), TimeLimit::kept),
              Not(HasSubstr("time limit")));
}

TEST(HttpStatus, WhatIsNotFollowedIsNotSaidToLeadNowhere) {
  for (const int status : {300, 304, 305, 306, 399}) {
    EXPECT_THAT(describe_http_status(status),
                HasSubstr("must answer 200 with the whole file, or "));
  }
}

TEST(HttpStatus, ALoginOnTheWayIsNotTheServersFault) {
  EXPECT_THAT(describe_http_status(407), HasSubstr("a proxy answered 407"));
  EXPECT_THAT(describe_http_status(407), Not(HasSubstr("server's log")));
  EXPECT_THAT(describe_http_status(511), HasSubstr("the network, not the server, answered 511"));
  EXPECT_THAT(describe_http_status(511), HasSubstr("the network wants a login"));
}

TEST(HttpStatus, UnknownStatusIsStillExplained) {
  EXPECT_EQ(describe_http_status(599),
            "the server answered 599, which is no known status and counts as 500 (internal error); "
            "look into the server's log");
  EXPECT_EQ(describe_http_status(499),
            "the server answered 499, which is no known status and counts as 400 (bad request); "
            "check the URL and what the server expects");
  EXPECT_THAT(describe_http_status(999), HasSubstr("counts as 500"));
  EXPECT_THAT(describe_http_status(204), HasSubstr("must answer 200"));
  EXPECT_THAT(describe_http_status(302), HasSubstr("redirect"));
}

}  // namespace
}  // namespace provlab::service
