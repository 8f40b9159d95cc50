#include "run/drive.hpp"

#include "base/files.hpp"
#include "ctest/output_lines.hpp"
#include "ctest/packages.hpp"
#include "plan/names.hpp"
#include "progress/log_line.hpp"
#include "service/service.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds k_interrupt_patience{3}; // beyond the grace: for the record of a cell

Milliseconds now() {
  return system_clock().monotonic();
}

/// Follows ctest's output.
class Follower {
public:
  Follower(const CellsByTest& cells, LiveView& view, NewRecords& records, HeldServices& services)
      : m_cells(cells), m_view(view), m_records(records), m_services(services) {}

  void read(std::string_view line) {
    m_output += fmt::format("{}\n", line);
    const auto event = m_lines.read(line);
    if (!event) {
      return;
    }
    const auto cell = m_cells.find(event->test);
    if (cell == m_cells.end()) {
      other(*event);
    } else if (event->kind == CtestEvent::Kind::started) {
      m_running.insert(cell->second->name);
      say(m_view.started(cell->second->name, now()));
    } else {
      ended(cell->second->name, *event);
    }
  }

  const std::set<std::string>& running() const { return m_running; }

  std::string output() && { return std::move(m_output); }

private:
  /// A test that is no cell: a set-up, a clean-up.
  void other(const CtestEvent& event) {
    if (event.kind == CtestEvent::Kind::ended) {
      m_services.hold(event.test);
      say(m_view.remark(fmt::format("{}: {}", event.test, event.outcome), now()));
    }
  }

  void ended(const std::string& cell, const CtestEvent& event) {
    m_running.erase(cell);
    const Record* record = m_records.of(cell);
    say(m_view.ended(cell, record != nullptr ? outcome_text(*record) : "not run: " + event.outcome, now()));
  }

  const CellsByTest& m_cells;
  LiveView& m_view;
  NewRecords& m_records;
  HeldServices& m_services;
  CtestLines m_lines;
  std::set<std::string> m_running;
  std::string m_output;
};

/// The launchers notice the end of ctest and still write their records.
void await_records(const std::set<std::string>& running, NewRecords& records, Milliseconds patience) {
  const Milliseconds deadline = now() + patience;
  const auto missing = [&](const std::string& cell) { return records.of(cell) == nullptr; };
  while (now() < deadline && std::ranges::any_of(running, missing)) {
    std::this_thread::sleep_for(Milliseconds(50));
  }
}

} // namespace

HeldServices::~HeldServices() {
  for (const Service* service : m_held) {
    static_cast<void>(service_down(m_common, *service, ProcessIdentity::of(getpid()), Ending::linger));
  }
}

void HeldServices::hold(std::string_view test) {
  for (const Service& service : m_common.services) {
    if (test == service_up_test(m_common.name, service.name) &&
        service_hold(m_common, service, ProcessIdentity::of(getpid()))) {
      m_held.push_back(&service);
    }
  }
}

Result<Driven> drive(const CtestCall& call, const CellsByTest& cells, LiveView& view, NewRecords& records,
                     HeldServices& services, Milliseconds grace) {
  std::string names;
  for (const auto& [test, cell] : cells) {
    names += test + "\n";
  }
  TRY(write_file_atomic(call.selection, names));
  std::error_code ignored;
  fs::remove(call.junit, ignored);
  Follower follower(cells, view, records, services);
  ChildSpec spec = child_of(call);
  spec.on_line = [&](std::string_view line) { follower.read(line); };
  spec.on_tick = [&] { say(view.tick(now())); };
  const auto end = run_child(spec);
  say(view.finish());
  if (!end) {
    const std::string& message = end.error().message;
    const bool missing = message.ends_with(std::strerror(ENOENT));
    return Error{end.error().code, missing ? message + "\n" + packages_with("ctest") : message};
  }
  if (end->interrupted_by != 0) {
    await_records(follower.running(), records, grace + k_interrupt_patience);
  }
  return Driven{.end = *end, .output = std::move(follower).output()};
}

void say(std::string_view text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

} // namespace ctest_matrix
