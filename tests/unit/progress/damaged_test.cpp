#include "plan/identity.hpp"
#include "progress/checkout_testing.hpp"
#include "progress/damaged.hpp"
#include "progress/summary.hpp"

#include <map>
#include <string>
#include <vector>

namespace ctest_matrix {
namespace {

using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Damaged : public CheckoutTest {
protected:
  Record own(Record record) const {
    record.identity = cell_identity(m_plan.common, record.row, record.axes);
    return record;
  }

  static Record begin_of(Record record) {
    record.kind = RecordKind::begin;
    record.finished -= record.duration;
    return record;
  }

  static std::string text_of(const std::vector<Record>& records) {
    std::string text;
    for (const Record& record : records) {
      text += serialise_record(record) + '\n';
    }
    return text;
  }

  static ForeignJournal parse(const std::string& text) {
    return parse_foreign_journal(text, 1, [](const Record&) { return false; });
  }

  std::vector<Record> failures(const ForeignJournal& journal) const {
    return failures_for(m_plan, journal.unknown, journal.records);
  }

  std::map<std::string, Verdict> newest_verdicts(const std::vector<Record>& records) const {
    std::map<std::string, Verdict> verdicts;
    for (const Record& record : latest_records(m_plan, records)) {
      verdicts[record.cell] = record.verdict;
    }
    return verdicts;
  }

  void SetUp() override {
    CheckoutTest::SetUp();
    m_pass = own(sample_record("actor-conn", "wasm", minutes(10)));
    m_other = own(sample_record("actor-state", "wasm", minutes(11)));
    m_fail = own(sample_record("actor-conn", "wasm", minutes(20), Verdict::fail, "boom"));
  }

  Record m_pass;
  Record m_other;
  Record m_fail;
};

TEST_F(Damaged, WholeJournalsLackNothing) {
  const ForeignJournal journal = parse(text_of({begin_of(m_pass), m_pass, m_other}));
  EXPECT_THAT(journal.records, SizeIs(2));
  EXPECT_THAT(journal.unknown, IsEmpty());
  EXPECT_EQ(damage_text("f", journal), "");
}

TEST_F(Damaged, APassSaysNothingOfARunThatBeganLater) {
  const auto found = failures(parse(text_of({m_pass, m_other, begin_of(m_fail)})));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].cell, "actor-conn.wasm");
  EXPECT_EQ(found[0].verdict, Verdict::crash);
  EXPECT_LT(found[0].finished, m_fail.finished); // the end, when it comes, is newer
}

TEST_F(Damaged, OfACellThatNeverPassedNothingIsSaid) {
  EXPECT_THAT(failures(parse(text_of({m_other, begin_of(m_fail)}))), IsEmpty());
}

TEST_F(Damaged, ARunThatStillGoesOnOwesItsEnd) {
  const auto journal =
      parse_foreign_journal(text_of({m_pass, begin_of(m_fail)}), 1, [](const Record&) { return true; });
  EXPECT_THAT(journal.unknown, IsEmpty());
}

TEST_F(Damaged, AnEndThatAnotherFileTellsIsKnown) {
  const ForeignJournal journal = parse(text_of({m_pass, begin_of(m_fail)}));
  EXPECT_THAT(failures_for(m_plan, journal.unknown, std::vector<Record>{m_pass, m_fail}), IsEmpty());
}

// Whatever bytes of a failure are damaged, the pass before it ticks nothing, and no other cell loses more
// than that.
TEST_F(Damaged, NoDamageOfAFailureLeavesThePassBeforeIt) {
  const std::string before = text_of({begin_of(m_pass), m_pass, begin_of(m_other), m_other});
  const std::string begin = text_of({begin_of(m_fail)});
  const std::string line = text_of({m_fail});
  for (std::size_t at = 0; at + 1 < line.size(); ++at) {
    std::string damaged = line;
    damaged[at] = '\0';
    for (const bool with_begin : {true, false}) {
      const ForeignJournal journal = parse(before + (with_begin ? begin : "") + damaged);
      std::vector<Record> all = journal.records;
      for (const Record& failure : failures(journal)) {
        all.push_back(failure);
      }
      const auto results = newest_verdicts(all);
      const bool reads = journal.damaged.empty(); // a character of a text that decides nothing
      EXPECT_TRUE(reads || !earns_tick(results.at("actor-conn.wasm"))) << at << ' ' << with_begin;
    }
  }
}

TEST_F(Damaged, ALineThatNothingCanBeReadOfMayBeTheEndOfAnyCell) {
  const ForeignJournal journal = parse(text_of({m_pass, m_other}) + std::string(40, '\0') + "\n");
  EXPECT_THAT(journal.damaged, ElementsAre(3));
  const auto found = failures(journal);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].verdict, Verdict::bad_report);
}

TEST_F(Damaged, ACellThatBeganAndHasNoResultFailedWhereThatIsAsked) {
  const ForeignJournal journal = parse(text_of({begin_of(m_fail)}));
  EXPECT_THAT(failures(journal), IsEmpty());
  const auto found = failures_for(m_plan, journal.unknown, journal.records, NeverEnded::failed);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].cell, m_fail.cell);
  EXPECT_FALSE(earns_tick(found[0].verdict));
}

TEST_F(Damaged, NotesAndSetUpsSayNothingOfACell) {
  EXPECT_THAT(parse(text_of({m_pass}) + "{\"version\":1,\"kind\":\"note\",\"id\n").unknown, IsEmpty());
}

TEST_F(Damaged, AShareThatBeganAnewResetsNoOther) {
  Record after = m_pass;
  after.finished = k_noon + minutes(31);
  after.id = "1";
  const std::string before = text_of({m_pass, begin_of(m_fail), sample_reset(minutes(30))});
  EXPECT_THAT(parse(before + text_of({after})).records, SizeIs(3)); // of a suite
  after.share = "1/2";
  const ForeignJournal journal = parse(before + text_of({after}));
  EXPECT_EQ(journal.records, std::vector{after});
  EXPECT_THAT(journal.unknown, IsEmpty());
}

TEST_F(Damaged, OfAnotherMatrixIsNotOurs) {
  Record other = m_fail;
  other.identity = "0123456789abcdef";
  const ForeignJournal journal = parse(text_of({begin_of(other)}));
  EXPECT_THAT(failures_for(m_plan, journal.unknown, std::vector<Record>{m_pass}), IsEmpty());
}

TEST_F(Damaged, IsSaidWithFileAndLine) {
  const ForeignJournal journal = parse("x\n" + text_of({m_pass}) + "y\n");
  EXPECT_THAT(damage_text("/back/j.jsonl", journal), HasSubstr("/back/j.jsonl:1, /back/j.jsonl:3: "));
}

} // namespace
} // namespace ctest_matrix
