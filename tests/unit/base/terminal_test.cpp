#include "base/terminal.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ctest_matrix {
namespace {

Terminal describe(const std::map<std::string, std::string>& environment, std::optional<std::size_t> columns) {
  return describe_terminal(
      [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? nullptr : found->second.c_str();
      },
      columns);
}

TEST(Terminal, ColorsGoToTerminalsThatCan) {
  EXPECT_TRUE(describe({{"TERM", "xterm"}}, 80).color);
  EXPECT_FALSE(describe({{"TERM", "dumb"}}, 80).color);
  EXPECT_FALSE(describe({{"TERM", "xterm"}}, std::nullopt).color);
}

TEST(Terminal, ALineMovesOnlyOnATerminalThatCan) {
  EXPECT_TRUE(describe({{"TERM", "xterm"}, {"NO_COLOR", "1"}}, 80).moving);
  EXPECT_FALSE(describe({{"TERM", "dumb"}}, 80).moving);
  EXPECT_FALSE(describe({{"TERM", "xterm"}, {"CLICOLOR_FORCE", "1"}}, std::nullopt).moving);
}

TEST(Terminal, NoColorWinsOverForce) {
  EXPECT_TRUE(describe({{"CLICOLOR_FORCE", "1"}}, std::nullopt).color);
  EXPECT_FALSE(describe({{"CLICOLOR_FORCE", "0"}}, std::nullopt).color);
  EXPECT_FALSE(describe({{"CLICOLOR_FORCE", ""}}, std::nullopt).color);
  EXPECT_FALSE(describe({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, 80).color);
  EXPECT_TRUE(describe({{"NO_COLOR", ""}}, 80).color);
}

TEST(Terminal, TheFirstVariableOfTheLocaleDecides) {
  EXPECT_TRUE(describe({{"LANG", "en_GB.UTF-8"}}, std::nullopt).utf8);
  EXPECT_TRUE(describe({{"LC_CTYPE", "C.utf8"}, {"LANG", "C"}}, std::nullopt).utf8);
  EXPECT_FALSE(describe({{"LC_ALL", "C"}, {"LANG", "en_GB.UTF-8"}}, std::nullopt).utf8);
  EXPECT_TRUE(describe({{"LC_ALL", ""}, {"LANG", "en_GB.UTF-8"}}, std::nullopt).utf8);
  EXPECT_FALSE(describe({}, 80).utf8);
}

TEST(Terminal, WidthIsThatOfTheTerminalUnlessSaid) {
  EXPECT_EQ(describe({}, 132).width, 132U);
  EXPECT_EQ(describe({}, std::nullopt).width, 0U);
  EXPECT_EQ(describe({{"COLUMNS", "40"}}, 132).width, 40U);
  EXPECT_EQ(describe({{"COLUMNS", "40"}}, std::nullopt).width, 40U);
  EXPECT_EQ(describe({{"COLUMNS", "wide"}}, 132).width, 132U);
}

} // namespace
} // namespace ctest_matrix
