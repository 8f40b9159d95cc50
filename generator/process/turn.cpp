#include "process/turn.hpp"

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

/// What the file of a turn says: `PID START_TIME PATIENCE MARKER`, or of a turn without a run only `PID`.
struct NamedRun {
  ProcessIdentity launcher;
  Milliseconds patience{0};
  std::string marker; ///< empty: none is named

  bool abandoned() const { return !marker.empty() && !launcher.alive(); }
};

template <typename Number>
Number number_in(const std::string& text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

NamedRun parse_note(const std::string& note) {
  const std::vector<std::string> words = split(note, ' ');
  if (words.size() != 4) {
    return {};
  }
  return {.launcher = {number_in<pid_t>(words[0]), number_in<std::uint64_t>(words[1])},
          .patience = Milliseconds(number_in<long>(words[2])),
          .marker = words[3]};
}

} // namespace

Turn::Turn(FileLock lock) : m_lock(std::make_unique<FileLock>(std::move(lock))) {
  own_turns().push_back(m_lock.get());
  m_lock->note(std::to_string(getpid()));
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
      if (const NamedRun before = parse_note(taken->before()); before.abandoned()) {
        end_bearers(before.marker, Milliseconds(0)); // its guardian would hold the lock
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
    turn->note(fmt::format("{} {} {} {}", self.pid, self.start_time, patience.count(), marker));
  }
}

void forget_turns() {
  own_turns().clear();
}

} // namespace ctest_matrix
