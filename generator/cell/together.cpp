// The rule `together`: where files of one kind have changed since a base, files of another must have, too, or
// a commit says why not.
#include "base/glob.hpp"
#include "base/input_text.hpp"
#include "base/text.hpp"
#include "cell/rule_kinds.hpp"
#include "plan/git.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace ctest_matrix {

namespace {

constexpr std::size_t k_told_files = 10;
constexpr std::size_t k_short_hash = 10;

/// What the checkout is compared with.
struct Base {
  std::string commit; ///< full hash
  std::string words;  ///< merge base with main
};

/// What a commit says of the rule.
struct Exemption {
  std::string commit;
  std::string reason;
};

class Comparison {
public:
  Comparison(const CommonPlan& common, const Rule& rule, const std::string& base)
      : m_root(common.places.root), m_common(common), m_rule(rule),
        m_named(base.empty() ? rule.together->base : base) {}

  RuleResult run() {
    std::vector<std::string> problems;
    const auto base = find_base(problems);
    const auto changed = base ? changes(*base, problems) : std::nullopt;
    for (const auto* globs : {&m_rule.together->when, &m_rule.together->then}) {
      const RuleFiles there = rule_files(m_common, *globs);
      problems.insert(problems.end(), there.problems.begin(), there.problems.end());
      for (const std::string& pattern : there.unmatched) {
        const auto matches = [&](const std::string& file) { return glob_match(pattern, file); };
        if (!changed || std::ranges::none_of(*changed, matches)) { // what was deleted since matches, too
          problems.push_back(unmatched_problem(pattern));
        }
      }
    }
    if (!problems.empty()) {
      return unknown(problems);
    }
    return judge(*base, matching(*changed, m_rule.together->when), matching(*changed, m_rule.together->then));
  }

private:
  static std::vector<std::string> matching(const std::vector<std::string>& files,
                                           const std::vector<std::string>& globs) {
    std::vector<std::string> found;
    std::ranges::copy_if(files, std::back_inserter(found),
                         [&](const std::string& file) { return covers(globs, file); });
    return found;
  }

  std::optional<std::string> commit_of(const std::string& name) const {
    const auto hash =
        ask_git(m_root, {"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
    return hash ? std::optional(std::string(trim(*hash))) : std::nullopt;
  }

  /// The newest commit that HEAD shares with the base, here or at the remote.
  std::optional<Base> find_base(std::vector<std::string>& problems) const {
    const std::vector<std::string> names =
        m_named.empty() ? std::vector<std::string>{"refs/remotes/origin/HEAD"}
                        : std::vector<std::string>{m_named, "refs/remotes/origin/" + m_named};
    std::vector<std::string> arguments{"merge-base", "HEAD"};
    for (const std::string& name : names) {
      if (auto commit = commit_of(name)) {
        arguments.push_back(*std::move(commit));
      }
    }
    if (arguments.size() == 2) {
      problems.push_back(
          m_named.empty()
              ? fmt::format("git does not say which branch this one is to be compared with (no "
                            "origin/HEAD); expected base: BRANCH in the rule, --base REF, or {}=REF",
                            k_base_variable)
              : fmt::format("git has no '{}' to compare with", printable(m_named)));
      return std::nullopt;
    }
    const auto hash = ask_git(m_root, arguments);
    const std::string commit(hash ? trim(*hash) : "");
    const std::string words = m_named.empty() ? "origin/HEAD" : m_named;
    if (commit.empty()) {
      problems.push_back(
          fmt::format("HEAD shares no commit with '{}'; a shallow clone does not know it (git fetch "
                      "--unshallow)",
                      printable(words)));
      return std::nullopt;
    }
    return Base{commit, fmt::format("{} ({})", commit.substr(0, k_short_hash), printable(words))};
  }

  /// The files below the root, relative to it, that differ from the base, committed or not.
  std::optional<std::vector<std::string>> changes(const Base& base,
                                                  std::vector<std::string>& problems) const {
    const auto differ = ask_git(m_root, {"diff", "--name-only", "-z", "--no-renames", "--no-ext-diff",
                                         "--relative", "--ignore-submodules=none", base.commit, "--"});
    const auto untracked = ask_git(m_root, {"ls-files", "-z", "--others", "--exclude-standard"});
    if (!differ || !untracked) {
      problems.emplace_back("git does not tell what has changed");
      return std::nullopt;
    }
    std::set<std::string> files;
    for (std::string& name : split(*differ + *untracked, '\0')) {
      if (!name.empty()) {
        files.insert(std::move(name));
      }
    }
    return std::vector<std::string>(files.begin(), files.end());
  }

  /// What the commits since the base say of this rule.
  std::vector<Exemption> exemptions(const Base& base) const {
    const auto log = ask_git(
        m_root,
        {"log", "-z",
         fmt::format("--format=%h%x01%(trailers:key={},valueonly,unfold,separator=%x01)", k_allow_key),
         base.commit + "..HEAD"});
    std::vector<Exemption> found;
    for (const std::string& commit : split(log.value_or(""), '\0')) {
      const std::vector<std::string> parts = split(commit, '\1');
      for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::string_view value = trim(parts[i]);
        const std::size_t colon = value.find(':');
        if (trim(value.substr(0, colon)) == m_rule.name) {
          found.push_back(
              {std::string(trim(parts.front())),
               std::string(colon == std::string_view::npos ? "" : trim(value.substr(colon + 1)))});
        }
      }
    }
    return found;
  }

  RuleResult judge(const Base& base, const std::vector<std::string>& when,
                   const std::vector<std::string>& then) const {
    const std::string since = fmt::format("since {}", base.words);
    if (when.empty()) {
      return kept(fmt::format("none of its files has changed {}", since));
    }
    if (!then.empty()) {
      return kept(fmt::format("{} changed {}, and so did {}", plural(when.size(), "file"), since,
                              plural(then.size(), "file")));
    }
    const std::vector<Exemption> allowed = exemptions(base);
    const auto with_reason =
        std::ranges::find_if(allowed, [](const Exemption& e) { return !e.reason.empty(); });
    if (with_reason != allowed.end()) {
      return kept(fmt::format("{} changed {}, and commit {} says why nothing else did: {}",
                              plural(when.size(), "file"), since, with_reason->commit,
                              clean_text(with_reason->reason)));
    }
    RuleResult result{.state = RuleState::broken,
                      .places = {},
                      .brief = fmt::format("{} changed {}, and no file of {}{}", plural(when.size(), "file"),
                                           since, join(m_rule.together->then, ", "),
                                           allowed.empty() ? "" : "; a commit allows it without a reason")};
    for (std::size_t i = 0; i < std::min(when.size(), k_told_files); ++i) {
      result.places +=
          fmt::format("{}:1: {}: changed, and no file of {} is: {}\n", (m_root / when[i]).string(),
                      level_word(m_rule.level), join(m_rule.together->then, ", "), m_rule.reason);
    }
    if (when.size() > k_told_files) {
      result.places += fmt::format("... and {} more\n", plural(when.size() - k_told_files, "file"));
    }
    result.places +=
        fmt::format("change that, too, or say in a commit why not, with a line at its end:\n  {}: {}: WHY\n",
                    k_allow_key, m_rule.name);
    return result;
  }

  static RuleResult kept(std::string brief) {
    return {.state = RuleState::kept, .places = {}, .brief = std::move(brief)};
  }

  RuleResult unknown(const std::vector<std::string>& problems) const {
    RuleResult result{.state = RuleState::unknown, .places = {}, .brief = problems.front()};
    for (const std::string& problem : problems) {
      result.places += fmt::format("{}: {}: rule '{}': {}\n", rule_place(m_common, m_rule),
                                   level_word(m_rule.level), m_rule.name, problem);
    }
    return result;
  }

  const std::filesystem::path& m_root;
  const CommonPlan& m_common;
  const Rule& m_rule;
  std::string m_named;
};

} // namespace

RuleResult check_together(const CommonPlan& common, const Rule& rule, const std::string& base) {
  return Comparison(common, rule, base).run();
}

} // namespace ctest_matrix
