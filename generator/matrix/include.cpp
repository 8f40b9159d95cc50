#include "matrix/include.hpp"

#include "matrix/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace ctest_matrix {

namespace {

void merge(YamlNode& into, const YamlNode& from) {
  const std::size_t own = into.entries.size();
  for (const YamlNode::Entry& entry : from.entries) {
    const auto end = into.entries.begin() + static_cast<std::ptrdiff_t>(own);
    const auto same = std::find_if(into.entries.begin(), end,
                                   [&](const YamlNode::Entry& other) { return other.key == entry.key; });
    if (same == end) {
      into.entries.push_back(entry);
    } else if (same->value.kind == YamlKind::map && entry.value.kind == YamlKind::map) {
      merge(same->value, entry.value);
    }
  }
}

class Resolver {
public:
  Resolver(const ReadInclude& read, Diagnostics& diagnostics) : m_read(read), m_diagnostics(diagnostics) {}

  void resolve(YamlNode& root, const std::string& file) {
    const auto include = std::find_if(root.entries.begin(), root.entries.end(),
                                      [](const YamlNode::Entry& entry) { return entry.key == "include"; });
    if (include == root.entries.end()) {
      return;
    }
    const YamlNode names = std::move(include->value);
    root.entries.erase(include);
    m_open.push_back(file);
    if (names.kind == YamlKind::sequence) {
      for (const YamlNode& name : names.items) {
        take(root, name, file);
      }
    } else {
      take(root, names, file);
    }
    m_open.pop_back();
  }

private:
  void take(YamlNode& root, const YamlNode& name, const std::string& file) {
    const auto relative = read_text(name, "include", m_diagnostics);
    if (!relative) {
      return;
    }
    const std::string path =
        (std::filesystem::path(file).parent_path() / *relative).lexically_normal().string();
    if (std::find(m_open.begin(), m_open.end(), path) != m_open.end()) {
      m_diagnostics.error("M026", name.location, fmt::format("include: {} includes itself", path));
      return;
    }
    const auto text = m_read ? m_read(path) : Error{ExitCode::input, "no other files can be read here"};
    if (!text) {
      m_diagnostics.error("M026", name.location, fmt::format("include: {}", text.error().message));
      return;
    }
    m_diagnostics.add_source(path, *text);
    auto part = parse_yaml(path, *text, m_diagnostics);
    if (!part) {
      return;
    }
    if (part->kind != YamlKind::map) {
      m_diagnostics.error("M002", part->location,
                          fmt::format("include: expected a map, got {}", describe(*part)));
      return;
    }
    resolve(*part, path);
    merge(root, *part);
  }

  const ReadInclude& m_read;
  Diagnostics& m_diagnostics;
  std::vector<std::string> m_open; ///< the files that lead to the one that is read
};

} // namespace

void resolve_includes(YamlNode& root, const std::string& file, const ReadInclude& read,
                      Diagnostics& diagnostics) {
  Resolver(read, diagnostics).resolve(root, std::filesystem::path(file).lexically_normal().string());
}

} // namespace ctest_matrix
