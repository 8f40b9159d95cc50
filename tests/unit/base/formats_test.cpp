#include "base/formats.hpp"
#include "base/json.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

TEST(Formats, AreFoundAtTheBeginning) {
  EXPECT_EQ(format_of(R"({"version":3,"document":"x"})"), 3);
  EXPECT_EQ(format_of("{\n \"version\": 12,\n"), 12);
  EXPECT_EQ(format_of(R"({"version":3)"), 3);
  for (const char* none : {"", "{", "{}", R"({"version")", R"({"version":)", R"({"version":"3"})",
                           R"({"versions":3})", R"({"kind":"cell","version":3})", R"(["version":3])"}) {
    EXPECT_EQ(format_of(none), std::nullopt) << none;
  }
}

TEST(Formats, LaterOnesAreRefusedWithTheLinesToType) {
  EXPECT_TRUE(check_format("/x/f", R"({"version":7})", 7, ""));
  EXPECT_TRUE(check_format("/x/f", R"({"version":6})", 7, ""));
  EXPECT_TRUE(check_format("/x/f", "what is no JSON is not for this check", 7, ""));
  setenv("CTEST_MATRIX_LAUNCHER", "/w/node_modules/ctest-matrix/bin/ctest-matrix.js", 1);
  const auto refused = check_format("/x/f", R"({"version":8})", 7, "it is made anew");
  unsetenv("CTEST_MATRIX_LAUNCHER");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::input);
  EXPECT_EQ(refused.error().message, "/x/f was written by a later ctest-matrix: expected format 7 or an "
                                     "earlier one, got 8; this is version " +
                                         std::string(program_version()) +
                                         "\n"
                                         "  ways to go on:\n"
                                         "    npm install --save-dev ctest-matrix@latest\n"
                                         "    mv /x/f /x/f.later   # it is made anew");
  EXPECT_EQ(upgrade_line().find("put the later program in the place of /"), 0U);
}

TEST(Formats, AreWhatVersionTells) {
  const auto told = parse_json(version_json());
  ASSERT_TRUE(told);
  EXPECT_EQ((*told)["version"].string_or(""), program_version());
  EXPECT_EQ((*told)["formats"]["state"].as_integer(), k_state_format);
  EXPECT_EQ((*told)["formats"]["journal"].as_integer(), k_journal_format);
  EXPECT_EQ((*told)["platform"]["os"].string_or(""), "linux");
}

} // namespace
} // namespace ctest_matrix
