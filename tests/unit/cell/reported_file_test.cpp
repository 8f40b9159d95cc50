#include "cell/reported_file.hpp"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <fstream>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

TEST(ReportedFile, IsLookedForInTheDirectoryAndAboveIt) {
  std::string pattern = (fs::temp_directory_path() / "reported_file_test.XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const fs::path root = pattern;
  fs::create_directories(root / "pkg" / "tests");
  std::ofstream(root / "pkg" / "tests" / "test_a.py").put('\n');
  std::ofstream(root / "conftest.py").put('\n');
  const fs::path wanted = root / "pkg" / "tests" / "test_a.py";
  EXPECT_EQ(reported_file(root / "pkg", "tests/test_a.py"), wanted);
  EXPECT_EQ(reported_file(root / "pkg", "pkg/tests/test_a.py"), wanted);
  EXPECT_EQ(reported_file(root / "pkg", wanted.string()), wanted);
  EXPECT_EQ(reported_file(root / "pkg", "conftest.py"), root / "conftest.py");
  EXPECT_EQ(reported_file(root / "pkg", "tests/../gone.py"), root / "pkg" / "gone.py");
  fs::remove_all(root);
}

TEST(ReportedFile, OfGoStandsBehindTheNameOfTheModule) {
  std::string pattern = (fs::temp_directory_path() / "reported_file_test.XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const fs::path root = pattern;
  fs::create_directories(root / "http");
  std::ofstream(root / "http" / "a_test.go").put('\n');
  std::ofstream(root / "b_test.go").put('\n');
  EXPECT_EQ(failing_file(root, "example.org/shop/http/a_test.go"), root / "http" / "a_test.go");
  EXPECT_EQ(failing_file(root, "example.org/shop/b_test.go"), root / "b_test.go");
  EXPECT_EQ(failing_file(root, "/gone/a_test.go"), "/gone/a_test.go");
  EXPECT_EQ(failing_file(root, "example.org/shop/gone_test.go"), root / "example.org/shop/gone_test.go");
  EXPECT_EQ(failing_file(root, "example.org/shop/http/a_test.py"), root / "example.org/shop/http/a_test.py");
  fs::remove_all(root);
}

TEST(ReportedFile, IsTheCellsOwnByWhateverPath) {
  std::string pattern = (fs::temp_directory_path() / "reported_file_test.XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const fs::path root = pattern;
  std::ofstream(root / "a.test").put('\n');
  fs::create_directory_symlink(root, root / "link");
  CommonPlan common;
  common.directory = root;
  BoundCell cell;
  cell.file = root / "link" / "a.test";
  const auto is_own = own_file_of(common, cell);
  EXPECT_TRUE(is_own("a.test"));
  EXPECT_TRUE(is_own((root / "link" / "a.test").string()));
  EXPECT_FALSE(is_own("b.test"));
  fs::remove_all(root);
}

} // namespace
} // namespace ctest_matrix
