#include "service/http_answer.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using State = HttpAnswer::State;

/// An answer that came in pieces of this size.
HttpAnswer read(std::string_view text, std::size_t piece) {
  HttpAnswer answer;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    answer.add(text.substr(at, piece));
  }
  return answer;
}

void expect_answer(std::string_view text, int status, std::string_view body) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, text.size()}) {
    HttpAnswer answer = read(text, piece);
    EXPECT_EQ(answer.add(""), State::complete) << text;
    EXPECT_EQ(answer.status(), status) << text;
    EXPECT_EQ(answer.body(), body) << text;
    EXPECT_EQ(answer.problem(), "") << text;
  }
}

void expect_problem(std::string_view text, std::string_view problem) {
  HttpAnswer answer = read(text, text.empty() ? 1 : text.size());
  EXPECT_EQ(answer.end(), State::broken) << text;
  EXPECT_EQ(answer.problem(), problem) << text;
}

TEST(HttpAnswer, ABodyOfToldLength) {
  expect_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and what follows", 200, "ok");
  expect_answer("HTTP/1.0 404 Not Found\ncontent-length:0\n\n", 404, "");
  expect_answer("HTTP/1.1 204 No Content\r\n\r\n", 204, "");
  expect_answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, "");
}

TEST(HttpAnswer, ABodyInChunks) {
  expect_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\nContent-Length: 3\r\n\r\n"
                "4;why=not\r\nwiki\r\n0b\r\npedia\r\nhere\r\n0\r\nTrailer: x\r\n\r\n",
                200, "wikipedia\r\nhere");
}

TEST(HttpAnswer, ABodyThatTheEndOfTheConnectionEnds) {
  HttpAnswer answer = read("HTTP/1.1 503 Unavailable\r\nX: y\r\n\r\nnot yet", 5);
  EXPECT_EQ(answer.add(""), State::unfinished);
  EXPECT_EQ(answer.end(), State::complete);
  EXPECT_EQ(answer.status(), 503);
  EXPECT_EQ(answer.body(), "not yet");
}

TEST(HttpAnswer, AnInterimAnswerIsNotTheAnswer) {
  expect_answer(
      "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!", 200,
      "!");
}

TEST(HttpAnswer, WhatEndsTooEarlyIsNone) {
  expect_problem("", "the connection ended without an HTTP response");
  expect_problem("HTTP/1.1 200", "the connection ended without an HTTP response");
  for (const char* text : {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"}) {
    expect_problem(text, "the connection ended in the middle of its answer");
  }
}

TEST(HttpAnswer, WhatIsNoHttpIsSaidToBeNone) {
  for (const char* text :
       {"SSH-2.0-OpenSSH_9.2\r\n", "\n", "HTTP/1.1\r\n", "HTTP/1.1 OK\r\n", "HTTP/1.1 2x0 OK\r\n"}) {
    expect_problem(text, "what answers does not speak HTTP");
  }
  const std::string head = "HTTP/1.1 200 OK\r\n";
  expect_problem(head + "Content-Length: many\r\n\r\n", "the length of its body is not a number");
  expect_problem(head + "Transfer-Encoding: chunked\r\n\r\nmany\r\n",
                 "the size of a chunk of its body is not a number");
  expect_problem(head + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
                 "a chunk of its body is longer than it says");
}

TEST(HttpAnswer, WhatNeverEndsIsCut) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::size_t megabyte = std::size_t{1} << 20;
  HttpAnswer endless = read(head + "\r\n" + std::string(2 * megabyte, 'x'), 65536);
  EXPECT_EQ(endless.add("x"), State::complete);
  EXPECT_EQ(endless.body().size(), megabyte);
  HttpAnswer line = read(head + "X: " + std::string(70'000, 'x'), 1000);
  EXPECT_EQ(line.add("x"), State::broken);
  EXPECT_EQ(line.problem(), "a line of its header is longer than 64 KiB");
  std::string headers = head;
  while (headers.size() <= megabyte) {
    headers += "X: " + std::string(10'000, 'x') + "\r\n";
  }
  HttpAnswer many = read(headers, 65536);
  EXPECT_EQ(many.add("x"), State::broken);
  EXPECT_EQ(many.problem(), "its header does not end");
}

} // namespace
} // namespace ctest_matrix
