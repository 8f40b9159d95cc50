#include "base/json_fields.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {

enum class Colour { red, green };
enum class Size { small, large };

/// A text that has to begin with an x.
struct Marked {
  std::string text;

  bool operator==(const Marked&) const = default;
};

struct Inner {
  std::string name;
  int line = 0;

  bool operator==(const Inner&) const = default;
};

struct Point {
  int x = 0;
  std::string y;

  bool operator==(const Point&) const = default;
};

struct Outer {
  std::string text;
  bool flag = false;
  std::uint16_t port = 0;
  double ratio = 0;
  Milliseconds timeout{};
  TimePoint when;
  std::filesystem::path file;
  Colour colour = Colour::red;
  Size size = Size::small;
  std::optional<Inner> inner;
  std::vector<Inner> list;
  std::vector<std::pair<std::string, int>> pairs;
  std::map<std::string, std::string, std::less<>> map;
  std::vector<Point> points;
  std::vector<std::pair<std::string, std::string>> axes;
  Marked marked{"x"};
  std::vector<std::string> rare;
  int later = 0;

  bool operator==(const Outer&) const = default;
};

template <>
inline constexpr std::array<std::pair<std::string_view, Colour>, 2> k_json_names<Colour>{
    {{"red", Colour::red}, {"green", Colour::green}}};
template <>
inline constexpr Size k_json_last<Size> = Size::large;

template <>
struct JsonForm<Marked> {
  static std::string_view to(const Marked& marked) { return marked.text; }

  static std::optional<Marked> from(std::string text) {
    return text.starts_with('x') ? std::optional(Marked{std::move(text)}) : std::nullopt;
  }
};

template <typename Archive>
void fields(Archive& archive, Inner& inner) {
  archive("name", inner.name);
  archive("line", inner.line);
}

template <typename Archive>
void elements(Archive& archive, Point& point) {
  archive(point.x, point.y);
}

template <typename Archive>
void fields(Archive& archive, Outer& outer) {
  archive.constant("version", 2);
  archive("text", outer.text);
  archive("flag", outer.flag);
  archive("port", outer.port);
  archive("ratio", outer.ratio);
  archive("timeout", outer.timeout);
  archive("when", outer.when);
  archive("file", outer.file);
  archive("colour", outer.colour);
  archive("size", outer.size);
  archive("inner", outer.inner);
  archive("list", outer.list);
  archive("pairs", outer.pairs);
  archive("map", outer.map);
  archive("points", outer.points);
  archive.as_object("axes", outer.axes);
  archive("marked", outer.marked);
  archive.if_set("rare", outer.rare);
  archive.may_lack("later", outer.later);
}

namespace {

const std::string k_plain =
    R"({"version":2,"text":"","flag":false,"port":0,"ratio":0.0,"timeout":0,"when":0,"file":"","colour":"red",)"
    R"("size":0,"inner":null,"list":[],"pairs":[],"map":{},"points":[],"axes":{},"marked":"x","later":0})";

Outer full() {
  return {.text = "ä\n",
          .flag = true,
          .port = 65535,
          .ratio = 0.25,
          .timeout = Milliseconds(1500),
          .when = TimePoint(Milliseconds(1'700'000'000'000)),
          .file = "/a/b",
          .colour = Colour::green,
          .size = Size::large,
          .inner = Inner{"i", 3},
          .list = {{"a", 1}, {"b", -2}},
          .pairs = {{"p", 1}},
          .map = {{"k", "v"}},
          .points = {{1, "2"}},
          .axes = {{"z", "1"}, {"a", "2"}},
          .marked = {"xy"},
          .rare = {"r"},
          .later = 9};
}

/// What reading says when `from` in the plain text is `to`.
std::string misfit(const std::string& from, const std::string& to) {
  std::string text = k_plain;
  text.replace(text.find(from), from.size(), to);
  const Result<Outer> outer = from_json<Outer>(text);
  return outer ? "read" : outer.error().message;
}

TEST(JsonFields, WritesEveryKindOfValue) {
  EXPECT_EQ(to_json(Outer()), k_plain);
  EXPECT_EQ(
      to_json(full()),
      R"({"version":2,"text":"ä\n","flag":true,"port":65535,"ratio":0.25,"timeout":1500,"when":1700000000000,)"
      R"("file":"/a/b","colour":"green","size":1,"inner":{"name":"i","line":3},)"
      R"("list":[{"name":"a","line":1},{"name":"b","line":-2}],"pairs":[["p",1]],"map":{"k":"v"},)"
      R"("points":[[1,"2"]],"axes":{"z":"1","a":"2"},"marked":"xy","rare":["r"],"later":9})");
  EXPECT_EQ(to_json(Inner{"n", 1}, 1), "{\n \"name\": \"n\",\n \"line\": 1\n}");
}

TEST(JsonFields, ReadsWhatItWrites) {
  for (const Outer& outer : {Outer(), full()}) {
    const Result<Outer> read = from_json<Outer>(to_json(outer));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, outer);
  }
  EXPECT_EQ(*from_json<Inner>(R"({"more":[1],"line":2,"name":"n"})"), (Inner{"n", 2}))
      << "in any order, and with what it does not know";
}

TEST(JsonFields, NeedsEveryFieldButThoseThatMayLack) {
  EXPECT_EQ(misfit(R"("text":"",)", ""), "'text' is missing");
  EXPECT_EQ(misfit(R"(,"later":0)", ""), "read");
  EXPECT_EQ(misfit("[]", R"([{"name":"a","line":1},{"name":"b"}])"), "list[1]: 'line' is missing");
}

TEST(JsonFields, SaysWhatDoesNotFitAndWhere) {
  EXPECT_EQ(misfit(R"("version":2)", R"("version":3)"), "version: expected 2, got 3");
  EXPECT_EQ(misfit(R"("text":"")", R"("text":null)"), "text: expected a string, got null");
  EXPECT_EQ(misfit("false", "0"), "flag: expected true or false, got an integer");
  EXPECT_EQ(misfit(R"("port":0)", R"("port":1.0)"), "port: expected an integer, got a number");
  EXPECT_EQ(misfit(R"("port":0)", R"("port":65536)"), "port: 65536 is out of range");
  EXPECT_EQ(misfit(R"("port":0)", R"("port":-1)"), "port: -1 is out of range");
  EXPECT_EQ(misfit("0.0", R"("a")"), "ratio: expected a number, got a string");
  EXPECT_EQ(misfit(R"("red")", R"("blue")"), "colour: 'blue' is unknown");
  EXPECT_EQ(misfit(R"("size":0)", R"("size":2)"), "size: 2 is out of range");
  EXPECT_EQ(misfit(R"("size":0)", R"("size":-1)"), "size: -1 is out of range");
  EXPECT_EQ(misfit(R"("inner":null)", R"("inner":[])"), "inner: expected an object, got an array");
  EXPECT_EQ(misfit(R"("pairs":[])", R"("pairs":[["a",1],["b"]])"), "pairs[1]: expected 2 items, got 1");
  EXPECT_EQ(misfit(R"("points":[])", R"("points":[["a","b"]])"),
            "points[0][0]: expected an integer, got a string");
  EXPECT_EQ(misfit(R"("map":{})", R"("map":{"k":1})"), "map.k: expected a string, got an integer");
  EXPECT_EQ(misfit(R"("axes":{})", R"("axes":{"k":1})"), "axes.k: expected a string, got an integer");
  EXPECT_EQ(misfit(R"("axes":{})", R"("axes":[])"), "axes: expected an object, got an array");
  EXPECT_EQ(misfit(R"("marked":"x")", R"("marked":"y")"), "marked: not a legal value");
  EXPECT_EQ(from_json<Inner>("[]").error().message, "expected an object, got an array");
  EXPECT_EQ(from_json<Inner>("{").error().message, "not JSON at byte 2 (line 1): the text ends too early");
  EXPECT_EQ(from_json<Inner>(R"({"name":"a","name":"b","line":1})").error().message,
            "the key 'name' is there twice in the object at byte 1 (line 1)");
}

} // namespace
} // namespace ctest_matrix
