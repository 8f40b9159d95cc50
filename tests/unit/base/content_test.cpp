#include "base/content.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace ctest_matrix {
namespace {

using ::testing::StartsWith;

// A pipe cannot be read for its content by anybody, not even root.
TEST(Content, WhatCannotBeReadIsAnotherWhenItsStatusIs) {
  std::string pattern = (std::filesystem::temp_directory_path() / "content_test.XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path file = std::filesystem::path(pattern) / "file";
  EXPECT_EQ(ContentReader::of_file(file), "missing");
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  const std::string before = ContentReader::of_file(file);
  EXPECT_THAT(before, StartsWith("unreadable."));
  EXPECT_EQ(ContentReader::of_file(file), before);
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::hours(1));
  EXPECT_NE(ContentReader::of_file(file), before);
  std::filesystem::remove_all(pattern);
}

} // namespace
} // namespace ctest_matrix
