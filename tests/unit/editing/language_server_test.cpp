#include "sim/lab/editing/language_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>

#include "tests/temporary_folder.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kUri = "file:///s.xml";

class Server : public ::testing::Test {
 protected:
  /// What one message is answered with; an empty object where there is no answer.
  json::object tell(const std::string& body) {
    server.handle(body);
    const auto replies = server.take_replies();
    if (replies.empty()) return {};
    return json::parse(replies.back()).as_object();
  }
  json::object ask(const std::string& method, const json::value& params) {
    return tell(json::serialize(
        json::value{{"jsonrpc", "2.0"}, {"id", 7}, {"method", method}, {"params", params}}));
  }
  void notify(const std::string& method, const json::value& params) {
    EXPECT_THAT(tell(json::serialize(
                    json::value{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}})),
                IsEmpty());
  }
  void begin() {
    ASSERT_TRUE(ask("initialize", {{"capabilities", json::object()}}).contains("result"));
  }
  void open(const std::string& text, const std::string& uri = kUri) {
    notify("textDocument/didOpen",
           {{"textDocument", {{"uri", uri}, {"version", 1}, {"text", text}}}});
  }
  json::value place(int line, int character) {
    return {{"textDocument", {{"uri", kUri}}},
            {"position", {{"line", line}, {"character", character}}}};
  }
  json::array diagnostics() {
    server.idle();
    const auto replies = server.take_replies();
    if (replies.size() != 1) return {"(no one message)"};
    return json::parse(replies[0]).at("params").at("diagnostics").as_array();
  }
  static int code(const json::object& reply) {
    const json::value* error = reply.if_contains("error");
    return error == nullptr ? 0 : static_cast<int>(error->at("code").as_int64());
  }

  LanguageServer server{"1"};
};

TEST_F(Server, SaysWhatItCan) {
  const json::object reply = ask("initialize", {{"capabilities", json::object()}});
  const json::value& can = reply.at("result").at("capabilities");
  EXPECT_EQ(can.at("positionEncoding"), "utf-16");
  EXPECT_EQ(can.at("textDocumentSync").at("change"), 2);
  EXPECT_EQ(can.at("hoverProvider"), true);
  EXPECT_EQ(can.at("definitionProvider"), true);
}

TEST_F(Server, AnswersWhatIsNoRequestWithTheProtocolsErrors) {
  begin();
  EXPECT_EQ(code(tell("{\"jsonrpc\":")), -32700);
  EXPECT_EQ(code(tell("")), -32700);
  EXPECT_EQ(code(tell("{\"a\":\"\xff\"}")), -32700);
  EXPECT_EQ(code(tell(std::string(100'000, '['))), -32700);
  EXPECT_EQ(code(tell("[]")), -32600);
  EXPECT_EQ(code(tell("{\"id\":1}")), -32600);
  EXPECT_EQ(code(tell("{\"id\":{},\"method\":\"x\"}")), -32600);
  EXPECT_EQ(code(ask("textDocument/rename", {})), -32601);
  EXPECT_EQ(code(ask("textDocument/hover", {})), -32602);
  EXPECT_EQ(code(ask("textDocument/hover", place(0, 0))), -32602) << "nothing is open";
  EXPECT_THAT(tell("{\"id\":1,\"result\":null}"), IsEmpty());
  EXPECT_THAT(tell("{\"method\":\"$/nobodyKnows\"}"), IsEmpty());
  EXPECT_EQ(tell("{\"jsonrpc\":").at("id"), nullptr);
}

TEST_F(Server, HasALifeOfThreeParts) {
  EXPECT_EQ(code(ask("textDocument/hover", place(0, 0))), -32002);
  EXPECT_EQ(code(ask("shutdown", nullptr)), -32002);
  begin();
  EXPECT_EQ(code(ask("initialize", json::object())), -32600);
  EXPECT_EQ(ask("shutdown", nullptr).at("result"), nullptr);
  EXPECT_EQ(code(ask("textDocument/hover", place(0, 0))), -32600);
  EXPECT_FALSE(server.exit_code());
  notify("exit", nullptr);
  EXPECT_EQ(server.exit_code(), 0);
}

TEST_F(Server, ThatIsNotShutDownExitsWithOne) {
  begin();
  notify("exit", nullptr);
  EXPECT_EQ(server.exit_code(), 1);
}

TEST_F(Server, FollowsChangesInUnitsOfUtf16) {
  begin();
  open("<scenario name=\"\xf0\x9f\x93\x9e|\">\n</scenario>");
  const json::value range{{"start", {{"line", 0}, {"character", 16}}},
                          {"end", {{"line", 0}, {"character", 19}}}};
  const json::object first{{"range", range}, {"text", "x"}};
  const json::object second{
      {"range",
       {{"start", {{"line", 1}, {"character", 0}}}, {"end", {{"line", 1}, {"character", 0}}}}},
      {"text", "<ab"}};
  notify("textDocument/didChange", {{"textDocument", {{"uri", kUri}, {"version", 2}}},
                                    {"contentChanges", json::array{first, second}}});
  const json::object reply = ask("textDocument/completion", place(1, 3));
  const json::array& items = reply.at("result").at("items").as_array();
  ASSERT_FALSE(items.empty());
  EXPECT_EQ(items[0].at("label"), "about");
  const json::value edit = items[0].at("textEdit").at("range");
  EXPECT_EQ(edit.at("start").at("character"), 1);
  EXPECT_EQ(edit.at("end").at("character"), 3);
  EXPECT_EQ(
      ask("textDocument/hover", place(0, 3)).at("result").at("range").at("end").at("character"), 9);
}

TEST_F(Server, TakesHalfOfAPairOfUtf16) {
  begin();
  tell(fmt::format(
      R"({{"method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"{}","version":1,"text":"<scenario name='\ud83d'><"}}}}}})",
      kUri));
  EXPECT_EQ(code(ask("textDocument/completion", place(0, 20))), 0);
}

TEST_F(Server, LetsScenariosNameWhatLiesBelowItsRoot) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "in");
  std::ofstream(folder / "out.xml") << "<configuration/>";
  const std::string text =
      "<scenario name=\"x\">\n<about>A.</about>\n<device><configuration-file src=\"../out.xml\"/>"
      "</device>\n<expect><result is=\"no-url\"/></expect>\n</scenario>";
  begin();
  open(text, "file://" + folder / "in/s.xml");
  EXPECT_THAT(json::serialize(diagnostics()), HasSubstr("leads out of the folder"));
  server.set_root(folder.path());
  open(text, "file://" + folder / "in/s.xml");
  EXPECT_THAT(diagnostics(), IsEmpty());
}

TEST_F(Server, ComplainsOnceAllIsRead) {
  begin();
  open(
      "<scenario name=\"x\">\n<about>A.</about>\n<expect><result "
      "is=\"nourl\"/></expect>\n</scenario>");
  EXPECT_TRUE(server.has_changes());
  const json::array found = diagnostics();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at("range").at("start").at("line"), 2);
  EXPECT_THAT(std::string(found[0].at("message").as_string()), HasSubstr("no-url"));
  EXPECT_FALSE(server.has_changes());
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", kUri}, {"version", 2}}},
          {"contentChanges",
           json::array{json::object{{"text",
                                     "<scenario name=\"x\"><about>A.</about><expect><result "
                                     "is=\"no-url\"/></expect></scenario>"}}}}});
  EXPECT_THAT(diagnostics(), IsEmpty());
}

TEST_F(Server, LeavesDocumentsAlone) {
  begin();
  open("<configuration><nonsense></configuration>");
  EXPECT_THAT(diagnostics(), IsEmpty());
}

TEST_F(Server, TakesComplaintsBackWhenADocumentIsClosed) {
  begin();
  open("<scenario>");
  EXPECT_EQ(diagnostics().size(), 1U);
  const json::object said = tell(json::serialize(json::value{
      {"method", "textDocument/didClose"}, {"params", {{"textDocument", {{"uri", kUri}}}}}}));
  EXPECT_EQ(said.at("method"), "textDocument/publishDiagnostics");
  EXPECT_THAT(said.at("params").at("diagnostics").as_array(), IsEmpty());
  EXPECT_EQ(code(ask("textDocument/hover", place(0, 0))), -32602);
}

TEST_F(Server, AsksForFilesThatChangeWhereTheEditorCanTell) {
  ask("initialize",
      {{"capabilities",
        {{"workspace", {{"didChangeWatchedFiles", {{"dynamicRegistration", true}}}}}}}});
  const json::object request = tell("{\"method\":\"initialized\",\"params\":{}}");
  EXPECT_EQ(request.at("method"), "client/registerCapability");
  open("<scenario>");
  diagnostics();
  notify("workspace/didChangeWatchedFiles", {{"changes", json::array()}});
  EXPECT_TRUE(server.has_changes());
}

TEST_F(Server, SnippetsAreForEditorsThatKnowThem) {
  const json::value snippets{
      {"capabilities",
       {{"textDocument", {{"completion", {{"completionItem", {{"snippetSupport", true}}}}}}}}}};
  ask("initialize", snippets);
  open("<scenario name=\"x\"><about>A.</about><");
  const json::object reply = ask("textDocument/completion", place(0, 37));
  const json::value item = reply.at("result").at("items").as_array().at(0);
  EXPECT_EQ(item.at("insertTextFormat"), 2);
  EXPECT_EQ(item.at("textEdit").at("newText"), "device>$0</device>");
}

}  // namespace
}  // namespace provlab::lab
