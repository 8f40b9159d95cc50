#include "plan/verdict.hpp"

#include <array>
#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::array<std::pair<Verdict, std::string_view>, 12> k_names{{
    {Verdict::pass, "PASS"},
    {Verdict::skip, "SKIP"},
    {Verdict::fail, "FAIL"},
    {Verdict::timeout, "TIMEOUT"},
    {Verdict::crash, "CRASH"},
    {Verdict::no_tests, "NO-TESTS"},
    {Verdict::foreign, "FOREIGN"},
    {Verdict::bad_report, "BAD-REPORT"},
    {Verdict::exit, "EXIT"},
    {Verdict::shrunk, "SHRUNK"},
    {Verdict::setup, "SETUP"},
    {Verdict::interrupted, "INTERRUPTED"},
}};

} // namespace

std::string_view verdict_name(Verdict verdict) {
  for (const auto& [value, name] : k_names) {
    if (value == verdict) {
      return name;
    }
  }
  return "";
}

std::optional<Verdict> parse_verdict(std::string_view name) {
  for (const auto& [value, known] : k_names) {
    if (known == name) {
      return value;
    }
  }
  return std::nullopt;
}

bool earns_tick(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::skip;
}

} // namespace ctest_matrix
