#include "plan/index.hpp"

#include "base/files.hpp"
#include "base/mapped_file.hpp"
#include "base/text.hpp"
#include "plan/document_lines.hpp"
#include "plan/plan_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_trailer = "ctest-matrix-index ";
constexpr std::size_t k_number = 12; ///< characters of an offset
constexpr std::size_t k_trailer_size = k_trailer.size() + k_number + 1 + k_number + 1;
constexpr std::size_t k_name = 16; ///< characters of a fingerprint
constexpr std::size_t k_entry_size = k_name + 1 + k_number + 1;

std::string_view line_at(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset);
  return rest.substr(0, rest.find('\n'));
}

std::size_t offset_at(std::string_view text, std::size_t place) {
  const std::string_view digits = text.substr(place, k_number);
  std::size_t offset = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), offset);
  if (code != std::errc() || digits.size() != k_number || end != digits.data() + k_number) {
    throw std::runtime_error("expected an offset");
  }
  return offset;
}

/// The parts of an index. Throws std::exception for a text that is none.
class Index {
public:
  explicit Index(std::string_view text) : m_text(text) {
    if (text.size() < k_trailer_size || !text.ends_with('\n')) {
      throw std::runtime_error("it has no end");
    }
    const std::size_t trailer = text.size() - k_trailer_size;
    if (text.substr(trailer, k_trailer.size()) != k_trailer) {
      throw std::runtime_error("it has no end");
    }
    m_document = offset_at(text, trailer + k_trailer.size());
    m_table = offset_at(text, trailer + k_trailer.size() + k_number + 1);
    m_entries = (trailer - std::min(m_table, trailer)) / k_entry_size;
    if (m_document > m_table || m_table + m_entries * k_entry_size != trailer) {
      throw std::runtime_error("its parts do not fit together");
    }
  }

  std::string_view suite() const { return line_at(m_text, 0); }

  std::string_view document() const { return m_text.substr(m_document, m_table - m_document); }

  /// What stands behind the name of a cell; nothing when there is no such cell.
  std::optional<std::string_view> cell(std::string_view name) const {
    const std::string wanted = fingerprint(name);
    std::size_t first = 0;
    for (std::size_t count = m_entries; count > 0;) {
      const std::size_t half = count / 2;
      const bool before = entry(first + half) < wanted;
      first = before ? first + half + 1 : first;
      count = before ? count - half - 1 : half;
    }
    for (; first < m_entries && entry(first) == wanted; ++first) {
      const std::string_view line = line_at(m_text, offset_at(m_text, place(first) + k_name + 1));
      if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == '\t') {
        return line.substr(name.size() + 1);
      }
    }
    return std::nullopt;
  }

private:
  std::size_t place(std::size_t index) const { return m_table + index * k_entry_size; }

  std::string_view entry(std::size_t index) const { return m_text.substr(place(index), k_name); }

  std::string_view m_text;
  std::size_t m_document = 0;
  std::size_t m_table = 0;
  std::size_t m_entries = 0;
};

Error not_an_index(const std::exception& exception) {
  return {ExitCode::input, fmt::format("not an index of this version of ctest-matrix: {}", exception.what())};
}

} // namespace

std::string write_plan(const Plan& plan) {
  std::string text = suite_to_json(plan.suite) + "\n";
  std::vector<std::string> table;
  for (const CellPlan& cell : plan.cells) {
    table.push_back(fmt::format("{} {:0{}}\n", fingerprint(cell.name), text.size(), k_number));
    text += cell.name + "\t" + cell_to_json(cell) + "\n";
  }
  std::ranges::sort(table);
  const std::size_t document = text.size();
  text += document_to_lines(plan.document);
  const std::size_t begin = text.size();
  return text + join(table, "") +
         fmt::format("{}{:0{}} {:0{}}\n", k_trailer, document, k_number, begin, k_number);
}

Result<Plan> read_cell(std::string_view text, std::string_view cell) {
  try {
    const Index index(text);
    Plan plan;
    plan.suite = suite_from_json(index.suite());
    if (cell.empty()) {
      return plan;
    }
    const auto found = index.cell(cell);
    if (!found) {
      return Error{ExitCode::input, fmt::format("the matrix {} has no cell '{}'", plan.suite.name, cell)};
    }
    plan.cells.push_back(cell_from_json(cell, *found));
    return plan;
  } catch (const std::exception& exception) {
    return not_an_index(exception);
  }
}

Result<DocumentPlan> read_document(std::string_view text) {
  try {
    return document_from_lines(Index(text).document());
  } catch (const std::exception& exception) {
    return not_an_index(exception);
  }
}

Result<Plan> load_cell(const fs::path& index, std::string_view cell) {
  const auto file = MappedFile::open(index);
  return file ? read_cell(file->text(), cell) : Result<Plan>(file.error());
}

Result<DocumentPlan> load_document(const fs::path& index) {
  const auto file = MappedFile::open(index);
  return file ? read_document(file->text()) : Result<DocumentPlan>(file.error());
}

Result<fs::path> store_plan(const Plan& plan) {
  const std::string text = write_plan(plan);
  const fs::path path = plan.suite.places.state / fmt::format("cells-{}.jsonl", fingerprint(text));
  std::error_code ignored;
  const auto now = fs::file_time_type::clock::now();
  if (auto written = write_file_if_changed(path, text); !written) {
    return written.error();
  }
  fs::last_write_time(path, now, ignored);
  for (const auto& entry : fs::directory_iterator(plan.suite.places.state, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("cells-") && name.ends_with(".jsonl") &&
        now - entry.last_write_time(ignored) > std::chrono::hours(48)) {
      fs::remove(entry.path(), ignored);
    }
  }
  return path;
}

} // namespace ctest_matrix
