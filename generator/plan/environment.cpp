#include "plan/environment.hpp"

#include "plan/handed_on.hpp"
#include "runners/selection_variables.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>

namespace ctest_matrix {

std::string known_part(const TextTemplate& text, const Values& values) {
  return *text.render([&](std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? fmt::format("{{{}}}", name) : found->second;
  });
}

TextTemplate::Lookup lookup_in(const Values& values) {
  return [&values](std::string_view name) -> std::optional<std::string> {
    if (name.starts_with("env.")) {
      const char* value = std::getenv(std::string(name.substr(4)).c_str());
      return value == nullptr ? "" : value;
    }
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

namespace {

std::vector<std::string> own_environment() {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!hands_on(*entry)) {
      all.emplace_back(*entry);
    }
  }
  return all;
}

Result<std::vector<std::string>> with(std::vector<std::string> all, const Environment& extra,
                                      const TextTemplate::Lookup& lookup) {
  for (const auto& [name, value] : extra) {
    TRY_ASSIGN(const std::string text, value.render(lookup));
    std::erase_if(all, [&, key = name + "="](const std::string& entry) { return entry.starts_with(key); });
    all.push_back(name + "=" + text);
  }
  return all;
}

} // namespace

Result<std::vector<std::string>> environment_with(const Environment& extra,
                                                  const TextTemplate::Lookup& lookup) {
  return with(own_environment(), extra, lookup);
}

Result<std::vector<std::string>> runner_environment(const Environment& extra,
                                                    const TextTemplate::Lookup& lookup,
                                                    const std::vector<std::string>& command,
                                                    std::vector<std::string>& left_out) {
  std::vector<std::string> all = own_environment();
  left_out = take_out_selection(all, command);
  return with(std::move(all), extra, lookup);
}

Result<std::vector<std::string>> render_command(const std::vector<TextTemplate>& command,
                                                const TextTemplate::Lookup& lookup) {
  std::vector<std::string> argv;
  for (const TextTemplate& argument : command) {
    TRY_ASSIGN(std::string text, argument.render(lookup));
    argv.push_back(std::move(text));
  }
  return argv;
}

} // namespace ctest_matrix
