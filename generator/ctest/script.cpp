#include "ctest/script.hpp"

#include "base/text.hpp"
#include "ctest/bracket.hpp"
#include "ctest/output_markup.hpp"
#include "ctest/resources.hpp"
#include "plan/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace ctest_matrix {

namespace {

class Script {
public:
  Script(const Plan& plan, const EmitContext& context)
      : m_plan(plan), m_context(context), m_common(plan.common),
        m_matrix(plan.common.places.matrix.string()) {}

  std::string text() {
    m_text += fmt::format("set(_ctest_matrix_index {})\n", bracket(m_context.index.string()));
    fixtures();
    std::size_t cost = m_plan.cells.size();
    for (const Cell& cell : m_plan.cells) {
      this->cell(cell, cost--);
    }
    m_text += fmt::format("set(_ctest_matrix_names {})\n", bracket(join(m_names, ";")));
    return std::move(m_text);
  }

private:
  std::string ready() const { return ready_test(m_common.name); }

  std::string artifact(std::string_view name) const { return artifact_test(m_common.name, name); }

  std::string service(std::string_view name) const { return service_fixture(m_common.name, name); }

  void add(const std::string& name, std::string_view arguments) {
    m_text +=
        fmt::format("add_test({} \"${{_ctest_matrix_tool}}\" {} --index \"${{_ctest_matrix_index}}\")\n",
                    bracket(name), arguments);
    m_names.push_back(name);
  }

  void properties(const std::string& name, const std::string& properties, const std::string& file, int line) {
    m_text += fmt::format("set_tests_properties({} PROPERTIES {} _BACKTRACE_TRIPLES {})\n", bracket(name),
                          properties, bracket(fmt::format("{};{};matrix_discover_tests", file, line)));
  }

  void fixtures() {
    m_text +=
        fmt::format("if(_ctest_matrix_not_ready)\n"
                    "  add_test({0} \"${{_ctest_matrix_cmake}}\" -P \"${{_ctest_matrix_load}}\")\n"
                    "else()\n"
                    "  add_test({0} \"${{_ctest_matrix_tool}}\" ready --index \"${{_ctest_matrix_index}}\")\n"
                    "endif()\n",
                    bracket(ready()));
    m_names.push_back(ready());
    properties(ready(), fmt::format("FIXTURES_SETUP {} TIMEOUT 60", bracket(ready())), m_matrix, 1);
    preflight();
    for (const Artifact& artifact : m_common.artifacts) {
      const std::string name = this->artifact(artifact.name);
      add(name, fmt::format("artifact {}", bracket(artifact.name)));
      properties(name,
                 fmt::format("FIXTURES_SETUP {} FIXTURES_REQUIRED {} TIMEOUT {}", bracket(name),
                             bracket(required(artifact.after)), artifact.timeout),
                 artifact.location.file, artifact.location.line);
    }
    for (const Service& service : m_common.services) {
      const std::string name = this->service(service.name);
      add(service_up_test(m_common.name, service.name), fmt::format("service up {}", bracket(service.name)));
      properties(service_up_test(m_common.name, service.name),
                 fmt::format("FIXTURES_SETUP {} FIXTURES_REQUIRED {} TIMEOUT {}", bracket(name),
                             bracket(required(service.after)), seconds(service.health.timeout) + k_slack),
                 service.location.file, service.location.line);
      add(service_down_test(m_common.name, service.name),
          fmt::format("service down {}", bracket(service.name)));
      properties(
          service_down_test(m_common.name, service.name),
          fmt::format("FIXTURES_CLEANUP {} TIMEOUT {}", bracket(name), seconds(service.grace) + k_slack),
          service.location.file, service.location.line);
    }
  }

  /// What is known to be wrong before any cell runs; agreements hold the cells back, drift does not.
  void preflight() {
    for (const Agreement& agreement : m_common.agreements) {
      const std::string name = this->agreement(agreement.name);
      add(name, fmt::format("agree {}", bracket(agreement.name)));
      properties(name, fmt::format("LABELS preflight FIXTURES_SETUP {} TIMEOUT 60", bracket(name)),
                 agreement.location.file, agreement.location.line);
    }
    if (m_common.check) {
      const std::string name = check_test(m_common.name);
      std::string arguments;
      for (const auto& [axis, value] : m_common.overrides) {
        arguments += fmt::format(" --set {}", bracket(fmt::format("{}={}", axis, value)));
      }
      m_text += fmt::format(
          "add_test({} \"${{_ctest_matrix_tool}}\" check {} --root {} --state {} --profile {}{})\n",
          bracket(name), bracket(m_matrix), bracket(m_common.places.root.string()),
          bracket(m_common.places.state.string()), bracket(m_common.profile), arguments);
      m_names.push_back(name);
      std::vector<std::string> needed;
      for (const Artifact& artifact : m_common.artifacts) {
        if (artifact.when.empty()) {
          needed.push_back(artifact.name);
        }
      }
      properties(name,
                 fmt::format("LABELS preflight FIXTURES_REQUIRED {} TIMEOUT 1500", bracket(required(needed))),
                 m_matrix, 1);
    }
  }

  std::string agreement(std::string_view name) const { return agreement_test(m_common.name, name); }

  std::string required(const std::vector<std::string>& artifacts) const {
    std::string list = ready();
    for (const std::string& name : artifacts) {
      list += ";" + artifact(name);
    }
    return list;
  }

  /// One instance of each pool that the cell needs, as one resource group; empty when it needs none.
  std::string pools(const Cell& cell) const {
    std::vector<std::string> requirements;
    for (const Service& service : m_common.services) {
      const bool needed =
          std::find(cell.services.begin(), cell.services.end(), service.name) != cell.services.end();
      if (needed && service.instances > 1) {
        requirements.push_back(resource_type(m_common, service) + ":1");
      }
    }
    return join(requirements, ",");
  }

  static long long seconds(Milliseconds duration) { return (duration.count() + 999) / 1000; }

  std::vector<std::string> labels_of(const Cell& cell, const std::string& name) const {
    std::vector<std::string> labels = cell.labels;
    if (!cell.row.is_excluded()) {
      labels.emplace_back(m_context.ticked.contains({cell.row.name, cell.column}) ? "done" : "todo");
    }
    if (m_context.selected.contains(name)) {
      labels.emplace_back(k_selected_label);
    }
    return labels;
  }

  std::string fixtures_of(const Cell& cell) const {
    std::string fixtures = required(cell.artifacts);
    for (const Agreement& agreement : m_common.agreements) {
      fixtures += ";" + this->agreement(agreement.name);
    }
    for (const std::string& service : cell.services) {
      fixtures += ";" + this->service(service);
    }
    return fixtures;
  }

  /// What decides when a cell runs, and beside which others.
  std::string order_of(const Cell& cell, std::size_t cost) const {
    const std::string pools = this->pools(cell);
    std::vector<std::string> locks = cell.row.locks;
    if (!m_common.parallel) {
      locks.insert(locks.begin(), serial_lock(m_common.name));
    }
    std::string list;
    if (!locks.empty()) {
      list += fmt::format(" RESOURCE_LOCK {}", bracket(join(locks, ";")));
    }
    if (!m_common.parallel) {
      list += fmt::format(" COST {}", cost);
    } else if (!pools.empty()) {
      list += fmt::format(" RESOURCE_GROUPS {}", bracket(pools));
    }
    if (!m_common.parallel || !pools.empty()) { // it may have to wait for another ctest
      list += fmt::format(" TIMEOUT_AFTER_MATCH {}",
                          bracket(fmt::format("{};{}", cell.timeout, k_begin_pattern)));
    }
    if (cell.row.processors > 1) {
      list += fmt::format(" PROCESSORS {}", cell.row.processors);
    }
    return list;
  }

  /// What decides whether a cell runs, and whether it counts as skipped.
  std::string skips_of(const Cell& cell) const {
    std::string list;
    if (!cell.skip_reason.empty()) {
      list += fmt::format(" SKIP_RETURN_CODE {} SKIP_REGULAR_EXPRESSION {}",
                          static_cast<int>(ExitCode::skipped), bracket(k_skip_pattern));
    }
    const bool included = m_context.included.contains(cell.row.name) || m_context.included.contains("all");
    if (cell.row.is_excluded() && !included) {
      list += " DISABLED TRUE";
    }
    return list;
  }

  /// Where CTest 3.30 and later lead an editor.
  std::string definition_of(const Cell& cell) const {
    if (!m_context.source_lines) {
      return "";
    }
    const auto place = m_context.places.find(cell.name);
    return fmt::format(" DEF_SOURCE_LINE {}",
                       bracket(place == m_context.places.end()
                                   ? fmt::format("{}:{}", cell.row.location.file, cell.row.location.line)
                                   : place->second));
  }

  void cell(const Cell& cell, std::size_t cost) {
    const std::string name = cell_test(m_common.places, cell.name);
    add(name, fmt::format("cell {}", bracket(cell.name)));
    properties(name,
               fmt::format("LABELS {} TIMEOUT {} FIXTURES_REQUIRED {}{}{}{}",
                           bracket(join(labels_of(cell, name), ";")), cell.timeout,
                           bracket(fixtures_of(cell)), order_of(cell, cost), skips_of(cell),
                           definition_of(cell)),
               cell.row.location.file, cell.row.location.line);
  }

  static constexpr long long k_slack = 30; // seconds over the service's own limits

  const Plan& m_plan;
  const EmitContext& m_context;
  const CommonPlan& m_common;
  std::string m_matrix;
  std::string m_text;
  std::vector<std::string> m_names;
};

} // namespace

bool knows_source_lines(std::string_view version) {
  int major = 0;
  int minor = 0;
  const char* end = version.data() + version.size();
  const auto dot = std::from_chars(version.data(), end, major).ptr;
  if (dot == end || *dot != '.' || std::from_chars(dot + 1, end, minor).ec != std::errc()) {
    return false;
  }
  return std::pair(major, minor) >= std::pair(3, 30);
}

std::string emit_ctest_script(const Plan& plan, const EmitContext& context) {
  return Script(plan, context).text();
}

} // namespace ctest_matrix
