#include "core/settings/mistaken_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/settings/document.hpp"

namespace provlab::settings {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal_of(std::string_view bytes, const std::string& type = {}) {
  const auto document = read_document(bytes, type);
  return document ? "accepted" : document.error().to_string();
}

TEST(MistakenDocument, AWebPageIsOne) {
  EXPECT_THAT(refusal_of("<!DOCTYPE html>\n<html><head><title>\nLog <b>in</b></title></head></html>"),
              HasSubstr("it is a web page titled 'Log in', not a provisioning document"));
  EXPECT_THAT(refusal_of("\xef\xbb\xbf \r\n<!doctype HTML><meta charset=utf-8>"),
              HasSubstr("a web page,"));
  EXPECT_THAT(refusal_of("<HTML><BODY>x<br></BODY></HTML>"), HasSubstr("a web page,"));
  EXPECT_THAT(
      refusal_of("<?xml version=\"1.0\"?><!-- a --><html xmlns=\"http://www.w3.org/1999/xhtml\"/>"),
      HasSubstr("a web page,"));
  EXPECT_THAT(refusal_of("Please log in", "Text/HTML; charset=utf-8"), HasSubstr("a web page,"));
  EXPECT_THAT(refusal_of("<!DOCTYPE html>"), Not(HasSubstr("document type declaration")));
}

TEST(MistakenDocument, AMessageOfAScriptIsQuoted) {
  EXPECT_THAT(refusal_of("<br />\n<b>Warning</b>:  mysqli_connect(): refused in <b>/srv/a.php</b> on "
                      "line <b>3</b><br />\n<time/>",
                      "text/html"),
              HasSubstr("'Warning:  mysqli_connect(): refused in /srv/a.php on line 3'"));
  EXPECT_THAT(refusal_of("<time/><br />\n<b>Notice</b>:  Undefined index: mac"),
              HasSubstr("'Notice:  Undefined index: mac'"));
  EXPECT_THAT(refusal_of("\nFatal error: out of memory\n<time/>"),
              HasSubstr("'Fatal error: out of memory'"));
}

TEST(MistakenDocument, AScriptThatWasNotRunIsOne) {
  EXPECT_THAT(refusal_of("<?php echo '<time/>'; ?>"), HasSubstr("the source of a PHP script"));
}

TEST(MistakenDocument, InvisibleCharactersAreNamed) {
  EXPECT_THAT(refusal_of("\xe2\x80\x8b<time/>"), HasSubstr("invisible characters (U+200B)"));
  EXPECT_THAT(refusal_of("\xef\xbb\xbf\xef\xbb\xbf\xc2\xa0<time/>"),
              HasSubstr("invisible characters (U+FEFF, U+00A0)"));
}

TEST(MistakenDocument, OtherThingsAreCalledWhatTheyAre) {
  EXPECT_THAT(refusal_of("{\"time\": {}}"), HasSubstr("it is JSON"));
  EXPECT_THAT(refusal_of("\x1f\x8b\x08"), HasSubstr("it is compressed (gzip)"));
}

TEST(MistakenDocument, ADocumentIsTakenWhateverItsTypeSays) {
  EXPECT_EQ(refusal_of("<time><timezone>UTC0</timezone></time>", "text/html"), "accepted");
  EXPECT_EQ(refusal_of("\xef\xbb\xbf<time/>"), "accepted");
}

TEST(MistakenDocument, WhatIsNoneOfThemKeepsItsReason) {
  EXPECT_EQ(mistaken_for_document("<time>", "text/xml"), std::nullopt);
  EXPECT_EQ(mistaken_for_document("", ""), std::nullopt);
  EXPECT_EQ(mistaken_for_document("<!DOCTYPE keys><keys/>", ""), std::nullopt);
}

}  // namespace
}  // namespace provlab::settings
