#include "base/diagnostics.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_longest_quoted = 1'000; // bytes of a line

std::string_view severity_name(Severity severity) {
  switch (severity) {
  case Severity::error:
    return "error";
  case Severity::warning:
    return "warning";
  case Severity::note:
    return "note";
  }
  return "";
}

/// How many insertions, deletions, changes and swaps of neighbours make `b` of `a`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cost((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cost[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        at(i, j) = i + j;
        continue;
      }
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
      }
    }
  }
  return at(a.size(), b.size());
}

} // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  m_errors += diagnostic.severity == Severity::error ? 1 : 0;
  m_warnings += diagnostic.severity == Severity::warning ? 1 : 0;
  m_all.push_back(std::move(diagnostic));
}

void Diagnostics::error(std::string code, SourceLocation location, std::string message) {
  add({Severity::error, std::move(code), std::move(location), std::move(message)});
}

void Diagnostics::warning(std::string code, SourceLocation location, std::string message) {
  add({Severity::warning, std::move(code), std::move(location), std::move(message)});
}

void Diagnostics::note(SourceLocation location, std::string message) {
  add({Severity::note, "", std::move(location), std::move(message)});
}

void Diagnostics::add_source(std::string file, std::string_view text) {
  m_sources.push_back({std::move(file), split_lines(text)});
}

std::string Diagnostics::quote(const SourceLocation& location) const {
  if (location.line < 1 || location.column < 1) {
    return "";
  }
  for (const Source& source : m_sources) {
    const auto index = static_cast<std::size_t>(location.line) - 1;
    if (source.file != location.file || index >= source.lines.size()) {
      continue;
    }
    const std::string& line = source.lines[index];
    if (line.size() > k_longest_quoted) {
      return "";
    }
    std::string pad;
    for (std::size_t i = 0; i + 1 < static_cast<std::size_t>(location.column) && i < line.size(); ++i) {
      pad += line[i] == '\t' ? '\t' : ' ';
    }
    const auto room = line.size() > pad.size() ? line.size() - pad.size() : 1;
    const auto length =
        std::clamp<std::size_t>(static_cast<std::size_t>(std::max(location.length, 1)), 1, room);
    return fmt::format("{:>5} | {}\n{:>5} | {}^{}\n", location.line, line, "", pad,
                       std::string(length - 1, '~'));
  }
  return "";
}

std::string Diagnostics::render() const {
  struct Group {
    std::size_t first;
    std::size_t size;
  };

  std::vector<Group> groups;
  for (std::size_t i = 0; i < m_all.size(); ++i) {
    if (m_all[i].severity == Severity::note && !groups.empty()) {
      ++groups.back().size;
    } else {
      groups.push_back({i, 1});
    }
  }
  std::stable_sort(groups.begin(), groups.end(), [this](const Group& a, const Group& b) {
    const SourceLocation& left = m_all[a.first].location;
    const SourceLocation& right = m_all[b.first].location;
    return std::tie(left.file, left.line, left.column) < std::tie(right.file, right.line, right.column);
  });
  std::string text;
  for (const Group& group : groups) {
    for (std::size_t i = group.first; i < group.first + group.size; ++i) {
      const Diagnostic& diagnostic = m_all[i];
      const SourceLocation& at = diagnostic.location;
      text += at.file;
      if (at.line > 0) {
        text += fmt::format(":{}", at.line);
      }
      if (at.column > 0) {
        text += fmt::format(":{}", at.column);
      }
      text += fmt::format(": {}: {}", severity_name(diagnostic.severity), diagnostic.message);
      text += diagnostic.code.empty() ? "\n" : fmt::format(" [{}]\n", diagnostic.code);
      text += quote(at);
    }
  }
  return text;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  const auto begins = [&](const std::string& candidate) { return candidate.starts_with(word); };
  if (best_distance > 1 && word.size() >= 3 && std::ranges::count_if(candidates, begins) == 1) {
    return *std::ranges::find_if(candidates, begins); // `vitest` for `vitest-json`
  }
  return best;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& valid) {
  if (valid.empty()) {
    return "";
  }
  const std::string near = nearest(word, valid);
  std::string text = near.empty() ? "" : fmt::format(", did you mean '{}'?", near);
  text += fmt::format("{} expected {}{}", near.empty() ? ";" : "",
                      valid.size() == 1 ? "" : "one of: ", fmt::join(valid, ", "));
  return text;
}

} // namespace ctest_matrix
