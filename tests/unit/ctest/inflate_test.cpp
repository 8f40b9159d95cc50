#include "ctest/inflate.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::Eq;
using ::testing::Optional;

std::optional<std::string> unpack(std::string_view text, std::size_t limit = 10'000) {
  const std::optional<std::string> bytes = decode_base64(text);
  return bytes ? inflate_zlib(*bytes, limit) : std::nullopt;
}

// Made with Python's zlib.compressobj at level 0, with Z_FIXED, and by default.
constexpr std::string_view k_stored = "eAEBCwD0/3N0b3JlZCB0ZXh0GxkEdw==";
constexpr std::string_view k_fixed = "eAFLTEpOREUAQXwG5Q==";
constexpr std::string_view k_dynamic =
    "eNo9kktuRTEIQ+ddxVtC+OWzoFaq9NTuf9bGxncGIsCJ8fv75/M1Xr9fr/HxvrHd2Bj7jZNx3PgwTryZTOomXkzmTa"
    "IrC+3ds28ye9i5ye4thvU2BEACVxUQlt1pwd091YhyeqMRRjQ2yaYqgHyrF0jhmnzIrr+DKkXloMpUldLs7nVQlfdk"
    "B1Wt3uugmqJyUM2nCqr19IJqPZMplfYGqI6oAlRHzEGthr4UFGvox0G1TIJEUWqRxWQuOQNoFlI7dt9C8wFnpVslLz"
    "mFlzzl1KWTfEs2SPJteST7mjJQ8pxDfMl7mqyXPKgP9YPPY2g++DxH769BP4ivwOfzqYPPl/oraBjNL/D5eawPvnj4"
    "ivY38ddqh6mfjgv9v2i5/NfnD0xT65o=";

std::string dynamic_content() {
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("line {} of {}\n", i, i * i);
  }
  return text;
}

TEST(Inflate, ReadsStoredFixedAndDynamicBlocks) {
  EXPECT_THAT(unpack(k_stored), Optional(std::string("stored text")));
  EXPECT_THAT(unpack(k_fixed), Optional(std::string("abcabcabcabcabcabc")));
  EXPECT_THAT(unpack(k_dynamic), Optional(dynamic_content()));
}

TEST(Inflate, RefusesWhatIsDamagedCutOrTooLarge) {
  EXPECT_THAT(unpack(k_fixed, 17), Eq(std::nullopt));
  EXPECT_THAT(unpack("!"), Eq(std::nullopt));
  EXPECT_THAT(unpack(""), Eq(std::nullopt));
  const std::string bytes = *decode_base64(k_dynamic);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THAT(inflate_zlib(bytes.substr(0, length), 10'000), Eq(std::nullopt)) << length;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    const std::optional<std::string> content = inflate_zlib(damaged, 10'000);
    EXPECT_TRUE(!content || *content == dynamic_content()) << at;
  }
}

} // namespace
} // namespace ctest_matrix
