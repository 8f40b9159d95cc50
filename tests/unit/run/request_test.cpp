#include "run/request.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr const char* k_expected =
    "\n  expected: reset, resume, only FILE, from FILE, skip FILE, or an axis and its value (runtime "
    "wasm, runtime both)";

std::string problem(const std::vector<std::string>& words) {
  RunRequest request;
  const auto read = read_words(words, request);
  return read ? "" : read.error().message;
}

TEST(RunRequest, ReadsTheWordsOfTheWorkflow) {
  RunRequest request;
  ASSERT_TRUE(read_words(
      {"reset", "from", "actor-kv", "runtime", "wasm", "encoding", "cbor", "skip", "raw-http"}, request));
  EXPECT_EQ(request.start, RunStart::reset);
  EXPECT_EQ(request.from, "actor-kv");
  EXPECT_EQ(request.only, "");
  EXPECT_THAT(request.skip, ElementsAre("raw-http"));
  EXPECT_THAT(request.axes, ElementsAre(Pair("runtime", "wasm"), Pair("encoding", "cbor")));
}

TEST(RunRequest, ResumesWithoutAWord) {
  RunRequest request;
  ASSERT_TRUE(read_words({}, request));
  EXPECT_EQ(request.start, RunStart::resume);
  EXPECT_EQ(request.scope, RunScope::open);
  EXPECT_EQ(request.on_failure, OnFailure::stop);
}

TEST(RunRequest, NamesWhatCannotBeTogether) {
  RunRequest request;
  request.axes = {{"runtime", "wasm"}, {"runtime", "wasm"}};
  EXPECT_TRUE(check_request(request));
  request.axes.emplace_back("runtime", "native");
  ASSERT_FALSE(check_request(request));
  EXPECT_EQ(check_request(request).error().message,
            "run: 'runtime' is there twice, with 'wasm' and 'native'" + std::string(k_expected));
  request.axes.clear();
  request.start = RunStart::reset;
  request.scope = RunScope::failed;
  ASSERT_FALSE(check_request(request));
  EXPECT_EQ(check_request(request).error().code, ExitCode::usage);
}

TEST(RunRequest, NamesWhatItCannotRead) {
  EXPECT_EQ(problem({"only"}), std::string("run: 'only' has no value") + k_expected);
  EXPECT_EQ(problem({"wasm"}), std::string("run: 'wasm' has no value") + k_expected);
  EXPECT_EQ(problem({"rset"}), std::string("run: 'rset' has no value, did you mean 'reset'?") + k_expected);
  EXPECT_EQ(problem({"reset", "resume"}),
            std::string("run: 'reset' and 'resume' contradict each other") + k_expected);
  EXPECT_EQ(problem({"only", "a", "only", "b"}),
            std::string("run: 'only' is there twice, with 'a' and 'b'") + k_expected);
  EXPECT_EQ(problem({"only", "a", "from", "b"}),
            std::string("run: 'only' and 'from' contradict each other") + k_expected);
  EXPECT_EQ(problem({"only", "a", "skip", "b", "skip", "a"}),
            std::string("run: 'only a' and 'skip a' contradict each other") + k_expected);
  EXPECT_EQ(problem({"from", "a", "skip", "a"}), "");
}

} // namespace
} // namespace ctest_matrix
