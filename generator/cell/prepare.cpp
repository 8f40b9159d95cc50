#include "cell/prepare.hpp"

#include "artifact/staleness.hpp"
#include "cell/agreements.hpp"
#include "cell/ready.hpp"
#include "ctest/output_markup.hpp"
#include "plan/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace ctest_matrix {

namespace {

/// A bounded wait that leaves CTest's first clock (the cell's time-out) enough to be told the outcome.
Milliseconds lock_patience(const Cell& cell) {
  const Milliseconds timeout(cell.timeout * 1000LL);
  return timeout - std::min(Milliseconds(10'000), timeout / 2);
}

/// Why the cell may not run yet, after the wait; empty: it may.
std::string wait_for_turn(const CellTask& task, Preparation& prepared) {
  const Milliseconds patience = lock_patience(task.cell);
  if (!task.common.parallel) {
    const auto lock = checkout_lock(task.common.places.root, "cells");
    if (!lock) {
      return lock.error().message;
    }
    auto turn = Turn::take(*lock, patience);
    if (!turn) {
      return fmt::format("another run holds this checkout: {}", turn.error().message);
    }
    prepared.turn.emplace(*std::move(turn));
  }
  const Milliseconds waited = system_clock().monotonic() - prepared.begin;
  auto services = CellServices::claim(task.common, task.cell, patience - waited);
  if (!services) {
    return services.error().message;
  }
  prepared.services.emplace(std::move(*services));
  return "";
}

/// CTest may have been told to leave out the tests of the agreements, too.
std::string disagreement(const CommonPlan& common) {
  for (const Agreement& agreement : common.agreements) {
    if (const auto value = check_agreement(common, agreement.name); !value) {
      return value.error().message;
    }
  }
  return "";
}

} // namespace

Preparation prepare(const CellTask& task) {
  Preparation prepared;
  prepared.begin = system_clock().monotonic();
  prepared.problem = not_ready_reason(task.common);
  if (prepared.problem.empty()) {
    prepared.problem = wait_for_turn(task, prepared);
  }
  if (!prepared.problem.empty()) {
    return prepared;
  }
  sweep_up(task.common);
  prepared.begin = system_clock().monotonic();
  if (task.purpose == Purpose::record) { // CTest's time-out begins here
    fmt::print("{}", begin_line(task.cell.name));
    std::fflush(stdout);
  }
  prepared.problem = disagreement(task.common);
  if (prepared.problem.empty()) {
    prepared.problem = stale_reason(task.common, task.cell.variant->artifacts);
  }
  if (!prepared.problem.empty()) {
    return prepared;
  }
  if (task.purpose == Purpose::record) {
    prepared.expected = expected_tests(task.common, task.cell, ListingUse::remembered);
  }
  if (!prepared.expected.interrupted) {
    if (auto ready = prepared.services->begin(); !ready) {
      prepared.problem = ready.error().message;
    }
  }
  if (!prepared.may_start()) {
    prepared.services->end();
  }
  return prepared;
}

} // namespace ctest_matrix
