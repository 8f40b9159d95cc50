#include "base/json_quick.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

enum class Shade { red, green };

struct Part {
  std::string name;
  int number = 0;

  bool operator==(const Part&) const = default;
};

struct Whole {
  std::string text;
  std::vector<Part> parts;
  std::vector<std::pair<std::string, std::string>> axes;
  std::vector<std::pair<std::string, std::string>> pairs;
  Shade colour = Shade::red;
  bool flag = false;
  Milliseconds duration{0};
  TimePoint time{};
  std::string rare;

  bool operator==(const Whole&) const = default;
};

} // namespace

template <>
inline constexpr std::array<std::pair<std::string_view, Shade>, 2> k_json_names<Shade>{
    {{"red", Shade::red}, {"green", Shade::green}}};

namespace {

template <typename Archive>
void fields(Archive& archive, Part& part) {
  archive("name", part.name);
  archive("number", part.number);
}

template <typename Archive>
void fields(Archive& archive, Whole& whole) {
  archive.constant("version", 1);
  archive("text", whole.text);
  archive("parts", whole.parts);
  archive.as_object("axes", whole.axes);
  archive("pairs", whole.pairs);
  archive("colour", whole.colour);
  archive.if_set("rare", whole.rare);
  archive("flag", whole.flag);
  archive("duration", whole.duration);
  archive("time", whole.time);
}

Whole sample() {
  return {.text = "\"quoted\" \\ line\n tab\t \u00e4 \U0001F600",
          .parts = {{"a", -7}, {"", 0}},
          .axes = {{"runtime", "native"}, {"encoding", "bare"}},
          .pairs = {{"test file", "0123"}},
          .colour = Shade::green,
          .flag = true,
          .duration = Milliseconds(12),
          .time = TimePoint(Milliseconds(1777723200000)),
          .rare = "x"};
}

bool reads(std::string_view text) {
  Whole whole;
  return read_own_json(text, whole);
}

TEST(JsonQuick, ReadsWhatWasWritten) {
  for (const Whole& whole : {sample(), Whole()}) {
    Whole read = sample();
    read.rare.clear();
    ASSERT_TRUE(read_own_json(to_json(whole), read)) << to_json(whole);
    EXPECT_EQ(read, whole);
  }
}

TEST(JsonQuick, AgreesWithTheOtherReaderOnWhateverItUnderstands) {
  const std::string text = to_json(sample());
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : std::string_view("\"\\{}[]:,0x-\n \xff\0", 16)) {
      std::string damaged = text;
      damaged[i] = c;
      Whole quick;
      if (read_own_json(damaged, quick)) {
        const auto slow = from_json<Whole>(damaged);
        ASSERT_TRUE(slow) << damaged;
        EXPECT_EQ(quick, *slow) << damaged;
      }
    }
    EXPECT_FALSE(reads(text.substr(0, i))) << i;
  }
}

TEST(JsonQuick, LeavesEverythingElseToTheOther) {
  const std::string text = to_json(Whole());
  EXPECT_TRUE(reads(text));
  EXPECT_FALSE(reads(" " + text));
  EXPECT_FALSE(reads(text + "\n"));
  EXPECT_FALSE(reads(to_json(Whole(), 1)));
  EXPECT_FALSE(reads("{}"));
  EXPECT_FALSE(reads(""));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string other = text;
    return other.replace(other.find(from), from.size(), to);
  };
  EXPECT_FALSE(reads(with("\"version\":1", "\"version\":2")));
  EXPECT_FALSE(reads(with("\"duration\":0", "\"duration\":01")));
  EXPECT_FALSE(reads(with("\"duration\":0", "\"duration\":0.5")));
  EXPECT_FALSE(reads(with("\"colour\":\"red\"", "\"colour\":\"blue\"")));
  EXPECT_FALSE(reads(with("\"axes\":{}", "\"axes\":{\"a\":\"1\",\"a\":\"2\"}")));
  EXPECT_FALSE(reads(with("\"text\":\"\"", "\"text\":\"\\u0041\"")));
}

} // namespace
} // namespace ctest_matrix
