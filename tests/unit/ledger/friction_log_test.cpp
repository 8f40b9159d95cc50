#include "base/text.hpp"
#include "ledger/friction_log.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <tuple>

namespace ctest_matrix {
namespace {

using testing::ElementsAre;

FrictionLog parse(const std::string& text, std::string* said = nullptr) {
  Diagnostics diagnostics;
  FrictionLog log = parse_friction_log("friction.md", text, diagnostics);
  (said == nullptr ? *std::make_unique<std::string>() : *said) = diagnostics.render();
  EXPECT_EQ(render_friction_log(log), text);
  return log;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> words = split(replace_all(text, "\n", " "), ' ');
  std::erase(words, "");
  return words;
}

std::string lint(const std::string& text) {
  Diagnostics diagnostics;
  const FrictionLog log = parse_friction_log("friction.md", text, diagnostics);
  lint_friction_log("friction.md", log, diagnostics);
  return diagnostics.render();
}

/// A log as RivetKit's people keep theirs, in their sections and with what is hard to read in it.
const std::string k_log = R"(# Rivet Friction Log

## 2026-02-12 - 26c3e27b9 (rivet-dev/rivet PR #4186)

### What I Was Working On

Diagnosing `StepExhaustedError` during step replay.

### Friction / Issue

The output is missing:

```ts
## 2026-02-01 - abc1234
### so does this
```

1. One.
   - nested

### Attempted Fix / Workaround

- None.

### Outcome

- Fixed.

## 2026-02-09 - uncommitted

### What I Was Working On

Queue names.

### Friction / Issue

Dotted names.

### Decision / Guidance

Use camelCase.

### Outcome
)";

TEST(FrictionLog, ReadsEntriesAndSections) {
  std::string said;
  const FrictionLog log = parse(k_log, &said);
  EXPECT_EQ(said, "");
  EXPECT_EQ(log.title, "Rivet Friction Log");
  ASSERT_EQ(log.entries.size(), 2U);
  EXPECT_EQ(log.entries[0].date, "2026-02-12");
  EXPECT_EQ(log.entries[0].commit, "26c3e27b9");
  EXPECT_EQ(log.entries[0].note, "rivet-dev/rivet PR #4186");
  EXPECT_EQ(log.entries[0].line, 3);
  ASSERT_EQ(log.entries[0].sections.size(), 4U);
  EXPECT_EQ(log.entries[0].sections[0].body, "Diagnosing `StepExhaustedError` during step replay.");
  EXPECT_EQ(log.entries[0].sections[1].line, 9);
  EXPECT_TRUE(log.entries[0].sections[1].body.ends_with("1. One.\n   - nested"));
  EXPECT_FALSE(is_open(log.entries[0]));
  EXPECT_EQ(log.entries[1].commit, "uncommitted");
  EXPECT_EQ(log.entries[1].sections[2].name, "Decision / Guidance");
  EXPECT_TRUE(is_open(log.entries[1]));
  EXPECT_EQ(unflattened(log), k_log);
}

TEST(FrictionLog, ReadsTheSameOnOneLine) {
  const FrictionLog whole = parse(k_log);
  const std::string flat = join(words(k_log), " ");
  std::string said;
  const FrictionLog log = parse(flat, &said);
  EXPECT_EQ(said, "");
  EXPECT_EQ(log.title, whole.title);
  ASSERT_EQ(log.entries.size(), 2U);
  for (std::size_t i = 0; i < log.entries.size(); ++i) {
    EXPECT_EQ(log.entries[i].date, whole.entries[i].date);
    EXPECT_EQ(log.entries[i].commit, whole.entries[i].commit);
    EXPECT_EQ(log.entries[i].note, whole.entries[i].note);
    ASSERT_EQ(log.entries[i].sections.size(), whole.entries[i].sections.size());
    for (std::size_t k = 0; k < log.entries[i].sections.size(); ++k) {
      EXPECT_EQ(log.entries[i].sections[k].name, whole.entries[i].sections[k].name);
      EXPECT_EQ(words(log.entries[i].sections[k].body), words(whole.entries[i].sections[k].body));
    }
  }
  EXPECT_EQ(words(unflattened(log)), words(k_log)); // no word is lost
}

/// What was put on one line, as lines again: the same entries, to the byte.
TEST(FrictionLog, ComesBackFromOneLine) {
  const std::string text = join(words(k_log), " ");
  std::string said;
  const FrictionLog flat = parse(text, &said);
  EXPECT_EQ(said, "");
  const std::string lines = unflattened(flat);
  const FrictionLog whole = parse(lines, &said);
  EXPECT_EQ(said, "");
  EXPECT_EQ(unflattened(whole), lines);
  EXPECT_EQ(join(words(lines), " "), text);
  ASSERT_EQ(whole.entries.size(), flat.entries.size());
  for (std::size_t i = 0; i < flat.entries.size(); ++i) {
    const FrictionEntry& one = flat.entries[i];
    const FrictionEntry& other = whole.entries[i];
    EXPECT_EQ(std::tie(one.date, one.commit, one.note, one.lead),
              std::tie(other.date, other.commit, other.note, other.lead));
    ASSERT_EQ(one.sections.size(), other.sections.size()) << one.line;
    for (std::size_t k = 0; k < one.sections.size(); ++k) {
      EXPECT_EQ(one.sections[k].name, other.sections[k].name);
      EXPECT_EQ(one.sections[k].body, other.sections[k].body);
    }
  }
}

TEST(FrictionLog, CodeWithoutAnEndHidesNoEntry) {
  const std::string entry = "## 2026-02-09 - abc1234\n\n### Outcome\n\n";
  EXPECT_EQ(parse("# T\n\n" + entry + "```\nx\n\n" + entry + "y\n").entries.size(), 2U);
  EXPECT_EQ(parse("# T\n\n" + entry + "```\nx\n\n" + entry + "```ts\ny\n```\n").entries.size(), 2U);
  const FrictionLog fences = parse("# T\n\n" + entry + "~~~~\n" + entry + "```\n~~~\n~~~~\n" + entry);
  ASSERT_EQ(fences.entries.size(), 2U);
  EXPECT_THAT(fences.entries[0].sections, testing::SizeIs(1));
}

TEST(FrictionLog, AConflictIsToldButNotInCode) {
  const std::string entry = "## 2026-02-09 - abc1234\n\n### Outcome\n\nx\n\n";
  const std::string conflict = "<<<<<<< HEAD\n" + entry + "=======\n" + entry + ">>>>>>> other\n";
  std::string said;
  EXPECT_EQ(parse("# T\n\n" + conflict, &said).conflict, 3);
  EXPECT_THAT(said, testing::HasSubstr("a conflict of a merge begins here that nobody has resolved [F009]"));
  EXPECT_EQ(parse("# T\n\n" + entry + "```\n" + conflict + "```\n").conflict, std::nullopt);
  parse("# T\n\nAn entry looks like this:\n\n```\n## Heading\n```\n\n" + entry, &said);
  EXPECT_EQ(said, "");
}

TEST(FrictionLog, ANewEntryComesFirstAndNothingElseMoves) {
  FrictionEntry entry;
  entry.date = "2026-03-01";
  entry.commit = "63df393";
  entry.sections = {
      {std::string(k_working_on), "A.", 0}, {std::string(k_friction), "B.", 0}, {"Outcome", "", 0}};
  const std::string added =
      "## 2026-03-01 - 63df393\n\n### What I Was Working On\n\nA.\n\n### Friction / Issue\n\n"
      "B.\n\n### Outcome\n";
  const std::string begin = "# Rivet Friction Log\n\n";
  const std::string crlf = replace_all(k_log, "\n", "\r\n");
  EXPECT_EQ(with_entry(parse("\xEF\xBB\xBF" + crlf), entry, "T"),
            "\xEF\xBB\xBF" + replace_all(begin + added + "\n" + k_log.substr(begin.size()), "\n", "\r\n"));
  EXPECT_EQ(parse("\xEF\xBB\xBF" + crlf).title, "Rivet Friction Log");
  EXPECT_EQ(with_entry(parse(k_log), entry, "T"), begin + added + "\n" + k_log.substr(begin.size()));
  EXPECT_EQ(with_entry(parse(""), entry, "Demo Friction Log"), "# Demo Friction Log\n\n" + added);
  const std::string flat = join(words(k_log), " ");
  const std::string mixed = with_entry(parse(flat), entry, "T");
  EXPECT_EQ(mixed, "# Rivet Friction Log \n\n" + added + "\n" + flat.substr(begin.size() - 1));
  EXPECT_EQ(parse(mixed).entries.size(), 3U);
}

TEST(FrictionLog, AnOutcomeIsWrittenWhereItBelongs) {
  const FrictionLog log = parse(k_log);
  EXPECT_EQ(with_lines(log, 1, k_outcome, "- Passes."), k_log + "\n- Passes.\n");
  const std::string more = with_lines(log, 0, k_outcome, "- Passes.");
  EXPECT_EQ(more, replace_all(k_log, "- Fixed.\n", "- Fixed.\n- Passes.\n"));
  const FrictionLog without = parse(
      "# T\n\n## 2026-02-09 - uncommitted\n\n### Friction / Issue\n\nX.\n\n## 2026-02-08 - uncommitted\n");
  EXPECT_EQ(
      with_lines(without, 0, k_outcome, "- Passes."),
      "# T\n\n## 2026-02-09 - uncommitted\n\n### Friction / Issue\n\nX.\n\n### Outcome\n\n- Passes.\n\n## "
      "2026-02-08 - uncommitted\n");
  const std::string odd =
      "# T\r\n## 2026-02-09 - uncommitted\r\n### Outcome\r\n\tA.  \r\n\r\n\r\n### Correction\r\n B. \r\n"
      "## 2026-02-09 - uncommitted\r\n### Friction / Issue\r\nC.";
  EXPECT_EQ(with_lines(parse(odd), 0, k_outcome, "- Passes."), replace_all(odd, "A.", "A.\r\n- Passes."));
  EXPECT_EQ(with_lines(parse(odd), 1, k_outcome, "- Passes."),
            odd + "\r\n\r\n### Outcome\r\n\r\n- Passes.\r\n");
  EXPECT_EQ(with_lines(parse(odd), 1, k_friction, "- D."), odd + "\r\n- D.\r\n");
  const FrictionLog flat = parse(join(words(k_log), " "));
  const FrictionLog closed = parse(with_lines(flat, 0, k_outcome, "- Passes.\n- Twice."));
  ASSERT_EQ(closed.entries.size(), 2U);
  EXPECT_EQ(find_section(closed.entries[0], "Outcome")->body, "- Fixed. - Passes. - Twice.");
  EXPECT_EQ(closed.entries[1], flat.entries[1]);
}

TEST(FrictionLog, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(lint(k_log), "");
  EXPECT_EQ(
      lint("# T\n\n## 2026-02-09 - soon\n\n### Friction / Issue\n\n### Attempted Fix / Workaround\n\n## "
           "2026-02-10 - 63df393 fixed\n\n### What I Was Working On\n\nA.\n\n### Friction / Issue\n\n```\nno "
           "end\n"),
      "friction.md:3:1: warning: expected a commit of 7 to 40 hexadecimal digits, or 'uncommitted', got "
      "'soon' "
      "[F004]\n    3 | ## 2026-02-09 - soon\n      | ^~~\n"
      "friction.md:3:1: warning: this entry has no section 'What I Was Working On' [F005]\n    3 | ## "
      "2026-02-09 "
      "- soon\n      | ^~~\n"
      "friction.md:5:1: warning: nothing stands below 'Friction / Issue' [F006]\n    5 | ### Friction / "
      "Issue\n   "
      "   | ^~~\n"
      "friction.md:9:1: error: expected '## <date> - <commit> [(note)]', got '## 2026-02-10 - 63df393 fixed' "
      "[F001]\n    9 | ## 2026-02-10 - 63df393 fixed\n      | ^~~\n"
      "friction.md:9:1: warning: expected the newest first: 2026-02-10 stands below 2026-02-09 [F007]\n    9 "
      "| ## "
      "2026-02-10 - 63df393 fixed\n      | ^~~\n"
      "friction.md:17:1: warning: the code that begins here has no end in its entry [F003]\n   17 | ```\n    "
      "  | "
      "^~~\n");
  EXPECT_EQ(lint("# T\n\n## 2026-02-09 - abc1234\n\n### What I Was Working On\n\nA.\n\n### Friction / "
                 "Issue\n\nB.\n\n"
                 "## 2026-02-08: abc1234\n"),
            "friction.md:13:1: error: expected '## <date> - <commit> [(note)]', got '## 2026-02-08: abc1234' "
            "[F001]\n   13 | "
            "## 2026-02-08: abc1234\n      | ^~\n");
  EXPECT_EQ(
      lint("no title\n## Someday\n"),
      "friction.md:1:1: error: expected '# <Title>' before the first entry [F001]\n    1 | no title\n      | "
      "^\n"
      "friction.md:2:1: error: expected '## <date> - <commit> [(note)]', got '## Someday' [F001]\n    2 | ## "
      "Someday\n      | ^~~~~~~~~~\n");
}

/// Whether all bytes of before are there, with new ones in one place.
bool is_insertion(const std::string& before, const std::string& after) {
  const auto [first, other] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  return after.size() > before.size() &&
         after.ends_with(before.substr(static_cast<std::size_t>(first - before.begin())));
}

TEST(FrictionLog, LosesNoByteOfADamagedOne) {
  std::mt19937 random(11);
  const std::vector<std::string> pieces{"## 2026-02-09 - abc1234\n",
                                        "### Outcome\n",
                                        "```",
                                        "\n",
                                        " ",
                                        "# T\n",
                                        "\r\n",
                                        "## 2026-02-09 - uncommitted ### Outcome x ",
                                        "text",
                                        "## ",
                                        "### ",
                                        "\xff",
                                        "### What I Was Working On ",
                                        "- Cell: `",
                                        "`",
                                        std::string(1, '\0')};
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    for (std::size_t i = random() % 30; i > 0; --i) {
      text += pieces[random() % pieces.size()];
    }
    const FrictionLog log = parse(text);
    FrictionEntry entry;
    entry.date = "2026-03-01";
    entry.commit = "63df393";
    EXPECT_TRUE(is_insertion(text, with_entry(log, entry, "T"))) << text;
    for (std::size_t i = 0; i < log.entries.size();
         ++i) { // another entry's outcome changes none of the others
      EXPECT_TRUE(is_insertion(text, with_lines(log, i, k_outcome, "- Passes."))) << text;
      EXPECT_TRUE(is_insertion(text, with_lines(log, i, k_working_on, "- Passes."))) << text;
      const FrictionLog changed = parse(with_lines(log, i, k_outcome, "- Passes."));
      ASSERT_EQ(changed.entries.size(), log.entries.size()) << text;
      for (std::size_t k = 0; k < log.entries.size(); ++k) {
        if (k != i) {
          EXPECT_EQ(changed.entries[k].raw, log.entries[k].raw) << text;
        }
      }
    }
    std::string cut = k_log;
    cut.erase(random() % cut.size(), random() % 40);
    parse(cut);
  }
}

TEST(FrictionLog, ReadsTenThousandEntries) {
  std::string text = "# T\n";
  const std::string entry = k_log.substr(k_log.find("\n## "));
  for (int i = 0; i < 5000; ++i) {
    text += entry;
  }
  EXPECT_EQ(parse(text).entries.size(), 10000U);
  EXPECT_EQ(parse(join(words(text), " ")).entries.size(), 10000U);
}

} // namespace
} // namespace ctest_matrix
