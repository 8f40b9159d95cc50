#include "ctest/caller.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace ctest_matrix {
namespace {

TEST(CtestCaller, WritesResultsForADashboardWhenAskedTo) {
  EXPECT_TRUE(writes_dashboard_results({"ctest", "-D", "Experimental"}));
  EXPECT_TRUE(
      writes_dashboard_results({"/usr/bin/ctest", "-C", "Debug", "-T", "test", "--output-on-failure"}));
  EXPECT_TRUE(writes_dashboard_results({"ctest", "-M", "Nightly", "-T", "Test"}));
  EXPECT_TRUE(writes_dashboard_results({"ctest", "-S", "dashboard.cmake", "-V"}));
  EXPECT_FALSE(writes_dashboard_results({"ctest", "--test-dir", "build", "-R", "actor-conn"}));
  EXPECT_FALSE(writes_dashboard_results({}));
}

std::optional<int> allocated(const char* value) {
  setenv("CTEST_RESOURCE_GROUP_0_MATRIX_ENGINE", value, 1);
  const auto number = allocated_instance("matrix_engine");
  unsetenv("CTEST_RESOURCE_GROUP_0_MATRIX_ENGINE");
  return number;
}

TEST(CtestCaller, ReadsTheInstanceThatCTestAllocates) {
  EXPECT_EQ(allocated("id:0,slots:1"), 0);
  EXPECT_EQ(allocated("id:12,slots:1"), 12);
}

TEST(CtestCaller, TakesNothingElseForAnAllocation) {
  EXPECT_EQ(allocated_instance("matrix_engine"), std::nullopt);
  EXPECT_EQ(allocated(""), std::nullopt);
  EXPECT_EQ(allocated("2"), std::nullopt);
  EXPECT_EQ(allocated("id:gpu,slots:1"), std::nullopt);
  EXPECT_EQ(allocated("id:-1,slots:1"), std::nullopt);
}

TEST(CtestCaller, HasEndedWhereTheProcessOfItsNoteHas) {
  EXPECT_FALSE(has_ended(nullptr));
  EXPECT_FALSE(has_ended("no note"));
  const std::string note = caller_note();
  EXPECT_FALSE(has_ended(note.c_str())) << "the parent of this process lives: " << note;
  const std::size_t space = note.rfind(' ');
  const std::string pid = note.substr(0, note.find(' '));
  EXPECT_TRUE(has_ended((pid + " 1" + note.substr(space)).c_str())) << "a later process of this number";
  EXPECT_FALSE(has_ended((pid + " 1 17").c_str())) << "in another name space";
}

} // namespace
} // namespace ctest_matrix
