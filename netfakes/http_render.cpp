#include "netfakes/http_render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>

namespace provlab::netfakes {

namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr std::size_t kEndlessPiece = 4096;

beast::string_view beast_view(std::string_view text) {
  return {text.data(), text.size()};
}

void append_number(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
}

/// Whether a line says how the body travels, and is written when that is known.
bool frames(const HeaderLine& line) {
  constexpr std::array<std::string_view, 4> kFraming{"Content-Length", "Transfer-Encoding",
                                                     "Content-Encoding", "Connection"};
  return std::ranges::any_of(kFraming,
                             [&](std::string_view name) { return same_header(name, line.name); });
}

/// Takes the place of what was set by the same names.
void put_lines(http::response<http::empty_body>& response, const HeaderLines& lines, bool framing) {
  for (const HeaderLine& line : lines) {
    if (frames(line) == framing) response.erase(beast_view(line.name));
  }
  for (const HeaderLine& line : lines) {
    if (frames(line) != framing || !line.value) continue;
    response.insert(beast_view(line.name), beast_view(*line.value));
  }
}

std::string head_of(const HttpReply& reply, std::size_t body_size, unsigned version,
                    bool keep_alive, const StreamFaults& faults) {
  http::response<http::empty_body> response(static_cast<http::status>(reply.status), version);
  if (!reply.content_type.empty()) {
    response.set(http::field::content_type, beast_view(reply.content_type));
  }
  if (!reply.location.empty()) response.set(http::field::location, beast_view(reply.location));
  if (reply.headers != nullptr) put_lines(response, *reply.headers, false);
  if (faults.gzip) response.set(http::field::content_encoding, "gzip");
  const bool bodiless = reply.status == 204 || reply.status == 304 || reply.status / 100 == 1;
  const bool sized = !faults.chunk && !faults.no_length && !faults.endless;
  if (faults.chunk) response.set(http::field::transfer_encoding, "chunked");
  if (faults.length || (sized && !bodiless)) {
    response.content_length(faults.length.value_or(body_size));
  }
  response.keep_alive(keep_alive);
  if (reply.headers != nullptr) put_lines(response, *reply.headers, true);
  http::response_serializer<http::empty_body> serializer(response);
  std::string out;
  out.reserve(256 + body_size);
  error_code error;
  while (!serializer.is_done() && !error) {
    serializer.next(error, [&](error_code&, const auto& buffers) {
      std::size_t taken = 0;
      for (const asio::const_buffer buffer : beast::buffers_range_ref(buffers)) {
        out.append(static_cast<const char*>(buffer.data()), buffer.size());
        taken += buffer.size();
      }
      serializer.consume(taken);
    });
  }
  out.resize(out.find("\r\n\r\n") + 4);  // Beast ends a chunked message that has no body
  return out;
}

/// RFC 9112 7.1, without the last chunk.
void append_chunks(std::string& out, std::string_view body, std::size_t size) {
  while (!body.empty()) {
    const std::string_view chunk = body.substr(0, std::max<std::size_t>(size, 1));
    fmt::format_to(std::back_inserter(out), "{:x}\r\n{}\r\n", chunk.size(), chunk);
    body.remove_prefix(chunk.size());
  }
}

}  // namespace

RenderedReply render(const HttpReply& reply, unsigned version, bool keep_alive, bool head_only,
                     const StreamFaults& faults) {
  std::string compressed;
  if (faults.gzip) compressed = gzip(reply.body);
  std::string_view body = faults.gzip ? std::string_view(compressed) : reply.body;
  RenderedReply out{head_of(reply, body.size(), version, keep_alive, faults), {}};
  const bool bodiless = reply.status == 204 || reply.status == 304 || reply.status / 100 == 1;
  if (bodiless || head_only) return out;
  std::string filler;
  if (faults.endless && body.size() < kEndlessPiece) {
    filler = body.empty() ? " " : std::string(body);
    while (filler.size() < kEndlessPiece) filler += filler;
    body = filler;
  }
  std::string framed;
  if (faults.chunk) append_chunks(framed, body, *faults.chunk);
  const std::string_view content = faults.chunk ? std::string_view(framed) : body;
  out.octets += content;
  if (faults.endless) {
    out.repeated = content;
  } else if (faults.chunk) {
    out.octets += "0\r\n\r\n";
  }
  return out;
}

std::string gzip(std::string_view text) {
  // RFC 1952 2.3: deflate, no flags, no time, no extra flags, system unknown.
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  beast::zlib::deflate_stream deflate;
  std::string packed(deflate.upper_bound(text.size()) + 64, '\0');
  beast::zlib::z_params params;
  params.next_in = text.data();
  params.avail_in = text.size();
  params.next_out = packed.data();
  params.avail_out = packed.size();
  beast::error_code error;
  deflate.write(params, beast::zlib::Flush::finish, error);
  out.append(packed.data(), params.total_out);
  boost::crc_32_type checksum;
  checksum.process_bytes(text.data(), text.size());
  append_number(out, checksum.checksum());
  append_number(out, static_cast<std::uint32_t>(text.size()));
  return out;
}

}  // namespace provlab::netfakes
