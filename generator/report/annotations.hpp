// What fails, for the places of a CI that show it beside the sources.
#pragma once

#include "plan/plan.hpp"
#include "report/report.hpp"

#include <string>

namespace ctest_matrix {

/// Workflow commands of GitHub, a line each: errors for what is new, warnings for what is known, errors for
/// shares that did not come back.
/// Format: docs.github.com/actions/reference/workflow-commands-for-github-actions
std::string github_annotations(const Plan& plan, const ProgressReport& report);

/// A code quality report for GitLab: one JSON array with its newline.
/// Format: docs.gitlab.com/ci/testing/code_quality
std::string gitlab_code_quality(const Plan& plan, const ProgressReport& report);

} // namespace ctest_matrix
