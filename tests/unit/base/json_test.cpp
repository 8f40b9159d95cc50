#include "base/json.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace ctest_matrix {
namespace {

std::string problem_of(std::string_view text, const JsonRules& rules = {}) {
  const Result<Json> json = parse_json(text, rules);
  return json ? "none: " + json->dump() : json.error().message;
}

/// What the writer makes of what the parser reads.
std::string again(std::string_view text, const JsonRules& rules = {}) {
  const Result<Json> json = parse_json(text, rules);
  return json ? json->dump() : json.error().message;
}

TEST(Json, WritesWhatItReads) {
  for (const std::string text :
       {"null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "0.5", "1e+300",
        R"("")", R"("a\"\\\b\f\n\r\t\u0001\u001f")", "\"\x7f é \U0001F600\"", "[]", "{}", "[[],[{}],[1,2]]",
        R"({"b":1,"a":[true,null],"":{"x":"y"}})"}) {
    EXPECT_EQ(again(text), text);
    EXPECT_EQ(again(" \t\r\n" + text + " \n"), text);
  }
}

TEST(Json, ReadsEscapesAndNumbersOfAnyForm) {
  EXPECT_EQ(again(R"("\/\u0041\u00e9\u20AC\ud83d\ude00")"), "\"/A\u00e9\u20ac\U0001F600\"");
  EXPECT_EQ(again("-0"), "0");
  EXPECT_EQ(again("1.0"), "1.0") << "stays a number that is no integer";
  EXPECT_EQ(again("1E2"), "100.0");
  EXPECT_EQ(again("25e-1"), "2.5");
  EXPECT_EQ(again("1e-999"), "0.0");
  EXPECT_EQ(parse_json("9223372036854775808")->as_integer(), std::nullopt);
  EXPECT_EQ(parse_json("9223372036854775808")->as_number(), 9223372036854775808.0);
  EXPECT_EQ(again("\xEF\xBB\xBF[1]"), "[1]") << "a byte order mark";
}

TEST(Json, RefusesWhatIsNoJson) {
  for (const std::string text : {"nul",
                                 "nulL",
                                 "truee",
                                 "True",
                                 "+1",
                                 "01",
                                 "-",
                                 "-a",
                                 ".5",
                                 "1.",
                                 "1.e3",
                                 "1e",
                                 "1e+",
                                 "0x1",
                                 "NaN",
                                 "1 2",
                                 "'a'",
                                 "\"\t\"",
                                 R"("\x")",
                                 R"("\u12")",
                                 R"("\u12g4")",
                                 R"("\ud83d")",
                                 R"("\ude00\ud83d")",
                                 R"("\ud83d\n")",
                                 "\"\xff\"",
                                 "\"\xed\xa0\x80\"",
                                 "\"\xc0\xaf\"",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "[",
                                 "]",
                                 "{,}",
                                 R"({"a"})",
                                 R"({"a":})",
                                 R"({"a":1,})",
                                 R"({a:1})",
                                 R"({1:1})",
                                 "{} {}",
                                 "// no\n1",
                                 "\xEF\xBB",
                                 "{}x"}) {
    EXPECT_THAT(problem_of(text), ::testing::StartsWith("not JSON at byte ")) << text;
  }
  EXPECT_FALSE(parse_json(std::string_view("1\0", 2)));
  EXPECT_FALSE(parse_json(std::string_view("\"\0\"", 3)));
}

TEST(Json, SaysWhereAndWhy) {
  EXPECT_EQ(problem_of(""), "not JSON at byte 1 (line 1): the text ends too early");
  EXPECT_EQ(problem_of("{\n  \"a\": tru"), "not JSON at byte 13 (line 2): the text ends too early");
  EXPECT_EQ(problem_of("[\n\n1,\n x]"), "not JSON at byte 8 (line 4)");
  EXPECT_EQ(problem_of("[1e999]"), "the number at byte 2 (line 1) is out of range");
  EXPECT_EQ(problem_of(R"([{"a":1,"b":2,"a":3}])"),
            "the key 'a' is there twice in the object at byte 2 (line 1)");
  EXPECT_EQ(parse_json("x").error().code, ExitCode::input);
}

TEST(Json, BoundsTheDepth) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(again(deep), deep);
  EXPECT_EQ(problem_of('[' + deep + ']'), "nested too deep at byte 65 (line 1)");
  EXPECT_EQ(problem_of(std::string(1'000'000, '[')), "nested too deep at byte 65 (line 1)");
  EXPECT_EQ(problem_of(R"({"a":{"b":[1]}})", {.max_depth = 2}), "nested too deep at byte 11 (line 1)");
  EXPECT_EQ(again("[[],[],[],[[1]]]", {.max_depth = 3}), "[[],[],[],[[1]]]") << "not a count of all";
}

TEST(Json, TakesTheLastOfKeysThatAreThereTwice) {
  const JsonRules rules{.twice = JsonRules::Twice::last_counts};
  EXPECT_EQ(again(R"({"a":1,"b":2,"a":3,"a":4,"b":5})", rules), R"({"a":4,"b":5})");
  std::string many = "{";
  for (int i = 0; i < 100; ++i) {
    many += "\"key" + std::to_string(i) + "\":0,";
  }
  EXPECT_EQ(problem_of(many + R"("key42":1})"),
            "the key 'key42' is there twice in the object at byte 1 (line 1)");
  EXPECT_EQ((*parse_json(many + R"("key42":1})", rules))["key42"].as_integer(), 1);
  EXPECT_EQ(parse_json(many + R"("other":1})")->size(), 101U);
}

TEST(Json, ReplacesHalvesOfSurrogatePairsOnRequest) {
  const JsonRules rules{.lone_surrogate = JsonRules::LoneSurrogate::replaced};
  EXPECT_EQ(again(R"("a\ud83d")", rules), "\"a\uFFFD\"");
  EXPECT_EQ(again(R"("\ude00\ud83d\u0041")", rules), "\"\uFFFD\uFFFDA\"");
  EXPECT_EQ(again(R"("\ud83d\ud83d\ude00\ud83d\n")", rules), "\"\uFFFD\U0001F600\uFFFD\\n\"");
  EXPECT_EQ(again(R"("\ud83d\ude00")", rules), "\"\U0001F600\"");
}

TEST(Json, WritesIndented) {
  const Json json = Json::object({{"a", 1},
                                  {"b", Json::array({"x", nullptr})},
                                  {"c", Json::array()},
                                  {"d", Json::object({{"e", true}})}});
  EXPECT_EQ(json.dump(2), R"({
  "a": 1,
  "b": [
    "x",
    null
  ],
  "c": [],
  "d": {
    "e": true
  }
})");
  EXPECT_EQ(json.dump(), R"({"a":1,"b":["x",null],"c":[],"d":{"e":true}})");
}

TEST(Json, WritesNothingThatIsNoJson) {
  EXPECT_EQ(Json("a\xff\xc3 \xed\xa0\x80").dump(), "\"a\uFFFD\uFFFD \uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(Json(std::string_view("\0", 1)).dump(), R"("\u0000")");
  EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).dump(), "null");
  EXPECT_EQ(Json(std::numeric_limits<double>::quiet_NaN()).dump(), "null");
}

TEST(Json, LooksUp) {
  const Json json = *parse_json(R"({"a":{"b":[1,"x",2.5,true]},"n":null})");
  EXPECT_EQ(json["a"]["b"][0].integer_or(7), 1);
  EXPECT_EQ(json["a"]["b"][1].string_or("y"), "x");
  EXPECT_EQ(json["a"]["b"][2].number_or(7), 2.5);
  EXPECT_TRUE(json["a"]["b"][3].bool_or(false));
  EXPECT_TRUE(json["a"]["b"][4].is_null());
  EXPECT_TRUE(json["a"]["c"]["d"][3].is_null());
  EXPECT_EQ(json["a"]["b"][0].string_or("y"), "y");
  EXPECT_EQ(json["a"]["b"][0].number_or(7), 1.0) << "an integer is a number";
  EXPECT_EQ(json["a"]["b"][2].as_integer(), std::nullopt);
  EXPECT_NE(json.find("n"), nullptr);
  EXPECT_EQ(json.find("m"), nullptr);
  EXPECT_EQ(json["a"].find("x"), nullptr);
  EXPECT_EQ(json["a"]["b"].items().size(), 4U);
  EXPECT_TRUE(json.items().empty());
  EXPECT_EQ(json.members()[1].key, "n");
  EXPECT_EQ(json.size(), 2U);
}

TEST(Json, IsBuiltPieceByPiece) {
  Json json;
  json.set("b", 1);
  json.set("a", std::vector<std::string>{"x", "y"});
  json.set("b", "two");
  json.set("gone", 3);
  json.erase("gone");
  json.erase("never there");
  Json list;
  list.push_back(std::size_t{3});
  list.push_back(json);
  EXPECT_EQ(list.dump(), R"([3,{"b":"two","a":["x","y"]}])");
  EXPECT_EQ(list, *parse_json(list.dump()));
  EXPECT_NE(list, *parse_json(R"([3,{"a":["x","y"],"b":"two"}])")) << "the order counts";
}

} // namespace
} // namespace ctest_matrix
