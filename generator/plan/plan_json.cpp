#include "plan/plan_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace ctest_matrix {

using Json = nlohmann::ordered_json;

namespace {

constexpr int k_version = 3;
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

Json to_json(const SuitePlan& suite) {
  Json json{{"version", k_version},
            {"name", suite.name},
            {"matrix", suite.places.matrix.string()},
            {"root", suite.places.root.string()},
            {"state", suite.places.state.string()},
            {"prefix", suite.places.prefix},
            {"profile", suite.profile},
            {"parallel", suite.parallel},
            {"progress", suite.progress.string()},
            {"log_current", suite.log_current.string()},
            {"log_narrow", suite.log_narrow.string()},
            {"directory", suite.directory.string()},
            {"environment", to_json(suite.environment)},
            {"report", static_cast<int>(suite.report)},
            {"grace", suite.grace.count()},
            {"leaks", static_cast<int>(suite.leaks)},
            {"escaping", static_cast<int>(suite.escaping)},
            {"narrow", suite.narrow ? Json(suite.narrow->source()) : Json()},
            {"next_steps", suite.next_steps},
            {"listing", suite.listing ? to_json(*suite.listing) : Json()},
            {"agreements", Json::array()},
            {"artifacts", Json::array()},
            {"services", Json::array()}};
  for (const Agreement& agreement : suite.agreements) {
    json["agreements"].push_back(to_json(agreement));
  }
  for (const Artifact& artifact : suite.artifacts) {
    json["artifacts"].push_back(to_json(artifact));
  }
  for (const Service& service : suite.services) {
    json["services"].push_back(to_json(service));
  }
  return json;
}

SuitePlan to_suite(const Json& json) {
  SuitePlan suite;
  json.at("name").get_to(suite.name);
  suite.places = {json.at("matrix").get<std::string>(), json.at("root").get<std::string>(),
                  json.at("state").get<std::string>(), json.at("prefix").get<std::string>()};
  json.at("profile").get_to(suite.profile);
  json.at("parallel").get_to(suite.parallel);
  suite.progress = json.at("progress").get<std::string>();
  suite.log_current = json.at("log_current").get<std::string>();
  suite.log_narrow = json.at("log_narrow").get<std::string>();
  suite.directory = json.at("directory").get<std::string>();
  suite.environment = to_environment(json.at("environment"));
  suite.report = static_cast<ReportFormat>(json.at("report").get<int>());
  suite.grace = Milliseconds(json.at("grace").get<long long>());
  suite.leaks = static_cast<LeakPolicy>(json.at("leaks").get<int>());
  suite.escaping = static_cast<Escaping>(json.at("escaping").get<int>());
  if (!json.at("narrow").is_null()) {
    suite.narrow = to_template(json.at("narrow"));
  }
  suite.next_steps = json.at("next_steps").get<NextSteps>();
  if (!json.at("listing").is_null()) {
    suite.listing = to_listing(json.at("listing"));
  }
  for (const Json& agreement : json.at("agreements")) {
    suite.agreements.push_back(to_agreement(agreement));
  }
  for (const Json& artifact : json.at("artifacts")) {
    suite.artifacts.push_back(to_artifact(artifact));
  }
  for (const Json& service : json.at("services")) {
    suite.services.push_back(to_service(service));
  }
  return suite;
}

Json to_json(const std::vector<CellId>& box) {
  Json json = Json::array();
  for (const CellId& cell : box) {
    json.push_back({cell.name, to_json(cell.axes)});
  }
  return json;
}

std::vector<CellId> to_box(const Json& json) {
  std::vector<CellId> box;
  for (const Json& cell : json) {
    box.push_back({cell.at(0).get<std::string>(), to_assignment(cell.at(1))});
  }
  return box;
}

Json to_json(const CellPlan& cell) {
  return {{"suffix", cell.suffix},
          {"row", cell.row},
          {"suite", cell.suite},
          {"column", cell.column},
          {"axes", to_json(cell.axes)},
          {"labels", cell.labels},
          {"excluded", cell.excluded},
          {"timeout", cell.timeout},
          {"skip", cell.skip_reason},
          {"artifacts", cell.artifacts},
          {"services", cell.services},
          {"inputs", cell.inputs},
          {"file", cell.file.string()},
          {"scope", cell.scope},
          {"filter", cell.filter},
          {"command", to_json(cell.command)},
          {"list_command", to_json(cell.list_command)},
          {"environment", to_json(cell.environment)},
          {"processors", cell.processors},
          {"locks", cell.locks},
          {"source", cell.source.string()},
          {"line", cell.line}};
}

CellPlan to_cell(std::string_view name, const Json& json) {
  CellPlan cell;
  cell.name = name;
  json.at("suffix").get_to(cell.suffix);
  json.at("row").get_to(cell.row);
  json.at("suite").get_to(cell.suite);
  json.at("column").get_to(cell.column);
  cell.axes = to_assignment(json.at("axes"));
  json.at("labels").get_to(cell.labels);
  json.at("excluded").get_to(cell.excluded);
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
  cell.environment = to_environment(json.at("environment"));
  json.at("processors").get_to(cell.processors);
  json.at("locks").get_to(cell.locks);
  cell.source = json.at("source").get<std::string>();
  json.at("line").get_to(cell.line);
  return cell;
}

} // namespace

std::string suite_to_json(const SuitePlan& suite) {
  return to_json(suite).dump(-1, ' ', false, k_lenient);
}

SuitePlan suite_from_json(std::string_view text) {
  const Json json = Json::parse(text);
  if (json.at("version") != k_version) {
    throw std::runtime_error(
        fmt::format("expected version {}, got {}", k_version, json.at("version").dump()));
  }
  return to_suite(json);
}

std::string document_to_json(const DocumentPlan& document) {
  Json rows = Json::array();
  for (const RowPlan& row : document.rows) {
    Json boxes = Json::array();
    std::ranges::transform(row.cells, std::back_inserter(boxes),
                           [](const std::vector<CellId>& box) { return to_json(box); });
    rows.push_back({row.name, row.suite, row.label, row.excluded, std::move(boxes)});
  }
  const Json json{{"title", document.title},
                  {"config", document.config},
                  {"columns", document.columns},
                  {"labels", document.labels},
                  {"rows", std::move(rows)}};
  return json.dump(-1, ' ', false, k_lenient);
}

DocumentPlan document_from_json(std::string_view text) {
  const Json json = Json::parse(text);
  DocumentPlan document{json.at("title").get<std::string>(),
                        json.at("config").get<std::string>(),
                        json.at("columns").get<std::vector<std::string>>(),
                        json.at("labels").get<std::vector<std::string>>(),
                        {}};
  for (const Json& row : json.at("rows")) {
    document.rows.push_back({row.at(0).get<std::string>(),
                             row.at(1).get<std::string>(),
                             row.at(2).get<std::string>(),
                             row.at(3).get<std::string>(),
                             {}});
    std::ranges::transform(row.at(4), std::back_inserter(document.rows.back().cells), to_box);
  }
  return document;
}

std::string cell_to_json(const CellPlan& cell) {
  return to_json(cell).dump(-1, ' ', false, k_lenient);
}

CellPlan cell_from_json(std::string_view name, std::string_view text) {
  return to_cell(name, Json::parse(text));
}

} // namespace ctest_matrix
