#include "report/watch.hpp"

#include "base/content.hpp"
#include "base/text.hpp"
#include "ctest/result_files.hpp"
#include "progress/last_run.hpp"
#include "progress/store.hpp"
#include "report/inputs.hpp"
#include "report/page.hpp"
#include "report/watch_view.hpp"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_look{200};
constexpr Milliseconds k_settled{1'000};
constexpr std::size_t k_kept_changes = 20;
constexpr std::size_t k_default_height = 24;

volatile std::sig_atomic_t g_stop = 0;

void stop_on_signals() {
  struct sigaction action {};

  action.sa_handler = [](int) { g_stop = 1; };
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    sigaction(signal, &action, nullptr);
  }
}

std::string signature_of(const std::vector<fs::path>& paths) {
  std::string signature;
  for (const fs::path& path : paths) {
    signature += file_signature(path) + ';';
  }
  return signature;
}

class Watch {
public:
  Watch(const ProjectOptions& project, fs::path page) : m_project(project), m_page(std::move(page)) {}

  Result<ExitCode> run() {
    stop_on_signals();
    TRY(load(LastRun::taken_in));
    show();
    while (g_stop == 0) {
      std::this_thread::sleep_for(k_look);
      look();
    }
    if (m_terminal) {
      print("\n");
    }
    return ExitCode::interrupted;
  }

private:
  static bool size_of_terminal(winsize& size) { return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0; }

  static std::size_t height() {
    winsize size{};
    return size_of_terminal(size) && size.ws_row > 0 ? size.ws_row : k_default_height;
  }

  static std::size_t width() { return terminal_of(STDOUT_FILENO).width; }

  static void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  /// CTest writes several files when it ends: they are taken in when they have been the same for a while.
  bool ctest_has_ended() {
    std::string results = signature_of(files_of_an_end(m_build_dir));
    const Milliseconds now = system_clock().monotonic();
    if (results != m_seen_results) {
      m_seen_results = std::move(results);
      m_seen_since = now;
    }
    return m_seen_results != m_taken_results && now - m_seen_since >= k_settled;
  }

  void look() {
    const std::string size = fmt::format("{}x{}", width(), height());
    std::string files = signature_of(m_files);
    if (ctest_has_ended()) {
      m_taken_results = m_seen_results;
      m_signature = std::move(files);
      follow(LastRun::taken_in);
    } else if (files != m_signature) {
      m_signature = std::move(files); // also when no report can be made of it: said once
      follow(LastRun::left);
    } else if (size != m_size && m_terminal) {
      show();
    }
    m_size = size;
  }

  /// The report as everything is now. What is written while it is made is for the next look.
  Result<void> load(LastRun last_run) {
    TRY_ASSIGN(const auto plan, load_plan(m_project));
    const StorePaths paths = store_paths(plan.common);
    m_build_dir = plan.common.places.build_dir();
    m_files = {paths.journal, paths.progress, plan.common.places.matrix};
    m_signature = signature_of(m_files);
    if (!m_report) {
      m_taken_results = signature_of(files_of_an_end(m_build_dir));
    }
    TRY_ASSIGN(auto report, load_report(plan, m_project, {}, last_run));
    m_fresh = !m_report ? std::vector<WatchedChange>() : changes_between(*m_report, report);
    m_report = std::move(report);
    return m_page.empty() ? Result<void>() : write_report_page(plan, *m_report, m_page);
  }

  void follow(LastRun last_run) {
    m_fresh.clear();
    if (auto loaded = load(last_run); !loaded) {
      m_fresh.push_back({"", loaded.error().message});
    }
    m_changes.insert(m_changes.end(), m_fresh.begin(), m_fresh.end());
    if (m_changes.size() > k_kept_changes) {
      m_changes.erase(m_changes.begin(), m_changes.end() - k_kept_changes);
    }
    if (m_terminal) {
      show();
      return;
    }
    for (const WatchedChange& change : m_fresh) {
      print(change.text + "\n");
    }
    if (!m_fresh.empty()) {
      print(standing_line(*m_report) + "\n");
    }
  }

  void show() {
    if (!m_terminal) {
      print(standing_line(*m_report) + "\n");
      return;
    }
    const std::string screen =
        render_watch_screen(*m_report, m_changes, terminal_of(STDOUT_FILENO), height());
    // From the top, without wrapping, and whatever was there before is cleared behind each line and below.
    print(fmt::format("\x1b[?7l\x1b[H{}\x1b[K\x1b[J\x1b[?7h", replace_all(screen, "\n", "\x1b[K\r\n")));
  }

  const ProjectOptions& m_project;
  fs::path m_page;
  bool m_terminal = isatty(STDOUT_FILENO) != 0;
  std::vector<fs::path> m_files; ///< a change of these is shown
  fs::path m_build_dir;
  std::string m_signature;
  std::string m_seen_results;
  std::string m_taken_results;
  Milliseconds m_seen_since{0};
  std::string m_size = fmt::format("{}x{}", width(), height());
  std::optional<ProgressReport> m_report;
  std::vector<WatchedChange> m_fresh;   ///< since the report before
  std::vector<WatchedChange> m_changes; ///< the newest, the oldest of them first
};

} // namespace

Result<ExitCode> watch_report(const ProjectOptions& project, const fs::path& page) {
  return Watch(project, page).run();
}

} // namespace ctest_matrix
