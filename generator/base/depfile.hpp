// What a compiler or a bundler writes about the files that it has read: rules in the syntax of make, as gcc,
// clang and cargo write them (`gcc -MMD`, `lib*.d` beside cargo's libraries), or the metafile of esbuild,
// which tsup and others write too. Knows no file: a text becomes names. Pure.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ctest_matrix {

/// The most bytes of a depfile, and the most files that one names.
inline constexpr std::uintmax_t k_largest_depfile = std::uintmax_t{64} << 20;
inline constexpr std::size_t k_most_dependencies = 200'000;

/// The names as they stand there, without their escapes, in the order of the text; a name may be there twice.
struct Dependencies {
  std::vector<std::string> files;
  /// Of a metafile: `namespace:path`, what a plugin made up, and `path?query`. Files only if they are there.
  std::vector<std::string> uncertain;
};

/// Reads a depfile of either kind; a metafile begins with `{`. Of make's language it knows what is written in
/// depfiles: rules, comments, continued lines, the escapes of space, `#`, `:` and `$`. Error (input): `line
/// 3: expected …`, also for a text that ends in the middle of a rule or names no file: what was cut must not
/// look whole.
Result<Dependencies> parse_depfile(std::string_view text);

/// A rule in make's syntax that names these files; `parse_depfile` reads them back. A name with a line break
/// in it is left out: no rule can have one.
std::string write_depfile(const std::vector<std::string>& files);

} // namespace ctest_matrix
