#include "plan/emitted_names.hpp"

#include "plan/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ctest_matrix {

namespace {

/// In bytes: files and directories are called after what has a name, with something before and behind it, and
/// file systems carry 255.
constexpr std::size_t k_longest_name = 200;

/// What has a name, for messages, and where it stands.
struct Owner {
  std::string what;
  SourceLocation location;
};

class EmittedNames {
public:
  EmittedNames(const Matrix& matrix, const Expansion& expansion, const std::string& prefix,
               Diagnostics& diagnostics)
      : m_matrix(matrix),
        m_expansion(expansion), m_places{.matrix = {}, .root = {}, .state = {}, .prefix = prefix},
        m_name(prefix + matrix.name), m_diagnostics(diagnostics) {}

  void check() {
    fixtures();
    cells();
    locks();
    for (const Profile& profile : m_matrix.profiles) {
      check_length(profile.name, fmt::format("the profile '{}'", profile.name), profile.location);
    }
  }

private:
  void check_length(std::string_view name, std::string_view what, const SourceLocation& at) {
    if (name.size() > k_longest_name) {
      m_diagnostics.error(
          "M017", at,
          fmt::format("{} has a name of {} bytes; expected at most {}", what, name.size(), k_longest_name));
    }
  }

  void add(std::string name, Owner owner) {
    check_length(name, fmt::format("the test '{}'", name), owner.location);
    const auto [known, is_new] = m_owners.try_emplace(std::move(name), std::move(owner));
    if (!is_new) {
      meet(known->first, owner, known->second);
    }
  }

  void meet(std::string_view name, const Owner& owner, const Owner& other) {
    m_diagnostics.error(
        "M038", owner.location,
        fmt::format("{} and {} would both be called '{}' for CTest; give one of them another name",
                    owner.what, other.what, name));
    if (other.location.line > 0) {
      m_diagnostics.note(other.location, fmt::format("{} is here", other.what));
    }
  }

  void fixtures() {
    add(ready_test(m_name), {"the set-up of every cell", {m_matrix.file, 0, 0}});
    add(check_test(m_name), {"the comparison with the suite", {m_matrix.file, 0, 0}});
    for (const Agreement& agreement : m_matrix.agreements) {
      add(agreement_test(m_name, agreement.name),
          {fmt::format("the agreement '{}'", agreement.name), agreement.location});
    }
    for (const Rule& rule : m_matrix.rules) {
      add(rule_test(m_name, rule.name), {fmt::format("the rule '{}'", rule.name), rule.location});
    }
    for (const Artifact& artifact : m_matrix.artifacts) {
      add(artifact_test(m_name, artifact.name),
          {fmt::format("the artifact '{}'", artifact.name), artifact.location});
    }
    for (const Service& service : m_matrix.services) {
      const Owner owner{fmt::format("the service '{}'", service.name), service.location};
      add(service_fixture(m_name, service.name), owner);
      add(service_up_test(m_name, service.name), owner);
      add(service_down_test(m_name, service.name), owner);
    }
  }

  static Owner owner_of(const std::string& cell, const Row& row) {
    return {fmt::format("the cell '{}' of the row '{}'", cell, row.name), row.location};
  }

  /// Whether two cells can have the same name: not where the first dot of a name ends that of its row.
  bool cells_can_meet() const {
    std::set<std::string_view> suffixes;
    bool unique = true;
    for (const Column& column : m_expansion.columns) {
      for (const Variant& variant : column.variants) {
        unique = suffixes.insert(variant.suffix).second && unique;
      }
    }
    return !unique || std::ranges::any_of(m_matrix.rows, [](const Row& row) {
      return row.name.find('.') != std::string::npos;
    });
  }

  void cells() {
    std::unordered_map<std::string, const Row*> known;
    const bool can_meet = cells_can_meet();
    std::string name; // of the test
    for_each_cell(m_matrix.rows, m_expansion.columns, [&](const Row& row, const Variant& variant) {
      name.assign(m_places.prefix).append(row.name).append(".").append(variant.suffix);
      // The names of all others begin with that of the plan.
      const auto owner = name.starts_with(m_name) ? m_owners.find(name) : m_owners.end();
      if (owner != m_owners.end()) {
        meet(name, owner_of(cell_name(row, variant), row), owner->second);
      }
      if (can_meet) {
        const auto [other, is_new] = known.try_emplace(name, &row);
        if (!is_new) {
          const std::string cell = cell_name(row, variant);
          meet(name, owner_of(cell, row), owner_of(cell, *other->second));
        }
      }
      if (name.size() > k_longest_name) {
        check_length(name, fmt::format("the cell '{}'", name), row.location);
      }
    });
  }

  void locks() {
    const std::string serial = serial_lock(m_name);
    for (const Row& row : m_matrix.rows) {
      for (const std::string& lock : row.locks) {
        if (lock == serial) {
          meet(lock, {fmt::format("a lock of the row '{}'", row.name), row.place_of("locks")},
               {"the lock of cells that run one at a time", {}});
        }
      }
    }
  }

  const Matrix& m_matrix;
  const Expansion& m_expansion;
  Places m_places;
  std::string m_name; ///< of the plan
  Diagnostics& m_diagnostics;
  std::unordered_map<std::string, Owner> m_owners; ///< of all names but those of cells
};

} // namespace

void check_emitted_names(const Matrix& matrix, const Expansion& expansion, const std::string& prefix,
                         Diagnostics& diagnostics) {
  EmittedNames(matrix, expansion, prefix, diagnostics).check();
}

} // namespace ctest_matrix
