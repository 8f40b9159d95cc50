#include "process/notes.hpp"

#include "base/boot.hpp"
#include "base/files.hpp"
#include "base/own_directory.hpp"
#include "base/text.hpp"
#include "base/user_directory.hpp"
#include "process/table.hpp"
#include "process/tag.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

/// Empty where this user has no directory of its own.
fs::path notes_directory() {
  const auto own = user_directory();
  return own ? *own / "runs" : fs::path();
}

std::string name_of(std::string_view marker) {
  return fingerprint(marker);
}

/// Those below this process that do not bear the tag: `NUMBER START`, a line each.
std::string untagged_below(Tag tag) {
  std::vector<pid_t> below = children_of(getpid());
  std::string text;
  for (std::size_t i = 0; i < below.size(); ++i) {
    for (const pid_t child : children_of(below[i])) {
      if (std::ranges::find(below, child) == below.end()) {
        below.push_back(child);
      }
    }
    const ProcessIdentity process =
        bears_tag(below[i], tag) ? ProcessIdentity() : ProcessIdentity::of(below[i]);
    if (process.start_time > 0) {
      text += fmt::format("{} {}\n", process.pid, process.start_time);
    }
  }
  return text;
}

} // namespace

ProcessNotes::ProcessNotes(std::string marker)
    : m_marker(std::move(marker)), m_begin(system_clock().monotonic()), m_due(m_begin) {}

void ProcessNotes::look_when_due() {
  constexpr Milliseconds k_least{20};
  constexpr Milliseconds k_most{500};
  constexpr int k_share_of_time = 16;  // of the time since the begin
  constexpr int k_times_as_long = 100; // as the look took
  const Milliseconds now = system_clock().monotonic();
  if (m_marker.empty() || now < m_due) {
    return;
  }
  look();
  const Milliseconds end = system_clock().monotonic();
  m_soonest = end + std::max(k_least, k_times_as_long * (end - now));
  m_due = std::max(m_soonest, end + std::min((end - m_begin) / k_share_of_time, k_most));
}

void ProcessNotes::look() {
  const std::string text = untagged_below(tag_of(m_marker));
  if (text == m_noted) {
    return;
  }
  m_noted = text;
  if (m_file.empty()) {
    const fs::path directory = notes_directory();
    if (directory.empty() || !make_private_directory(directory)) {
      return; // what cannot be noted is not known
    }
    m_file = directory / name_of(m_marker);
  }
  if (text.empty()) {
    remove();
  } else {
    static_cast<void>(write_file_quickly(m_file, process_place() + "\n" + text));
  }
}

void ProcessNotes::remove() {
  if (!m_file.empty()) {
    std::error_code ignored;
    fs::remove(m_file, ignored);
  }
}

std::vector<ProcessIdentity> noted_processes(std::string_view marker) {
  const fs::path directory = notes_directory();
  const auto text = directory.empty() ? Error() : read_file(directory / name_of(marker));
  const std::vector<std::string> lines = split_lines(text ? *text : "");
  std::vector<ProcessIdentity> noted;
  if (lines.empty() || lines.front() != process_place()) {
    return noted;
  }
  for (const std::string& line : lines) {
    ProcessIdentity process;
    const char* const end = line.data() + line.size();
    const auto number = std::from_chars(line.data(), end, process.pid);
    if (number.ec == std::errc() && number.ptr != end &&
        std::from_chars(number.ptr + 1, end, process.start_time).ec == std::errc()) {
      noted.push_back(process);
    }
  }
  return noted;
}

void forget_noted_processes(std::string_view marker) {
  if (const fs::path directory = notes_directory(); !directory.empty()) {
    std::error_code ignored;
    fs::remove(directory / name_of(marker), ignored);
  }
}

} // namespace ctest_matrix
