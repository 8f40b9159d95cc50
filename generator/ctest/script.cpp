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
    constexpr std::size_t k_usual = 512; // characters of a cell
    m_text.reserve(k_usual * (m_plan.cells.size() + 1));
    m_text += fmt::format("set(_ctest_matrix_index \"${{_ctest_matrix_state}}/{}\")\n",
                          m_context.index.filename().string());
    fixtures();
    std::size_t cost = m_plan.cells.size();
    for (const Cell& cell : m_plan.cells) {
      this->cell(cell, cost--);
    }
    m_text += fmt::format("set(_ctest_matrix_names {})\n", bracket(join(m_names, ";")));
    m_text += fmt::format("set(_ctest_matrix_fixtures {})\n", bracket(join(m_fixtures, ";")));
    return std::move(m_text);
  }

private:
  std::string artifact(std::string_view name) const { return artifact_test(m_common.name, name); }

  std::string service(std::string_view name) const { return service_fixture(m_common.name, name); }

  void add(const std::string& name, std::string_view arguments) {
    m_text += "add_test(";
    append_bracket(m_text, name);
    m_text.append(" \"${_ctest_matrix_tool}\" ").append(arguments);
    m_text += " --index \"${_ctest_matrix_index}\" --)\n";
    m_names.push_back(name);
  }

  void properties(const std::string& name, const std::string& properties, const std::string& file, int line) {
    m_text += "set_tests_properties(";
    append_bracket(m_text, name);
    m_text.append(" PROPERTIES ").append(properties).append(" _BACKTRACE_TRIPLES ");
    append_bracket(m_text, file + ";" + std::to_string(line) + ";matrix_discover_tests");
    m_text += ")\n";
  }

  void fixtures() {
    m_text += fmt::format(
        "if(_ctest_matrix_not_ready)\n"
        "  add_test({0} \"${{_ctest_matrix_cmake}}\" -P \"${{_ctest_matrix_load}}\" --)\n"
        "else()\n"
        "  add_test({0} \"${{_ctest_matrix_tool}}\" ready --index \"${{_ctest_matrix_index}}\" --)\n"
        "endif()\n",
        bracket(m_ready));
    m_names.push_back(m_ready);
    m_fixtures.push_back(m_ready);
    properties(m_ready, fmt::format("FIXTURES_SETUP {} TIMEOUT 60", bracket(m_ready)), m_matrix, 1);
    preflight();
    for (const Artifact& artifact : m_common.artifacts) {
      const std::string name = this->artifact(artifact.name);
      m_fixtures.push_back(name);
      add(name, fmt::format("artifact {}", bracket(artifact.name)));
      properties(name,
                 fmt::format("FIXTURES_SETUP {} FIXTURES_REQUIRED {} TIMEOUT {}", bracket(name),
                             bracket(required(artifact.after)), artifact.timeout + k_slack),
                 artifact.location.file, artifact.location.line);
    }
    for (const Service& service : m_common.services) {
      const std::string name = this->service(service.name);
      m_fixtures.push_back(name);
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

  void rules() {
    for (const Rule& rule : m_common.rules) {
      const std::string name = rule_test(m_common.name, rule.name);
      add(name, fmt::format("rule {}", bracket(rule.name)));
      // CTest has no word for a warning: it is seen as a skip, and fails nothing.
      const std::string skip =
          rule.level == RuleLevel::error
              ? ""
              : fmt::format(" SKIP_RETURN_CODE {} SKIP_REGULAR_EXPRESSION {}",
                            static_cast<int>(ExitCode::skipped), bracket(k_skip_pattern));
      properties(name,
                 fmt::format("LABELS preflight FIXTURES_REQUIRED {} TIMEOUT {}{}", bracket(m_ready),
                             k_rule_timeout, skip),
                 rule.location.file, rule.location.line);
    }
  }

  /// What is known to be wrong before any cell runs; agreements hold the cells back, rules and drift do not.
  void preflight() {
    for (const Agreement& agreement : m_common.agreements) {
      const std::string name = this->agreement(agreement.name);
      m_fixtures.push_back(name);
      add(name, fmt::format("agree {}", bracket(agreement.name)));
      properties(name, fmt::format("LABELS preflight FIXTURES_SETUP {} TIMEOUT 60", bracket(name)),
                 agreement.location.file, agreement.location.line);
    }
    rules();
    if (m_common.check) {
      const std::string name = check_test(m_common.name);
      std::string arguments;
      for (const auto& [axis, value] : m_common.overrides) {
        arguments += fmt::format(" --set {}", bracket(fmt::format("{}={}", axis, value)));
      }
      m_text +=
          fmt::format("add_test({} \"${{_ctest_matrix_tool}}\" check \"${{_ctest_matrix_file}}\" --root "
                      "\"${{_ctest_matrix_root}}\" "
                      "--profile {} --prefix {}{} --state "
                      "\"${{_ctest_matrix_state}}\" --)\n",
                      bracket(name), bracket(m_common.profile), bracket(m_common.places.prefix), arguments);
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
    std::string list = m_ready;
    for (const std::string& name : artifacts) {
      list += ";" + artifact(name);
    }
    return list;
  }

  /// One instance of each pool that the cell needs, as one resource group; empty when it needs none.
  std::string pools(const Cell& cell) const {
    if (cell.services.empty()) {
      return "";
    }
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

  /// The properties of a cell, one after the other, in `m_properties`.
  void put(std::string_view name, std::string_view value) {
    m_properties.append(m_properties.empty() ? "" : " ").append(name).append(" ");
    append_bracket(m_properties, value);
  }

  void put(std::string_view name, long long value) {
    m_properties.append(m_properties.empty() ? "" : " ").append(name).append(" ");
    m_properties += std::to_string(value);
  }

  void put_labels(const Cell& cell, const std::string& name) {
    std::string labels = join(cell.labels, ";");
    if (!cell.row.is_excluded()) {
      labels += m_context.ticked.contains({cell.row.name, cell.column}) ? ";done" : ";todo";
    }
    if (m_context.selected.contains(name)) {
      labels.append(";").append(k_selected_label);
    }
    if (m_context.share.contains(name)) {
      labels.append(";").append(k_share_label);
    }
    put("LABELS", labels);
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
  void put_order(const Cell& cell, std::size_t cost) {
    const std::string pools = this->pools(cell);
    std::vector<std::string> locks = cell.row.locks;
    if (!m_common.parallel) {
      locks.insert(locks.begin(), m_serial_lock);
    }
    if (!locks.empty()) {
      put("RESOURCE_LOCK", join(locks, ";"));
    }
    if (!m_common.parallel) {
      put("COST", static_cast<long long>(cost));
    } else if (!pools.empty()) {
      put("RESOURCE_GROUPS", pools);
    }
    if (!m_common.parallel || !pools.empty()) { // it may have to wait for another ctest
      put("TIMEOUT_AFTER_MATCH", std::to_string(cell.timeout) + ";" + std::string(k_begin_pattern));
    }
    if (cell.row.processors > 1) {
      put("PROCESSORS", cell.row.processors);
    }
  }

  /// What decides whether a cell runs, and whether it counts as skipped.
  void put_skips(const Cell& cell) {
    if (!cell.skip_reason.empty()) {
      put("SKIP_RETURN_CODE", static_cast<int>(ExitCode::skipped));
      put("SKIP_REGULAR_EXPRESSION", k_skip_pattern);
    }
    const bool included =
        m_context.included.contains(cell.row.name) || m_context.included.contains(std::string(k_all_rows));
    if (cell.row.is_excluded() && !included) {
      m_properties += " DISABLED TRUE";
    }
  }

  /// Where CTest 3.30 and later lead an editor.
  void put_definition(const Cell& cell) {
    if (m_context.source_lines) {
      const auto place = m_context.places.find(cell.name);
      put("DEF_SOURCE_LINE", place == m_context.places.end()
                                 ? fmt::format("{}:{}", cell.row.location.file, cell.row.location.line)
                                 : place->second);
    }
  }

  void cell(const Cell& cell, std::size_t cost) {
    const std::string name = cell_test(m_common.places, cell.name);
    add(name, "cell " + bracket(cell.name));
    m_properties.clear();
    put_labels(cell, name);
    put("TIMEOUT", cell.timeout);
    put("FIXTURES_REQUIRED", fixtures_of(cell));
    put_order(cell, cost);
    put_skips(cell);
    put_definition(cell);
    properties(name, m_properties, cell.row.location.file, cell.row.location.line);
  }

  static constexpr int k_rule_timeout = 120; // seconds
  static constexpr long long k_slack = 30;   // seconds over the own limits of a service or an artifact

  const Plan& m_plan;
  const EmitContext& m_context;
  const CommonPlan& m_common;
  std::string m_matrix;
  std::string m_ready = ready_test(m_common.name);
  std::string m_serial_lock = serial_lock(m_common.name);
  std::string m_text;
  std::string m_properties;
  std::vector<std::string> m_names;
  std::vector<std::string> m_fixtures;
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
