#include "matrix/load.hpp"

#include "base/formats.hpp"
#include "base/text.hpp"
#include "matrix/load_section.hpp"
#include "matrix/schema_reader.hpp"
#include "matrix/yaml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>

namespace ctest_matrix {

namespace {

std::string read_issues(LoadContext& context, const YamlNode& node) {
  const std::string address = read_text(node, "issues", context.diagnostics).value_or("");
  const bool is_address = address.starts_with("https://") || address.starts_with("http://");
  if (!is_address || address.find(k_issue_placeholder) == std::string::npos) {
    context.diagnostics.error(
        "M010", node.location,
        fmt::format("issues: expected the address of an issue, such as https://example.org/issues/{}",
                    k_issue_placeholder));
  }
  return address;
}

void load_identity(LoadContext& context, MapReader& top) {
  Matrix& matrix = context.matrix;
  if (const YamlNode* version = top.required("version")) {
    if (version->scalar != std::to_string(k_matrix_format)) {
      context.diagnostics.error(
          "M022", version->location,
          fmt::format("version: expected {}, got {}", k_matrix_format, describe(*version)));
    }
  }
  if (const YamlNode* name = top.required("name")) {
    matrix.name = plain_name(context, *name, "name");
  }
  if (const YamlNode* prefix = top.optional("prefix")) {
    matrix.prefix = read_text(*prefix, "prefix", context.diagnostics).value_or("");
    if (!is_row_name(matrix.prefix + "x")) {
      context.diagnostics.error("M017", prefix->location,
                                fmt::format("prefix: {}", expected_row_name(matrix.prefix)));
    }
  }
  matrix.title = top.line("title", matrix.name + " progress");
  const YamlNode* progress = top.optional("progress");
  matrix.progress = progress != nullptr ? read_progress_path(context, *progress, "progress") : "";
  if (matrix.progress.empty()) {
    matrix.progress = matrix.name + "-progress.md";
  }
  matrix.evidence = top.text("evidence", "");
  matrix.known = top.text("known", "");
  matrix.friction = top.text("friction", "");
  if (const YamlNode* issues = top.optional("issues")) {
    matrix.issues = read_issues(context, *issues);
  }
  matrix.parallel = top.flag("parallel", false);
  matrix.check = top.flag("check", false);
}

/// Reports the files that are written, where one of them is another one, or the matrix.
void check_own_files(LoadContext& context, const YamlNode& root) {
  const auto normal = [](const std::string& path) { return std::filesystem::path(path).lexically_normal(); };
  const Matrix& matrix = context.matrix;
  std::map<std::filesystem::path, std::string_view> taken{{normal(matrix.file).filename(), "the matrix"}};
  const std::pair<std::string_view, const std::string&> files[] = {
      {"progress", matrix.progress}, {"known", matrix.known}, {"friction", matrix.friction}};
  for (const auto& [key, path] : files) {
    const auto [other, is_new] = taken.try_emplace(normal(path), key);
    if (const YamlNode* const node = root.find(key); !path.empty() && !is_new && node != nullptr) {
      context.diagnostics.error(
          "M028", node->location,
          fmt::format("{}: '{}' is {} already; expected a file of its own", key, path, other->second));
    }
  }
}

void load_logs(LoadContext& context, const YamlNode& node) {
  MapReader logs(node, "logs", context.diagnostics);
  context.matrix.log_current = logs.text("current", "");
  context.matrix.log_narrow = logs.text("narrow", "");
  logs.finish();
}

Matrix load_matrix(const std::string& file, const YamlNode& root, Diagnostics& diagnostics) {
  Matrix matrix;
  matrix.file = file;
  LoadContext context{matrix, diagnostics, {}, {}, false};
  MapReader top(root, "matrix", diagnostics);
  const auto section = [&](const YamlNode* node, void (*load)(LoadContext&, const YamlNode&)) {
    if (node != nullptr) {
      load(context, *node);
    }
  };
  load_identity(context, top);
  check_own_files(context, root);
  top.optional("include"); // what it names is merged already
  section(top.required("axes"), load_axes);
  section(top.optional("forbid"), load_forbid);
  section(top.required("columns"), load_columns);
  section(top.optional("timeout_scale"), load_timeout_scale);
  section(top.optional("profiles"), load_profiles);
  if (matrix.find_profile("default") == nullptr) {
    matrix.profiles.insert(
        matrix.profiles.begin(),
        Profile{.name = "default", .axes = {}, .columns = {}, .progress = {}, .location = root.location});
  }
  section(top.optional("labels"), load_labels);
  if (matrix.labels.empty()) {
    for (const auto& [name, timeout] : k_default_labels) {
      matrix.labels.push_back({std::string(name), timeout, root.location});
    }
  }
  section(top.optional("artifacts"), load_artifacts);
  section(top.optional("services"), load_services);
  section(top.required("runner"), load_runner);
  section(top.optional("inputs"), load_inputs);
  section(top.optional("agree"), load_agreements);
  section(top.optional("rules"), load_rules);
  section(top.optional("next_steps"), load_next_steps);
  section(top.optional("logs"), load_logs);
  section(top.required("rows"), load_rows);
  infer_bare_file(context);
  section(top.optional("runner"), check_file_is_told);
  for (const Row& row : matrix.rows) {
    if (row.optional && !matrix.runner.file) {
      diagnostics.error(
          "M028", row.place_of("optional"),
          fmt::format("row '{}': optional: no file is the row's own; expected runner: file", row.name));
    }
  }
  top.finish();
  return matrix;
}

/// Paths relative to a directory, in full.
std::vector<std::string> paths_in(const std::filesystem::path& directory, std::vector<std::string> paths) {
  std::ranges::transform(paths, paths.begin(),
                         [&](const std::string& path) { return (directory / path).string(); });
  return paths;
}

std::vector<std::string> keys_of(const YamlNode* node) {
  std::vector<std::string> keys;
  if (node != nullptr) {
    std::ranges::transform(node->entries, std::back_inserter(keys), &YamlNode::Entry::key);
  }
  return keys;
}

} // namespace

std::optional<Matrix> parse_matrix(const std::string& file, const std::string& text, Diagnostics& diagnostics,
                                   const ReadInclude& read) {
  diagnostics.add_source(file, text);
  const int errors_before = diagnostics.errors();
  auto root = parse_yaml(file, text, diagnostics);
  if (!root) {
    return std::nullopt;
  }
  if (root->kind != YamlKind::map) {
    diagnostics.error("M002", root->location, fmt::format("matrix: expected a map, got {}", describe(*root)));
    return std::nullopt;
  }
  resolve_includes(*root, file, read, diagnostics);
  Matrix matrix = load_matrix(file, *root, diagnostics);
  if (diagnostics.errors() > errors_before) {
    return std::nullopt;
  }
  return matrix;
}

void drop_absent_rows(Matrix& matrix, const std::filesystem::path& root,
                      const std::vector<std::string>& on_disk, Diagnostics& diagnostics, ReadLog& log) {
  const auto is_absent = [&](const Row& row) {
    if (!row.optional || !matrix.runner.file || std::ranges::binary_search(on_disk, row.name)) {
      return false;
    }
    const auto file = matrix.runner.file->path_of(row.name);
    return file && log.kind(root / matrix.runner.directory / *file) != FileKind::file;
  };
  const auto there = std::stable_partition(matrix.rows.begin(), matrix.rows.end(),
                                           [&](const Row& row) { return !is_absent(row); });
  matrix.absent_rows.insert(matrix.absent_rows.end(), std::make_move_iterator(there),
                            std::make_move_iterator(matrix.rows.end()));
  matrix.rows.erase(there, matrix.rows.end());
  const bool none_left = std::ranges::all_of(matrix.rows, &Row::is_excluded);
  if (none_left && !matrix.absent_rows.empty()) {
    diagnostics.error(
        "M019", matrix.rows_place,
        fmt::format("rows: no row is left: the {} that are not excluded are optional, and their files "
                    "are not there",
                    matrix.absent_rows.size()));
  }
}

MatrixNames matrix_names_in(const std::string& file, const std::string& text, const ReadInclude& read) {
  Diagnostics unsaid;
  auto root = parse_yaml(file, text, unsaid);
  if (!root) {
    return {};
  }
  resolve_includes(*root, file, read, unsaid);
  MatrixNames names{.axes = keys_of(root->find("axes")), .profiles = keys_of(root->find("profiles"))};
  names.profiles.emplace_back("default");
  return names;
}

void check_files(const Matrix& matrix, const std::filesystem::path& root, Diagnostics& diagnostics,
                 const std::vector<std::string>& on_disk, ReadLog& log) {
  const std::filesystem::path directory =
      (root / matrix.runner.directory / "").lexically_normal().parent_path();
  if (log.kind(directory) != FileKind::directory) {
    diagnostics.error(
        "M013", {matrix.file, 0, 0},
        fmt::format("runner: the directory {} is not there; is the root right?", directory.string()));
    return;
  }
  if (!matrix.runner.file) {
    return;
  }
  std::vector<const Row*> missing;
  for (const Row& row : matrix.rows) {
    if (std::ranges::binary_search(on_disk, row.name)) {
      continue;
    }
    const auto file = matrix.runner.file->path_of(row.name);
    if (!file || log.kind(directory / *file) != FileKind::file) {
      missing.push_back(&row);
    }
  }
  if (missing.empty()) {
    return;
  }
  std::set<std::string> named;
  std::ranges::transform(matrix.rows, std::inserter(named, named.end()), &Row::name);
  std::vector<std::string> unnamed;
  std::ranges::copy_if(on_disk, std::back_inserter(unnamed),
                       [&](const std::string& name) { return !named.contains(name); });
  for (const Row* row : missing) {
    const auto file = matrix.runner.file->path_of(row->name);
    if (!file) {
      diagnostics.error("M013", row->location,
                        fmt::format("row '{}': no test file can have this name; runner: file: is {}",
                                    row->name, replace_all(matrix.runner.file->source(), "\n", " or ")));
      continue;
    }
    const std::string near = nearest(row->name, unnamed);
    diagnostics.error("M013", row->location,
                      fmt::format("row '{}': the file {} is not there{}", row->name,
                                  join(paths_in(directory, matrix.runner.file->paths_of(row->name)), " or "),
                                  near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
  }
}

} // namespace ctest_matrix
