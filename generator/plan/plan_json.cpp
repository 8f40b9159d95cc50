#include "plan/plan_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace ctest_matrix {

using Json = nlohmann::ordered_json;

namespace {

constexpr int k_version = 4;
constexpr auto k_lenient = Json::error_handler_t::replace;

// Only these few types go into the file; a helper for each, one direction after the other.

Json to_json(const Assignment& axes) {
  Json json = Json::array();
  for (const auto& [axis, value] : axes) {
    json.push_back({axis, value});
  }
  return json;
}

Assignment to_assignment(const Json& json) {
  return json.get<Assignment>();
}

Json to_json(const std::vector<TextTemplate>& texts) {
  Json json = Json::array();
  for (const TextTemplate& text : texts) {
    json.push_back(text.source());
  }
  return json;
}

TextTemplate to_template(const Json& json) {
  TextTemplate::Problem problem;
  return TextTemplate::parse(json.get<std::string>(), problem).value();
}

std::vector<TextTemplate> to_templates(const Json& json) {
  std::vector<TextTemplate> texts;
  for (const Json& text : json) {
    texts.push_back(to_template(text));
  }
  return texts;
}

Json to_json(const Environment& environment) {
  Json json = Json::array();
  for (const auto& [name, value] : environment) {
    json.push_back({name, value.source()});
  }
  return json;
}

Environment to_environment(const Json& json) {
  Environment environment;
  for (const Json& entry : json) {
    environment.emplace_back(entry.at(0).get<std::string>(), to_template(entry.at(1)));
  }
  return environment;
}

Json to_json(const Artifact& artifact) {
  return {{"name", artifact.name},
          {"inputs", artifact.inputs},
          {"outputs", artifact.outputs},
          {"after", artifact.after},
          {"directory", artifact.directory},
          {"command", to_json(artifact.command)},
          {"environment", to_json(artifact.environment)},
          {"timeout", artifact.timeout},
          {"line", artifact.location.line}};
}

Artifact to_artifact(const Json& json) {
  Artifact artifact;
  json.at("name").get_to(artifact.name);
  json.at("inputs").get_to(artifact.inputs);
  json.at("outputs").get_to(artifact.outputs);
  json.at("after").get_to(artifact.after);
  json.at("directory").get_to(artifact.directory);
  artifact.command = to_templates(json.at("command"));
  artifact.environment = to_environment(json.at("environment"));
  json.at("timeout").get_to(artifact.timeout);
  json.at("line").get_to(artifact.location.line);
  return artifact;
}

Json to_json(const Service& service) {
  return {{"name", service.name},
          {"directory", service.directory},
          {"command", to_json(service.command)},
          {"environment", to_json(service.environment)},
          {"ports", service.ports},
          {"after", service.after},
          {"health", static_cast<int>(service.health.kind)},
          {"target", service.health.target.source()},
          {"status", service.health.status},
          {"fields", to_json(service.health.fields)},
          {"interval", service.health.interval.count()},
          {"timeout", service.health.timeout.count()},
          {"log", service.log},
          {"stop_signal", service.stop_signal},
          {"grace", service.grace.count()},
          {"linger", service.linger.count()},
          {"restart", service.restart},
          {"instances", service.instances},
          {"line", service.location.line}};
}

Service to_service(const Json& json) {
  Service service;
  json.at("name").get_to(service.name);
  json.at("directory").get_to(service.directory);
  service.command = to_templates(json.at("command"));
  service.environment = to_environment(json.at("environment"));
  json.at("ports").get_to(service.ports);
  json.at("after").get_to(service.after);
  service.health.kind = static_cast<HealthKind>(json.at("health").get<int>());
  service.health.target = to_template(json.at("target"));
  json.at("status").get_to(service.health.status);
  service.health.fields = to_assignment(json.at("fields"));
  service.health.interval = Milliseconds(json.at("interval").get<long long>());
  service.health.timeout = Milliseconds(json.at("timeout").get<long long>());
  json.at("log").get_to(service.log);
  json.at("stop_signal").get_to(service.stop_signal);
  service.grace = Milliseconds(json.at("grace").get<long long>());
  service.linger = Milliseconds(json.at("linger").get<long long>());
  json.at("restart").get_to(service.restart);
  json.at("instances").get_to(service.instances);
  json.at("line").get_to(service.location.line);
  return service;
}

Json to_json(const Agreement& agreement) {
  Json places = Json::array();
  for (const AgreementPlace& place : agreement.places) {
    places.push_back({place.file, place.pattern.source()});
  }
  return {{"name", agreement.name}, {"places", std::move(places)}, {"line", agreement.location.line}};
}

Agreement to_agreement(const Json& json) {
  Agreement agreement;
  json.at("name").get_to(agreement.name);
  for (const Json& place : json.at("places")) {
    agreement.places.push_back({place.at(0).get<std::string>(), to_template(place.at(1)), {}});
  }
  json.at("line").get_to(agreement.location.line);
  return agreement;
}

/// Without the command, which is each cell's own.
Json to_json(const ListCommand& listing) {
  return {{"format", static_cast<int>(listing.format)},
          {"inputs", listing.inputs},
          {"timeout", listing.timeout.count()}};
}

ListCommand to_listing(const Json& json) {
  ListCommand listing;
  listing.format = static_cast<ListingFormat>(json.at("format").get<int>());
  json.at("inputs").get_to(listing.inputs);
  listing.timeout = Milliseconds(json.at("timeout").get<long long>());
  return listing;
}

Json to_json(const Column& column) {
  Json variants = Json::array();
  for (const Variant& variant : column.variants) {
    variants.push_back({variant.suffix, to_json(variant.axes)});
  }
  return {{"name", column.name}, {"variants", std::move(variants)}};
}

Column to_column(const Json& json) {
  Column column;
  json.at("name").get_to(column.name);
  for (const Json& variant : json.at("variants")) {
    column.variants.push_back({variant.at(0).get<std::string>(), to_assignment(variant.at(1))});
  }
  return column;
}

Json to_json(const CommonPlan& common) {
  Json json{{"version", k_version},
            {"name", common.name},
            {"matrix", common.places.matrix.string()},
            {"root", common.places.root.string()},
            {"state", common.places.state.string()},
            {"prefix", common.places.prefix},
            {"profile", common.profile},
            {"title", common.title},
            {"config", common.config},
            {"labels", common.labels},
            {"columns", Json::array()},
            {"parallel", common.parallel},
            {"progress", common.progress.string()},
            {"log_current", common.log_current.string()},
            {"log_narrow", common.log_narrow.string()},
            {"directory", common.directory.string()},
            {"environment", to_json(common.environment)},
            {"report", static_cast<int>(common.report)},
            {"grace", common.grace.count()},
            {"leaks", static_cast<int>(common.leaks)},
            {"escaping", static_cast<int>(common.escaping)},
            {"narrow", common.narrow ? Json(common.narrow->source()) : Json()},
            {"next_steps", common.next_steps},
            {"listing", common.listing ? to_json(*common.listing) : Json()},
            {"agreements", Json::array()},
            {"artifacts", Json::array()},
            {"services", Json::array()}};
  for (const Column& column : common.columns) {
    json["columns"].push_back(to_json(column));
  }
  for (const Agreement& agreement : common.agreements) {
    json["agreements"].push_back(to_json(agreement));
  }
  for (const Artifact& artifact : common.artifacts) {
    json["artifacts"].push_back(to_json(artifact));
  }
  for (const Service& service : common.services) {
    json["services"].push_back(to_json(service));
  }
  return json;
}

CommonPlan to_common(const Json& json) {
  CommonPlan common;
  json.at("name").get_to(common.name);
  common.places = {json.at("matrix").get<std::string>(), json.at("root").get<std::string>(),
                   json.at("state").get<std::string>(), json.at("prefix").get<std::string>()};
  json.at("profile").get_to(common.profile);
  json.at("title").get_to(common.title);
  json.at("config").get_to(common.config);
  json.at("labels").get_to(common.labels);
  for (const Json& column : json.at("columns")) {
    common.columns.push_back(to_column(column));
  }
  json.at("parallel").get_to(common.parallel);
  common.progress = json.at("progress").get<std::string>();
  common.log_current = json.at("log_current").get<std::string>();
  common.log_narrow = json.at("log_narrow").get<std::string>();
  common.directory = json.at("directory").get<std::string>();
  common.environment = to_environment(json.at("environment"));
  common.report = static_cast<ReportFormat>(json.at("report").get<int>());
  common.grace = Milliseconds(json.at("grace").get<long long>());
  common.leaks = static_cast<LeakPolicy>(json.at("leaks").get<int>());
  common.escaping = static_cast<Escaping>(json.at("escaping").get<int>());
  if (!json.at("narrow").is_null()) {
    common.narrow = to_template(json.at("narrow"));
  }
  common.next_steps = json.at("next_steps").get<NextSteps>();
  if (!json.at("listing").is_null()) {
    common.listing = to_listing(json.at("listing"));
  }
  for (const Json& agreement : json.at("agreements")) {
    common.agreements.push_back(to_agreement(agreement));
  }
  for (const Json& artifact : json.at("artifacts")) {
    common.artifacts.push_back(to_artifact(artifact));
  }
  for (const Json& service : json.at("services")) {
    common.services.push_back(to_service(service));
  }
  return common;
}

/// All but the name and what only making a plan needs.
Json to_json(const Row& row) {
  return {{"suite", row.suite},           {"label", row.label},
          {"reason", row.reason},     {"environment", to_json(row.environment)},
          {"processors", row.processors}, {"locks", row.locks},
          {"source", row.location.file},  {"line", row.location.line}};
}

Row to_row(std::string_view name, const Json& json) {
  Row row;
  row.name = name;
  json.at("suite").get_to(row.suite);
  json.at("label").get_to(row.label);
  json.at("reason").get_to(row.reason);
  row.environment = to_environment(json.at("environment"));
  json.at("processors").get_to(row.processors);
  json.at("locks").get_to(row.locks);
  json.at("source").get_to(row.location.file);
  json.at("line").get_to(row.location.line);
  return row;
}

Json to_json(const Cell& cell) {
  return {{"suffix", cell.suffix},
          {"row", cell.row.name},
          {"column", cell.column},
          {"axes", to_json(cell.axes)},
          {"labels", cell.labels},
          {"timeout", cell.timeout},
          {"skip", cell.skip_reason},
          {"artifacts", cell.artifacts},
          {"services", cell.services},
          {"inputs", cell.inputs},
          {"file", cell.file.string()},
          {"scope", cell.scope},
          {"filter", cell.filter},
          {"command", to_json(cell.command)},
          {"list_command", to_json(cell.list_command)}};
}

Cell to_cell(std::string_view name, const std::vector<Row>& rows, const Json& json) {
  Cell cell;
  cell.name = name;
  json.at("suffix").get_to(cell.suffix);
  const auto row = std::ranges::find(rows, json.at("row").get<std::string>(), &Row::name);
  if (row == rows.end()) {
    throw std::runtime_error("a cell without its row");
  }
  cell.row = *row;
  json.at("column").get_to(cell.column);
  cell.axes = to_assignment(json.at("axes"));
  json.at("labels").get_to(cell.labels);
  json.at("timeout").get_to(cell.timeout);
  json.at("skip").get_to(cell.skip_reason);
  json.at("artifacts").get_to(cell.artifacts);
  json.at("services").get_to(cell.services);
  json.at("inputs").get_to(cell.inputs);
  cell.file = json.at("file").get<std::string>();
  json.at("scope").get_to(cell.scope);
  json.at("filter").get_to(cell.filter);
  cell.command = to_templates(json.at("command"));
  cell.list_command = to_templates(json.at("list_command"));
  return cell;
}

} // namespace

std::string common_to_json(const CommonPlan& common) {
  return to_json(common).dump(-1, ' ', false, k_lenient);
}

CommonPlan common_from_json(std::string_view text) {
  const Json json = Json::parse(text);
  if (json.at("version") != k_version) {
    throw std::runtime_error(
        fmt::format("expected version {}, got {}", k_version, json.at("version").dump()));
  }
  return to_common(json);
}

std::string row_to_json(const Row& row) {
  return to_json(row).dump(-1, ' ', false, k_lenient);
}

Row row_from_json(std::string_view name, std::string_view text) {
  return to_row(name, Json::parse(text));
}

std::string cell_to_json(const Cell& cell) {
  return to_json(cell).dump(-1, ' ', false, k_lenient);
}

Cell cell_from_json(std::string_view name, const std::vector<Row>& rows, std::string_view text) {
  return to_cell(name, rows, Json::parse(text));
}

} // namespace ctest_matrix
