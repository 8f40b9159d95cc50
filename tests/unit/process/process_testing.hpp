// A fixture for tests that run processes: a directory, a mark in the environment of whatever is started, and
// the certainty that none of it outlives the test.
#pragma once

#include "process/process.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ctest_matrix {

class ProcessTest : public ::testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;

  /// The child program with these words, marked, its output collected in `m_output`.
  ProcessSpec child(const std::vector<std::string>& words);

  /// Starts a program of the test's own in the background, marked too; its output goes to `m_directory`/log.
  pid_t start(const std::vector<std::string>& argv);

  /// The wait status of a program that `start` started.
  int wait_for(pid_t pid);

  /// Starts the bare launcher with the child program.
  pid_t launch(int deadline, int grace, const std::vector<std::string>& words);

  std::string log() const;

  /// The processes that carry the mark of this test.
  std::vector<pid_t> marked() const;

  /// Polls until no process carries the mark.
  bool all_gone() const;

  /// Polls a condition, for a time that is only spent when it does not come true.
  static bool becomes_true(const std::function<bool()>& condition);

  static std::string child_program();

  std::filesystem::path m_directory;
  std::string m_mark;
  std::string m_output;

private:
  std::vector<std::string> environment() const;

  std::vector<pid_t> m_started;
};

} // namespace ctest_matrix
