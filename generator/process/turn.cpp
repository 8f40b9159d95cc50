#include "process/turn.hpp"

#include "base/boot.hpp"
#include "base/text.hpp"
#include "process/identity.hpp"
#include "process/leftovers.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <charconv>
#include <optional>
#include <thread>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

constexpr Milliseconds k_look_again{20};

/// The turns of this process.
std::vector<const FileLock*>& own_turns() {
  static std::vector<const FileLock*> turns;
  return turns;
}

/// What the file of a turn says: `PID PLACE START_TIME PATIENCE MARKER`, or of a turn without a run only the
/// first two.
struct NamedRun {
  std::string place; ///< where the launcher's number is one (base/boot.hpp)
  ProcessIdentity launcher;
  Milliseconds patience{0};
  std::string marker; ///< empty: none is named

  /// False also for a launcher in another container, or on another machine, which cannot be seen from here.
  bool abandoned() const { return !marker.empty() && place == process_place() && !launcher.alive(); }
};

template <typename Number>
Number number_in(const std::string& text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

NamedRun parse_note(const std::string& note) {
  const std::vector<std::string> words = split(note, ' ');
  if (words.size() != 5 || !words[4].starts_with("CTEST_MATRIX_")) {
    return {};
  }
  return {.place = words[1],
          .launcher = {number_in<pid_t>(words[0]), number_in<std::uint64_t>(words[2])},
          .patience = Milliseconds(number_in<long>(words[3])),
          .marker = words[4]};
}

} // namespace

Turn::Turn(FileLock lock) : m_lock(std::make_unique<FileLock>(std::move(lock))) {
  own_turns().push_back(m_lock.get());
  m_lock->note(fmt::format("{} {}", getpid(), process_place()));
}

Turn::~Turn() {
  if (m_lock != nullptr) {
    std::erase(own_turns(), m_lock.get());
    m_lock->note("");
  }
}

Result<Turn> Turn::take(const fs::path& lock, Milliseconds patience) {
  const Milliseconds begin = system_clock().monotonic();
  std::optional<Milliseconds> abandoned; // since when
  for (;;) {
    TRY_ASSIGN(auto taken, FileLock::try_acquire(lock));
    if (taken) {
      // Wherever it ran, launcher and guardian are gone: they would hold the lock, and a launcher that comes
      // to its end leaves no name.
      if (const NamedRun before = parse_note(taken->before()); !before.marker.empty()) {
        end_bearers(before.marker, Milliseconds(0));
      }
      return Turn(*std::move(taken));
    }
    const Milliseconds now = system_clock().monotonic();
    const NamedRun holder = parse_note(FileLock::noted(lock));
    abandoned = holder.abandoned() ? std::optional(abandoned.value_or(now)) : std::nullopt;
    if (abandoned && now - *abandoned > holder.patience) {
      end_bearers(holder.marker, Milliseconds(0));
    }
    if (now - begin >= patience) {
      return FileLock::held_by_another(lock, patience);
    }
    std::this_thread::sleep_for(k_look_again);
  }
}

std::vector<int> turn_descriptors() {
  std::vector<int> descriptors;
  for (const FileLock* turn : own_turns()) {
    descriptors.push_back(turn->descriptor());
  }
  return descriptors;
}

void name_run_in_turns(const std::string& marker, Milliseconds patience) {
  const ProcessIdentity self = ProcessIdentity::of(getpid());
  for (const FileLock* turn : own_turns()) {
    turn->note(
        fmt::format("{} {} {} {} {}", self.pid, process_place(), self.start_time, patience.count(), marker));
  }
}

void forget_turns() {
  own_turns().clear();
}

} // namespace ctest_matrix
