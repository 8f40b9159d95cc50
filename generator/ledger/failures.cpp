#include "ledger/failures.hpp"

#include "base/text.hpp"
#include "ledger/normalise.hpp"
#include "plan/unreported.hpp"
#include "progress/last_pass.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_detail = 200; // bytes
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> k_infrastructure{
    {{"namespace.not_found", "namespace.not_found"},
     {"Address in use", "Address in use"},
     {"Address already in use", "Address in use"},
     {"EADDRINUSE", "Address in use"}}};

/// Whether tests of the cell did not run; a verdict says it of all of them.
bool tells_of_lost_tests(const CellFailure& failure, std::string_view message) {
  return failure.verdict == Verdict::setup || failure.verdict == Verdict::shrunk ||
         ((failure.verdict || failure.test == k_tests_not_run) && message.starts_with(k_unreported_test));
}

SeenFailure seen(CellFailure failure, std::string_view message) {
  const bool never = tells_of_lost_tests(failure, message);
  return {.failure = std::move(failure),
          .detail = first_line_of(message),
          .message = normalise_message(message),
          .exact = normalise_message(message, Numbers::kept),
          .parts = message_parts(message),
          .never_known = never};
}

/// What all tests of a title say that failed, whatever their order: one that is known hides no other.
SeenFailure seen_test(const Record& record, const std::string& test) {
  std::map<std::string, std::string> messages; // by what is compared
  std::vector<std::string> parts;
  for (const Failure& failure : record.failures) {
    if (failure.test == test) {
      messages.try_emplace(normalise_message(failure.message), failure.message);
      const std::vector<std::string> own = message_parts(failure.message);
      parts.insert(parts.end(), own.begin(), own.end());
    }
  }
  std::vector<std::string> all;
  std::ranges::transform(messages, std::back_inserter(all),
                         &std::pair<const std::string, std::string>::second);
  SeenFailure failure = seen({record.cell, test, std::nullopt}, join(all, "\n"));
  failure.parts = std::move(parts);
  return failure;
}

/// What is said of a cell as a whole, without what is another each time: which processes a runner had when
/// its time was over.
std::string_view said_of(const Record& record) {
  const std::string_view brief = record.brief;
  return record.verdict == Verdict::timeout ? brief.substr(0, brief.find("; running: ")) : brief;
}

} // namespace

std::string first_line_of(std::string_view message) {
  const std::string clean = printable(strip_ansi(trim(message)));
  return ellipsis(trim(std::string_view(clean).substr(0, clean.find('\n'))), k_detail);
}

std::vector<SeenFailure> failures_of(const Record& record) {
  std::vector<SeenFailure> failures;
  if (earns_tick(record.verdict)) {
    return failures;
  }
  std::set<std::string> tests;
  for (const Failure& failure : record.failures) {
    if (!failure.test.empty() && tests.insert(failure.test).second) {
      failures.push_back(seen_test(record, failure.test));
    }
  }
  for (const TestOutcome& test : record.tests) {
    if (test.kind == TestOutcome::Kind::failed && tests.insert(test.test).second) {
      failures.push_back(seen({record.cell, test.test, std::nullopt}, ""));
    }
  }
  if (record.verdict != Verdict::fail || failures.empty()) {
    failures.push_back(seen({record.cell, "", record.verdict}, said_of(record)));
  }
  return failures;
}

bool has_all_tests(const Record& record) {
  const bool told = record.verdict == Verdict::pass || record.verdict == Verdict::skip ||
                    record.verdict == Verdict::fail || record.verdict == Verdict::exit;
  return told && !record.tests.empty();
}

std::vector<std::string> tests_lost_by(const Cell& cell, const Record& failed,
                                       std::span<const Record* const> earlier) {
  const Record* fullest = nullptr;
  for (const Record* record : earlier) {
    const bool compares = record != &failed && !record->basis.empty() && record->basis == failed.basis &&
                          has_all_tests(*record);
    if (compares && (fullest == nullptr || record->counts.ran() > fullest->counts.ran())) {
      fullest = record;
    }
  }
  return fullest == nullptr || earns_tick(failed.verdict) || !has_all_tests(failed)
             ? std::vector<std::string>()
             : lost_tests(cell, fullest->tests, failed.tests);
}

std::string infrastructure_of(std::string_view text, const Ledger* ledger) {
  for (const auto& [pattern, name] : k_infrastructure) {
    if (text.find(pattern) != std::string_view::npos) {
      return std::string(name);
    }
  }
  if (ledger != nullptr) {
    for (const LedgerEntry& entry : ledger->entries) {
      if (entry.kind == EntryKind::infrastructure && text.find(entry.text) != std::string_view::npos) {
        return entry.text;
      }
    }
  }
  return "";
}

} // namespace ctest_matrix
