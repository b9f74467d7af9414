// What a LanguageServer says about documents, as the protocol wants it.

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "sim/lab/editing/diagnostics.hpp"
#include "sim/lab/editing/explanations.hpp"
#include "sim/lab/editing/file_uri.hpp"
#include "sim/lab/editing/language_server.hpp"
#include "sim/lab/editing/offers.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

json::object json_of(TextPosition position) {
  return {{"line", position.line}, {"character", position.character}};
}

json::object json_of(TextPosition begin, TextPosition end) {
  return {{"start", json_of(begin)}, {"end", json_of(end)}};
}

json::object markdown(std::string_view text) {
  return {{"kind", "markdown"}, {"value", text}};
}

/// CompletionItemKind.
int kind_of(Offer::Kind kind) {
  switch (kind) {
    case Offer::Kind::element:
      return 7;  // Class
    case Offer::Kind::attribute:
      return 10;  // Property
    case Offer::Kind::value:
      return 12;  // Value
    case Offer::Kind::name:
      return 18;  // Reference
    case Offer::Kind::file:
      return 17;  // File
    case Offer::Kind::folder:
      return 19;  // Folder
    case Offer::Kind::end_tag:
      return 14;  // Keyword
  }
  return 1;
}

json::object json_of(const Offer& offer, bool snippets, const json::object& range,
                     std::size_t place) {
  const bool as_snippet = snippets && !offer.snippet.empty();
  json::object item{
      {"label", offer.label},
      {"kind", kind_of(offer.kind)},
      {"filterText", offer.label},
      {"sortText", fmt::format("{}{:04}", offer.needed ? 0 : 1, place)},
      {"insertTextFormat", as_snippet ? 2 : 1},
      {"textEdit", {{"range", range}, {"newText", as_snippet ? offer.snippet : offer.text}}}};
  if (!offer.detail.empty()) item["detail"] = offer.detail;
  if (!offer.about.empty()) item["documentation"] = markdown(offer.about);
  return item;
}

}  // namespace

json::object LanguageServer::range(const Document& document, LooseDocument::Span span) {
  return json_of(document.positions.position(span.begin), document.positions.position(span.end));
}

json::value LanguageServer::completion(const Document& document, std::size_t offset) const {
  Offers offers = offers_at(document.scenario, offset);
  // An edit stays in the line of the cursor.
  const std::size_t line = document.positions.position(offset).line;
  const std::size_t begin = document.positions.begin_of_line(line);
  const std::size_t end = begin + document.positions.line(line).size();
  const json::object edited =
      range(document, {std::max(offers.typed.begin, begin), std::min(offers.typed.end, end)});
  json::array items;
  for (const Offer& offer : offers.list) {
    items.push_back(json_of(offer, snippets_, edited, items.size()));
  }
  return {{"isIncomplete", false}, {"items", std::move(items)}};
}

json::value LanguageServer::hover(const Document& document, std::size_t offset) {
  const auto explanation = explanation_at(document.scenario, offset);
  if (!explanation) return nullptr;
  return {{"contents", markdown(explanation->text)},
          {"range", range(document, explanation->about)}};
}

json::value LanguageServer::definition(const Document& document, const std::string& uri,
                                       std::size_t offset) {
  const auto destination = destination_at(document.scenario, offset);
  if (!destination) return nullptr;
  const bool here = destination->file == document.scenario.file();
  return {{"uri", here ? uri : uri_of_path(destination->file)},
          {"range", here ? range(document, destination->place) : json_of({}, {})}};
}

void LanguageServer::publish(const std::string& uri, Document& document) {
  json::array diagnostics;
  if (document.scenario.is_scenario()) {
    for (const Diagnostic& each : diagnostics_of(document.scenario, document.positions)) {
      json::object said{{"range", range(document, each.range)},
                        {"severity", 1},
                        {"source", "provlab"},
                        {"message", visible(each.text)}};
      if (!each.other_file.empty()) {
        json::object related{
            {"location",
             {{"uri", uri_of_path(each.other_file)}, {"range", json_of(each.other, each.other)}}},
            {"message", visible(each.text)}};
        said["relatedInformation"] = json::array{std::move(related)};
      }
      diagnostics.push_back(std::move(said));
    }
  }
  json::object params{{"uri", uri}, {"diagnostics", std::move(diagnostics)}};
  if (document.version) params["version"] = *document.version;
  send({{"method", "textDocument/publishDiagnostics"}, {"params", std::move(params)}});
}

}  // namespace provlab::lab
