#include "cell/dashboard.hpp"

#include "base/text.hpp"
#include "process/table.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <regex>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr int k_levels = 4;                           // of launchers and shells between CTest and a cell
constexpr std::size_t k_max_text = 250;               // bytes; CDash cuts at 255 characters
constexpr std::uintmax_t k_max_attachment = 16 << 20; // bytes; CTest packs it in memory

/// A text as CTest's markup can hold it, in one line: it ends at the next `<`.
std::string plain(std::string_view text) {
  return ellipsis(replace_all(replace_all(printable(strip_ansi(text)), "<", "\u2039"), "\n", " "),
                  k_max_text);
}

std::string measurement(std::string_view type, std::string_view name, std::string_view value) {
  return fmt::format("<CTestMeasurement type=\"{}\" name=\"{}\">{}</CTestMeasurement>\n", type,
                     replace_all(plain(name), "\"", "'"), value);
}

std::string verdict_of(const Record& record) {
  return record.brief.empty() ? std::string(verdict_name(record.verdict))
                              : fmt::format("{} - {}", verdict_name(record.verdict), record.brief);
}

} // namespace

bool writes_dashboard_results(const std::vector<std::string>& arguments) {
  constexpr std::string_view k_modes[] = {"-T",          "-D",
                                          "-M",          "-S",
                                          "-SP",         "--test-action",
                                          "--dashboard", "--test-model",
                                          "--script",    "--script-new-process"};
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return std::find(std::begin(k_modes), std::end(k_modes), argument) != std::end(k_modes);
  });
}

bool below_dashboard_ctest() {
  pid_t process = getppid();
  for (int level = 0; level < k_levels && process > 1; ++level) {
    const std::vector<std::string> arguments = arguments_of(process);
    if (!arguments.empty() && fs::path(arguments.front()).filename().string().starts_with("ctest")) {
      return writes_dashboard_results(arguments);
    }
    process = parent_of(process).value_or(0);
  }
  return false;
}

std::string dashboard_lines(const Record& record, const DashboardFacts& facts) {
  std::string lines;
  if (record.counted) {
    lines += measurement("numeric/integer", "tests run", std::to_string(record.counts.ran()));
    lines += measurement("numeric/integer", "tests skipped", std::to_string(record.counts.skipped));
    lines += measurement("numeric/integer", "retries", std::to_string(facts.retries));
  }
  for (const auto& [service, time] : facts.service_starts) {
    lines += measurement("numeric/double", service + " start time",
                         fmt::format("{:.3f}", static_cast<double>(time.count()) / 1000));
  }
  if (!facts.runner_version.empty()) {
    lines += measurement("text/string", "runner version", plain(facts.runner_version));
  }
  if (!earns_tick(record.verdict) && !facts.log.empty()) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(facts.log, error);
    if (!error && size <= k_max_attachment) {
      lines += fmt::format("<CTestMeasurementFile type=\"file\" name=\"log\">{}</CTestMeasurementFile>\n",
                           facts.log.string());
    }
  }
  if (record.verdict != Verdict::skip) {
    lines += fmt::format("<CTestDetails>{}</CTestDetails>\n", plain(verdict_of(record)));
  }
  return lines;
}

std::string stated_version(std::string_view output) {
  constexpr std::size_t k_beginning = 8000; // bytes: a runner names itself before it runs anything
  static const std::regex k_banner(
      R"((?:^|\n)\s*(?:(?:RUN|DEV)\s+v|platform [^\n]*, pytest-)(\d+(?:\.\w+)+))");
  const std::string text = strip_ansi(output.substr(0, k_beginning));
  std::smatch match;
  return std::regex_search(text, match, k_banner) ? match.str(1) : "";
}

} // namespace ctest_matrix
