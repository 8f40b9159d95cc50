// A checkout with a build directory, for the tests of what reads and writes files.
#pragma once

#include "base/files.hpp"
#include "matrix/own_parts.hpp"
#include "progress/samples.hpp"
#include "progress/store.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace ctest_matrix {

class CheckoutTest : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    std::string pattern = (std::filesystem::temp_directory_path() / "checkout_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_root = pattern;
    m_plan.common.name = "demo";
    m_plan.common.places = {.matrix = m_root / "matrix.yaml",
                            .root = m_root,
                            .state = m_root / "build" / "ctest-matrix" / "demo",
                            .prefix = ""};
    m_plan.common.progress = m_root / "progress.md";
    m_plan.cells = cells_of(m_plan.rows, m_plan.common.columns, m_plan.common.labels);
  }

  void TearDown() override {
    if (!HasFailure()) {
      std::filesystem::remove_all(m_root);
    }
  }

  void write(const std::filesystem::path& file, std::string_view text) const {
    ASSERT_TRUE(write_file_atomic(m_root / file, text));
  }

  std::string document() const {
    const auto text = read_file(m_plan.common.progress);
    return text ? *text : "";
  }

  std::vector<Record> journal() const { return read_journal(store_paths(m_plan.common).journal)->records; }

  std::filesystem::path m_root;
  Plan m_plan = driver_plan();
};

} // namespace ctest_matrix
