// The progress file: read without losing a byte, edited one box and one line at a time.
#pragma once

#include "plan/plan.hpp"
#include "progress/markdown.hpp"
#include "progress/new_document.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ctest_matrix {

enum class BoxState { open, ticked };

/// Something about a progress file that a person should look at; `line` counts from 1, 0 is the whole file.
struct DocumentProblem {
  int line = 0;
  std::string message;

  bool operator==(const DocumentProblem&) const = default;
};

/// `progress.md:12: row 'x': expected ...`
std::string problem_text(const std::filesystem::path& file, const DocumentProblem& problem);

/// A progress file. What lies in code blocks and HTML comments is kept and otherwise ignored.
class Document {
public:
  /// Takes any text at all; what is odd about it is in `problems`.
  static Document parse(std::string_view text);

  /// The whole text: unless something was changed, just what was parsed.
  std::string text() const;

  /// Whether `text` would be this.
  bool has_text(std::string_view text) const;

  /// True when there is a `Config:` line or a row.
  bool is_progress_document() const { return m_config || !m_rows.empty(); }

  /// The line (from 1) where a code block or comment begins that never ends.
  std::optional<int> unclosed_block() const { return m_unclosed; }

  /// The line in which a merge that git could not do begins (`<<<<<<< `), where nobody has done it since.
  std::optional<int> conflict() const { return m_conflict; }

  /// The text behind `Started:`.
  std::optional<std::string> started() const { return field(m_started, k_started); }

  /// Replaces the text behind `Started:`; without such a line, one is put before `Config:`.
  void set_started(std::string_view text);

  /// The text behind `Config:`.
  std::optional<std::string> config() const { return field(m_config, k_config); }

  void set_config(std::string_view text) { set_field(m_config, k_config, text); }

  /// What the boxes of a row stand for, from left to right: from the legend, without one from the runtimes
  /// of `Config:`, else empty.
  const std::vector<std::string>& columns() const { return m_columns; }

  bool has_row(std::string_view file) const;

  /// Nothing when there is no such row or column, or the row has another number of boxes than there are
  /// columns.
  std::optional<BoxState> box(std::string_view file, std::string_view column) const;

  /// The columns whose boxes in this row `box` says to be ticked.
  std::vector<std::string_view> ticked(std::string_view file) const;

  /// Changes the one character in the box, if it must; the mark of an open box (`-`, say) is left to people.
  /// False when `box` has nothing to tell.
  bool set_box(std::string_view file, std::string_view column, BoxState state);

  /// Opens every box of these rows, whatever their number, and of all others that look like a matrix's rows.
  void open_all_boxes(const std::set<std::string>& files);

  /// Puts a row of the plan that is missing into its section, behind the nearest row before it in the plan; a
  /// missing section is made.
  void insert_row(const Plan& plan, const Row& row);

  /// Columns of the plan without boxes in the file, and columns of the file that the plan does not have.
  std::vector<std::string> missing_columns(const Plan& plan) const;
  std::vector<std::string> unknown_columns(const Plan& plan) const;

  /// Gives the columns of the plan that are missing to the legend and, with open boxes, to each row; says
  /// which ones. None where there is no legend, or it has no column of the plan: then the file is of
  /// something else.
  std::vector<std::string> add_columns(const Plan& plan);

  /// Gives a row another name, its boxes and description unchanged. False where there is no such row, or
  /// already one of the new name.
  bool rename_row(std::string_view file, std::string_view name);

  /// Appends to the section `## Log`, which is made at the end of the file when it is missing.
  void append_log(std::string_view line);

  /// The lines of the log section without their endings.
  std::vector<std::string> log() const;

  /// What is odd: rows of the plan that are there twice or with a wrong number of boxes, a missing legend, a
  /// block without end.
  std::vector<DocumentProblem> problems(const Plan& plan) const;

  /// The files of rows that look like a matrix's (a box for each column, and a `|`) but are not in the plan.
  std::vector<std::string> unknown_rows(const Plan& plan) const;

private:
  struct Heading {
    std::size_t line = 0;
    HeadingText text;
  };

  struct RowLine {
    std::size_t line = 0;
    RowText text;
  };

  /// From the heading's line to the line behind the section.
  struct Section {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  struct TextHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  static constexpr std::string_view k_started = "Started:";
  static constexpr std::string_view k_config = "Config:";

  void read_preamble_line(std::size_t line);
  std::optional<std::string> field(std::optional<std::size_t> line, std::string_view name) const;
  void set_field(std::optional<std::size_t> line, std::string_view name, std::string_view text);
  std::optional<Section> find_section(std::string_view title) const;
  std::size_t behind_row(std::size_t line) const;
  std::size_t insert_line(std::size_t at, std::string_view text);
  std::size_t insert_heading(std::size_t at, std::string_view title);
  std::size_t append_to_section(const Section& section, std::string_view text);
  std::size_t insert_into(const Section& section, const std::vector<const Row*>& rows, const Row& row,
                          std::string_view text);
  std::size_t insert_section(const std::vector<DocumentSection>& sections, const DocumentSection& wanted,
                             std::string_view text);
  bool is_like_a_row(const RowLine& row) const;
  const RowLine* find_row(std::string_view file) const;
  const std::size_t* find_mark(const RowLine& row, std::string_view column) const;
  void set_mark(RowLine& row, std::size_t place, char mark); // place: a copy, the row's places move

  std::vector<std::string> m_lines;
  std::vector<bool> m_opaque;
  std::vector<Heading> m_headings;
  std::vector<RowLine> m_rows;
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> m_row_of_file;
  std::optional<std::size_t> m_started;
  std::optional<std::size_t> m_config;
  std::optional<std::size_t> m_legend;
  std::optional<int> m_unclosed;
  std::optional<int> m_conflict;
  std::vector<std::string> m_columns;
};

} // namespace ctest_matrix
