#include "runners/written_titles.hpp"

#include <gtest/gtest.h>

namespace ctest_matrix {
namespace {

TEST(WrittenTitles, StandInQuotesOrAsNames) {
  EXPECT_TRUE(is_written_in("describe('Suite', () => { it(\"two of them\", f) })", "Suite > two of them"));
  EXPECT_TRUE(is_written_in("class TestIt:\n  def test_two(self): pass", "TestIt > test_two"));
  EXPECT_TRUE(is_written_in("TEST(Suite, Name) {}", "Suite > Name"));
  EXPECT_TRUE(is_written_in("it(`a`, f)", "a"));
  EXPECT_TRUE(is_written_in("def test_two(): pass", "tests.test_x > test_two", "test_x"));
  EXPECT_TRUE(
      is_written_in("class TestIt:\n  def test_two(self): pass", "test_x.TestIt > test_two", "test_x"));
  EXPECT_TRUE(
      is_written_in("for o in ['linux']: def test_two(o): pass", "test_x > test_two[linux]", "test_x"));
}

TEST(WrittenTitles, AreNotThoseWithAPartThatIsMade) {
  EXPECT_FALSE(is_written_in("it(`at ${now()}`, f)", "at 12:01"));
  EXPECT_FALSE(is_written_in("describe(`run ${id}`, () => it('works', f))", "run 7 > works"));
  EXPECT_FALSE(is_written_in("def test_two(x): pass", "test_two[0x7f]"));
  EXPECT_FALSE(is_written_in("const t = 12; it(`${t}`, f)", "12"));
  EXPECT_FALSE(is_written_in("it('twofold', f)", "two"));
  EXPECT_FALSE(is_written_in("it('two of them', f)", "two of"));
  EXPECT_FALSE(is_written_in("", "a"));
  EXPECT_FALSE(
      is_written_in("class TestB:\n  def test_two(self): pass", "test_x.TestA > test_two", "test_x"));
  EXPECT_FALSE(is_written_in("def test_two(): pass", "tests.test_y > test_two", "test_x"));
}

} // namespace
} // namespace ctest_matrix
