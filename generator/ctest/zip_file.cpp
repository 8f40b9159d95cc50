#include "ctest/zip_file.hpp"

#include "base/text.hpp"
#include "ctest/inflate.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_local_mark = "PK\x03\x04";
constexpr std::string_view k_central_mark = "PK\x01\x02";
constexpr std::string_view k_end_mark = "PK\x05\x06";
constexpr std::size_t k_local_size = 30; // bytes of the fixed part of each
constexpr std::size_t k_central_size = 46;
constexpr std::size_t k_end_size = 22;
constexpr std::size_t k_longest_comment = 65535;
constexpr std::uint32_t k_in_zip64 = 0xFFFFFFFF;
constexpr unsigned k_encrypted = 1;
constexpr unsigned k_stored = 0;
constexpr unsigned k_deflated = 8;

Error bad_zip(std::string_view why) {
  return {ExitCode::input, fmt::format("not a ZIP archive that can be read: {}", why)};
}

/// Numbers at their places; 0 behind the end, which is checked before.
class Bytes {
public:
  explicit Bytes(std::string_view text) : m_text(text) {}

  std::uint32_t u16(std::size_t at) const { return byte(at) | byte(at + 1) << 8U; }

  std::uint32_t u32(std::size_t at) const { return u16(at) | u16(at + 2) << 16U; }

  bool has(std::size_t at, std::size_t size) const {
    return at <= m_text.size() && size <= m_text.size() - at;
  }

  std::string_view part(std::size_t at, std::size_t size) const { return m_text.substr(at, size); }

private:
  std::uint32_t byte(std::size_t at) const {
    return at < m_text.size() ? static_cast<unsigned char>(m_text[at]) : 0;
  }

  std::string_view m_text;
};

/// Where the last record of the archive begins.
std::optional<std::size_t> end_record(std::string_view archive) {
  const std::size_t last = archive.rfind(k_end_mark);
  if (last == std::string_view::npos || archive.size() - last > k_end_size + k_longest_comment ||
      archive.size() - last < k_end_size) {
    return std::nullopt;
  }
  return last;
}

/// The content of the entry whose record in the central directory begins at `at`.
Result<std::string> content(const Bytes& bytes, std::size_t at, std::size_t limit) {
  const std::size_t local = bytes.u32(at + 42);
  const std::size_t packed = bytes.u32(at + 20);
  const std::size_t size = bytes.u32(at + 24);
  if (bytes.u32(at + 20) == k_in_zip64 || bytes.u32(at + 24) == k_in_zip64 ||
      bytes.u32(at + 42) == k_in_zip64) {
    return bad_zip("it is a ZIP64 archive; unpack it first");
  }
  if ((bytes.u16(at + 8) & k_encrypted) != 0) {
    return bad_zip("it is encrypted");
  }
  if (!bytes.has(local, k_local_size) || bytes.part(local, k_local_mark.size()) != k_local_mark) {
    return bad_zip("an entry is not where it should be");
  }
  const std::size_t begin = local + k_local_size + bytes.u16(local + 26) + bytes.u16(local + 28);
  if (!bytes.has(begin, packed)) {
    return bad_zip("it is cut off");
  }
  if (size > limit) {
    return bad_zip(fmt::format("its files have more than {} bytes", limit));
  }
  const unsigned method = bytes.u16(at + 10);
  const std::string_view data = bytes.part(begin, packed);
  std::optional<std::string> text;
  if (method == k_stored) {
    text = std::string(data);
  } else if (method == k_deflated) {
    text = inflate_raw(data, size);
  } else {
    return bad_zip(fmt::format("an entry is packed by method {}", method));
  }
  if (!text || text->size() != size || crc_of(*text) != bytes.u32(at + 16)) {
    return bad_zip("an entry is damaged");
  }
  return *std::move(text);
}

} // namespace

bool is_zip(std::string_view text) {
  return text.starts_with(k_local_mark) || text.starts_with(k_end_mark);
}

Result<std::vector<std::pair<std::string, std::string>>>
unzip(std::string_view archive, const std::function<bool(std::string_view name)>& wanted, std::size_t limit) {
  const Bytes bytes(archive);
  const auto end = end_record(archive);
  if (!end) {
    return bad_zip("it has no directory at its end");
  }
  std::vector<std::pair<std::string, std::string>> files;
  std::size_t at = bytes.u32(*end + 16);
  for (std::uint32_t left = bytes.u16(*end + 10); left > 0; --left) {
    if (!bytes.has(at, k_central_size) || bytes.part(at, k_central_mark.size()) != k_central_mark) {
      return bad_zip("its directory is damaged");
    }
    const std::size_t name_size = bytes.u16(at + 28);
    if (!bytes.has(at + k_central_size, name_size)) {
      return bad_zip("its directory is cut off");
    }
    const std::string_view name = bytes.part(at + k_central_size, name_size);
    if (wanted(name)) {
      TRY_ASSIGN(std::string text, content(bytes, at, limit));
      limit -= text.size();
      files.emplace_back(printable(name), std::move(text));
    }
    at += k_central_size + name_size + bytes.u16(at + 30) + bytes.u16(at + 32);
  }
  return files;
}

} // namespace ctest_matrix
