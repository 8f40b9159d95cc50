// Reads one answer of an HTTP/1 server piece by piece, as it comes out of a connection. Pure: knows no socket
// and no clock. What it reads is bounded, whatever the server sends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ctest_matrix {

/// RFC 9112. A body is told by its length, in chunks, or by the end of the connection.
class HttpAnswer {
public:
  enum class State {
    unfinished,
    complete, ///< or cut, when the body is longer than a megabyte
    broken    ///< `problem` says why
  };

  /// Reads on. Nothing more is read once the answer is complete or broken.
  State add(std::string_view bytes);

  /// The connection has ended: a body of no told length is complete now, anything else is broken.
  State end();

  int status() const { return m_status; }

  /// At most 1 MiB.
  const std::string& body() const { return m_body; }

  /// What is wrong, as a fragment of a sentence; empty where nothing is.
  std::string_view problem() const { return m_problem; }

private:
  enum class Part { status, header, counted_body, endless_body, chunk_size, chunk, chunk_end, trailer, over };

  void read_line(std::string_view line);
  void read_status(std::string_view line);
  void read_header(std::string_view line);
  void read_chunk_size(std::string_view line);
  void end_header();
  void take_body();
  void fail(std::string_view problem);
  State state() const;

  Part m_part = Part::status;
  std::string m_pending;   ///< what has come and is not read yet
  std::size_t m_lines = 0; ///< bytes of all lines that are no body
  std::size_t m_left = 0;  ///< bytes to come of the body, or of the chunk
  bool m_counted = false;
  bool m_chunked = false;
  int m_status = 0;
  std::string m_body;
  std::string_view m_problem;
};

} // namespace ctest_matrix
