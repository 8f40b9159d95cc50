#include "ledger/baseline.hpp"

#include <gmock/gmock.h>

#include <random>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;

std::string problems_of(const std::string& text) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_baseline("known.txt", text, diagnostics));
  return diagnostics.render();
}

Baseline parsed(const std::string& text) {
  Diagnostics diagnostics;
  auto baseline = parse_baseline("known.txt", text, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  return baseline.value_or(Baseline());
}

TEST(Baseline, ReadsWhatPeopleWrite) {
  const Baseline baseline = parsed("# Known failures\n"
                                   "\n"
                                   "# issue 12\n"
                                   "conn.wasm: Suite > a: b # c\r\n"
                                   "  actor.native:   (TIMEOUT)  \n"
                                   "conn.wasm: \\x28odd)\n"
                                   "# the end\n");
  EXPECT_THAT(baseline.header, ElementsAre("# Known failures", ""));
  EXPECT_THAT(baseline.footer, ElementsAre("# the end"));
  EXPECT_THAT(baseline.entries,
              ElementsAre(BaselineEntry{{"conn.wasm", "Suite > a: b # c", {}}, {"# issue 12"}, 4},
                          BaselineEntry{{"actor.native", "", Verdict::timeout}, {}, 5},
                          BaselineEntry{{"conn.wasm", "(odd)", {}}, {}, 6}));
}

TEST(Baseline, IsWrittenInOrderWithItsComments) {
  EXPECT_EQ(render_baseline(parsed("# Known failures\n\n"
                                   "# issue 12\n"
                                   "conn.wasm: b\n"
                                   "conn.wasm: a\n"
                                   "actor.native: (TIMEOUT)\n"
                                   "# the end\n")),
            "# Known failures\n\n"
            "actor.native: (TIMEOUT)\n"
            "conn.wasm: a\n"
            "# issue 12\n"
            "conn.wasm: b\n"
            "# the end\n");
  EXPECT_EQ(render_baseline(parsed("")), "");
}

TEST(Baseline, EveryTitleComesBack) {
  std::mt19937 random(4711);
  for (int round = 0; round < 2000; ++round) {
    std::string title;
    for (std::size_t length = 1 + random() % 12; title.size() < length;) {
      static constexpr std::string_view k_pieces = "ab (#\\:\n\t\r\x01\x7f>n";
      title += k_pieces[random() % k_pieces.size()];
    }
    Baseline baseline;
    baseline.entries.push_back({{"a.b", title, {}}, {}, 1});
    const std::string text = render_baseline(baseline);
    ASSERT_EQ(parsed(text).entries, baseline.entries) << text;
  }
}

TEST(Baseline, SaysWhatIsWrong) {
  EXPECT_EQ(problems_of("# fine\nconn.wasm\n"),
            "known.txt:2:1: error: expected '<cell>: <test>', '<cell>: (<verdict>)' or a comment ('# ...') "
            "[B001]\n"
            "    2 | conn.wasm\n"
            "      | ^~~~~~~~~\n");
  EXPECT_EQ(problems_of("conn.wasm: (TIMEOUTS)\n"),
            "known.txt:1:12: error: '(TIMEOUTS)' is no verdict of a cell that fails, did you mean 'TIMEOUT'? "
            "expected one of: FAIL, TIMEOUT, CRASH, NO-TESTS, FOREIGN, BAD-REPORT, EXIT, SHRUNK, SETUP; the "
            "title of a "
            "test that begins with '(' is written as '\\x28...' [B002]\n"
            "    1 | conn.wasm: (TIMEOUTS)\n"
            "      |            ^~~~~~~~~~\n");
  EXPECT_EQ(problems_of("conn.wasm: a \\d b\n"),
            "known.txt:1:14: error: unknown escape; expected one of: \\\\, \\n, \\xHH (two lowercase digits) "
            "[B003]\n"
            "    1 | conn.wasm: a \\d b\n"
            "      |              ^~\n");
  EXPECT_EQ(problems_of("conn.wasm: a\n\nconn.wasm: a\n"),
            "known.txt:3:1: error: this failure is in line 1 already [B004]\n"
            "    3 | conn.wasm: a\n"
            "      | ^~~~~~~~~~~~\n");
}

} // namespace
} // namespace ctest_matrix
