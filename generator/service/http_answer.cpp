#include "service/http_answer.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_body_limit = 1 << 20;
constexpr std::size_t k_lines_limit = 1 << 20; ///< of status, headers, sizes of chunks and trailers together
constexpr std::size_t k_line_limit = 64 << 10;

std::optional<std::size_t> read_number(std::string_view text, int base) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  const bool whole = error == std::errc() && !text.empty() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

} // namespace

HttpAnswer::State HttpAnswer::add(std::string_view bytes) {
  m_pending += bytes;
  while (m_part != Part::over && !m_pending.empty()) {
    if (m_part == Part::counted_body || m_part == Part::endless_body || m_part == Part::chunk) {
      take_body();
      continue;
    }
    const std::size_t end = m_pending.find('\n');
    if (end == std::string::npos) {
      if (m_pending.size() > k_line_limit) {
        fail("a line of its header is longer than 64 KiB");
      }
      break;
    }
    std::string line = m_pending.substr(0, end);
    m_pending.erase(0, end + 1);
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    m_lines += end + 1;
    if (m_lines > k_lines_limit) {
      fail("its header does not end");
    } else {
      read_line(line);
    }
  }
  return state();
}

HttpAnswer::State HttpAnswer::end() {
  if (m_part == Part::endless_body) {
    m_part = Part::over;
  } else if (m_part == Part::status) {
    fail("the connection ended without an HTTP response");
  } else if (m_part != Part::over) {
    fail("the connection ended in the middle of its answer");
  }
  return state();
}

void HttpAnswer::read_line(std::string_view line) {
  switch (m_part) {
  case Part::status:
    read_status(line);
    return;
  case Part::header:
    line.empty() ? end_header() : read_header(line);
    return;
  case Part::chunk_size:
    read_chunk_size(line);
    return;
  case Part::chunk_end:
    m_part = Part::chunk_size;
    if (!line.empty()) {
      fail("a chunk of its body is longer than it says");
    }
    return;
  case Part::trailer:
    m_part = line.empty() ? Part::over : Part::trailer;
    return;
  default:
    return;
  }
}

/// `HTTP/1.1 200 OK`
void HttpAnswer::read_status(std::string_view line) {
  constexpr std::size_t k_digits = 3;
  const std::size_t space = line.find(' ');
  const auto status = line.starts_with("HTTP/") && space != std::string_view::npos
                          ? read_number(line.substr(space + 1, k_digits), 10)
                          : std::nullopt;
  if (!status) {
    fail("what answers does not speak HTTP");
    return;
  }
  m_status = static_cast<int>(*status);
  m_part = Part::header;
}

void HttpAnswer::read_header(std::string_view line) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string name = lower_case(line.substr(0, colon));
  const std::string_view value = trim(line.substr(std::min(colon + 1, line.size())));
  if (name == "transfer-encoding") {
    m_chunked = lower_case(value).ends_with("chunked");
  } else if (name == "content-length") {
    const auto length = read_number(value, 10);
    m_counted = true;
    m_left = length.value_or(0);
    if (!length) {
      fail("the length of its body is not a number");
    }
  }
}

void HttpAnswer::end_header() {
  const bool interim = m_status >= 100 && m_status < 200; // such as 100 Continue: the answer is still to come
  const bool bodiless = m_status == 204 || m_status == 304;
  if (interim) {
    m_part = Part::status;
    m_counted = m_chunked = false;
  } else if (bodiless || (!m_chunked && m_counted && m_left == 0)) {
    m_part = Part::over;
  } else if (m_chunked) {
    m_part = Part::chunk_size;
  } else {
    m_part = m_counted ? Part::counted_body : Part::endless_body;
  }
}

/// `1a;extension`
void HttpAnswer::read_chunk_size(std::string_view line) {
  const auto size = read_number(trim(line.substr(0, line.find(';'))), 16);
  if (!size) {
    fail("the size of a chunk of its body is not a number");
    return;
  }
  m_left = *size;
  m_part = *size == 0 ? Part::trailer : Part::chunk;
}

void HttpAnswer::take_body() {
  const std::size_t told = m_part == Part::endless_body ? std::numeric_limits<std::size_t>::max() : m_left;
  const std::size_t count = std::min({told, m_pending.size(), k_body_limit - m_body.size()});
  m_body.append(m_pending, 0, count);
  m_pending.erase(0, count);
  if (m_part != Part::endless_body) {
    m_left -= count;
  }
  if (m_body.size() == k_body_limit || (m_part == Part::counted_body && m_left == 0)) {
    m_part = Part::over;
  } else if (m_part == Part::chunk && m_left == 0) {
    m_part = Part::chunk_end;
  }
}

void HttpAnswer::fail(std::string_view problem) {
  m_problem = problem;
  m_part = Part::over;
}

HttpAnswer::State HttpAnswer::state() const {
  return m_part != Part::over ? State::unfinished : m_problem.empty() ? State::complete : State::broken;
}

} // namespace ctest_matrix
