#include "ctest/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_most_input = std::size_t{1} << 30; // bytes; what zlib can be given at once is 32 bits

/// `window_bits` as inflateInit2 takes it: negative for a stream without head and checksum.
std::optional<std::string> inflate_stream(std::string_view stream, std::size_t limit, int window_bits) {
  z_stream state{};
  if (inflateInit2(&state, window_bits) != Z_OK) {
    return std::nullopt;
  }
  // zlib does not write to its input; its interface is older than const.
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(stream.data()));
  state.avail_in = static_cast<uInt>(std::min<std::size_t>(stream.size(), k_most_input));
  std::string content;
  std::array<char, 65536> buffer;
  int code = Z_OK;
  while (code == Z_OK && content.size() <= limit) {
    state.next_out = reinterpret_cast<Bytef*>(buffer.data());
    state.avail_out = static_cast<uInt>(buffer.size());
    code = inflate(&state, Z_NO_FLUSH);
    content.append(buffer.data(), buffer.size() - state.avail_out);
  }
  inflateEnd(&state);
  return code == Z_STREAM_END && content.size() <= limit ? std::optional(std::move(content)) : std::nullopt;
}

} // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  int available = 0;
  for (const char c : text) {
    if (c == '=') {
      break;
    }
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      continue;
    }
    const std::size_t digit = k_digits.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    buffer = (buffer << 6U | static_cast<unsigned>(digit)) & 0xFFFFFFU;
    available += 6;
    if (available >= 8) {
      available -= 8;
      bytes += static_cast<char>(buffer >> static_cast<unsigned>(available) & 0xFFU);
    }
  }
  return bytes;
}

std::optional<std::string> inflate_zlib(std::string_view stream, std::size_t limit) {
  return inflate_stream(stream, limit, MAX_WBITS);
}

std::optional<std::string> inflate_raw(std::string_view stream, std::size_t limit) {
  return inflate_stream(stream, limit, -MAX_WBITS);
}

std::uint32_t crc_of(std::string_view text) {
  uLong crc = crc32(0, nullptr, 0);
  while (!text.empty()) {
    const std::string_view part = text.substr(0, k_most_input);
    crc = crc32(crc, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size()));
    text.remove_prefix(part.size());
  }
  return static_cast<std::uint32_t>(crc);
}

} // namespace ctest_matrix
