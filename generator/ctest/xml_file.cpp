#include "ctest/xml_file.hpp"

#include "base/input_text.hpp"
#include "base/text.hpp"
#include "base/xml.hpp"
#include "ctest/inflate.hpp"

#include <fmt/format.h>

#include <utility>

namespace ctest_matrix {

namespace {

constexpr std::string_view k_xml_file = "CTest Test.xml";
constexpr std::size_t k_max_output = std::size_t{64} * 1024 * 1024;

std::string_view child_text(const XmlElement& element, std::string_view name) {
  const XmlElement* const found = element.child(name);
  return found == nullptr ? std::string_view() : found->text;
}

/// What CTest measured of one test, by name.
class Measurements {
public:
  explicit Measurements(const XmlElement& results) : m_results(results) {}

  std::string_view named(std::string_view name) const {
    for (const XmlElement& element : m_results.children) {
      if (element.name == "NamedMeasurement" && element.value("name") == name) {
        return child_text(element, "Value");
      }
    }
    return {};
  }

  /// The test's output, unpacked where CTest packed it.
  void read_output(CtestResult& result) const {
    const XmlElement* const measurement = m_results.child("Measurement");
    const XmlElement* const value = measurement == nullptr ? nullptr : measurement->child("Value");
    if (value == nullptr) {
      return;
    }
    if (value->attribute("encoding") == nullptr && value->attribute("compression") == nullptr) {
      result.output = value->text;
      result.output_kept = output_kept(result.output);
      return;
    }
    result.output_kept = OutputKept::unreadable;
    if (value->value("encoding") == "base64" && value->value("compression") == "gzip") {
      const std::optional<std::string> packed = decode_base64(value->text);
      if (std::optional<std::string> output = packed ? inflate_zlib(*packed, k_max_output) : std::nullopt) {
        result.output = *std::move(output);
        result.output_kept = output_kept(result.output);
      }
    }
  }

private:
  const XmlElement& m_results;
};

std::string failure_reason(const Measurements& measured) {
  const std::string_view fail_reason = measured.named("Fail Reason");
  const std::string_view exit_code = measured.named("Exit Code");
  const std::string_view completion = measured.named("Completion Status");
  if (!fail_reason.empty()) {
    return clean_text(fail_reason);
  }
  if (!completion.empty() && completion != "Completed") {
    return clean_text(completion);
  }
  return exit_code == "Failed" || exit_code.empty()
             ? fmt::format("Exit code {}", clean_text(measured.named("Exit Value")))
             : clean_text(exit_code);
}

Result<CtestResult> parse_test(const XmlElement& element) {
  CtestResult result;
  result.name = child_text(element, "Name");
  if (result.name.empty()) {
    return bad_input(k_xml_file, "a test without a name");
  }
  const XmlElement* const results = element.child("Results");
  if (results == nullptr) {
    return bad_input(k_xml_file, fmt::format("test '{}': no results", clean_text(result.name)));
  }
  const Measurements measured(*results);
  const std::string_view status = element.value("Status");
  if (status == "passed") {
    result.status = CtestStatus::passed;
  } else if (status == "failed") {
    result.status = ctest_failed_status(measured.named("Exit Code"));
    result.reason = failure_reason(measured);
  } else if (status == "notrun") {
    result.reason = clean_text(measured.named("Completion Status"));
    result.status = ctest_not_run_status(result.reason);
  } else {
    return bad_input(k_xml_file,
                     fmt::format("test '{}': unknown status '{}'; expected one of: passed, failed, notrun",
                                 clean_text(result.name), clean_text(status)));
  }
  if (result.status == CtestStatus::passed && !measured.named("Exit Code").empty()) {
    return bad_input(k_xml_file,
                     fmt::format("test '{}': passed, but has the exit code '{}'", clean_text(result.name),
                                 clean_text(measured.named("Exit Code"))));
  }
  result.duration = parse_ctest_seconds(measured.named("Execution Time"));
  measured.read_output(result);
  return result;
}

} // namespace

Result<CtestRun> parse_ctest_test_xml(std::string_view text) {
  TRY_ASSIGN(const XmlElement site, parse_xml(text, k_xml_file));
  const XmlElement* const testing = site.name == "Site" ? site.child("Testing") : nullptr;
  if (testing == nullptr) {
    return bad_input(k_xml_file, "no <Site> with <Testing> in it");
  }
  if (testing->child("EndTestTime") == nullptr) {
    return bad_input(k_xml_file, "no end time: the run did not finish");
  }
  CtestRun run;
  run.source = CtestSource::test_xml;
  run.host = site.value("Hostname");
  run.build_name = site.value("BuildName") == "(empty)" ? "" : site.value("BuildName");
  run.build_stamp = site.value("BuildStamp");
  if (const auto start = parse_ctest_seconds(child_text(*testing, "StartTestTime"))) {
    run.start = TimePoint(*start);
  }
  if (const auto end = parse_ctest_seconds(child_text(*testing, "EndTestTime"))) {
    run.end = TimePoint(*end + std::chrono::seconds(1));
  }
  run.zone_known = true;
  run.identity = ctest_run_identity(run.source, text);
  for (const XmlElement& element : testing->children) {
    if (element.name != "Test") {
      continue;
    }
    TRY_ASSIGN(CtestResult result, parse_test(element));
    run.results.push_back(std::move(result));
  }
  const XmlElement* const list = testing->child("TestList");
  const std::size_t planned = list == nullptr ? 0 : list->children.size();
  if (planned != run.results.size()) {
    return bad_input(k_xml_file,
                     fmt::format("lists {} tests, but has the results of {}", planned, run.results.size()));
  }
  distrust_repeated_names(run.results);
  return run;
}

} // namespace ctest_matrix
