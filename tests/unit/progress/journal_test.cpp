#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/journal.hpp"
#include "progress/samples.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

Record full_record() {
  Record record = sample_record("actor-conn", "wasm", seconds(1), Verdict::fail, "one > two\n\"quoted\"");
  record.id = "019de8d81be8-0badcafe";
  record.flaky = true;
  record.leaked = 3;
  record.counts = {23, 2, 7};
  record.failures = {{"one > two", "expected 1\n  received 2", "/suite/a.test.ts", 17}, {"three", "", "", 0}};
  record.tests = {{"four", TestOutcome::Kind::passed}, {"one > two", TestOutcome::Kind::failed}};
  record.commit = "0123456789abcdef0123456789abcdef01234567";
  record.command = "pnpm test 'a b'";
  record.basis = {{"test file", "0123456789abcdef"}, {"artifact wasm", "fedcba9876543210"}};
  return record;
}

class JournalFile : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "journal_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    m_path = m_directory / "journal.jsonl";
  }

  void TearDown() override {
    if (!HasFailure()) {
      fs::remove_all(m_directory);
    }
  }

  fs::path m_directory;
  fs::path m_path;
};

TEST(RecordId, SortsByTimeAndTellsIt) {
  const FakeClock clock(TimePoint(Milliseconds(0xabc)));
  const std::string id = new_record_id(clock);
  EXPECT_THAT(id, MatchesRegex("000000000abc-[0-9a-f]+"));
  EXPECT_EQ(id.size(), 21U);
  EXPECT_EQ(record_id_time(id), clock.now());
  EXPECT_NE(id, new_record_id(clock));
  EXPECT_LT(id, new_record_id(FakeClock(TimePoint(Milliseconds(0xabd)))));
}

TEST(RecordId, IsNothingElse) {
  for (const char* text : {"", "000000000abc", "000000000abc-1234567", "000000000abc_12345678",
                           "00000000-abc-12345678", "000000000abC-12345678", "000000000abc-1234567g"}) {
    EXPECT_EQ(record_id_time(text), std::nullopt) << text;
  }
}

TEST(RecordLine, IsOneLineOfJson) {
  EXPECT_EQ(serialise_record(full_record()),
            R"({"version":1,"kind":"cell","id":"019de8d81be8-0badcafe","profile":"default",)"
            R"("finished":1777723201000,"commit":"0123456789abcdef0123456789abcdef01234567",)"
            R"("cell":"actor-conn.wasm","row":"actor-conn","column":"wasm",)"
            R"("axes":{"runtime":"wasm","encoding":"bare","registry":"static"},"duration":31200,)"
            R"("verdict":"FAIL","brief":"one > two\n\"quoted\"","flaky":true,"leaked":3,"counted":true,)"
            R"("counts":{"passed":23,"failed":2,"skipped":7},)"
            R"("failures":[{"test":"one > two","message":"expected 1\n  received 2",)"
            R"("file":"/suite/a.test.ts","line":17},{"test":"three","message":"","file":"","line":0}],)"
            R"("tests":{"passed":["four"],"failed":["one > two"],"skipped":[]},)"
            R"("command":"pnpm test 'a b'","source":"cell",)"
            R"("basis":[["test file","0123456789abcdef"],["artifact wasm","fedcba9876543210"]]})");
}

TEST(RecordLine, ComesBackWhole) {
  EXPECT_EQ(parse_record(serialise_record(full_record())), full_record());
  EXPECT_EQ(parse_record(serialise_record(sample_reset(seconds(5))))->kind, RecordKind::reset);
  for (const Verdict verdict :
       {Verdict::pass, Verdict::skip, Verdict::fail, Verdict::timeout, Verdict::crash, Verdict::no_tests,
        Verdict::foreign, Verdict::bad_report, Verdict::exit, Verdict::setup, Verdict::interrupted}) {
    const Record record = sample_record("actor-conn", "native", seconds(1), verdict, "why");
    EXPECT_EQ(parse_record(serialise_record(record)), record);
  }
}

TEST(RecordLine, APassOfTheLauncherCountedATestUnlessNothingIsCounted) {
  Record record = sample_record("actor-conn", "native", seconds(1), Verdict::pass, "");
  record.source = "cell";
  record.counts = {};
  EXPECT_EQ(parse_record(serialise_record(record)), std::nullopt);
  record.counted = false;
  EXPECT_EQ(parse_record(serialise_record(record)), record);
}

TEST(RecordLine, ReplacesBytesThatAreNotUtf8) {
  Record record = full_record();
  record.brief = "a\xFF\xC3z";
  const std::optional<Record> read = parse_record(serialise_record(record));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->brief, "a\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST(RecordLine, WithoutAnyOneFieldIsNoRecord) {
  const std::string line = serialise_record(full_record());
  for (const char* name :
       {"version", "kind",     "id",       "profile", "finished", "commit", "cell",    "row",     "column",
        "axes",    "duration", "verdict",  "brief",   "flaky",    "leaked", "counted", "counts",  "passed",
        "failed",  "skipped",  "failures", "test",    "message",  "file",   "line",    "command", "source"}) {
    std::string damaged = line;
    const std::size_t at = damaged.find('"' + std::string(name) + "\":");
    ASSERT_NE(at, std::string::npos) << name;
    damaged.insert(at + 1, "no-");
    EXPECT_EQ(parse_record(damaged), std::nullopt) << name;
  }
}

TEST(RecordLine, MayLackTheBasisThatOlderVersionsDidNotWrite) {
  Record record = full_record();
  record.basis.clear();
  std::string line = serialise_record(record);
  const std::string basis = R"(,"basis":[])";
  line.erase(line.find(basis), basis.size());
  EXPECT_EQ(parse_record(line), record);
}

TEST(RecordLine, NamesTheInstancesThatACellHad) {
  Record record = full_record();
  record.services = {"engine.1", "db"};
  const std::string line = serialise_record(record);
  EXPECT_THAT(line, HasSubstr(R"("services":["engine.1","db"])"));
  EXPECT_EQ(parse_record(line), record);
  EXPECT_EQ(parse_record(replace_all(line, R"(["engine.1","db"])", R"("engine.1")")), std::nullopt);
  EXPECT_EQ(parse_record(replace_all(line, R"(["engine.1","db"])", "[1]")), std::nullopt);
}

TEST(RecordLine, OfASetUp) {
  Record record;
  record.kind = RecordKind::setup;
  record.id = "019de8d81be8-0badcafe";
  record.profile = "default";
  record.row = "artifact";
  record.column = "napi";
  record.finished = k_noon;
  record.duration = Milliseconds(41'000);
  record.brief = "the artifact napi could not be built";
  const std::string line = serialise_record(record);
  EXPECT_EQ(line,
            R"({"version":1,"kind":"setup","id":"019de8d81be8-0badcafe","profile":"default",)"
            R"("finished":1777723200000,"commit":"","fixture":"artifact","name":"napi","duration":41000,)"
            R"("problem":"the artifact napi could not be built"})");
  EXPECT_EQ(parse_record(line), record);
  for (const char* name : {"fixture", "name", "duration", "problem"}) {
    EXPECT_EQ(parse_record(replace_all(line, '"' + std::string(name) + "\":", "\"no\":")), std::nullopt)
        << name;
  }
}

TEST(RecordLine, CutAnywhereIsNoRecord) {
  const std::string line = serialise_record(full_record());
  for (std::size_t length = 0; length < line.size(); ++length) {
    EXPECT_EQ(parse_record(line.substr(0, length)), std::nullopt) << length;
  }
}

TEST(RecordLine, OfAnotherShapeIsNoRecord) {
  const std::string line = serialise_record(full_record());
  const std::pair<const char*, const char*> changes[] = {
      {R"("version":1)", R"("version":2)"},
      {R"("version":1)", R"("version":"1")"},
      {R"("kind":"cell")", R"("kind":"sell")"},
      {R"("verdict":"FAIL")", R"("verdict":"PASSED")"},
      {R"("verdict":"FAIL")", R"("verdict":"")"},
      {R"("verdict":"FAIL")", R"("verdict":true)"},
      {R"("finished":1777723201000)", R"("finished":-1)"},
      {R"("finished":1777723201000)", R"("finished":1.5)"},
      {R"("finished":1777723201000)", R"("finished":18446744073709551615)"},
      {R"("passed":23)", R"("passed":-23)"},
      {R"("passed":23)", R"("passed":99999999999)"},
      {R"("cell":"actor-conn.wasm")", R"("cell":"")"},
      {R"("flaky":true)", R"("flaky":1)"},
      {R"("axes":{"runtime":"wasm","encoding":"bare","registry":"static"})", R"("axes":"runtime")"},
      {R"("axes":{"runtime":"wasm","encoding":"bare","registry":"static"})", R"("axes":{"runtime":1})"},
      {R"("counts":{"passed":23,"failed":2,"skipped":7})", R"("counts":[23,2,7])"},
      {R"({"test":"three","message":"","file":"","line":0})", R"("three")"},
  };
  for (const auto& [from, to] : changes) {
    std::string damaged = line;
    const std::size_t at = damaged.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    damaged.replace(at, std::string(from).size(), to);
    EXPECT_EQ(parse_record(damaged), std::nullopt) << to;
  }
  for (const char* text : {"", "{}", "[]", "null", "1", "PASS", "{\"version\":1}"}) {
    EXPECT_EQ(parse_record(text), std::nullopt) << text;
  }
}

TEST(RecordLine, APassThatContradictsItselfIsNoRecord) {
  Record record = sample_record("actor-conn", "wasm", seconds(1));
  EXPECT_TRUE(parse_record(serialise_record(record)));
  record.counts = {24, 1, 0};
  EXPECT_FALSE(parse_record(serialise_record(record)));
  record.counts = {0, 0, 25};
  EXPECT_FALSE(parse_record(serialise_record(record)));
  record.source = "junit";
  record.counts = {0, 0, 0};
  EXPECT_TRUE(parse_record(serialise_record(record)));
  record.failures = {{"one", "", "", 0}};
  EXPECT_FALSE(parse_record(serialise_record(record)));
  record.verdict = Verdict::skip;
  EXPECT_FALSE(parse_record(serialise_record(record)));
}

TEST(JournalText, SkipsAndCountsWhatIsNoRecord) {
  const std::string a = serialise_record(sample_record("actor-conn", "native", seconds(1)));
  const std::string b = serialise_record(sample_record("actor-conn", "wasm", seconds(2)));
  const std::string text = a + "\n\n" + a.substr(0, 40) + '\n' + b + "\ngarbage\n" + a.substr(0, 60);
  const JournalSlice slice = parse_journal(text);
  EXPECT_THAT(slice.records, ElementsAre(*parse_record(a), *parse_record(b)));
  EXPECT_EQ(slice.unreadable, 3);
  EXPECT_EQ(slice.end, text.size() - 60);
}

TEST(JournalText, ALastLineWithoutNewlineIsReadWhenItIsFinished) {
  const std::string a = serialise_record(sample_record("actor-conn", "native", seconds(1)));
  const JournalSlice torn = parse_journal(a);
  EXPECT_THAT(torn.records, ElementsAre());
  EXPECT_EQ(torn.unreadable, 1);
  EXPECT_EQ(torn.end, 0U);
  const JournalSlice closed = parse_journal(a + '\n', torn.end);
  EXPECT_EQ(closed.records.size(), 1U);
  EXPECT_EQ(closed.end, a.size() + 1);
  EXPECT_EQ(parse_journal(a + '\n', 10'000).end, a.size() + 1);
}

TEST_F(JournalFile, AppendsAndReadsFromAnOffset) {
  const Record a = sample_record("actor-conn", "native", seconds(1));
  const Record b = sample_record("actor-conn", "wasm", seconds(2));
  ASSERT_TRUE(append_record(m_path, a));
  const std::uint64_t offset = read_journal(m_path)->end;
  ASSERT_TRUE(append_record(m_path, b));
  EXPECT_THAT(read_journal(m_path)->records, ElementsAre(a, b));
  const Result<JournalSlice> rest = read_journal(m_path, offset);
  EXPECT_THAT(rest->records, ElementsAre(b));
  EXPECT_EQ(rest->end, fs::file_size(m_path));
}

TEST_F(JournalFile, MissingIsEmpty) {
  const Result<JournalSlice> slice = read_journal(m_path, 100);
  ASSERT_TRUE(slice);
  EXPECT_THAT(slice->records, ElementsAre());
  EXPECT_EQ(slice->unreadable, 0);
  EXPECT_EQ(slice->end, 0U);
}

TEST_F(JournalFile, ADirectoryIsAnError) {
  fs::create_directory(m_path);
  const Result<JournalSlice> slice = read_journal(m_path);
  ASSERT_FALSE(slice);
  EXPECT_EQ(slice.error().code, ExitCode::input);
  EXPECT_EQ(slice.error().message, "cannot read " + m_path.string() + ": not a regular file");
}

TEST_F(JournalFile, IsReadOnFromWhereOneStopped) {
  const Record first = sample_record("actor-conn", "wasm", std::chrono::seconds(1));
  const Record second = sample_record("actor-conn", "native", std::chrono::seconds(2));
  ASSERT_TRUE(append_record(m_path, first));
  auto slice = read_journal(m_path);
  ASSERT_TRUE(slice);
  ASSERT_TRUE(read_on(m_path, *slice));
  EXPECT_EQ(slice->records.size(), 1U);
  ASSERT_TRUE(append_record(m_path, second));
  ASSERT_TRUE(read_on(m_path, *slice));
  EXPECT_EQ(slice->records, (std::vector{first, second}));
  EXPECT_EQ(slice->end, std::filesystem::file_size(m_path));
}

TEST_F(JournalFile, HasItsNewestRecordsAtItsEnd) {
  Record large = sample_record("actor-conn", "wasm", std::chrono::seconds(1));
  large.command = std::string(3U << 20U, 'x');
  const Record last = sample_record("actor-conn", "native", std::chrono::seconds(2));
  ASSERT_TRUE(append_records(m_path, {large, large, last}));
  const auto newest = read_newest(m_path);
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->records.size(), 2U);
  EXPECT_EQ(newest->records.back(), last);
  EXPECT_EQ(newest->unreadable, 0);
}

} // namespace
} // namespace ctest_matrix
