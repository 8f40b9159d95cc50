#include "process/launch.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace ctest_matrix {

namespace fs = std::filesystem;

namespace {

std::string search_path(const std::vector<std::string>& environment) {
  constexpr std::string_view k_key = "PATH=";
  for (const std::string& entry : environment) {
    if (entry.starts_with(k_key)) {
      return entry.substr(k_key.size());
    }
  }
  return "/usr/local/bin:/usr/bin:/bin";
}

bool has_slash(const std::string& program) {
  return program.find('/') != std::string::npos;
}

} // namespace

Result<GuardianPlan> plan_run(const ProcessSpec& spec) {
  const auto refuse = [](std::string why) { return Error{ExitCode::setup, std::move(why)}; };
  if (spec.argv.empty() || spec.argv.front().empty()) {
    return refuse("cannot run an empty command");
  }
  GuardianPlan plan;
  plan.argv = spec.argv;
  plan.environment = spec.environment;
  if (!spec.marker.empty()) {
    const std::string key = spec.marker.substr(0, spec.marker.find('=')) + "=";
    std::erase_if(plan.environment, [&](const std::string& entry) { return entry.starts_with(key); });
    // At the end, where a program that writes its title over its arguments does not reach first.
    plan.environment.push_back(spec.marker);
  }
  std::error_code error;
  plan.directory =
      (spec.directory.empty() ? fs::current_path(error) : fs::absolute(spec.directory, error)).string();
  if (error) {
    return refuse(fmt::format("cannot find the current directory: {}", error.message()));
  }
  for (const auto* strings : {&plan.argv, &plan.environment}) {
    for (const std::string& text : *strings) {
      if (text.find('\0') != std::string::npos) {
        return refuse(fmt::format("cannot run {}: '{}' holds a NUL character", printable(spec.argv.front()),
                                  printable(text)));
      }
    }
  }
  const std::string& program = spec.argv.front();
  if (has_slash(program)) {
    plan.candidates = {program};
  } else {
    for (const std::string& directory : split(search_path(plan.environment), ':')) {
      plan.candidates.push_back((directory.empty() ? "." : directory) + "/" + program);
    }
  }
  plan.marker = spec.marker;
  plan.tag = tag_of(spec.marker);
  plan.launcher = getpid();
  plan.deadline = spec.deadline;
  plan.stop_signal = spec.stop_signal;
  plan.grace = spec.grace;
  plan.settle = spec.settle;
  plan.on_abandoned = spec.on_abandoned;
  return plan;
}

std::vector<char*> exec_pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));
  }
  pointers.push_back(nullptr);
  return pointers;
}

std::string start_failure(const GuardianPlan& plan, GuardianEvent::Kind kind, int error) {
  const std::string& program = plan.argv.front();
  const char* reason = std::strerror(error);
  if (kind == GuardianEvent::Kind::no_fork) {
    return fmt::format("cannot start a process for {}: {}", program, reason);
  }
  if (kind == GuardianEvent::Kind::no_directory) {
    return fmt::format("cannot enter the directory {}: {}", plan.directory, reason);
  }
  for (const std::string& candidate : plan.candidates) {
    const fs::path file = fs::path(plan.directory) / candidate;
    std::error_code ignored;
    if (error == ENOENT && fs::is_regular_file(file, ignored)) {
      return fmt::format("cannot run {}: {} (the file is there; its interpreter is not)", program, reason);
    }
  }
  return has_slash(program)
             ? fmt::format("cannot run {}: {} (in {})", program, reason, plan.directory)
             : fmt::format("cannot run {}: {} (PATH={})", program, reason, search_path(plan.environment));
}

} // namespace ctest_matrix
