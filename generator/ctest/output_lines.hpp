// What ctest tells on its standard output while it runs. Format: CTest 3.25's `    Start  4: NAME` and
// `4/7 Test  #4: NAME .......   Passed    0.66 sec`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ctest_matrix {

struct CtestEvent {
  enum class Kind { started, ended };

  Kind kind = Kind::started;
  std::string test;
  std::string outcome; ///< of an end, in ctest's words: `Passed    0.66 sec`, `***Failed    0.02 sec`

  bool operator==(const CtestEvent&) const = default;
};

/// Reads the lines of one ctest in their order.
class CtestLines {
public:
  /// Nothing for a line that tells neither.
  std::optional<CtestEvent> read(std::string_view line);

private:
  std::map<int, std::string> m_names;
};

} // namespace ctest_matrix
