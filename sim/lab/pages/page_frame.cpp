#include "sim/lab/pages/page_frame.hpp"

#include "sim/lab/pages/page_style.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

std::string framed_page(std::string_view title, std::string_view body) {
  static const std::string kScript = squeezed_script(page_script());
  static const StyleSheet kStyle(page_style(), kScript);
  HtmlWriter page;
  page.raw("<!DOCTYPE html>\n");
  page.open("html", {{"xmlns", "http://www.w3.org/1999/xhtml"}, {"lang", "en"}});
  page.open("head");
  page.empty("meta", {{"charset", "utf-8"}});
  page.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  // Nothing is fetched, whatever a scenario's text holds.
  page.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                      {"content",
                       "default-src 'none'; style-src 'unsafe-inline'; script-src "
                       "'unsafe-inline'; img-src data:"}});
  page.empty("link", {{"rel", "icon"}, {"href", "data:,"}});
  page.element("title", title);
  page.raw("<style>/*<![CDATA[*/\n");
  page.raw(kStyle.rules_for(body));
  page.raw("/*]]>*/</style>");
  page.close();
  page.raw("\n");
  page.open("body");
  page.raw(body);
  page.raw("<script>//<![CDATA[\n");
  page.raw(kScript);
  page.raw("//]]></script>");
  page.close();
  page.close();
  page.raw("\n");
  return page.take();
}

std::string with_script(std::string page, std::string_view script) {
  constexpr std::string_view kAllowed = "script-src ";
  if (const std::size_t at = page.find(kAllowed); at != page.npos) {
    page.insert(at + kAllowed.size(), "'self' file: ");
  }
  const std::size_t end = page.rfind("</body>");
  return page.insert(end == page.npos ? page.size() : end,
                     "<script>//<![CDATA[\n" + std::string(script) + "//]]></script>");
}

}  // namespace provlab::lab
