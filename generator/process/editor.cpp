#include "process/editor.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace ctest_matrix {

namespace {

std::string editor_command() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      return value;
    }
  }
  return "";
}

} // namespace

Result<void> open_in_editor(const std::filesystem::path& file) {
  const std::string command = editor_command();
  if (command.empty()) {
    return Error{ExitCode::usage, "neither VISUAL nor EDITOR names an editor; --no-edit goes without one"};
  }
  std::string line = command + " \"$1\""; // it may have words, as git's may
  std::string path = file.string();
  std::string words[] = {"sh", "-c", std::move(line), "sh", std::move(path)};
  char* const argv[] = {words[0].data(), words[1].data(), words[2].data(),
                        words[3].data(), words[4].data(), nullptr};
  pid_t pid = 0;
  if (const int error = posix_spawnp(&pid, "sh", nullptr, nullptr, argv, environ); error != 0) {
    return Error{ExitCode::setup, fmt::format("cannot start the editor: {}", std::strerror(error))};
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error{ExitCode::setup,
                 fmt::format("the editor '{}' failed: nothing was written", printable(command))};
  }
  return {};
}

} // namespace ctest_matrix
