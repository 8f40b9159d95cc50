// A verb as it describes itself: its options and arguments, what it does, and what its help says. Knows
// nothing of the library that parses (cli/command_line.cpp).
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace ctest_matrix {

/// What an option sets: a value, or for a flag a bool or a call. A list takes every value that is given.
using OptionTarget = std::variant<std::string*, std::filesystem::path*, int*, std::vector<std::string>*,
                                  std::vector<std::filesystem::path>*, bool*, std::function<void()>>;

struct VerbOption {
  std::string names{}; ///< `--root`, `-j,--jobs`; an argument without dashes: `MATRIX`
  OptionTarget target;
  std::string help{};
  std::string value_name{}; ///< what the help calls the value, where its type does not tell
  bool required = false;
  bool hidden = false;                   ///< what only CTest's tests say
  bool one_at_a_time = false;            ///< of a list: a value for each time that the option is there
  bool positive = false;                 ///< a number above 0
  std::vector<std::string> instead_of{}; ///< options of the verb that do not go together with it
};

struct Verb {
  std::string name{};
  std::string help{};
  std::string example{}; ///< a command; tests/e2e/help.sh runs each
  std::string note{};    ///< a sentence above the example
  std::vector<VerbOption> options{};
  std::vector<Verb> verbs{}; ///< of which one has to be named
  std::function<Result<ExitCode>()> action{};
  std::vector<std::string>* rest = nullptr; ///< takes what stands behind `--`; null: that is for the options
  bool hidden = false;                      ///< what only shells and builds say
  bool of_one = false;                      ///< of one cell, artifact or service: it never holds all of them
  std::function<std::string()> lacks{};     ///< which argument is missing, after parsing; empty: none

  VerbOption& add(std::string names, OptionTarget target, std::string what) {
    options.push_back({.names = std::move(names), .target = std::move(target), .help = std::move(what)});
    return options.back();
  }
};

} // namespace ctest_matrix
