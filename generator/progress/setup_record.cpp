#include "progress/setup_record.hpp"

#include "base/text.hpp"
#include "plan/identity.hpp"
#include "progress/journal.hpp"
#include "progress/setup_reason.hpp"
#include "progress/store.hpp"

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_problem = 400; // bytes

} // namespace

void SetupTimer::note(const CommonPlan& common, std::string_view fixture, std::string_view name,
                      std::string_view problem) const {
  Record record;
  record.kind = RecordKind::setup;
  record.id = new_record_id(system_clock());
  record.profile = common.profile;
  record.identity = matrix_identity(common);
  record.row = fixture;
  record.column = name;
  record.finished = system_clock().now();
  record.duration = system_clock().monotonic() - m_begin;
  record.brief = ellipsis(problem_in_a_line(problem), k_longest_problem);
  const std::filesystem::path journal = store_paths(common).journal;
  // What went well tells nothing but how long it took.
  static_cast<void>(problem.empty() ? append_record_quickly(journal, record)
                                    : append_record(journal, record));
}

} // namespace ctest_matrix
