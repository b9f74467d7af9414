#include "sim/text/html_writer.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "sim/text/visible.hpp"

namespace provlab {

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : visible(text, Layout::lines)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void HtmlWriter::start(std::string_view element, Attributes attributes) {
  out_ += '<';
  out_ += element;
  for (const auto& [name, value] : attributes) {
    if (value.data() == nullptr) continue;
    out_ += fmt::format(" {}=\"{}\"", name, html_escaped(value));
  }
}

void HtmlWriter::open(std::string_view element, Attributes attributes) {
  start(element, attributes);
  out_ += '>';
  open_.emplace_back(element);
}

void HtmlWriter::close() {
  if (open_.empty()) throw std::logic_error("no element is open");
  out_ += fmt::format("</{}>", open_.back());
  open_.pop_back();
}

void HtmlWriter::text(std::string_view text) {
  out_ += html_escaped(text);
}

void HtmlWriter::element(std::string_view element, std::string_view text, Attributes attributes) {
  open(element, attributes);
  this->text(text);
  close();
}

void HtmlWriter::empty(std::string_view element, Attributes attributes) {
  start(element, attributes);
  out_ += "/>";
}

std::string HtmlWriter::take() {
  if (!open_.empty()) throw std::logic_error("an element is still open: " + open_.back());
  return std::move(out_);
}

}  // namespace provlab
