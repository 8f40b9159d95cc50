#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace ctest_matrix {
namespace {

class ClockInZone : public ::testing::Test {
protected:
  void SetUp() override { use("UTC0"); }

  void TearDown() override { use("UTC0"); }

  static void use(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }
};

TEST_F(ClockInZone, FormatsWithTheOffsetOfTheZone) {
  const TimePoint time{Milliseconds(1'769'850'307'500)};
  EXPECT_EQ(format_timestamp(time), "2026-01-31T09:05:07+00:00");
  use("XXX-5:30");
  EXPECT_EQ(format_timestamp(time), "2026-01-31T14:35:07+05:30");
  use("YYY3:30");
  EXPECT_EQ(format_timestamp(time), "2026-01-31T05:35:07-03:30");
}

TEST_F(ClockInZone, ParsesWhatItFormats) {
  const TimePoint time{Milliseconds(1'769'850'307'000)};
  for (const char* zone : {"UTC0", "XXX-5:30", "YYY3:30"}) {
    use(zone);
    EXPECT_EQ(parse_timestamp(format_timestamp(time)), time) << zone;
  }
  EXPECT_EQ(parse_timestamp("2026-01-31T09:05:07.25Z"), TimePoint{Milliseconds(1'769'850'307'250)});
}

TEST_F(ClockInZone, RefusesWhatIsNoTimestamp) {
  for (const char* text :
       {"", "2026-01-31", "2026-13-31T09:05:07Z", "2026-01-31T25:05:07Z", "2026-01-31T09:05:07"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(Duration, IsShortAndRounded) {
  EXPECT_EQ(format_duration(Milliseconds(840)), "840ms");
  EXPECT_EQ(format_duration(Milliseconds(31'249)), "31.2s");
  EXPECT_EQ(format_duration(Milliseconds(59'949)), "59.9s");
  EXPECT_EQ(format_duration(Milliseconds(59'950)), "1m 00s");
  EXPECT_EQ(format_duration(Milliseconds(245'000)), "4m 05s");
  EXPECT_EQ(format_duration(Milliseconds(3'720'000)), "1h 02m");
}

TEST(Clock, ReadsBackTheDurationsThatItWrites) {
  for (const char* text : {"840ms", "31.2s", "1m 00s", "4m 05s", "1h 02m"}) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration) << text;
    EXPECT_EQ(format_duration(*duration), text);
  }
  for (const char* text : {"", "s", "12", "-1s", "1 s", "nan s", "infs", "1e9h", "25 tests", "1.2.3s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

} // namespace
} // namespace ctest_matrix
