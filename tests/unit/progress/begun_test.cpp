#include "base/boot.hpp"
#include "progress/begun.hpp"
#include "progress/checkout_testing.hpp"

#include <sys/wait.h>
#include <unistd.h>

namespace ctest_matrix {
namespace {

using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Begun : public CheckoutTest {
protected:
  const Cell& cell() const { return *find_cell(m_plan, "actor-conn.wasm"); }

  JournalSlice slice() const { return *read_journal(store_paths(m_plan.common).journal); }

  std::vector<Record> ends(const std::optional<FailedTests>& failed = {}) const {
    return missing_ends(m_plan, slice(), failed, look_for);
  }

  /// By a process that is gone.
  void begin(const std::string& id) const {
    const pid_t child = fork();
    if (child == 0) {
      note_begin(m_plan.common, cell(), id, FakeClock(k_noon + seconds(5)));
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
};

TEST_F(Begun, IsNoResult) {
  begin("a");
  EXPECT_THAT(slice().begins, SizeIs(1));
  EXPECT_THAT(slice().records, IsEmpty());
}

TEST_F(Begun, WithoutAnEndIsAFailureOnceItsLauncherIsGone) {
  note_begin(m_plan.common, cell(), "running", system_clock());
  EXPECT_THAT(ends(), IsEmpty());
  EXPECT_TRUE(any_running(slice(), look_for));
  begin("killed");
  const std::vector<Record> found = ends();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].id, "killed");
  EXPECT_EQ(found[0].kind, RecordKind::cell);
  EXPECT_EQ(found[0].cell, "actor-conn.wasm");
  EXPECT_EQ(found[0].verdict, Verdict::crash);
  EXPECT_EQ(found[0].finished, k_noon + seconds(5));
  ASSERT_TRUE(append_records(store_paths(m_plan.common).journal, found));
  EXPECT_THAT(ends(), IsEmpty());
}

TEST_F(Begun, WithoutAnEndIsATimeOutWhereCtestWaitedForAllOfIt) {
  begin("killed");
  FailedTests failed{.names = {"actor-conn.wasm"}, .written = k_noon + seconds(5 + 120)};
  EXPECT_EQ(ends(failed)[0].verdict, Verdict::timeout);
  failed.written = k_noon + seconds(60);
  EXPECT_EQ(ends(failed)[0].verdict, Verdict::crash);
  failed = {.names = {"actor-conn.native"}, .written = k_noon + seconds(5 + 120)};
  EXPECT_EQ(ends(failed)[0].verdict, Verdict::crash);
}

TEST_F(Begun, ItsGuardianWritesTheEnd) {
  const auto end = [&](Milliseconds lived) {
    std::filesystem::remove(store_paths(m_plan.common).journal);
    Abandonment(m_plan.common, cell(), "a", seconds(10)).noter(lived, FakeClock(k_noon + seconds(9)))();
    return slice().records.back();
  };
  EXPECT_EQ(end(seconds(10)).verdict, Verdict::timeout);
  EXPECT_EQ(end(seconds(9)).verdict, Verdict::crash);
  EXPECT_EQ(end(seconds(9)).id, "a");
  Abandonment(m_plan.common, cell(), "a", seconds(1)).noter(seconds(9), FakeClock(k_noon))();
  EXPECT_THAT(slice().records, SizeIs(1)); // one end is enough
  // Whoever called the launcher is gone, too.
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t caller = fork();
  if (caller == 0) {
    if (fork() == 0) {
      const pid_t parent = getppid();
      const Abandonment abandonment(m_plan.common, cell(), "b", seconds(10));
      close(ready[1]);
      while (getppid() == parent) {
        usleep(1000);
      }
      abandonment.noter(seconds(1), FakeClock(k_noon + seconds(9)))();
      _exit(0);
    }
    close(ready[1]);
    char nothing = 0;
    static_cast<void>(!read(ready[0], &nothing, 1));
    _exit(0);
  }
  close(ready[0]);
  close(ready[1]);
  waitpid(caller, nullptr, 0);
  const auto last_is_interrupted = [&] { return slice().records.back().verdict == Verdict::interrupted; };
  for (int i = 0; i < 6000 && !last_is_interrupted(); ++i) {
    usleep(10'000);
  }
  EXPECT_TRUE(last_is_interrupted());
}

TEST_F(Begun, OfAnotherBootOrNamespaceSaysNothing) {
  begin("killed");
  RecordedProcess process = slice().begins.front().process;
  EXPECT_EQ(look_for(process), Launcher::gone);
  process.boot = "another";
  EXPECT_EQ(look_for(process), Launcher::unknown);
  process.boot = boot_id();
  process.names = "pid:[1]";
  EXPECT_EQ(look_for(process), Launcher::unknown);
}

TEST_F(Begun, AnEndOfTheSameIdWins) {
  begin("killed");
  const StorePaths paths = store_paths(m_plan.common);
  ASSERT_TRUE(append_records(paths.journal, ends()));
  Record pass = sample_record("actor-conn", "wasm", seconds(6));
  pass.id = "killed";
  ASSERT_TRUE(append_record(paths.journal, pass));
  ASSERT_TRUE(apply_journal(paths, m_plan, FakeClock(k_noon + seconds(60))));
  EXPECT_EQ(Document::parse(document()).box("actor-conn", "wasm"), BoxState::ticked);
}

} // namespace
} // namespace ctest_matrix
