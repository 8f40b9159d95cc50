#include "matrix/load.hpp"

#include "matrix/schema_reader.hpp"
#include "matrix/yaml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_excluded = "excluded";

bool is_plain_name(std::string_view name) {
  constexpr std::string_view k_allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !name.empty() && name.find_first_not_of(k_allowed) == std::string_view::npos &&
         name.front() != '.' && name.front() != '-';
}

/// Loads one file; a member per section, so that each sees the sections before it.
class Loader {
public:
  Loader(const std::string& file, Diagnostics& diagnostics) : m_diagnostics(diagnostics) {
    m_matrix.file = file;
  }

  Matrix load(const YamlNode& root) {
    MapReader top(root, "matrix", m_diagnostics);
    if (const YamlNode* version = top.required("version")) {
      if (version->scalar != "1") {
        m_diagnostics.error("M022", version->location,
                            fmt::format("version: expected 1, got {}", describe(*version)));
      }
    }
    const YamlNode* name = top.required("name");
    if (name != nullptr) {
      m_matrix.name = plain_name(*name, "name");
    }
    m_matrix.title = top.text("title", m_matrix.name + " progress");
    m_matrix.progress = top.text("progress", m_matrix.name + "-progress.md");
    m_matrix.parallel = top.flag("parallel", false);
    if (const YamlNode* node = top.required("axes")) {
      axes(*node);
    }
    if (const YamlNode* node = top.optional("forbid")) {
      forbid(*node);
    }
    if (const YamlNode* node = top.required("columns")) {
      m_matrix.columns = columns(*node, "columns");
    }
    if (const YamlNode* node = top.optional("timeout_scale")) {
      timeout_scale(*node);
    }
    if (const YamlNode* node = top.optional("profiles")) {
      profiles(*node);
    }
    if (m_matrix.find_profile("default") == nullptr) {
      m_matrix.profiles.insert(m_matrix.profiles.begin(), Profile{"default", {}, {}, "", root.location});
    }
    if (const YamlNode* node = top.optional("labels")) {
      labels(*node);
    }
    if (m_matrix.labels.empty()) {
      m_matrix.labels = {{"fast", 120, root.location}, {"slow", 600, root.location}};
    }
    if (const YamlNode* node = top.optional("services")) {
      services(*node);
    }
    if (const YamlNode* node = top.required("runner")) {
      runner(*node);
    }
    if (const YamlNode* node = top.optional("artifacts")) {
      artifacts(*node);
    }
    service_needs();
    if (const YamlNode* node = top.optional("next_steps")) {
      next_steps(*node);
    }
    if (const YamlNode* node = top.optional("logs")) {
      MapReader logs(*node, "logs", m_diagnostics);
      m_matrix.log_current = logs.text("current", "");
      m_matrix.log_narrow = logs.text("narrow", "");
      logs.finish();
    }
    if (const YamlNode* node = top.required("rows")) {
      rows(*node);
    }
    top.finish();
    return std::move(m_matrix);
  }

private:
  std::string plain_name(const YamlNode& node, std::string_view what) {
    const auto text = read_text(node, what, m_diagnostics);
    if (text) {
      check_name(*text, node.location, what);
    }
    return text.value_or("");
  }

  void check_name(std::string_view name, const SourceLocation& at, std::string_view what) {
    if (!is_plain_name(name)) {
      m_diagnostics.error(
          "M017", at,
          fmt::format(
              "{}: expected a name of letters, digits and . _ -, which begins with none of . and -, got '{}'",
              what, name));
    }
  }

  std::vector<std::string> axis_names() const {
    std::vector<std::string> names;
    for (const Axis& axis : m_matrix.axes) {
      names.push_back(axis.name);
    }
    return names;
  }

  std::vector<std::string> column_names() const {
    std::vector<std::string> names;
    for (const Column& column : m_matrix.columns) {
      names.push_back(column.name);
    }
    return names;
  }

  void axes(const YamlNode& node) {
    for (const YamlNode::Entry* entry : free_entries(node, "axes", m_diagnostics)) {
      check_name(entry->key, entry->location, "axes");
      Axis axis{entry->key, {}};
      if (entry->value.kind != YamlKind::sequence || entry->value.items.empty()) {
        m_diagnostics.error(
            "M002", entry->value.location,
            fmt::format("axis '{}': expected a list of values, got {}", entry->key,
                        entry->value.kind == YamlKind::sequence ? "an empty one" : describe(entry->value)));
      }
      for (const YamlNode& item : entry->value.items) {
        const std::string value = plain_name(item, fmt::format("axis '{}'", entry->key));
        if (std::find(axis.values.begin(), axis.values.end(), value) != axis.values.end()) {
          m_diagnostics.error("M018", item.location,
                              fmt::format("axis '{}': the value '{}' is there twice", entry->key, value));
        } else {
          axis.values.push_back(value);
        }
      }
      m_matrix.axes.push_back(std::move(axis));
    }
    if (m_matrix.axes.empty() && node.kind != YamlKind::scalar) {
      m_diagnostics.error("M019", node.location, "axes: expected at least one axis");
    }
  }

  /// One `axis: value` pair; reports an axis or value that does not exist.
  void assign(const YamlNode::Entry& entry, const std::string& what, Assignment& assignment) {
    const Axis* axis = m_matrix.find_axis(entry.key);
    if (axis == nullptr) {
      m_diagnostics.error(
          "M006", entry.location,
          fmt::format("{}: unknown axis '{}'{}", what, entry.key, suggestion(entry.key, axis_names())));
      return;
    }
    const auto value = read_text(entry.value, fmt::format("{}: {}", what, entry.key), m_diagnostics);
    if (!value) {
      return;
    }
    if (std::find(axis->values.begin(), axis->values.end(), *value) == axis->values.end()) {
      m_diagnostics.error(
          "M007", entry.value.location,
          fmt::format("{}: unknown {} '{}'{}", what, axis->name, *value, suggestion(*value, axis->values)));
      return;
    }
    assignment.emplace_back(entry.key, *value);
  }

  Assignment assignment(const YamlNode& node, const std::string& what) {
    Assignment result;
    for (const YamlNode::Entry* entry : free_entries(node, what, m_diagnostics)) {
      assign(*entry, what, result);
    }
    return result;
  }

  void forbid(const YamlNode& node) {
    if (node.kind != YamlKind::sequence) {
      m_diagnostics.error("M002", node.location,
                          fmt::format("forbid: expected a list of maps, got {}", describe(node)));
      return;
    }
    for (const YamlNode& item : node.items) {
      Forbidden forbidden{{}, "", item.location};
      for (const YamlNode::Entry* entry : free_entries(item, "forbid", m_diagnostics)) {
        if (entry->key == "reason") {
          forbidden.reason = read_text(entry->value, "forbid: reason", m_diagnostics).value_or("");
        } else {
          assign(*entry, "forbid", forbidden.when);
        }
      }
      if (!forbidden.when.empty()) {
        m_matrix.forbidden.push_back(std::move(forbidden));
      }
    }
  }

  std::vector<Column> columns(const YamlNode& node, const std::string& what) {
    std::vector<Column> result;
    for (const YamlNode::Entry* entry : free_entries(node, what, m_diagnostics)) {
      check_name(entry->key, entry->location, what);
      Column column{entry->key, assignment(entry->value, fmt::format("column '{}'", entry->key)), 1,
                    entry->location};
      for (const Forbidden& forbidden : m_matrix.forbidden) {
        if (matches(forbidden.when, column.axes)) {
          m_diagnostics.error("M008", entry->value.location,
                              fmt::format("column '{}': this combination is forbidden{}{}", entry->key,
                                          forbidden.reason.empty() ? "" : ": ", forbidden.reason));
          m_diagnostics.note(forbidden.location, "it is forbidden here");
        }
      }
      for (const Column& other : result) {
        if (other.axes == column.axes) {
          m_diagnostics.error(
              "M018", entry->location,
              fmt::format("column '{}' holds the same cells as column '{}'", entry->key, other.name));
          m_diagnostics.note(other.location, "the other column is here");
        }
      }
      result.push_back(std::move(column));
    }
    if (result.empty() && node.kind != YamlKind::scalar) {
      m_diagnostics.error("M019", node.location, fmt::format("{}: expected at least one column", what));
    }
    return result;
  }

  void timeout_scale(const YamlNode& node) {
    MapReader reader(node, "timeout_scale", m_diagnostics);
    for (Column& column : m_matrix.columns) {
      column.timeout_scale = reader.factor(column.name, 1);
    }
    reader.finish();
  }

  void profiles(const YamlNode& node) {
    for (const YamlNode::Entry* entry : free_entries(node, "profiles", m_diagnostics)) {
      check_name(entry->key, entry->location, "profiles");
      const std::string what = fmt::format("profile '{}'", entry->key);
      Profile profile{entry->key, {}, {}, "", entry->location};
      for (const YamlNode::Entry* setting : free_entries(entry->value, what, m_diagnostics)) {
        if (setting->key == "columns") {
          profile.columns = columns(setting->value, what + ": columns");
          for (Column& column : profile.columns) {
            const auto base = std::find_if(m_matrix.columns.begin(), m_matrix.columns.end(),
                                           [&](const Column& other) { return other.name == column.name; });
            column.timeout_scale = base == m_matrix.columns.end() ? 1 : base->timeout_scale;
          }
        } else if (setting->key == "progress") {
          profile.progress = read_text(setting->value, what + ": progress", m_diagnostics).value_or("");
        } else {
          assign(*setting, what, profile.axes);
        }
      }
      m_matrix.profiles.push_back(std::move(profile));
    }
  }

  void labels(const YamlNode& node) {
    for (const YamlNode::Entry* entry : free_entries(node, "labels", m_diagnostics)) {
      check_name(entry->key, entry->location, "labels");
      if (entry->key == k_excluded) {
        m_diagnostics.error("M017", entry->location,
                            "labels: 'excluded' is the section of rows that only run on request");
      }
      MapReader reader(entry->value, fmt::format("label '{}'", entry->key), m_diagnostics);
      Label label{entry->key, reader.positive("timeout", 120), entry->location};
      reader.finish();
      m_matrix.labels.push_back(std::move(label));
    }
  }

  Environment environment(const YamlNode& node, const std::string& what,
                          const std::vector<std::string>& valid) {
    Environment result;
    for (const YamlNode::Entry* entry : free_entries(node, what, m_diagnostics)) {
      if (auto value =
              read_template(entry->value, fmt::format("{}: {}", what, entry->key), valid, m_diagnostics)) {
        result.emplace_back(entry->key, std::move(*value));
      }
    }
    return result;
  }

  void services(const YamlNode& node) {
    for (const YamlNode::Entry* entry : free_entries(node, "services", m_diagnostics)) {
      check_name(entry->key, entry->location, "services");
      const std::string what = fmt::format("service '{}'", entry->key);
      MapReader reader(entry->value, what, m_diagnostics);
      Service service;
      service.name = entry->key;
      service.location = entry->location;
      service.ports = reader.texts("ports");
      std::vector<std::string> valid{"root", entry->key + ".dir"};
      for (const std::string& port : service.ports) {
        valid.push_back(fmt::format("{}.port.{}", entry->key, port));
      }
      if (const YamlNode* when = reader.optional("for")) {
        service.when = assignment(*when, what + ": for");
      }
      service.directory = reader.text("directory", "");
      if (const YamlNode* command = reader.required("command")) {
        service.command = read_command(*command, what + ": command", valid, m_diagnostics);
      }
      if (const YamlNode* variables = reader.optional("environment")) {
        service.environment = environment(*variables, what + ": environment", valid);
      }
      if (const YamlNode* health = reader.required("health")) {
        service.health = this->health(*health, what + ": health", valid);
      }
      m_service_needs.emplace_back(m_matrix.services.size(), reader.optional("after"));
      service.log = reader.text("log", "");
      service.grace = reader.duration("grace", service.grace);
      reader.finish();
      m_service_placeholders.insert(m_service_placeholders.end(), valid.begin() + 1, valid.end());
      m_matrix.services.push_back(std::move(service));
    }
  }

  Health health(const YamlNode& node, const std::string& what, const std::vector<std::string>& valid) {
    Health result;
    const YamlNode* url = &node;
    if (node.kind == YamlKind::map) {
      MapReader reader(node, what, m_diagnostics);
      url = reader.required("url");
      result.status = reader.positive("status", result.status);
      result.interval = reader.duration("interval", result.interval);
      result.timeout = reader.duration("timeout", result.timeout);
      if (const YamlNode* fields = reader.optional("fields")) {
        for (const YamlNode::Entry* field : free_entries(*fields, what + ": fields", m_diagnostics)) {
          result.fields.emplace_back(
              field->key, read_text(field->value, what + ": " + field->key, m_diagnostics).value_or(""));
        }
      }
      reader.finish();
    }
    if (url != nullptr) {
      result.url = read_template(*url, what, valid, m_diagnostics).value_or(TextTemplate());
    }
    return result;
  }

  void runner(const YamlNode& node) {
    MapReader reader(node, "runner", m_diagnostics);
    Runner& runner = m_matrix.runner;
    std::vector<std::string> per_cell = axis_names();
    per_cell.insert(per_cell.end(), {"file", "suite", "column", "cell"});
    runner.directory = reader.text("directory", "");
    const YamlNode* report = reader.required("report");
    if (report != nullptr) {
      runner.report = report_format(*report);
    }
    if (const YamlNode* escape = reader.optional("escape")) {
      if (escape->scalar != "regex" && escape->scalar != "none") {
        m_diagnostics.error("M002", escape->location,
                            fmt::format("runner: escape: expected regex or none, got {}", describe(*escape)));
      }
      runner.escaping = escape->scalar == "none" ? Escaping::none : Escaping::regex;
    }
    if (const YamlNode* scope = reader.optional("scope")) {
      runner.scope = read_template(*scope, "runner: scope", per_cell, m_diagnostics);
    }
    const YamlNode* filter = reader.optional("filter");
    if (filter != nullptr) {
      runner.filter = read_template(*filter, "runner: filter", per_cell, m_diagnostics);
    }
    if (const YamlNode* narrow = reader.optional("narrow")) {
      runner.narrow = read_template(*narrow, "runner: narrow", {"filter", "test"}, m_diagnostics);
    } else if (filter != nullptr && runner.escaping == Escaping::regex) {
      TextTemplate::Problem problem;
      runner.narrow = TextTemplate::parse("{filter}.*{test}$", problem);
    }
    std::vector<std::string> at_run = per_cell;
    at_run.insert(at_run.end(), {"root", "report", "tmp"});
    at_run.insert(at_run.end(), m_service_placeholders.begin(), m_service_placeholders.end());
    if (const YamlNode* variables = reader.optional("environment")) {
      runner.environment = environment(*variables, "runner: environment", at_run);
    }
    if (filter != nullptr) {
      at_run.emplace_back("filter");
    }
    const YamlNode* command = reader.required("command");
    if (command != nullptr) {
      runner.command = read_command(*command, "runner: command", at_run, m_diagnostics);
    }
    if (const YamlNode* file = reader.optional("file")) {
      runner.file = read_template(*file, "runner: file", {"file"}, m_diagnostics);
    } else {
      infer_file();
    }
    runner.grace = reader.duration("grace", runner.grace);
    if (const YamlNode* leaks = reader.optional("leaks")) {
      if (leaks->scalar != "report" && leaks->scalar != "fail") {
        m_diagnostics.error("M002", leaks->location,
                            fmt::format("runner: leaks: expected report or fail, got {}", describe(*leaks)));
      }
      runner.leaks = leaks->scalar == "fail" ? LeakPolicy::fail : LeakPolicy::report;
    }
    if (command != nullptr && !runner.command.empty()) {
      check_command(*command);
    }
    reader.finish();
  }

  bool command_has(std::string_view placeholder) const {
    for (const TextTemplate& argument : m_matrix.runner.command) {
      for (const auto& [name, offset] : argument.placeholders()) {
        if (name == placeholder) {
          return true;
        }
      }
    }
    return false;
  }

  void check_command(const YamlNode& command) {
    if (m_matrix.runner.filter && !command_has("filter")) {
      m_diagnostics.error("M010", command.location,
                          "runner: command: the filter is never used; expected {filter}");
    }
    if (m_matrix.runner.report == ReportFormat::junit && !command_has("report")) {
      m_diagnostics.error("M010", command.location,
                          "runner: command: report: junit needs the path {report} in the command");
    }
  }

  /// The one argument that is a path with {file} names the test file.
  void infer_file() {
    for (const TextTemplate& argument : m_matrix.runner.command) {
      const auto names = argument.placeholders();
      if (names.size() == 1 && names.front().first == "file") {
        m_matrix.runner.file = argument;
        return;
      }
    }
  }

  ReportFormat report_format(const YamlNode& node) {
    const std::vector<std::pair<std::string, ReportFormat>> formats{
        {"vitest-json", ReportFormat::vitest_json},
        {"junit", ReportFormat::junit},
        {"tap", ReportFormat::tap},
        {"exit-code", ReportFormat::exit_code}};
    std::vector<std::string> names;
    for (const auto& [name, format] : formats) {
      if (name == node.scalar) {
        return format;
      }
      names.push_back(name);
    }
    m_diagnostics.error(
        "M007", node.location,
        fmt::format("runner: report: unknown format {}{}", describe(node), suggestion(node.scalar, names)));
    return ReportFormat::exit_code;
  }

  /// The artifacts that must be built before something; each must be in `known`.
  std::vector<std::string> artifact_names(const YamlNode& node, const std::string& what,
                                          const std::vector<std::string>& known) {
    std::vector<std::string> names = read_texts(node, what + ": after", m_diagnostics);
    for (const std::string& name : names) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        m_diagnostics.error("M023", node.location,
                            fmt::format("{}: after: '{}' is no artifact defined before{}", what, name,
                                        suggestion(name, known)));
      }
    }
    return names;
  }

  void service_needs() {
    std::vector<std::string> names;
    for (const Artifact& artifact : m_matrix.artifacts) {
      names.push_back(artifact.name);
    }
    for (const auto& [index, node] : m_service_needs) {
      if (node != nullptr) {
        Service& service = m_matrix.services[index];
        service.after = artifact_names(*node, fmt::format("service '{}'", service.name), names);
      }
    }
  }

  void artifacts(const YamlNode& node) {
    const auto entries = free_entries(node, "artifacts", m_diagnostics);
    std::vector<std::string> names;
    for (const YamlNode::Entry* entry : entries) {
      check_name(entry->key, entry->location, "artifacts");
      const std::string what = fmt::format("artifact '{}'", entry->key);
      MapReader reader(entry->value, what, m_diagnostics);
      Artifact artifact;
      artifact.name = entry->key;
      artifact.location = entry->location;
      if (const YamlNode* when = reader.optional("for")) {
        artifact.when = assignment(*when, what + ": for");
      }
      reader.required("inputs");
      artifact.inputs = reader.texts("inputs");
      reader.required("outputs");
      artifact.outputs = reader.texts("outputs");
      artifact.directory = reader.text("directory", "");
      if (const YamlNode* command = reader.required("command")) {
        artifact.command = read_command(*command, what + ": command", {"root"}, m_diagnostics);
      }
      if (const YamlNode* variables = reader.optional("environment")) {
        artifact.environment = environment(*variables, what + ": environment", {"root"});
      }
      if (const YamlNode* after = reader.optional("after")) {
        artifact.after = artifact_names(*after, what, names);
      }
      artifact.timeout = reader.positive("timeout", artifact.timeout);
      reader.finish();
      names.push_back(entry->key);
      m_matrix.artifacts.push_back(std::move(artifact));
    }
  }

  void next_steps(const YamlNode& node) {
    MapReader reader(node, "next_steps", m_diagnostics);
    std::vector<std::string> names = column_names();
    names.emplace_back("shared");
    for (const std::string& name : names) {
      if (auto steps = reader.texts(name); !steps.empty()) {
        m_matrix.next_steps.emplace_back(name, std::move(steps));
      }
    }
    reader.finish();
  }

  void rows(const YamlNode& node) {
    std::vector<std::string> sections;
    for (const Label& label : m_matrix.labels) {
      sections.push_back(label.name);
    }
    sections.emplace_back(k_excluded);
    for (const YamlNode::Entry* section : free_entries(node, "rows", m_diagnostics)) {
      if (std::find(sections.begin(), sections.end(), section->key) == sections.end()) {
        m_diagnostics.error(
            "M016", section->location,
            fmt::format("rows: unknown label '{}'{}", section->key, suggestion(section->key, sections)));
      }
      const std::string label = section->key == k_excluded ? "" : section->key;
      if (section->value.kind == YamlKind::map) {
        for (const YamlNode::Entry& entry : section->value.entries) {
          row(entry, label);
        }
      } else if (section->value.kind != YamlKind::null) {
        free_entries(section->value, fmt::format("rows: {}", section->key), m_diagnostics);
      }
    }
    if (std::all_of(m_matrix.rows.begin(), m_matrix.rows.end(),
                    [](const Row& row) { return row.is_excluded(); })) {
      m_diagnostics.error("M019", node.location, "rows: expected at least one row that is not excluded");
    }
  }

  void row(const YamlNode::Entry& entry, const std::string& label) {
    check_name(entry.key, entry.location, "rows");
    const auto earlier = std::find_if(m_matrix.rows.begin(), m_matrix.rows.end(),
                                      [&](const Row& other) { return other.name == entry.key; });
    if (earlier != m_matrix.rows.end()) {
      m_diagnostics.error("M012", entry.location,
                          fmt::format("rows: the row '{}' is there twice", entry.key));
      m_diagnostics.note(earlier->location, "the first one is here");
      return;
    }
    const std::string what = fmt::format("row '{}'", entry.key);
    Row row{entry.key, entry.key, label, "", {}, {}, entry.location};
    if (entry.value.kind == YamlKind::scalar) {
      row.suite = entry.value.scalar;
    } else if (entry.value.kind != YamlKind::null) {
      MapReader reader(entry.value, what, m_diagnostics);
      row.suite = reader.text("suite", entry.key);
      if (const YamlNode* timeout = reader.optional("timeout")) {
        row.timeout = read_positive(*timeout, what + ": timeout", m_diagnostics);
      }
      if (label.empty()) {
        row.excluded = reader.text("reason", "");
      }
      if (const YamlNode* skip = reader.optional("skip")) {
        for (const YamlNode::Entry* skipped : free_entries(*skip, what + ": skip", m_diagnostics)) {
          const auto names = column_names();
          if (std::find(names.begin(), names.end(), skipped->key) == names.end()) {
            m_diagnostics.error("M015", skipped->location,
                                fmt::format("{}: skip: unknown column '{}'{}", what, skipped->key,
                                            suggestion(skipped->key, names)));
          }
          const auto reason = read_text(skipped->value, what + ": skip: the reason", m_diagnostics);
          row.skip.emplace_back(skipped->key, reason.value_or(""));
        }
      }
      reader.finish();
    }
    m_matrix.rows.push_back(std::move(row));
  }

  Matrix m_matrix;
  Diagnostics& m_diagnostics;
  std::vector<std::string> m_service_placeholders;
  std::vector<std::pair<std::size_t, const YamlNode*>> m_service_needs;
};

} // namespace

std::optional<Matrix> parse_matrix(const std::string& file, const std::string& text,
                                   Diagnostics& diagnostics) {
  diagnostics.add_source(file, text);
  const int errors_before = diagnostics.errors();
  const auto root = parse_yaml(file, text, diagnostics);
  if (!root) {
    return std::nullopt;
  }
  if (root->kind != YamlKind::map) {
    diagnostics.error("M002", root->location, fmt::format("matrix: expected a map, got {}", describe(*root)));
    return std::nullopt;
  }
  Matrix matrix = Loader(file, diagnostics).load(*root);
  if (diagnostics.errors() > errors_before) {
    return std::nullopt;
  }
  return matrix;
}

void check_files(const Matrix& matrix, const std::filesystem::path& root, Diagnostics& diagnostics) {
  std::error_code ignored;
  const std::filesystem::path directory = root / matrix.runner.directory;
  if (!std::filesystem::is_directory(directory, ignored)) {
    diagnostics.error(
        "M013", {matrix.file, 0, 0},
        fmt::format("runner: the directory {} is not there; is the root right?", directory.string()));
    return;
  }
  if (!matrix.runner.file) {
    return;
  }
  for (const Row& row : matrix.rows) {
    const auto file = matrix.runner.file->render([&](std::string_view) { return row.name; });
    if (file && !std::filesystem::is_regular_file(directory / *file, ignored)) {
      diagnostics.error(
          "M013", row.location,
          fmt::format("row '{}': the file {} is not there", row.name, (directory / *file).string()));
    }
  }
}

} // namespace ctest_matrix
