#include "matrix/sample_matrix.hpp"
#include "plan/identity.hpp"
#include "progress/journal.hpp"
#include "shard/lengths.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class LengthsOf : public ::testing::Test {
protected:
  LengthsOf() {
    std::filesystem::remove_all(m_root);
    std::filesystem::create_directories(m_root);
    m_plan.common.places.matrix = m_root / "matrix.yaml";
  }

  ~LengthsOf() override { std::filesystem::remove_all(m_root); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(m_root / name) << text;
    return m_root / name;
  }

  KnownLengths read(const std::filesystem::path& file = {}) const {
    ReadLog log;
    const auto known = read_lengths(m_plan, file, log);
    EXPECT_TRUE(known) << known.error().message;
    return known ? *known : KnownLengths();
  }

  std::string refused(const std::string& text) const {
    ReadLog log;
    const auto known = read_lengths(m_plan, write("bad.json", text), log);
    EXPECT_FALSE(known);
    return known ? "" : known.error().message;
  }

  std::filesystem::path m_root =
      std::filesystem::path(::testing::TempDir()) / ("lengths-" + std::to_string(getpid()));
  Plan m_plan = sample_plan("default", std::string());
};

TEST_F(LengthsOf, OfTheFileBesideTheMatrix) {
  EXPECT_THAT(read().cells, IsEmpty());
  EXPECT_EQ(read().source, "");
  const KnownLengths known{.cells = {{"actor-a.native", Milliseconds(1500)}},
                           .set_ups = {{"artifact napi", Milliseconds(9000)}}};
  const auto text = lengths_text(m_plan, known, "");
  ASSERT_TRUE(text);
  write("durations.json", *text);
  EXPECT_THAT(read().cells, ElementsAre(Pair("actor-a.native", Milliseconds(1500))));
  EXPECT_THAT(read().set_ups, ElementsAre(Pair("artifact napi", Milliseconds(9000))));
  EXPECT_THAT(read().source, HasSubstr("durations.json (digest "));
}

TEST_F(LengthsOf, OfOtherProfilesStay) {
  const KnownLengths known{.cells = {{"actor-a.native", Milliseconds(1500)}}};
  const auto of_default = lengths_text(m_plan, known, "");
  ASSERT_TRUE(of_default);
  Plan full = sample_plan("full", std::string());
  const auto both =
      lengths_text(full, {.cells = {{"actor-a.native.local.bare", Milliseconds(7)}}}, *of_default);
  ASSERT_TRUE(both);
  EXPECT_EQ(*both, R"({
  "version": 1,
  "matrix": "demo",
  "profiles": {
    "default": {
      "cells": {
        "actor-a.native": 1500
      }
    },
    "full": {
      "cells": {
        "actor-a.native.local.bare": 7
      }
    }
  }
}
)");
}

TEST_F(LengthsOf, OfAJournalAndOfAProgressFile) {
  Record record;
  record.cell = "actor-a.native";
  record.row = "actor-a";
  record.column = "native";
  record.profile = "default";
  record.axes = m_plan.cells.front().variant->axes;
  record.verdict = Verdict::fail;
  record.id = "0123456789ab-01234567";
  record.duration = Milliseconds(2500);
  const auto journal = write("journal.jsonl", serialise_record(record) + "\n");
  EXPECT_THAT(read(journal).cells, ElementsAre(Pair("actor-a.native", Milliseconds(2500))));
  const auto progress = write("progress.md", "Config: x\n\n## Log\n\n- 2026-01-31T09:05:07+01:00 actor-b "
                                             "[wasm]: PASS (25 tests, 31.2s)\n");
  EXPECT_THAT(read(progress).cells, ElementsAre(Pair("actor-b.wasm", Milliseconds(31200))));
}

TEST_F(LengthsOf, AnythingElseIsRefused) {
  EXPECT_THAT(refused(""), HasSubstr("bad.json: expected durations, a journal or a progress file: "));
  EXPECT_THAT(refused("{}"), HasSubstr("version"));
  EXPECT_THAT(refused(R"({"version":2,"matrix":"demo","profiles":{}})"), HasSubstr("version"));
  EXPECT_THAT(refused(R"({"version":1,"matrix":"other","profiles":{}})"),
              HasSubstr("expected durations of the matrix 'demo', got those of 'other'"));
  EXPECT_THAT(refused(R"({"version":1,"matrix":"demo","profiles":{"default":{"cells":{"a":-1}}}})"),
              HasSubstr("expected milliseconds from 0 to 604800000, got -1: a"));
  ReadLog log;
  EXPECT_FALSE(read_lengths(m_plan, m_root / "missing.json", log));
}

TEST_F(LengthsOf, WhatIsNotKnownIsGuessed) {
  // Nothing is known: the time-outs.
  CellLengths lengths = cell_lengths(m_plan, {});
  EXPECT_EQ(lengths.known, 0U);
  for (std::size_t i = 0; i < m_plan.cells.size(); ++i) {
    EXPECT_EQ(lengths.cells[i], std::chrono::seconds(m_plan.cells[i].timeout));
  }
  lengths =
      cell_lengths(m_plan, {{"actor-a.native", Milliseconds(12000)}, {"actor-a.wasm", Milliseconds(36000)}});
  EXPECT_EQ(lengths.known, 2U);
  std::map<std::string, Milliseconds> by_name;
  for (std::size_t i = 0; i < m_plan.cells.size(); ++i) {
    by_name[m_plan.cells[i].name] = lengths.cells[i];
  }
  EXPECT_EQ(by_name["actor-a.native"], Milliseconds(12000));
  EXPECT_EQ(by_name["actor-b.native"], Milliseconds(3000));  // a quarter of the time-out, as actor-a has it
  EXPECT_EQ(by_name["actor-c.native"], Milliseconds(60000)); // another section: the column is what is known
  EXPECT_EQ(by_name["actor-c.wasm"], Milliseconds(180000));
}

} // namespace
} // namespace ctest_matrix
