// The store under SIGKILL and under several processes at once.
#include "base/files.hpp"
#include "progress/log_line.hpp"
#include "progress/samples.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <map>
#include <random>
#include <thread>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;

constexpr int k_rounds = 200;

/// A record that no other one has the log line of; a later number is a later time.
Record numbered_record(const std::string& row, const std::string& column, int number) {
  const Verdict verdict = number % 3 == 0 ? Verdict::fail : Verdict::pass;
  Record record = sample_record(row, column, Milliseconds(number), verdict, "");
  if (verdict == Verdict::fail) {
    record.brief = fmt::format("failure {}", number);
  } else {
    record.counts.passed = number + 1;
  }
  return record;
}

class StoreUnderFire : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    std::string pattern = (fs::temp_directory_path() / "store_kill_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    ASSERT_TRUE(apply_journal(paths("build"), driver_plan(), FakeClock(k_noon)));
  }

  void TearDown() override {
    if (!HasFailure()) {
      fs::remove_all(m_directory);
    }
  }

  StorePaths paths(const std::string& build) const {
    return {m_directory / "progress.md", m_directory / build / "journal.jsonl",
            m_directory / build / "progress-state.json"};
  }

  static bool add(const StorePaths& paths, const Record& record) {
    const auto recorded =
        record_and_apply(paths, record, driver_plan(), FakeClock(k_noon + std::chrono::hours(24)));
    if (!recorded) {
      fmt::print(stderr, "{}\n", recorded.error().message);
    }
    return static_cast<bool>(recorded);
  }

  static bool apply(const StorePaths& paths) {
    return static_cast<bool>(apply_journal(paths, driver_plan(), FakeClock(k_noon + std::chrono::hours(24))));
  }

  /// Each record's line is there once, and each box shows its cell's last record.
  void check(const std::vector<Record>& records) const {
    const Document document = Document::parse(*read_file(m_directory / "progress.md"));
    std::map<std::string, int> lines;
    for (const std::string& line : document.log()) {
      ++lines[line];
    }
    std::map<std::string, const Record*> last;
    const Plan plan = driver_plan();
    const Boxes boxes(plan);
    for (const Record& record : records) {
      const std::string line = log_line(record, boxes.find(record).label());
      EXPECT_EQ(lines[line], 1) << line;
      const Record*& latest = last[record.cell];
      latest = latest == nullptr || latest->finished < record.finished ? &record : latest;
    }
    for (const auto& [cell, record] : last) {
      EXPECT_EQ(document.box(record->row, record->column),
                earns_tick(record->verdict) ? BoxState::ticked : BoxState::open)
          << cell;
    }
  }

  fs::path m_directory;
};

/// Waits until a file is longer than `size`; false when it does not become so.
bool grows_beyond(const fs::path& file, std::uintmax_t size) {
  for (int i = 0; i < 600'000; ++i) {
    std::error_code error;
    if (const auto now = fs::file_size(file, error); !error && now > size) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  return false;
}

/// In every other round only after a record of it is in the journal, otherwise at any moment.
TEST_F(StoreUnderFire, AppliesEachRecordOnceWheneverItIsKilled) {
  const StorePaths store = paths("build");
  std::mt19937 random(4711);
  const std::vector<std::string> rows{"manager-driver", "actor-conn", "actor-state"};
  for (int round = 0; round < k_rounds; ++round) {
    std::error_code none_yet;
    const auto size = fs::file_size(store.journal, none_yet);
    const pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < 100; ++i) {
        const int number = round * 100 + i;
        if (!add(store, numbered_record(rows[static_cast<std::size_t>(number / 7) % rows.size()],
                                        number % 2 == 0 ? "native" : "wasm", number))) {
          _exit(1);
        }
      }
      _exit(0);
    }
    if (round % 2 == 0) {
      ASSERT_TRUE(grows_beyond(store.journal, none_yet ? 0 : size));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 12'000));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    // A person edits the file now and then, and once in a while the state is lost.
    const auto text = read_file(store.progress);
    if (text && round % 5 == 0) {
      ASSERT_TRUE(write_file_atomic(store.progress, fmt::format("A note: {}\n{}", round, *text)));
    }
    if (round % 50 == 49) {
      fs::remove(store.state);
    }
  }
  ASSERT_TRUE(apply(store));
  const auto journal = read_journal(store.journal);
  ASSERT_TRUE(journal);
  EXPECT_GE(journal->records.size(), static_cast<std::size_t>(k_rounds) / 2);
  check(journal->records);
  const std::string before = *read_file(store.progress);
  ASSERT_TRUE(apply(store));
  EXPECT_EQ(*read_file(store.progress), before);
}

/// Runs `work` in a child that is killed when it enters its system call number `calls` (from 0). False when
/// it came to its end before that.
bool kill_at_system_call(int calls, const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    _exit(work() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  for (int stops = 0; WIFSTOPPED(status); ++stops) {
    if (stops > 2 * calls) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return true;
    }
    ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    waitpid(child, &status, 0);
  }
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return false;
}

TEST_F(StoreUnderFire, AppliesEachRecordOnceWhicheverSystemCallIsItsLast) {
  const StorePaths store = paths("build");
  int number = 0;
  bool killed = true;
  for (int calls = 0; killed; ++calls) {
    // With and without a person's edit between the kill and the next attempt.
    for (const bool edited : {false, true}) {
      const Record record = numbered_record("actor-conn", "wasm", ++number);
      killed = kill_at_system_call(calls, [&] { return add(store, record); });
      if (const auto text = read_file(store.progress); text && edited) {
        ASSERT_TRUE(write_file_atomic(store.progress, fmt::format("A note: {}\n{}", calls, *text)));
      }
      ASSERT_TRUE(apply(store));
      const auto journal = read_journal(store.journal);
      check(journal->records);
      ASSERT_FALSE(HasFailure()) << "killed at system call " << calls;
    }
  }
  EXPECT_GT(number, 40);
}

/// Four processes, each with a cell of its own.
void run_at_once(const std::function<bool(const std::string& row, const std::string& column)>& work) {
  std::vector<pid_t> children;
  for (const char* row : {"manager-driver", "actor-conn"}) {
    for (const char* column : {"native", "wasm"}) {
      children.push_back(fork());
      if (children.back() == 0) {
        _exit(work(row, column) ? 0 : 1);
      }
    }
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
}

TEST_F(StoreUnderFire, LosesAndDoublesNothingBetweenProcesses) {
  const StorePaths store = paths("build");
  run_at_once([&](const std::string& row, const std::string& column) {
    for (int number = 0; number < 25; ++number) {
      if (!add(store, numbered_record(row, column, number))) {
        return false;
      }
    }
    return true;
  });
  const auto journal = read_journal(store.journal);
  ASSERT_EQ(journal->records.size(), 100U);
  check(journal->records);
}

TEST_F(StoreUnderFire, LosesAndDoublesNothingBetweenBuildDirectories) {
  run_at_once([&](const std::string& row, const std::string& column) {
    for (int number = 0; number < 25; ++number) {
      if (!add(paths(row + column), numbered_record(row, column, number))) {
        return false;
      }
    }
    return true;
  });
  std::vector<Record> records;
  for (const char* build :
       {"manager-drivernative", "manager-driverwasm", "actor-connnative", "actor-connwasm"}) {
    const auto journal = read_journal(paths(build).journal);
    ASSERT_EQ(journal->records.size(), 25U);
    records.insert(records.end(), journal->records.begin(), journal->records.end());
  }
  check(records);
}

} // namespace
} // namespace ctest_matrix
