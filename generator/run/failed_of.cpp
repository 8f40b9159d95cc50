#include "run/failed_of.hpp"

#include "base/files.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "ctest/zip_file.hpp"
#include "plan/identity.hpp"
#include "progress/disagreement.hpp"
#include "progress/journal_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace ctest_matrix {

namespace {

bool is_journal(std::string_view name) {
  return name.ends_with(".jsonl");
}

/// The texts of the journals in a file.
Result<std::vector<std::string>> journals_in(const std::filesystem::path& file) {
  TRY_ASSIGN(std::string text, read_regular_file(file, k_max_result_bytes));
  if (!is_zip(text)) {
    return std::vector<std::string>{std::move(text)};
  }
  auto files = unzip(text, is_journal, k_max_result_bytes);
  if (!files) {
    return Error{ExitCode::input, fmt::format("{}: {}", file.string(), files.error().message)};
  }
  std::vector<std::string> texts;
  std::ranges::transform(*files, std::back_inserter(texts),
                         [](auto& each) { return std::move(each.second); });
  return texts;
}

} // namespace

Result<std::vector<Record>> records_elsewhere(const Plan& plan, const std::filesystem::path& file) {
  TRY_ASSIGN(const auto texts, journals_in(file));
  std::vector<Record> records;
  std::size_t others = 0;
  for (const std::string& text : texts) {
    TRY(check_whole_journal(file, text));
    for (Record& record : parse_journal(text).records) {
      const bool is_own = record.kind == RecordKind::cell && record.profile == plan.common.profile &&
                          find_cell(plan, record.cell) != nullptr &&
                          record.identity == cell_identity(plan.common, record.row, record.axes);
      if (is_own) {
        records.push_back(std::move(record));
      } else {
        others += record.kind == RecordKind::cell ? 1 : 0;
      }
    }
  }
  if (records.empty()) {
    return Error{
        ExitCode::input,
        fmt::format("{}: expected a journal of the matrix {} (profile {}), or a ZIP archive with one "
                    "(*.jsonl), found {} of another one",
                    file.string(), plan.common.name, plan.common.profile, plural(others, "result"))};
  }
  return without_conflicts(std::move(records), {});
}

} // namespace ctest_matrix
