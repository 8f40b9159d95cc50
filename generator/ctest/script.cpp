#include "ctest/script.hpp"

#include "base/text.hpp"
#include "ctest/bracket.hpp"
#include "ctest/output_markup.hpp"
#include "ctest/resources.hpp"
#include "plan/listing_program.hpp"
#include "plan/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
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
    set("_ctest_matrix_names", m_names);
    set("_ctest_matrix_fixtures", join(m_fixtures, ";"));
    return std::move(m_text);
  }

private:
  /// What must be there before the suite can be listed: what all cells need, and what makes the programs that
  /// list.
  std::vector<std::string> artifacts_of_check() const {
    std::set<std::string> programs;
    std::set<const Variant*> seen;
    for (const Cell& cell : m_plan.cells) {
      if (!m_common.listing || !seen.insert(&*cell.variant).second) {
        continue;
      }
      if (const auto program = listing_program(m_common, bind(m_common, cell))) {
        programs.insert(program->artifact->name);
      }
    }
    std::vector<std::string> needed;
    for (const Artifact& artifact : m_common.artifacts) {
      if (artifact.when.empty() || programs.contains(artifact.name)) {
        needed.push_back(artifact.name);
      }
    }
    return needed;
  }

  std::string artifact(std::string_view name) const { return artifact_test(m_common.name, name); }

  std::string service(std::string_view name) const { return service_fixture(m_common.name, name); }

  void set(std::string_view variable, std::string_view value) {
    m_text.append("set(").append(variable).append(" ");
    append_bracket(m_text, value);
    m_text += ")\n";
  }

  void add(const std::string& name, std::string_view arguments) {
    m_text += "add_test(";
    append_bracket(m_text, name);
    m_text.append(" \"${_ctest_matrix_tool}\" ").append(arguments);
    m_text += " --index \"${_ctest_matrix_index}\" --)\n";
    add_name(name);
  }

  void add_name(std::string_view name) { m_names.append(m_names.empty() ? "" : ";").append(name); }

  void properties(const std::string& name, const std::string& properties, const std::string& file, int line) {
    m_text += "set_tests_properties(";
    append_bracket(m_text, name);
    m_text.append(" PROPERTIES ").append(properties);
    put_place(file, line);
  }

  /// The last property of a test: where an editor jumps to. Cells of one row or one pattern have one place.
  void put_place(const std::string& file, int line) {
    if (m_place.text.empty() || line != m_place.line || file != m_place.file) {
      m_value.assign(file).append(";");
      append_number(m_value, line);
      m_value += ";matrix_discover_tests";
      m_place = {.file = file, .line = line, .text = " _BACKTRACE_TRIPLES "};
      append_bracket(m_place.text, m_value);
    }
    m_text.append(m_place.text).append(")\n");
  }

  void fixtures() {
    m_text += fmt::format(
        "if(_ctest_matrix_not_ready)\n"
        "  add_test({0} \"${{_ctest_matrix_cmake}}\" -P \"${{_ctest_matrix_load}}\" --)\n"
        "else()\n"
        "  add_test({0} \"${{_ctest_matrix_tool}}\" ready --index \"${{_ctest_matrix_index}}\" --)\n"
        "endif()\n",
        bracket(m_ready));
    add_name(m_ready);
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
      add_name(name);
      const std::vector<std::string> needed = artifacts_of_check();
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

  /// One instance of each pool that the cells need, as one resource group; empty when they need none.
  std::string pools(const Variant& variant) const {
    std::vector<std::string> requirements;
    for (const Service& service : m_common.services) {
      if (service.instances > 1 &&
          std::ranges::find(variant.services, service.name) != variant.services.end()) {
        requirements.push_back(resource_type(m_common, service) + ":1");
      }
    }
    return join(requirements, ",");
  }

  static long long seconds(Milliseconds duration) { return (duration.count() + 999) / 1000; }

  /// A property of the cell whose turn it is.
  void put(std::string_view name, std::string_view value) {
    m_text.append(" ").append(name).append(" ");
    append_bracket(m_text, value);
  }

  void put(std::string_view name, long long value) {
    m_text.append(" ").append(name).append(" ");
    append_number(m_text, value);
  }

  static void append_number(std::string& text, long long value) {
    std::array<char, 24> digits{};
    text.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
  }

  /// A place, and the property that names it.
  struct Place {
    std::string file;
    int line = 0;
    std::string text;
  };

  /// All that the properties of a cell depend on that differs between the cells of a variant, where its row
  /// has no settings of its own.
  struct Look {
    std::string_view section;
    int timeout = 0;
    bool ticked = false;
    bool of_share = false;

    bool operator==(const Look&) const = default;
  };

  /// What the cells of a variant have in common.
  struct Shared {
    const Variant* variant = nullptr;
    std::string labels; ///< behind that of the section, each with a `;` in front
    std::string fixtures;
    std::string pools;
    std::optional<Look> look{}; ///< of the last plain cell; its properties before and behind its cost
    std::string before_cost{};
    std::string behind_cost{};
  };

  bool is_ticked(const Cell& cell) const {
    return !m_context.ticked.empty() && m_context.ticked.contains({cell.row->name, cell.variant->column});
  }

  bool is_selected(const std::string& name) const {
    return !m_context.selected.empty() && m_context.selected.contains(name);
  }

  bool is_of_share(const std::string& name) const {
    return !m_context.share.empty() && m_context.share.contains(name);
  }

  /// Whether nothing but its look decides the properties of a cell.
  bool is_plain(const Cell& cell, const std::string& name) const {
    const Row& row = *cell.row;
    return !row.is_excluded() && row.labels.empty() && row.locks.empty() && row.processors == 1 &&
           cell.skip_reason.empty() && !is_selected(name);
  }

  std::string fixtures_of(const Variant& variant) const {
    std::string fixtures = required(variant.artifacts);
    for (const Agreement& agreement : m_common.agreements) {
      fixtures += ";" + this->agreement(agreement.name);
    }
    for (const std::string& service : variant.services) {
      fixtures += ";" + this->service(service);
    }
    return fixtures;
  }

  Shared& shared_by(const Variant& variant) {
    for (Shared& shared : m_shared) {
      if (shared.variant == &variant) {
        return shared;
      }
    }
    std::string labels;
    for (const std::string& label : variant.labels) {
      labels.append(";").append(label);
    }
    m_shared.push_back({&variant, std::move(labels), fixtures_of(variant), pools(variant)});
    return m_shared.back();
  }

  void put_labels(const Cell& cell, const Shared& shared, const std::string& name) {
    m_value.clear();
    if (cell.row->is_excluded()) {
      m_value += k_excluded;
    } else {
      m_value.append(cell.row->label).append(shared.labels);
      for (const std::string& label : cell.row->labels) {
        m_value.append(";").append(label);
      }
      m_value += is_ticked(cell) ? ";done" : ";todo";
    }
    if (is_selected(name)) {
      m_value.append(";").append(k_selected_label);
    }
    if (is_of_share(name)) {
      m_value.append(";").append(k_share_label);
    }
    put("LABELS", m_value);
  }

  void put_locks(const Cell& cell) {
    m_value = m_common.parallel ? "" : m_serial_lock;
    for (const std::string& lock : cell.row->locks) {
      m_value.append(m_value.empty() ? "" : ";").append(lock);
    }
    if (!m_value.empty()) {
      put("RESOURCE_LOCK", m_value);
    }
  }

  /// What else decides when a cell runs, and beside which others.
  void put_order(const Cell& cell, const Shared& shared) {
    if (m_common.parallel && !shared.pools.empty()) {
      put("RESOURCE_GROUPS", shared.pools);
    }
    if (!m_common.parallel || !shared.pools.empty()) { // it may have to wait for another ctest
      m_value.clear();
      append_number(m_value, cell.timeout);
      put("TIMEOUT_AFTER_MATCH", m_value.append(";").append(k_begin_pattern));
    }
    if (cell.row->processors > 1) {
      put("PROCESSORS", cell.row->processors);
    }
  }

  void put_cost(std::size_t cost) {
    if (!m_common.parallel) {
      append_number(m_text, static_cast<long long>(cost));
    }
  }

  /// All but the places.
  void put_properties(const Cell& cell, const std::string& name, std::size_t cost) {
    Shared& shared = shared_by(*cell.variant);
    const bool plain = is_plain(cell, name);
    const Look look{cell.row->label, cell.timeout, plain && is_ticked(cell), plain && is_of_share(name)};
    if (plain && shared.look == look) {
      m_text += shared.before_cost;
      put_cost(cost);
      m_text += shared.behind_cost;
      return;
    }
    const std::size_t begin = m_text.size();
    put_labels(cell, shared, name);
    put("TIMEOUT", cell.timeout);
    put("FIXTURES_REQUIRED", shared.fixtures);
    put_locks(cell);
    m_text += m_common.parallel ? "" : " COST ";
    const std::size_t before = m_text.size();
    put_cost(cost);
    const std::size_t behind = m_text.size();
    put_order(cell, shared);
    put_skips(cell);
    if (plain) {
      shared.look = look;
      shared.before_cost = m_text.substr(begin, before - begin);
      shared.behind_cost = m_text.substr(behind);
    }
  }

  /// What decides whether a cell runs, and whether it counts as skipped.
  void put_skips(const Cell& cell) {
    if (!cell.skip_reason.empty()) {
      put("SKIP_RETURN_CODE", static_cast<int>(ExitCode::skipped));
      put("SKIP_REGULAR_EXPRESSION", k_skip_pattern);
    }
    const auto is_included = [&] {
      return m_context.included.contains(cell.row->name) ||
             m_context.included.contains(std::string(k_all_rows));
    };
    if (cell.row->is_excluded() && !is_included()) {
      m_text += " DISABLED TRUE";
    }
  }

  /// Where CTest 3.30 and later lead an editor.
  void put_definition(const Cell& cell) {
    if (m_context.source_lines) {
      const auto place = m_context.places.find(cell.name);
      put("DEF_SOURCE_LINE", place == m_context.places.end()
                                 ? fmt::format("{}:{}", cell.row->location.file, cell.row->location.line)
                                 : place->second);
    }
  }

  void cell(const Cell& cell, std::size_t cost) {
    m_name.assign(m_common.places.prefix).append(cell.name);
    m_bracketed.clear();
    append_bracket(m_bracketed, m_name);
    m_text.append("add_test(").append(m_bracketed).append(" \"${_ctest_matrix_tool}\" cell ");
    append_bracket(m_text, cell.name);
    m_text.append(" --index \"${_ctest_matrix_index}\" --)\nset_tests_properties(").append(m_bracketed);
    m_text += " PROPERTIES";
    put_properties(cell, m_name, cost);
    put_definition(cell);
    put_place(cell.row->location.file, cell.row->location.line);
    add_name(m_name);
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
  std::string m_name;      ///< of the test of a cell
  std::string m_bracketed; ///< the same, as an argument
  std::string m_value;     ///< that of a property, while it is put together
  Place m_place;           ///< that of the last test
  std::vector<Shared> m_shared;
  std::string m_names; ///< of all tests, with `;` between them
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
