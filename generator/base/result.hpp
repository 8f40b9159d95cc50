// A value or the error that stood in its way, for everything that can be expected to fail.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace ctest_matrix {

/// Exit codes of every verb; part of the public interface, documented in the README.
enum class ExitCode {
  ok = 0,
  internal = 1, ///< a bug of ours, or output that could not be written
  usage = 2,    ///< wrong command line
  input = 3,    ///< a bad matrix, result file or progress document
  failed = 4,   ///< a cell failed
  setup = 5,    ///< an artifact, a service or the runner could not be made ready
  skipped = 77, ///< a declared skip
  interrupted = 130,
};

/// What went wrong, as a sentence for people (further lines are indented facts), and the exit code it leads
/// to.
struct Error {
  ExitCode code = ExitCode::internal;
  std::string message;
};

/// Either a T or an Error.
template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}

  Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return m_state.index() == 0; }

  T& operator*() & { return std::get<0>(m_state); }

  const T& operator*() const& { return std::get<0>(m_state); }

  T&& operator*() && { return std::get<0>(std::move(m_state)); }

  T* operator->() { return &std::get<0>(m_state); }

  const T* operator->() const { return &std::get<0>(m_state); }

  const Error& error() const { return std::get<1>(m_state); }

private:
  std::variant<T, Error> m_state;
};

/// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
  Result() = default;

  Result(Error error) : m_error(std::move(error)), m_failed(true) {}

  explicit operator bool() const { return !m_failed; }

  const Error& error() const {
    assert(m_failed);
    return m_error;
  }

private:
  Error m_error;
  bool m_failed = false;
};

} // namespace ctest_matrix

#define CTEST_MATRIX_JOIN_(a, b) a##b
#define CTEST_MATRIX_JOIN(a, b) CTEST_MATRIX_JOIN_(a, b)

/// Evaluates a Result and returns its error, if it is one, from the function around it.
#define TRY(expression)                                                                                      \
  do {                                                                                                       \
    if (auto&& result_to_try = (expression); !result_to_try) {                                               \
      return result_to_try.error();                                                                          \
    }                                                                                                        \
  } while (false)

/// As TRY, and otherwise gives the Result's value to `target`, which may be a declaration:
/// `TRY_ASSIGN(const std::string text, read_file(path));`
#define TRY_ASSIGN(target, expression)                                                                       \
  auto CTEST_MATRIX_JOIN(result_to_try_, __LINE__) = (expression);                                           \
  if (!CTEST_MATRIX_JOIN(result_to_try_, __LINE__)) {                                                        \
    return CTEST_MATRIX_JOIN(result_to_try_, __LINE__).error();                                              \
  }                                                                                                          \
  target = *std::move(CTEST_MATRIX_JOIN(result_to_try_, __LINE__))
