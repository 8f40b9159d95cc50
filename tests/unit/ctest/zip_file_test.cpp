#include "base/json.hpp"
#include "ctest/inflate.hpp"
#include "ctest/zip_file.hpp"

#include <gmock/gmock.h>

#include <cstdint>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(value >> static_cast<unsigned>(8 * i) & 0xFFU);
  }
  return text;
}

/// An archive of one file that is stored as it is.
std::string archive_of(const std::string& name, const std::string& text, std::uint32_t method = 0,
                       std::uint32_t flags = 0) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::string about = number(method, 2) + number(0, 4) + number(crc_of(text), 4) + number(size, 4) +
                            number(size, 4) + number(static_cast<std::uint32_t>(name.size()), 2) +
                            number(0, 2);
  const std::string local = "PK\x03\x04" + number(20, 2) + number(flags, 2) + about + name + text;
  const std::string central = "PK\x01\x02" + number(20, 2) + number(20, 2) + number(flags, 2) + about +
                              number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(0, 4) + name;
  return local + central + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(static_cast<std::uint32_t>(central.size()), 4) +
         number(static_cast<std::uint32_t>(local.size()), 4) + number(0, 2);
}

Result<std::vector<std::pair<std::string, std::string>>> all_of(std::string_view archive,
                                                                std::size_t limit = 1000) {
  return unzip(
      archive, [](std::string_view) { return true; }, limit);
}

// The bytes that Info-ZIP 3.0 made of `aaaa...` (100 times), by deflate.
constexpr std::string_view k_deflated_as("\x4b\x4c\xa4\x3d\x00\x00", 6);

TEST(ZipFile, HoldsFiles) {
  const auto files = all_of(archive_of("shard 1/journal.jsonl", "{}\n"));
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_THAT(*files, ElementsAre(Pair("shard 1/journal.jsonl", "{}\n")));
  const auto none = unzip(
      archive_of("a", "b"), [](std::string_view name) { return name == "c"; }, 1000);
  ASSERT_TRUE(none);
  EXPECT_THAT(*none, IsEmpty());
  EXPECT_TRUE(is_zip(archive_of("a", "b")));
  EXPECT_FALSE(is_zip("{\"version\":1}"));
  const auto inflated = inflate_raw(k_deflated_as, 1000);
  ASSERT_TRUE(inflated);
  EXPECT_EQ(*inflated, std::string(100, 'a'));
}

TEST(ZipFile, IsRefusedWhereItIsNotWhole) {
  const std::string archive = archive_of("journal.jsonl", "some text\n");
  for (std::size_t size = 0; size < archive.size(); ++size) {
    EXPECT_FALSE(all_of(std::string_view(archive).substr(0, size))) << size;
  }
  for (std::size_t i = 0; i < archive.size(); ++i) { // whatever is damaged, the text is never another one
    std::string damaged = archive;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    const auto files = all_of(damaged);
    EXPECT_TRUE(!files || files->empty() || files->front().second == "some text\n") << i;
  }
  EXPECT_THAT(all_of(archive_of("a", "b", 12)).error().message, HasSubstr("packed by method 12"));
  EXPECT_THAT(all_of(archive_of("a", "b", 0, 1)).error().message, HasSubstr("it is encrypted"));
  EXPECT_THAT(all_of(archive, 5).error().message, HasSubstr("more than 5 bytes"));
}

} // namespace
} // namespace ctest_matrix
