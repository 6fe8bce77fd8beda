#include "net/gzip.h"

#include <algorithm>

#include <zlib.h>

#include "net/media_type.h"

namespace tenon::net {

namespace {

constexpr int gzip_window_bits = 15 + 16;  // 16: a gzip header instead of zlib's

Bytef* input_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib reads it only
}

}  // namespace

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = input_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(result == Z_STREAM_END ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

std::optional<std::string> gunzip(std::string_view bytes, std::size_t size_max) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window_bits) != Z_OK) return std::nullopt;
  std::string out;
  stream.next_in = input_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  int result = Z_OK;
  while (result == Z_OK && out.size() < size_max) {
    const std::size_t before = out.size();
    out.resize(std::min(size_max, before * 2 + 4096));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(out.size() - before);
    result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (result != Z_STREAM_END || stream.avail_in != 0) return std::nullopt;
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
  return quality_of_token(accept_encoding, "gzip")
             .value_or(quality_of_token(accept_encoding, "*").value_or(0)) > 0;
}

}  // namespace tenon::net
