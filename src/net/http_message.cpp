#include "net/http_message.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace tenon::net {

namespace {

using base::lower;

void append_number(std::string& out, std::size_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::size_t Request::header_count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), [&](const Header& header) {
    return equal_ignoring_case(header.name, name);
  }));
}

Response& Response::add_header(std::string_view name, std::string_view value) {
  header_lines.append(name).append(": ");
  for (const char c : value) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) header_lines.push_back(c);
  }
  header_lines.append("\r\n");
  return *this;
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

void append_head(std::string& out, const Response& response, const HeadContext& context) {
  out.append("HTTP/1.1 ");
  append_number(out, response.status);
  out.append(" ").append(reason_phrase(response.status)).append("\r\n");
  if (!context.date.empty()) append_line(out, "date", context.date);
  if (!response.content_type.empty()) append_line(out, "content-type", response.content_type);
  if (response.status != 204 && response.status != 304) {
    out.append("content-length: ");
    append_number(out, context.content_length);
    out.append("\r\n");
  }
  if (context.gzipped) append_line(out, "content-encoding", "gzip");
  if (context.varies) append_line(out, "vary", "accept-encoding");
  if (!context.request_id.empty()) append_line(out, "x-request-id", context.request_id);
  if (context.close) {
    append_line(out, "connection", "close");
  } else if (context.http_1_0) {
    append_line(out, "connection", "keep-alive");
  }
  out.append(response.header_lines).append("\r\n");
}

}  // namespace tenon::net
