#include "base/files.hpp"
#include "base/text.hpp"
#include "progress/samples.hpp"
#include "progress/single_record.hpp"
#include "progress/store.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>

namespace ctest_matrix {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

/// The sample's boxes, those of actor-conn with two cells each.
ColumnPlan two_cells_plan() {
  std::vector<PlannedBox> boxes = sample_plan().boxes();
  for (PlannedBox& box : boxes) {
    if (box.row == "actor-conn") {
      PlannedCell other = box.cells.front();
      box.cells.front().name += ".bare";
      other.name += ".cbor";
      other.axes[1].second = "cbor";
      box.cells.push_back(other);
    }
  }
  return {"default", std::move(boxes), "two"};
}

/// One checkout with its build directory.
struct Checkout {
  StorePaths paths;

  explicit Checkout(const fs::path& directory)
      : paths{directory / "progress.md", directory / "build" / "journal.jsonl",
              directory / "build" / "state"} {}

  std::string document() const {
    const auto text = read_file(paths.progress);
    return text ? *text : "";
  }

  FoldState fold() const {
    const auto text = read_file(paths.state);
    return text ? parse_state(*text).value_or(StoreState()).fold : FoldState();
  }
};

class SingleRecord : public ::testing::Test {
protected:
  void SetUp() override {
    use_utc();
    std::string pattern = (fs::temp_directory_path() / "single_record_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_directory = pattern;
    m_alone = Checkout(m_directory / "alone");
    m_whole = Checkout(m_directory / "whole");
  }

  void TearDown() override {
    if (!HasFailure()) {
      fs::remove_all(m_directory);
    }
  }

  RecordPlace place_of(const Record& record) const {
    for (const PlannedBox& box : m_plan.boxes()) {
      if (box.row == record.row && box.column == record.column) {
        return {m_plan.profile(), m_plan.id(), box};
      }
    }
    return {};
  }

  /// Into both checkouts, into one of them with as little reading as can be.
  void add(const Record& record) {
    const auto whole = [this]() -> Result<WholePlan> {
      ++m_whole_calls;
      return WholePlan{m_spec, m_plan};
    };
    ++m_records;
    const auto recorded = record_cell(m_alone.paths, record, place_of(record), whole, m_clock);
    ASSERT_TRUE(recorded) << recorded.error().message;
    ASSERT_TRUE(record_and_apply(m_whole.paths, record, m_spec, m_plan, m_clock));
  }

  void expect_same() const {
    ASSERT_EQ(m_alone.document(), m_whole.document());
    ASSERT_EQ(m_alone.fold(), m_whole.fold());
  }

  template <typename Edit>
  void edit_both(Edit edit) {
    for (const Checkout* checkout : {&m_alone, &m_whole}) {
      if (const std::string text = checkout->document(); !text.empty()) {
        ASSERT_TRUE(write_file_atomic(checkout->paths.progress, edit(text)));
      }
    }
  }

  fs::path m_directory;
  Checkout m_alone{""};
  Checkout m_whole{""};
  DocumentSpec m_spec = sample_spec();
  ColumnPlan m_plan = two_cells_plan();
  FakeClock m_clock{k_noon + hours(1)};
  int m_records = 0;
  int m_whole_calls = 0;
};

Record record_of(const std::string& row, const std::string& column, Milliseconds after, Verdict verdict) {
  return sample_record(row, column, after, verdict, earns_tick(verdict) ? "" : "it broke");
}

TEST_F(SingleRecord, TakesOnlyTheFirstRecordTheWholeWay) {
  for (int second = 0; second < 10; ++second) {
    const Verdict verdict = second % 3 == 0 ? Verdict::fail : Verdict::pass;
    add(record_of("manager-driver", second % 2 == 0 ? "native" : "wasm", seconds(second), verdict));
    expect_same();
  }
  EXPECT_EQ(m_whole_calls, 1);
}

TEST_F(SingleRecord, LeavesWhatPeopleWroteToTheWholeWay) {
  add(record_of("manager-driver", "native", seconds(1), Verdict::pass));
  add(record_of("manager-driver", "wasm", seconds(2), Verdict::pass));
  EXPECT_EQ(m_whole_calls, 1);
  edit_both([](std::string text) { return replace_all(text, "[x] [x] manager", "[ ] [x] manager"); });
  add(record_of("manager-driver", "native", seconds(3), Verdict::pass)); // older than the edit
  expect_same();
  EXPECT_EQ(m_whole_calls, 2);
  EXPECT_EQ(Document::parse(m_alone.document()).box("manager-driver", "native"), Box::open);
}

TEST_F(SingleRecord, LeavesTheLastBoxToTheWholeWay) {
  m_plan = sample_plan();
  int second = 0;
  for (const char* row : {"manager-driver", "actor-conn", "actor-state"}) {
    for (const char* column : {"native", "wasm"}) {
      add(record_of(row, column, seconds(++second), Verdict::pass));
      expect_same();
    }
  }
  EXPECT_EQ(m_whole_calls, 2);
  EXPECT_THAT(m_alone.document(), ::testing::HasSubstr("ALL TESTS COMPLETE"));
}

TEST_F(SingleRecord, LeavesAnotherDocumentOfTheMatrixToTheWholeWay) {
  add(record_of("manager-driver", "native", seconds(1), Verdict::pass));
  m_spec.sections[1].rows.push_back({"actor-new", "Actor New Tests", ""});
  m_plan = {"default", m_plan.boxes(), "three"};
  add(record_of("manager-driver", "wasm", seconds(2), Verdict::pass));
  expect_same();
  EXPECT_EQ(m_whole_calls, 2);
  EXPECT_THAT(m_alone.document(), ::testing::HasSubstr("- [ ] [ ] actor-new | Actor New Tests\n"));
}

// The two ways must not differ in a byte, whatever happens in between.
TEST_F(SingleRecord, DoesWhatTheWholeWayDoes) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  const auto any = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const std::pair<const char*, const char*> k_places[] = {{"manager-driver", ""},  {"actor-conn", ".bare"},
                                                          {"actor-conn", ".cbor"}, {"actor-state", ""},
                                                          {"actor-agent-os", ""},  {"actor-gone", ""}};
  const Verdict k_verdicts[] = {Verdict::pass, Verdict::pass,    Verdict::pass,       Verdict::fail,
                                Verdict::skip, Verdict::timeout, Verdict::interrupted};
  for (int step = 0; step < 400 && !HasFatalFailure(); ++step) {
    m_clock.advance(seconds(any(3)));
    const Milliseconds now = m_clock.now() - k_noon;
    const int what = any(40);
    if (what == 0) {
      const Record reset = sample_reset(now);
      for (const Checkout* checkout : {&m_alone, &m_whole}) {
        ASSERT_TRUE(record_and_apply(checkout->paths, reset, m_spec, m_plan, m_clock));
      }
    } else if (what == 1) {
      edit_both([](std::string text) { return replace_all(text, "[x] actor-state", "[ ] actor-state"); });
    } else if (what == 2) {
      edit_both(
          [](std::string text) { return replace_all(text, "- [ ] [ ] actor-conn", "- [x] [-] actor-conn"); });
    } else if (what == 3) {
      edit_both([](std::string text) { return text + "\npassed after lunch\n\n"; });
    } else if (what == 4) {
      edit_both([](std::string text) { return replace_all(replace_all(text, "\r\n", "\n"), "\n", "\r\n"); });
    } else if (what == 5 && step > 200) { // from then on it is the whole way, always
      edit_both([](std::string text) { return text + "\n```\n- [x] [x] actor-state | in a block\n```\n"; });
    } else if (what == 6) {
      const auto gone = any(2) == 0 ? &StorePaths::state : &StorePaths::progress;
      fs::remove(m_alone.paths.*gone);
      fs::remove(m_whole.paths.*gone);
    } else {
      const auto& [row, suffix] = k_places[any(6)];
      const char* column = any(2) == 0 ? "native" : "wasm";
      Record record = record_of(row, column, now - seconds(any(10) == 0 ? any(600) : 0), k_verdicts[any(7)]);
      record.cell += suffix;
      record.axes[1].second = std::string_view(suffix) == ".cbor" ? "cbor" : "bare";
      add(record);
    }
    if (what > 5) {
      expect_same();
    }
  }
  EXPECT_GT(m_records - m_whole_calls, 40);
}

} // namespace
} // namespace ctest_matrix
