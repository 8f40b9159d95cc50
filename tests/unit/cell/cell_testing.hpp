// A fixture for the steps of a cell: a checkout with one cell of a shell command in a directory of its own.
#pragma once

#include "base/files.hpp"
#include "base/text.hpp"
#include "cell/task.hpp"
#include "matrix/own_parts.hpp"

#include <gmock/gmock.h>

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

namespace ctest_matrix {

class CellStepTest : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "cell_step_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_root = pattern;
    m_common.name = "demo";
    m_common.places = {.matrix = m_root / "matrix.yaml",
                       .root = m_root,
                       .state = m_root / "build" / "ctest-matrix" / "demo",
                       .prefix = ""};
    m_common.profile = "default";
    m_common.title = "Progress";
    m_common.config = "bare";
    m_common.labels = {{.name = "fast", .location = {}}};
    m_common.columns.emplace_back().name = "native";
    m_common.columns.front().variants = {{"native", {}}};
    m_common.progress = m_root / "progress.md";
    m_common.directory = m_root;
    m_common.grace = Milliseconds(500);
    m_cell.name = "a.native";
    Row& row = own_row(m_cell);
    row.name = "a";
    row.suite = "A Tests";
    row.label = "fast";
    own_variant(m_cell) = {.suffix = "native", .axes = {}, .column = "native"};
    m_cell.timeout = 60;
    m_cell.file = m_root / "a.test";
    m_cell.command = shell("true");
  }

  void TearDown() override {
    if (!HasFailure()) {
      std::filesystem::remove_all(m_root);
    }
  }

  /// A command that runs this script.
  static std::vector<TextTemplate> shell(const std::string& script) {
    std::vector<TextTemplate> command;
    TextTemplate::Problem problem;
    for (const std::string& word : {std::string("/bin/sh"), std::string("-c"), script}) {
      command.push_back(*TextTemplate::parse(word, problem));
    }
    return command;
  }

  CellTask task(Purpose purpose = Purpose::record) const {
    return {.common = m_common, .cell = m_cell, .purpose = purpose, .filter = "the filter", .id = "01-ab"};
  }

  /// The plan that the cell is of.
  Plan plan() const { return {.common = m_common, .rows = {*m_cell.row}, .cells = {m_cell}}; }

  void write(const std::filesystem::path& file, std::string_view text) const {
    ASSERT_TRUE(write_file_atomic(m_root / file, text));
  }

  /// With the fixture's directory as DIR.
  std::string plain(const std::string& text) const { return replace_all(text, m_root.string(), "DIR"); }

  std::filesystem::path m_root;
  CommonPlan m_common;
  BoundCell m_cell;
};

} // namespace ctest_matrix
