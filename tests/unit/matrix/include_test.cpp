#include "base/text.hpp"
#include "matrix/load.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ctest_matrix {
namespace {

using Files = std::map<std::string, std::string>;

std::optional<Matrix> load(const std::string& text, const Files& files, std::string& said) {
  Diagnostics diagnostics;
  auto matrix =
      parse_matrix("dir/m.yaml", text, diagnostics, [&](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        return found == files.end() ? Result<std::string>(Error{ExitCode::input, path + " is not there"})
                                    : found->second;
      });
  said = diagnostics.render();
  return matrix;
}

/// The sample without what is above its rows.
std::string rows_only() {
  return k_sample.substr(k_sample.find("rows:"));
}

TEST(Include, MergesMapsAndTheIncludingFileWins) {
  const std::string shared = k_sample.substr(0, k_sample.find("rows:"));
  std::string said;
  const auto matrix =
      load("include: [../shared.yaml, more.yaml]\n"
           "title: Mine\n"
           "labels: {fast: {timeout: 5}}\n"
           "axes: {runtime: [wasm, native, third]}\n" +
               rows_only(),
           {{"shared.yaml", shared},
            {"dir/more.yaml", "title: Theirs\nparallel: true\nrows: {slow: {actor-m: Actor M}}\n"}},
           said);
  ASSERT_TRUE(matrix) << said;
  EXPECT_EQ(matrix->title, "Mine");
  EXPECT_EQ(matrix->name, "demo");
  EXPECT_TRUE(matrix->parallel);
  EXPECT_EQ(matrix->find_label("fast")->timeout, 5);
  EXPECT_EQ(matrix->find_label("slow")->timeout, 600);
  EXPECT_EQ(matrix->find_axis("runtime")->values, (std::vector<std::string>{"wasm", "native", "third"}));
  EXPECT_EQ(matrix->rows.size(), 5U);
  EXPECT_EQ(matrix->rows[3].name, "actor-m");
  EXPECT_EQ(matrix->rows[3].location, (SourceLocation{"dir/more.yaml", 3, 15, 7}));
  EXPECT_EQ(matrix->rows[0].location.file, "dir/m.yaml");
}

TEST(Include, AMistakeIsShownInTheFileThatHasIt) {
  std::string said;
  EXPECT_FALSE(
      load("include: shared.yaml\n" + replace_all(k_sample, "labels:\n  fast: {timeout: 120}\n", "labels:\n"),
           {{"dir/shared.yaml", "labels: {fast: {timeout: soon}}\n"}}, said));
  EXPECT_EQ(said, "dir/shared.yaml:1:26: error: label 'fast': timeout: expected a whole number from 1 to "
                  "604800, got 'soon' [M011]\n"
                  "    1 | labels: {fast: {timeout: soon}}\n"
                  "      |                          ^~~~\n");
}

TEST(Include, WhatCannotBeReadIsAnError) {
  std::string said;
  EXPECT_FALSE(load("include: [gone.yaml, loop.yaml]\n" + k_sample,
                    {{"dir/loop.yaml", "include: loop.yaml\n"}}, said));
  EXPECT_EQ(said, "dir/loop.yaml:1:10: error: include: dir/loop.yaml includes itself [M026]\n"
                  "    1 | include: loop.yaml\n"
                  "      |          ^~~~~~~~~\n"
                  "dir/m.yaml:1:11: error: include: dir/gone.yaml is not there [M026]\n"
                  "    1 | include: [gone.yaml, loop.yaml]\n"
                  "      |           ^~~~~~~~~\n");
}

} // namespace
} // namespace ctest_matrix
