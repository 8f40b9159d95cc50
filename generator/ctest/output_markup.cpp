#include "ctest/output_markup.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t k_max_text = 250;               // bytes; CDash cuts at 255 characters
constexpr std::uintmax_t k_max_attachment = 16 << 20; // bytes

/// A text as the markup can hold it, in one line: it ends at the next `<`.
std::string plain(std::string_view text) {
  return ellipsis(replace_all(replace_all(printable(strip_ansi(text)), "<", "\u2039"), "\n", " "),
                  k_max_text);
}

std::string measurement(std::string_view type, std::string_view name, std::string_view value) {
  return fmt::format("<CTestMeasurement type=\"{}\" name=\"{}\">{}</CTestMeasurement>\n", type,
                     replace_all(plain(name), "\"", "'"), value);
}

} // namespace

std::string begin_line(std::string_view cell) {
  return fmt::format("[ctest-matrix] begin {}\n", cell);
}

std::string count_measurement(std::string_view name, int count) {
  return measurement("numeric/integer", name, std::to_string(count));
}

std::string time_measurement(std::string_view name, Milliseconds time) {
  return measurement("numeric/double", name, fmt::format("{:.3f}", static_cast<double>(time.count()) / 1000));
}

std::string text_measurement(std::string_view name, std::string_view text) {
  return measurement("text/string", name, plain(text));
}

std::string attached_file(std::string_view name, const fs::path& file) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  return error || size > k_max_attachment
             ? ""
             : fmt::format("<CTestMeasurementFile type=\"file\" name=\"{}\">{}</CTestMeasurementFile>\n",
                           name, file.string());
}

std::string details(std::string_view text) {
  return fmt::format("<CTestDetails>{}</CTestDetails>\n", plain(text));
}

} // namespace ctest_matrix
