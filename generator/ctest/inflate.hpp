// Unpacks the test output that CTest stores in Test.xml: base64 around a zlib stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// The bytes of a base64 text (RFC 4648): white space is skipped, padding ends it; nothing for any other
/// character.
std::optional<std::string> decode_base64(std::string_view text);

/// The content of a zlib stream (RFC 1950 and 1951); nothing when it is damaged, cut, has a wrong checksum,
/// or would be larger than `limit` bytes.
std::optional<std::string> inflate_zlib(std::string_view stream, std::size_t limit);

/// The same of a bare stream (RFC 1951), which has no checksum.
std::optional<std::string> inflate_raw(std::string_view stream, std::size_t limit);

/// CRC-32 (ISO 3309), as ZIP archives have it.
std::uint32_t crc_of(std::string_view text);

} // namespace ctest_matrix
