#include "run/drive.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/output_lines.hpp"
#include "ctest/packages.hpp"
#include "plan/names.hpp"
#include "service/service.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
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

/// The last line that the artifact which this test of CTest builds has said; empty where it is no such test.
std::string last_words(const CommonPlan& common, std::string_view test) {
  constexpr std::uint64_t k_tail = 4096; // bytes
  for (const Artifact& artifact : common.artifacts) {
    if (test == artifact_test(common.name, artifact.name)) {
      const auto tail = read_end_of_file(
          common.places.state / "logs" / fmt::format("artifact.{}.log", artifact.name), k_tail);
      const auto lines = last_lines(tail ? trim(*tail) : "", 1);
      return lines.empty() ? "" : std::string(trim(lines.front()));
    }
  }
  return "";
}

/// Follows ctest's output.
class Follower {
public:
  Follower(const CellsByTest& cells, Voice& voice, Results& results, HeldServices& services,
           const CommonPlan& common)
      : m_cells(cells), m_voice(voice), m_results(results), m_services(services), m_common(common) {}

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
      m_voice.cell_began(*cell->second);
    } else {
      m_running.erase(cell->second->name);
      m_voice.cell_ended(*cell->second, event->outcome, m_results);
    }
  }

  void tick() { m_voice.tick(m_set_up, m_set_up.empty() ? "" : last_words(m_common, m_set_up)); }

  const std::set<std::string>& running() const { return m_running; }

  std::string output() && { return std::move(m_output); }

private:
  /// A test that is no cell: a set-up, a clean-up.
  void other(const CtestEvent& event) {
    if (event.kind == CtestEvent::Kind::started) {
      m_set_up = event.test;
      m_voice.set_up_began(event.test);
    } else {
      m_set_up.clear();
      m_services.hold(event.test);
      m_voice.set_up_ended(event.test, event.outcome);
    }
  }

  const CellsByTest& m_cells;
  Voice& m_voice;
  Results& m_results;
  HeldServices& m_services;
  const CommonPlan& m_common;
  CtestLines m_lines;
  std::set<std::string> m_running;
  std::string m_set_up; ///< the test that sets something up just now; empty: none
  std::string m_output;
};

/// The launchers notice the end of ctest and still write their records.
void await_records(const std::set<std::string>& running, const RecordOf& record_of, Milliseconds patience) {
  const Milliseconds deadline = now() + patience;
  const auto missing = [&](const std::string& cell) { return record_of(cell) == nullptr; };
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

Result<Driven> drive(const CtestCall& call, const CellsByTest& cells, Voice& voice, Results& results,
                     HeldServices& services, const CommonPlan& common) {
  std::string names;
  for (const auto& [test, cell] : cells) {
    names += test + "\n";
  }
  TRY(write_file_atomic(call.selection, names));
  std::error_code ignored;
  fs::remove(call.junit, ignored);
  Follower follower(cells, voice, results, services, common);
  ChildSpec spec = child_of(call);
  spec.on_line = [&](std::string_view line) { follower.read(line); };
  spec.on_tick = [&] { follower.tick(); };
  const auto end = run_child(spec);
  voice.ctest_ended();
  if (!end) {
    const std::string& message = end.error().message;
    const bool missing = message.ends_with(std::strerror(ENOENT));
    return Error{end.error().code, missing ? message + "\n" + packages_with("ctest") : message};
  }
  if (end->interrupted_by != 0) {
    await_records(
        follower.running(), [&](const std::string& cell) { return results.of(cell); },
        common.grace + k_interrupt_patience);
  }
  return Driven{.end = *end, .output = std::move(follower).output()};
}

} // namespace ctest_matrix
