#include "base/text.hpp"
#include "progress/document.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// As people leave it after some weeks.
constexpr std::string_view k_lived_in = R"(# Driver Test Suite Progress
Started: 2026-05-01
Config: encoding (bare),  registry (static)

Each row: `[native] [wasm] <file> | <suite description>`
Ask before you reset this!

<!--
- [x] [x] actor-state | in a comment
-->
## Fast Tests
* [X]	[-] manager-driver | Manager Driver Tests (wasm: 4 fail - see below)
  [ ] still flaky on CI

- [x][ ] actor-conn passes when run alone

## Slow Tests ##
```
- [x] [x] actor-state | in a code block
## Log
```
- [x] actor-state | Actor State Tests
- [ ] [x] actor-old | Actor Old Tests

## Notes

- [ ] ask about actor-conn
- [x] [x] actor-conn | pasted

## Log

- 2026-05-01 manager-driver [native]: PASS (16/16, 19.8s)

passed after `build:force`
- [x] [x] actor-agent-os | not a row

# Summary

The end)";

Document lived_in() {
  return Document::parse(k_lived_in);
}

TEST(Document, ReadsTheTemplate) {
  use_utc();
  const Document document = Document::parse(render_document(driver_plan(), k_noon));
  EXPECT_EQ(document.text(), render_document(driver_plan(), k_noon));
  EXPECT_EQ(document.started(), "2026-05-02T12:00:00+00:00");
  EXPECT_EQ(document.config(), "registry (static), encoding (bare), runtimes (native, wasm)");
  EXPECT_THAT(document.columns(), ElementsAre("native", "wasm"));
  EXPECT_EQ(document.box("actor-conn", "wasm"), BoxState::open);
  EXPECT_THAT(document.log(), IsEmpty());
  EXPECT_THAT(document.problems(driver_plan()), IsEmpty());
  EXPECT_THAT(document.unknown_rows(driver_plan()), IsEmpty());
}

TEST(Document, ReadsWhatPeopleMadeOfIt) {
  const Document document = lived_in();
  EXPECT_EQ(document.text(), k_lived_in);
  EXPECT_EQ(document.started(), "2026-05-01");
  EXPECT_EQ(document.config(), "encoding (bare),  registry (static)");
  EXPECT_EQ(document.box("manager-driver", "native"), BoxState::ticked);
  EXPECT_EQ(document.box("manager-driver", "wasm"), BoxState::open);
  EXPECT_EQ(document.box("actor-conn", "native"), BoxState::ticked);
  EXPECT_EQ(document.box("actor-conn", "wasm"), BoxState::open);
  EXPECT_EQ(document.box("actor-conn", "edge"), std::nullopt);
  EXPECT_EQ(document.box("actor-state", "native"), std::nullopt);
  EXPECT_EQ(document.box("actor-agent-os", "native"), std::nullopt);
  EXPECT_FALSE(document.has_row("actor-agent-os"));
  EXPECT_THAT(document.log(),
              ElementsAre("", "- 2026-05-01 manager-driver [native]: PASS (16/16, 19.8s)", "",
                          "passed after `build:force`", "- [x] [x] actor-agent-os | not a row", ""));
  EXPECT_THAT(
      document.problems(driver_plan()),
      ElementsAre(DocumentProblem{22, "row 'actor-state': expected 2 boxes (native, wasm), got 1"},
                  DocumentProblem{28, "row 'actor-conn' is here a second time; the one in line 15 counts"}));
  EXPECT_THAT(document.unknown_rows(driver_plan()), ElementsAre("actor-old"));
}

TEST(Document, KnowsTheRowsOfTheMatrixInAnyOrder) {
  std::string text = "Each row: `[native] [wasm] <file> | <suite description>`\n\n## Fast Tests\n\n";
  for (const char* row : {"manager-driver", "actor-new", "actor-state", "actor-conn", "manager-driver",
                          "actor-new", "actor-z"}) {
    text += std::string("- [ ] [ ] ") + row + " | Tests\n";
  }
  EXPECT_THAT(Document::parse(text).unknown_rows(driver_plan()), ElementsAre("actor-new", "actor-z"));
}

TEST(Document, SetsABoxAndNothingElse) {
  Document document = lived_in();
  EXPECT_TRUE(document.set_box("manager-driver", "wasm", BoxState::open));
  EXPECT_EQ(document.text(), k_lived_in);
  EXPECT_TRUE(document.set_box("manager-driver", "native", BoxState::ticked));
  EXPECT_EQ(document.text(), k_lived_in);
  EXPECT_FALSE(document.set_box("actor-state", "wasm", BoxState::ticked));
  EXPECT_FALSE(document.set_box("actor-conn", "edge", BoxState::ticked));
  EXPECT_FALSE(document.set_box("nobody", "wasm", BoxState::ticked));
  EXPECT_EQ(document.text(), k_lived_in);
  EXPECT_TRUE(document.set_box("manager-driver", "wasm", BoxState::ticked));
  EXPECT_TRUE(document.set_box("actor-conn", "native", BoxState::open));
  EXPECT_EQ(document.text(),
            replace_all(replace_all(std::string(k_lived_in), "[X]\t[-]", "[X]\t[x]"), "[x][ ]", "[ ][ ]"));
}

TEST(Document, ASignOfMoreThanOneByteIsAnOpenBox) {
  Document document = Document::parse("Each row: `[native] [wasm] <file>`\n- [✓] [🎉] actor-conn | Actor\n");
  EXPECT_EQ(document.box("actor-conn", "native"), BoxState::open);
  EXPECT_TRUE(document.set_box("actor-conn", "native", BoxState::ticked));
  EXPECT_TRUE(document.set_box("actor-conn", "wasm", BoxState::ticked));
  EXPECT_TRUE(document.set_box("actor-conn", "native", BoxState::open));
  EXPECT_EQ(document.text(), "Each row: `[native] [wasm] <file>`\n- [ ] [x] actor-conn | Actor\n");
  document = Document::parse("Each row: `[native] <file>`\n- [✓] actor-conn | Actor\n");
  document.add_columns(driver_plan());
  EXPECT_EQ(document.text(), "Each row: `[native] [wasm] <file>`\n- [✓] [ ] actor-conn | Actor\n");
}

TEST(Document, OpensTheBoxesOfRowsAndNotOfNotes) {
  Document document =
      Document::parse("Each row: `[a] <file>`\n"
                      "- [x] one | One\n- [-] two | Two\n- [X] three | Three\n- [x] [x] four\n"
                      "- [x] ask somebody\n- [x] one | again\n");
  document.open_all_boxes({"four"});
  EXPECT_EQ(document.text(), "Each row: `[a] <file>`\n"
                             "- [ ] one | One\n- [-] two | Two\n- [ ] three | Three\n- [ ] [ ] four\n"
                             "- [x] ask somebody\n- [ ] one | again\n");
}

TEST(Document, NamesTheTickedColumnsOfARow) {
  const Document document = Document::parse("Each row: `[a] [b] [a] <file>`\n"
                                            "- [x] [-] [ ] one\n- [ ] [X] [x] two\n- [x] [x] three\n"
                                            "- [x] [x] [x] one\n");
  for (const std::string_view row : {"one", "two", "three", "four"}) {
    std::vector<std::string_view> ticked;
    for (const std::string_view column : {"a", "b"}) {
      if (document.box(row, column) == BoxState::ticked) {
        ticked.push_back(column);
      }
    }
    EXPECT_EQ(document.ticked(row), ticked) << row;
  }
  EXPECT_THAT(document.ticked("one"), ElementsAre("a"));
  EXPECT_THAT(document.ticked("two"), ElementsAre("b")); // of two columns of one name the first counts
}

TEST(Document, KnowsItsText) {
  Document document = lived_in();
  const std::string text(k_lived_in);
  EXPECT_TRUE(document.has_text(text));
  EXPECT_FALSE(document.has_text(text + "\n"));
  EXPECT_FALSE(document.has_text(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(document.has_text(replace_all(text, "[x][ ]", "[x][x]")));
  EXPECT_FALSE(document.has_text(""));
  EXPECT_TRUE(Document::parse("").has_text(""));
  ASSERT_TRUE(document.set_box("actor-conn", "wasm", BoxState::ticked));
  EXPECT_FALSE(document.has_text(text));
  EXPECT_TRUE(document.has_text(document.text()));
}

TEST(Document, TakesTheColumnsInTheOrderOfItsLegend) {
  Document document = Document::parse("Each row: `[wasm]  [native] <file> | <suite description>`\r\n"
                                      "- [x] [ ] actor-conn | Actor Connection Tests\r\n");
  EXPECT_EQ(document.box("actor-conn", "wasm"), BoxState::ticked);
  EXPECT_EQ(document.box("actor-conn", "native"), BoxState::open);
}

TEST(Document, TakesTheColumnsFromTheConfigWithoutALegend) {
  const Document document = Document::parse("Config: encoding (bare), runtimes (native, wasm)\n"
                                            "- [x] [ ] actor-conn | Actor Connection Tests\n");
  EXPECT_THAT(document.columns(), ElementsAre("native", "wasm"));
  EXPECT_EQ(document.box("actor-conn", "native"), BoxState::ticked);
  EXPECT_THAT(
      document.problems(driver_plan()),
      ElementsAre(DocumentProblem{0, "there is no legend (expected `Each row: [native] [wasm] <file> | "
                                     "<suite description>`)"}));
  EXPECT_THAT(Document::parse("Config: runtimes native\n- [x] [ ] actor-conn\n").columns(), IsEmpty());
}

TEST(Document, TellsWhetherItIsOne) {
  EXPECT_TRUE(lived_in().is_progress_document());
  EXPECT_FALSE(Document::parse("").is_progress_document());
  EXPECT_FALSE(Document::parse("# Shopping\n\n- milk\n").is_progress_document());
  EXPECT_FALSE(Document::parse("## Rows\nConfig: a (b)\n").is_progress_document());
}

TEST(Document, NamesABlockWithoutEnd) {
  const Document document = Document::parse("Each row: `[a] <file>`\n```\n```\n\n<!--\n- [ ] one | One\n");
  EXPECT_EQ(document.conflict(), std::nullopt);
  EXPECT_EQ(document.unclosed_block(), 5);
  EXPECT_THAT(document.problems(driver_plan()),
              ElementsAre(DocumentProblem{5, "the code block or comment that begins here has no end"}));
}

TEST(Document, ReplacesStartedAndConfig) {
  Document document = Document::parse("# T\r\n Started:  long ago \r\nConfig: a (b)\r\nEnd");
  document.set_started("2026");
  document.set_config("c (d)");
  EXPECT_EQ(document.text(), "# T\r\n Started: 2026\r\nConfig: c (d)\r\nEnd");
  document = Document::parse("Config: a (b)\r\nEach row: `[a] <file>`");
  document.set_started("2026");
  document.set_config("c (d)");
  EXPECT_EQ(document.text(), "Started: 2026\r\nConfig: c (d)\r\nEach row: `[a] <file>`");
  EXPECT_EQ(document.started(), "2026");
}

std::string with_log(std::string_view text) {
  Document document = Document::parse(text);
  document.append_log("- one");
  document.append_log("- two");
  EXPECT_EQ(Document::parse(document.text()).log(), document.log());
  return document.text();
}

TEST(Document, AppendsToTheLog) {
  EXPECT_EQ(with_log("## Log\n"), "## Log\n\n- one\n- two\n");
  EXPECT_EQ(with_log("## Log"), "## Log\n\n- one\n- two\n");
  EXPECT_EQ(with_log("## Log\n\n"), "## Log\n\n- one\n- two\n");
  EXPECT_EQ(with_log("## Log\n- zero\n"), "## Log\n- zero\n- one\n- two\n");
  EXPECT_EQ(with_log("## Log\r\n\r\n- zero"), "## Log\r\n\r\n- zero\r\n- one\r\n- two\r\n");
  EXPECT_EQ(with_log("## log ##\n\n- zero\n\npassed after\n\n\n"),
            "## log ##\n\n- zero\n\npassed after\n\n\n- one\n- two\n");
  EXPECT_EQ(with_log("## Log\n## Notes\n"), "## Log\n\n- one\n- two\n\n## Notes\n");
  EXPECT_EQ(with_log("## Log\n\n\n## Notes\n"), "## Log\n\n- one\n- two\n\n## Notes\n");
  EXPECT_EQ(with_log("## Log\n\n- zero\n\n### May\n\n- more\n\n# Notes\nx"),
            "## Log\n\n- zero\n\n### May\n\n- more\n- one\n- two\n\n# Notes\nx");
  EXPECT_EQ(with_log("## Log\n- zero\n```\n## End\n```\n\n## Notes\n"),
            "## Log\n- zero\n```\n## End\n```\n- one\n- two\n\n## Notes\n");
}

TEST(Document, MakesTheLogWhenItIsMissing) {
  EXPECT_EQ(with_log(""), "## Log\n\n- one\n- two\n");
  EXPECT_EQ(with_log("# T\r\ntext"), "# T\r\ntext\r\n\r\n## Log\r\n\r\n- one\r\n- two\r\n");
  EXPECT_EQ(with_log("# T\n\n"), "# T\n\n## Log\n\n- one\n- two\n");
  EXPECT_EQ(with_log("```\n## Log\n```\n"), "```\n## Log\n```\n\n## Log\n\n- one\n- two\n");
}

/// The document with every row of the sample that it lacks.
std::string with_rows(std::string_view text) {
  Document document = Document::parse(text);
  const Plan plan = driver_plan();
  for (const Row& row : plan.rows) {
    if (!document.has_row(row.name)) {
      document.insert_row(plan, row);
    }
  }
  document.set_box("actor-state", "wasm", BoxState::ticked);
  EXPECT_EQ(Document::parse(document.text()).box("actor-state", "wasm"), BoxState::ticked) << document.text();
  return document.text();
}

TEST(Document, InsertsRowsBehindTheirPredecessors) {
  EXPECT_EQ(
      with_rows("Each row: `[native] [wasm] <file>`\n"
                "## Slow Tests\n- [ ] [ ] mine | Mine\n\n"
                "## Fast Tests\n\n- [x] [x] manager-driver | M\n  a remark\n- [ ] [ ] old | Old\n"
                "## Excluded\n## Log\n"),
      "Each row: `[native] [wasm] <file>`\n"
      "## Slow Tests\n- [ ] [x] actor-state | Actor State Tests\n- [ ] [ ] mine | Mine\n\n"
      "## Fast Tests\n\n- [x] [x] manager-driver | M\n  a remark\n"
      "- [ ] [ ] actor-conn | Actor Connection Tests\n- [ ] [ ] old | Old\n"
      "## Excluded\n\n- [ ] [ ] actor-agent-os | Actor agentOS Tests (skip unless explicitly requested)\n\n"
      "## Log\n");
}

TEST(Document, MakesMissingSections) {
  EXPECT_EQ(with_rows("Each row: `[native] [wasm] <file>`\r\n\r\n"
                      "## Excluded\r\n\r\n- [ ] [ ] actor-agent-os | A\r\n- [ ] [ ] actor-conn | moved\r\n"),
            "Each row: `[native] [wasm] <file>`\r\n\r\n"
            "## Fast Tests\r\n\r\n- [ ] [ ] manager-driver | Manager Driver Tests\r\n\r\n"
            "## Slow Tests\r\n\r\n- [ ] [x] actor-state | Actor State Tests\r\n\r\n"
            "## Excluded\r\n\r\n- [ ] [ ] actor-agent-os | A\r\n- [ ] [ ] actor-conn | moved\r\n");
  EXPECT_EQ(
      with_rows("Each row: `[native] [wasm] [edge] <file>`\n- [ ] [ ] [ ] manager-driver\n## Log"),
      "Each row: `[native] [wasm] [edge] <file>`\n- [ ] [ ] [ ] manager-driver\n\n"
      "## Fast Tests\n\n- [ ] [ ] [ ] actor-conn | Actor Connection Tests\n\n"
      "## Slow Tests\n\n- [ ] [x] [ ] actor-state | Actor State Tests\n\n"
      "## Excluded\n\n"
      "- [ ] [ ] [ ] actor-agent-os | Actor agentOS Tests (skip unless explicitly requested)\n\n## Log");
}

TEST(Document, MakesTheTemplateOfItsPreamble) {
  use_utc();
  std::string all = render_document(driver_plan(), k_noon);
  const std::string preamble = all.substr(0, all.find("\n## Fast"));
  std::string made = with_rows(preamble);
  EXPECT_EQ(made + "\n## Log\n", replace_all(all, "[ ] actor-state", "[x] actor-state"));
}

} // namespace
} // namespace ctest_matrix
