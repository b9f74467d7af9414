#include "core/net/http_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provlab::net {
namespace {

/// The fields of a header with these lines, or what is wrong with them.
Expected<HttpFields> read(std::initializer_list<std::string_view> lines) {
  HttpHead head;
  for (const std::string_view line : lines) {
    if (const auto taken = head.take(std::string(line) + "\r\n"); !taken) {
      return std::unexpected(taken.error());
    }
  }
  if (const auto taken = head.take("\r\n"); !taken) return std::unexpected(taken.error());
  return head.take_fields();
}

std::string fault(std::initializer_list<std::string_view> lines) {
  const auto fields = read(lines);
  return fields ? "none" : fields.error().text;
}

TEST(HttpHead, NamesHaveNoCaseAndValuesNoBlanksAround) {
  const HttpFields fields =
      read({"CONTENT-type:text/xml", "Location: \t/a.xml \t", "content-Encoding: gzip"}).value();
  EXPECT_EQ(fields.content_type, "text/xml");
  EXPECT_EQ(fields.location, "/a.xml");
  EXPECT_EQ(fields.content_encoding, "gzip");
}

TEST(HttpHead, ABlankValueIsNone) {
  const HttpFields fields =
      read({"Content-Type: ", "Location:\t", "Content-Encoding:", "Location: /a.xml"}).value();
  EXPECT_EQ(fields.content_type, "");
  EXPECT_EQ(fields.content_encoding, "");
  EXPECT_EQ(fields.location, "/a.xml");
}

TEST(HttpHead, TheFirstLocationCounts) {
  EXPECT_EQ(read({"Location: /a", "Location: /b"})->location, "/a");
}

TEST(HttpHead, CodingsOfSeveralFieldsAreOneList) {
  EXPECT_EQ(read({"Content-Encoding: identity", "Content-Encoding: gzip"})->content_encoding,
            "identity, gzip");
}

TEST(HttpHead, ALineThatBeginsWithABlankGoesOnWithTheOneBefore) {
  EXPECT_EQ(read({"Content-Type: text/xml;", "\t  charset=utf-8", "X: y"})->content_type,
            "text/xml; charset=utf-8");
  EXPECT_EQ(read({"Location:", " /a.xml"})->location, "/a.xml");
  EXPECT_EQ(read({"Location: http://a", " /a.xml"})->location, "http://a /a.xml");
  EXPECT_EQ(read({"X: y", " Location: /a.xml"})->location, "");
}

TEST(HttpHead, EqualLengthsAreOne) {
  EXPECT_EQ(fault({"Content-Length: 38", "content-length: 38, 38"}), "none");
}

TEST(HttpHead, DifferentLengthsAreRefused) {
  EXPECT_EQ(fault({"Content-Length: 38", "Content-Length: 5"}),
            "its Content-Length is both 38 and 5");
  EXPECT_EQ(fault({"Content-Length: 38, 5"}), "its Content-Length is both 38 and 5");
}

TEST(HttpHead, ALengthThatIsNoNumberIsRefused) {
  for (const std::string_view length : {"38x", "-1", "3 8", "0x26", ""}) {
    EXPECT_EQ(fault({"Content-Length: " + std::string(length)}), "its Content-Length is no number");
  }
}

TEST(HttpHead, AFoldedTransferEncodingIsRefused) {
  EXPECT_EQ(fault({"Transfer-Encoding:", " chunked"}),
            "its Transfer-Encoding goes on in a second line");
  EXPECT_EQ(fault({"Transfer-Encoding: chunked"}), "none");
}

TEST(HttpHead, OnlyChunkedWasAskedFor) {
  EXPECT_EQ(fault({"Transfer-Encoding: Chunked"}), "none");
  EXPECT_EQ(fault({"Transfer-Encoding: identity, chunked", "Transfer-Encoding: "}), "none");
  EXPECT_EQ(fault({"Transfer-Encoding: gzip, chunked"}),
            "its body comes in the transfer coding 'gzip', which was not asked for");
  EXPECT_EQ(fault({"transfer-encoding: chunked", "transfer-encoding: deflate"}),
            "its body comes in the transfer coding 'deflate', which was not asked for");
  EXPECT_EQ(fault({"Transfer-Encoding: chunked, chunked"}), "its body comes in chunks of chunks");
}

TEST(HttpHead, OnlyIdentityLeavesABodyAsItIs) {
  EXPECT_FALSE(is_encoded(""));
  EXPECT_FALSE(is_encoded("Identity"));
  EXPECT_FALSE(is_encoded("identity, , IDENTITY"));
  EXPECT_TRUE(is_encoded("gzip"));
  EXPECT_TRUE(is_encoded("identity, br"));
}

}  // namespace
}  // namespace provlab::net
