#include "sim/lab/editing/text_positions.hpp"

#include <gtest/gtest.h>

#include "sim/lab/editing/file_uri.hpp"
#include "sim/lab/editing/message_stream.hpp"

namespace provlab::lab {
namespace {

TEST(TextPositions, CountUnitsOfUtf16) {
  // U+00E4 is two octets and one unit, U+1F4DE four octets and two units.
  const std::string text =
      "a\xc3\xa4\xf0\x9f\x93\x9e"
      "b\nc";
  const TextPositions positions(text);
  EXPECT_EQ(positions.offset({0, 0}), 0U);
  EXPECT_EQ(positions.offset({0, 2}), 3U);
  EXPECT_EQ(positions.offset({0, 3}), 3U) << "between the two units";
  EXPECT_EQ(positions.offset({0, 4}), 7U);
  EXPECT_EQ(positions.position(7), (TextPosition{0, 4}));
  EXPECT_EQ(positions.position(9), (TextPosition{1, 0}));
}

TEST(TextPositions, KnowAllThreeEndsOfLines) {
  const std::string text = "a\r\nbc\rd\n";
  const TextPositions positions(text);
  ASSERT_EQ(positions.lines(), 4U);
  EXPECT_EQ(positions.line(1), "bc");
  EXPECT_EQ(positions.offset({1, 99}), 5U) << "the end of its line, before what ends it";
  EXPECT_EQ(positions.offset({2, 0}), 6U);
  EXPECT_EQ(positions.offset({99, 5}), text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && i > 0 && text[i - 1] == '\r') continue;
    EXPECT_EQ(positions.offset(positions.position(i)), i);
  }
}

TEST(TextPositions, OctetsThatAreNoCharacterAreOneUnitEach) {
  const std::string text =
      "\xff\xfe"
      "b";
  EXPECT_EQ(TextPositions(text).position(2), (TextPosition{0, 2}));
}

TEST(FileUri, PathsComeBack) {
  EXPECT_EQ(path_of_uri("file:///a/b%20c/%C3%A4.xml"), "/a/b c/\xc3\xa4.xml");
  EXPECT_EQ(path_of_uri("FILE://localhost/a"), "/a");
  EXPECT_EQ(path_of_uri("untitled:Untitled-1"), "untitled:Untitled-1");
  EXPECT_EQ(uri_of_path("/a/b c/%.xml"), "file:///a/b%20c/%25.xml");
  EXPECT_EQ(path_of_uri(uri_of_path("/x/\xc3\xa4#?.xml")), "/x/\xc3\xa4#?.xml");
}

std::string body_of(MessageStream& stream) {
  const auto body = stream.next();
  return !body ? "error: " + body.error().text : body->value_or("(more)");
}

TEST(MessageStream, GivesBodiesHoweverTheyArrive) {
  MessageStream stream;
  const std::string all = MessageStream::framed("{\"a\":1}") +
                          "content-length: 2\r\nContent-Type: x/y; charset=utf-8\r\n\r\n[]";
  for (const char octet : all) {
    stream.feed({&octet, 1});
    if (&octet == &all.back()) break;
  }
  EXPECT_EQ(body_of(stream), "{\"a\":1}");
  EXPECT_EQ(body_of(stream), "[]");
  EXPECT_EQ(body_of(stream), "(more)");
  EXPECT_TRUE(stream.between_messages());
}

TEST(MessageStream, RefusesHeadsThatSayNoLength) {
  const auto said = [](const std::string& octets) {
    MessageStream stream;
    stream.feed(octets);
    return body_of(stream);
  };
  EXPECT_EQ(said("X: 1\r\n\r\n"), "error: a message has no Content-Length");
  EXPECT_EQ(said("Content-Length: -1\r\n\r\n"), "error: a message's Content-Length is no number");
  EXPECT_EQ(said("Content-Length: 1e3\r\n\r\n"), "error: a message's Content-Length is no number");
  EXPECT_EQ(said("Content-Length: 99999999999999999999999\r\n\r\n"),
            "error: a message's Content-Length is no number");
  EXPECT_EQ(said("Content-Length: 4294967295\r\n\r\n"),
            "error: a message of 4294967295 octets is longer than 33554432");
  EXPECT_EQ(said("Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            "error: a message has two lengths");
  EXPECT_EQ(said("{\"jsonrpc\"}\r\n\r\n"), "error: a line of a message's head has no colon");
  EXPECT_EQ(said(std::string(5000, 'x')),
            "error: the head of a message is longer than 4096 octets");
  EXPECT_EQ(said(std::string(4000, 'x')), "(more)");
}

}  // namespace
}  // namespace provlab::lab
