// The JSON of a plan: one description of each of its structs (base/json_fields.hpp). What only making a plan
// needs, such as the places of keys in the matrix, is left out.
#pragma once

#include "base/formats.hpp"
#include "base/json_fields.hpp"
#include "plan/plan.hpp"

#include <optional>
#include <string>
#include <utility>

namespace ctest_matrix {

template <>
inline constexpr ReportFormat k_json_last<ReportFormat> = ReportFormat::exit_code;
template <>
inline constexpr ListingFormat k_json_last<ListingFormat> = ListingFormat::lines;
template <>
inline constexpr LeakPolicy k_json_last<LeakPolicy> = LeakPolicy::fail;
template <>
inline constexpr CountCheck k_json_last<CountCheck> = CountCheck::none;
template <>
inline constexpr Proves k_json_last<Proves> = Proves::scope;
template <>
inline constexpr Escaping k_json_last<Escaping> = Escaping::none;
template <>
inline constexpr RuleLevel k_json_last<RuleLevel> = RuleLevel::warn;
template <>
inline constexpr HealthKind k_json_last<HealthKind> = HealthKind::log;

template <>
struct JsonForm<TextTemplate> {
  static std::string to(const TextTemplate& text) { return text.source(); }

  static std::optional<TextTemplate> from(const std::string& source) {
    TextTemplate::Problem problem;
    return TextTemplate::parse(source, problem);
  }
};

template <>
struct JsonForm<TestFile> {
  static std::string to(const TestFile& file) { return file.source(); }

  static std::optional<TestFile> from(const std::string& source) { return TestFile::parse(source); }
};

template <>
struct JsonForm<SharedList<Variant>> {
  static std::vector<Variant> to(const SharedList<Variant>& variants) { return variants.elements(); }

  static std::optional<SharedList<Variant>> from(std::vector<Variant> variants) { return variants; }
};

template <typename Archive>
void fields(Archive& archive, Variant& variant) {
  archive("suffix", variant.suffix);
  archive("axes", variant.axes);
  archive("column", variant.column);
  archive.if_set("labels", variant.labels);
  archive("timeout_scale", variant.timeout_scale);
  archive.if_set("artifacts", variant.artifacts);
  archive.if_set("services", variant.services);
  archive.if_set("inputs", variant.inputs);
  archive.if_set("command", variant.command);
  archive.if_set("environment", variant.environment);
  archive.if_set("directory", variant.directory);
  archive.if_set("report", variant.report);
}

template <typename Archive>
void elements(Archive& archive, Label& label) {
  archive(label.name, label.timeout);
}

template <typename Archive>
void elements(Archive& archive, AxisTexts& texts) {
  archive(texts.axis, texts.texts);
}

template <typename Archive>
void fields(Archive& archive, Column& column) {
  archive("name", column.name);
  archive("variants", column.variants);
}

template <typename Archive>
void fields(Archive& archive, Artifact& artifact) {
  archive("name", artifact.name);
  archive("inputs", artifact.inputs);
  archive("outputs", artifact.outputs);
  archive("depfiles", artifact.depfiles);
  archive("after", artifact.after);
  archive("directory", artifact.directory);
  archive("command", artifact.command);
  archive("environment", artifact.environment);
  archive("timeout", artifact.timeout);
  archive("line", artifact.location.line);
}

template <typename Archive>
void fields(Archive& archive, Health& health) {
  archive("kind", health.kind);
  archive("target", health.target);
  archive("status", health.status);
  archive("fields", health.fields);
  archive("interval", health.interval);
  archive("timeout", health.timeout);
}

template <typename Archive>
void fields(Archive& archive, Service& service) {
  archive("name", service.name);
  archive("directory", service.directory);
  archive("command", service.command);
  archive("environment", service.environment);
  archive("ports", service.ports);
  archive("after", service.after);
  archive("health", service.health);
  archive("log", service.log);
  archive("stop_signal", service.stop_signal);
  archive("grace", service.grace);
  archive("linger", service.linger);
  archive.if_set("borrow_any", service.borrow_any);
  archive("restart", service.restart);
  archive("instances", service.instances);
  archive("line", service.location.line);
}

template <typename Archive>
void elements(Archive& archive, AgreementPlace& place) {
  archive(place.file, place.pattern);
}

template <typename Archive>
void fields(Archive& archive, Agreement& agreement) {
  archive("name", agreement.name);
  archive("places", agreement.places);
  archive("line", agreement.location.line);
}

template <typename Archive>
void elements(Archive& archive, ForbiddenText& text) {
  archive(text.pattern, text.files);
}

template <typename Archive>
void elements(Archive& archive, Together& together) {
  archive(together.when, together.then, together.base);
}

template <typename Archive>
void fields(Archive& archive, Rule& rule) {
  archive("name", rule.name);
  archive("level", rule.level);
  archive("reason", rule.reason);
  archive("forbidden", rule.forbidden);
  archive("together", rule.together);
  archive("line", rule.location.line);
}

template <typename Archive>
void fields(Archive& archive, ListCommand& listing) {
  archive("command", listing.command);
  archive("format", listing.format);
  archive("inputs", listing.inputs);
  archive("timeout", listing.timeout);
}

template <typename Archive>
void fields(Archive& archive, Places& places) {
  archive("matrix", places.matrix);
  archive("root", places.root);
  archive("state", places.state);
  archive.if_set("evidence", places.evidence);
  archive("prefix", places.prefix);
}

template <typename Archive>
void fields(Archive& archive, SourceRules& rules) {
  archive("test_file", rules.test_file);
  archive("except", rules.except);
}

template <typename Archive>
void fields(Archive& archive, CommonPlan& common) {
  archive.constant("version", k_plan_format);
  archive("name", common.name);
  archive("places", common.places);
  archive("profile", common.profile);
  archive("title", common.title);
  archive("config", common.config);
  archive("labels", common.labels);
  archive("columns", common.columns);
  archive.if_set("texts", common.texts);
  archive("parallel", common.parallel);
  archive("progress", common.progress);
  archive.if_set("known", common.known);
  archive.if_set("friction", common.friction);
  archive.if_set("issues", common.issues);
  archive("log_current", common.log_current);
  archive("log_narrow", common.log_narrow);
  archive("directory", common.directory);
  archive("command", common.command);
  archive.if_set("file", common.file);
  archive.if_set("scope", common.scope);
  archive.if_set("filter", common.filter);
  archive("environment", common.environment);
  archive("report", common.report);
  archive("grace", common.grace);
  archive("leaks", common.leaks);
  archive("counts", common.counts);
  archive.if_set("report_files", common.report_files);
  archive("proves", common.proves);
  archive("escaping", common.escaping);
  archive("narrow", common.narrow);
  archive("listing", common.listing);
  archive("next_steps", common.next_steps);
  archive("agreements", common.agreements);
  archive.if_set("rules", common.rules);
  archive("artifacts", common.artifacts);
  archive("services", common.services);
  archive("sources", common.sources);
  archive.if_set("share", common.share);
  archive.if_set("split", common.split);
  archive.if_set("share_run", common.share_run);
}

} // namespace ctest_matrix
