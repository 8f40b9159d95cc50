#include "progress/cell_record.hpp"

#include "plan/identity.hpp"

namespace ctest_matrix {

Record record_of(const CommonPlan& common, const Cell& cell) {
  Record record;
  record.cell = cell.name;
  record.row = cell.row->name;
  record.column = cell.variant->column;
  record.profile = common.profile;
  record.axes = cell.variant->axes;
  record.identity = cell_identity(common, cell.row->name, cell.variant->axes);
  record.share = common.share;
  record.split = common.split;
  record.run = common.share_run;
  return record;
}

} // namespace ctest_matrix
