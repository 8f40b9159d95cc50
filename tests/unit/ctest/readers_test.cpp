// The three formats of CTest's results, on recorded files and on those that the real ctest writes now.
#include "base/files.hpp"
#include "base/text.hpp"
#include "ctest/evidence.hpp"
#include "ctest/junit_file.hpp"
#include "ctest/last_test_log.hpp"
#include "ctest/xml_file.hpp"
#include "runners/dump.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace ctest_matrix {
namespace {

std::string show(const Result<CtestRun>& run) {
  return run ? dump(*run) : "error: " + run.error().message;
}

/// The CTests that wrote what is recorded.
constexpr std::string_view k_versions[] = {"3.25.1", "3.31.6", "4.3.4"};

std::string recorded(std::string_view file, std::string_view version = k_versions[0]) {
  return fixture(fmt::format("ctest/{}/{}", version, file));
}

LastTestNeighbours recorded_neighbours(std::string_view version = k_versions[0]) {
  return {recorded("LastTestsFailed.log", version), recorded("LastTestsDisabled.log", version)};
}

const CtestResult& result_of(const CtestRun& run, std::string_view name) {
  for (const CtestResult& result : run.results) {
    if (result.name == name) {
      return result;
    }
  }
  throw std::runtime_error(fmt::format("no result of {}", name));
}

constexpr std::string_view k_junit = R"(complete
failed demo.setup (Failed), 0 bytes whole
passed pass.native, 89 bytes whole
failed fail.native (Failed), 6 bytes whole
timed-out timeout.native (Timeout), 8 bytes whole
crashed segfault.native (SEGFAULT), 0 bytes whole
crashed abort.native (Subprocess aborted), 0 bytes whole
killed killed.native (Subprocess killed), 7 bytes whole
killed terminated.native (Subprocess terminated), 0 bytes whole
skipped skip-code.native (SKIP_RETURN_CODE=77), 9 bytes whole
skipped skip-regex.native (SKIP_REGULAR_EXPRESSION_MATCHED), 10 bytes whole
disabled disabled.native (Disabled), no duration, 8 bytes whole
not-run-fixture fixture.native (Fixture dependency failed), no duration, 36 bytes whole
not-run missing.native (Unable to find executable), no duration, 48 bytes whole
failed pattern.native (Failed), 8 bytes whole
failed must-fail.native (Failed), 0 bytes whole
passed bytes.native, 139 bytes whole
passed long.native, 1117 bytes cut
passed full.native, 2622 bytes whole
failed details.native (Failed), 0 bytes whole
passed odd name <&> "q" é, 4 bytes whole
)";

/// CTest 3.25's JUnit tells no endings, but the expression that did not match.
std::string junit_of(std::string_view version) {
  std::string text(k_junit);
  if (version == "3.25.1") {
    constexpr std::pair<const char*, const char*> k_differences[] = {
        {"timed-out timeout.native (Timeout)", "failed timeout.native (Failed)"},
        {"crashed segfault.native (SEGFAULT)", "failed segfault.native (Failed)"},
        {"crashed abort.native (Subprocess aborted)", "failed abort.native (Failed)"},
        {"killed killed.native (Subprocess killed)", "failed killed.native (Failed)"},
        {"killed terminated.native (Subprocess terminated)", "failed terminated.native (Failed)"},
        {"pattern.native (Failed)",
         "pattern.native (Required regular expression not found. Regex=[something ])"}};
    for (const auto& [later, then] : k_differences) {
      text = replace_all(text, later, then);
    }
  }
  return text;
}

constexpr std::string_view k_test_xml = R"(complete
failed demo.setup (Exit code 1), 0 bytes whole
passed pass.native, 89 bytes whole
failed fail.native (Exit code 3), 6 bytes whole
timed-out timeout.native (Timeout), 8 bytes whole
crashed segfault.native (SEGFAULT), 0 bytes whole
crashed abort.native (Subprocess aborted), 0 bytes whole
killed killed.native (Subprocess killed), 7 bytes whole
killed terminated.native (Subprocess terminated), 0 bytes whole
skipped skip-code.native (SKIP_RETURN_CODE=77), no duration, 9 bytes whole
skipped skip-regex.native (SKIP_REGULAR_EXPRESSION_MATCHED), no duration, 10 bytes whole
disabled disabled.native (Disabled), no duration, 8 bytes whole
not-run-fixture fixture.native (Fixture dependency failed), no duration, 36 bytes whole
not-run missing.native (Unable to find executable), no duration, 48 bytes whole
failed pattern.native (Required regular expression not found. Regex=[something\n]), 8 bytes whole
failed must-fail.native (Exit code 0), 0 bytes whole
passed bytes.native, 139 bytes whole
passed long.native, 1117 bytes cut
passed full.native, 2622 bytes whole
failed details.native (all is well), 0 bytes whole
passed odd name <&> "q" é, 4 bytes whole
)";

constexpr std::string_view k_last_test_log = R"(complete
failed demo.setup (Failed), 0 bytes whole
passed pass.native, 89 bytes whole
failed fail.native (Failed), 6 bytes whole
failed timeout.native (Failed), 8 bytes whole
failed segfault.native (Failed), 0 bytes whole
failed abort.native (Failed), 0 bytes whole
failed killed.native (Failed), 7 bytes whole
failed terminated.native (Failed), 0 bytes whole
skipped skip-code.native (Skipped), 9 bytes whole
skipped skip-regex.native (Skipped), 10 bytes whole
disabled disabled.native, no duration, 0 bytes whole
not-run-fixture fixture.native (Failed test dependencies: demo.setup), no duration, 0 bytes whole
not-run missing.native (Unable to find executable: /nowhere/ctest-matrix), no duration, 0 bytes whole
failed pattern.native (Required regular expression not found. Regex=[something\n]), 8 bytes whole
failed must-fail.native (Failed), 0 bytes whole
passed bytes.native, 65 bytes whole
passed long.native, 2604 bytes whole
passed full.native, 2622 bytes whole
failed details.native (Failed), 0 bytes whole
passed odd name <&> "q" é, 4 bytes whole
)";

class CtestOfVersion : public testing::TestWithParam<std::string_view> {};

INSTANTIATE_TEST_SUITE_P(Recorded, CtestOfVersion, testing::ValuesIn(k_versions), [](const auto& version) {
  return "V" + replace_all(std::string(version.param), ".", "_");
});

TEST_P(CtestOfVersion, JunitHasEveryOutcome) {
  const Result<CtestRun> run = parse_ctest_junit(recorded("junit.xml", GetParam()));
  EXPECT_EQ(show(run), junit_of(GetParam()));
  EXPECT_GE(result_of(*run, "timeout.native").duration, Milliseconds(1000));
  EXPECT_EQ(result_of(*run, "bytes.native").output, "esc [NON-XML-CHAR-0x1B][31mred[NON-XML-CHAR-0x1B][0m "
                                                    "nul \n bad [NON-UTF-8-BYTE-0xFF][NON-UTF-8-BYTE-0xC3]( "
                                                    "end ]]> <b> & \"q\" \nTest Passed.\n");
}

TEST(CtestJunit, KnowsTheRun) {
  setenv("TZ", "UTC", 1);
  tzset();
  const Result<CtestRun> run = parse_ctest_junit(
      R"(<testsuite name="demo" tests="0" failures="0" disabled="0" skipped="0" hostname="box" time="1" timestamp="2026-01-31T09:05:07"/>)");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->source, CtestSource::junit);
  EXPECT_EQ(run->host, "box");
  EXPECT_EQ(run->build_name, "demo");
  EXPECT_EQ(run->start, parse_timestamp("2026-01-31T09:05:07Z"));
  EXPECT_EQ(run->identity, "junit-" + run->identity.substr(6));
  EXPECT_EQ(run->identity.size(), 22U);
}

TEST(CtestJunit, SaysWhatIsWrong) {
  const auto read = [](std::string_view test, std::string_view counts) {
    return show(parse_ctest_junit(fmt::format("<testsuite {}>{}</testsuite>", counts, test)));
  };
  constexpr std::string_view k_one = R"(tests="1" failures="0" disabled="0" skipped="0")";
  EXPECT_EQ(show(parse_ctest_junit("")), "error: CTest JUnit file: empty");
  EXPECT_EQ(show(parse_ctest_junit("<testsuites/>")),
            "error: CTest JUnit file: root element <testsuites>; expected <testsuite>");
  EXPECT_EQ(read(R"(<testcase name="a" status="run"><failure message=""/></testcase>)", k_one),
            "error: CTest JUnit file: test 'a': status 'run' with a failure or a skip in it");
  EXPECT_EQ(
      read(R"(<testcase name="a" status="ok"/>)", k_one),
      "error: CTest JUnit file: test 'a': unknown status 'ok'; expected one of: run, fail, notrun, disabled");
  EXPECT_EQ(
      read(R"(<testcase name="a"/>)", k_one),
      "error: CTest JUnit file: test 'a': unknown status ''; expected one of: run, fail, notrun, disabled");
  EXPECT_EQ(read(R"(<testcase status="run"/>)", k_one), "error: CTest JUnit file: a test without a name");
  EXPECT_EQ(
      read(R"(<testcase name="a" status="run"/>)", R"(tests="2" failures="0" disabled="0" skipped="0")"),
      "error: CTest JUnit file: tests=\"2\", but 1 listed");
  EXPECT_EQ(
      read(R"(<testcase name="a" status="run"/>)", R"(tests="1" failures="1" disabled="0" skipped="0")"),
      "error: CTest JUnit file: failures=\"1\", but 0 listed");
  EXPECT_EQ(
      read(
          R"(<testcase name="a" status="run"/><testcase name="a" status="fail"/><testcase name="b" status="run"/>)",
          R"(tests="3" failures="1" disabled="0" skipped="0")"),
      R"(complete
unknown a (several tests have this name), no duration, 0 bytes whole
unknown a (several tests have this name), no duration, 0 bytes whole
passed b, no duration, 0 bytes whole
)");
}

TEST_P(CtestOfVersion, TestXmlHasEveryOutcomeCompressedOrNot) {
  const Result<CtestRun> packed = parse_ctest_test_xml(recorded("Test.xml", GetParam()));
  const Result<CtestRun> plain = parse_ctest_test_xml(recorded("Test-plain.xml", GetParam()));
  EXPECT_EQ(show(packed), k_test_xml);
  EXPECT_EQ(show(plain), k_test_xml);
  for (const CtestResult& result : plain->results) {
    EXPECT_EQ(result_of(*packed, result.name).output, result.output) << result.name;
  }
  EXPECT_NE(packed->identity, plain->identity);
}

TEST(CtestTestXml, KnowsTheRun) {
  const Result<CtestRun> run = parse_ctest_test_xml(recorded("Test.xml"));
  ASSERT_TRUE(run);
  EXPECT_EQ(run->host, "host");
  EXPECT_EQ(run->build_stamp, "20261121-0945-Experimental");
  EXPECT_EQ(run->start, parse_timestamp("2026-11-21T09:45:56Z"));
}

TEST(CtestTestXml, OutputThatCannotBeUnpackedIsNoOutput) {
  std::string text = recorded("Test.xml");
  const std::size_t at = text.find("eJ");
  ASSERT_NE(at, std::string::npos);
  text.replace(at + 20, 4, "AAAA");
  const Result<CtestRun> run = parse_ctest_test_xml(text);
  ASSERT_TRUE(run);
  const CtestResult& result = result_of(*run, "long.native");
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.output_kept, OutputKept::unreadable);
  EXPECT_EQ(judge_ctest_result(result, "long.native").reason,
            "CTest says passed, but the output cannot be unpacked");
}

TEST(CtestTestXml, SaysWhatIsWrong) {
  const auto read = [](std::string_view testing) {
    return show(parse_ctest_test_xml(fmt::format("<Site><Testing>{}</Testing></Site>", testing)));
  };
  EXPECT_EQ(show(parse_ctest_test_xml("<Site/>")), "error: CTest Test.xml: no <Site> with <Testing> in it");
  EXPECT_EQ(read(""), "error: CTest Test.xml: no end time: the run did not finish");
  EXPECT_EQ(read("<TestList><Test>a</Test></TestList><EndTestTime/>"),
            "error: CTest Test.xml: lists 1 tests, but has the results of 0");
  EXPECT_EQ(read(R"(<Test Status="passed"><Name>a</Name></Test><EndTestTime/>)"),
            "error: CTest Test.xml: test 'a': no results");
  EXPECT_EQ(read(R"(<Test Status="ok"><Name>a</Name><Results/></Test><EndTestTime/>)"),
            "error: CTest Test.xml: test 'a': unknown status 'ok'; expected one of: passed, failed, notrun");
  EXPECT_EQ(
      read(
          R"(<Test Status="passed"><Name>a</Name><Results><NamedMeasurement name="Exit Code"><Value>Timeout</Value>)"
          R"(</NamedMeasurement></Results></Test><EndTestTime/>)"),
      "error: CTest Test.xml: test 'a': passed, but has the exit code 'Timeout'");
}

TEST_P(CtestOfVersion, LastTestLogHasEveryOutcomeWithItsNeighbours) {
  EXPECT_EQ(
      show(parse_ctest_last_test_log(recorded("LastTest.log", GetParam()), recorded_neighbours(GetParam()))),
      k_last_test_log);
}

TEST(CtestLastTestLog, AloneItProvesNoPass) {
  const Result<CtestRun> run = parse_ctest_last_test_log(recorded("LastTest.log"), std::nullopt);
  ASSERT_TRUE(run);
  for (const CtestResult& result : run->results) {
    EXPECT_NE(result.status, CtestStatus::passed) << result.name;
  }
  EXPECT_EQ(result_of(*run, "pass.native").status, CtestStatus::unknown);
  EXPECT_EQ(result_of(*run, "pass.native").reason, "LastTest.log alone calls skipped tests passed");
  EXPECT_EQ(result_of(*run, "skip-code.native").status, CtestStatus::unknown);
  EXPECT_EQ(result_of(*run, "disabled.native").status, CtestStatus::not_run);
  EXPECT_EQ(result_of(*run, "fixture.native").status, CtestStatus::not_run_fixture);
  EXPECT_EQ(result_of(*run, "fail.native").status, CtestStatus::failed);
}

TEST(CtestLastTestLog, NeighboursOfAnotherRunProveNothing) {
  const std::string log = recorded("LastTest.log");
  const auto reason = [&](const LastTestNeighbours& neighbours) {
    const Result<CtestRun> run = parse_ctest_last_test_log(log, neighbours);
    const CtestResult& result = result_of(*run, "pass.native");
    return fmt::format("{}: {}", ctest_status_name(result.status), result.reason);
  };
  const LastTestNeighbours good = recorded_neighbours();
  EXPECT_EQ(reason({std::nullopt, good.disabled}), "unknown: LastTestsFailed.log is not of this run");
  EXPECT_EQ(reason({good.failed, std::nullopt}),
            "unknown: LastTestsFailed.log and LastTestsDisabled.log are not of this run");
  EXPECT_EQ(reason({*good.failed + "21:gone.native\n", good.disabled}),
            "unknown: LastTestsFailed.log is not of this run");
  EXPECT_EQ(reason({good.failed, *good.disabled + "21:gone.native\n"}),
            "unknown: LastTestsDisabled.log is not of this run");
  EXPECT_EQ(reason({*good.failed + "2:pass.native\n", good.disabled}),
            "unknown: LastTestsFailed.log names it, LastTest.log calls it passed");
  EXPECT_EQ(reason({good.failed, *good.disabled + "2:pass.native\n"}), "skipped: Skipped");
}

TEST_P(CtestOfVersion, AnInterruptedRunProvesNoPass) {
  EXPECT_EQ(show(parse_ctest_last_test_log(recorded("interrupted.log", GetParam()), LastTestNeighbours())),
            R"(incomplete
unknown flood1.native (the run did not finish), 970 bytes whole
unknown flood2.native (the run did not finish), 970 bytes whole
)");
}

std::string log_of(std::string_view blocks) {
  return fmt::format("Start testing: Jan 31 09:05 UTC\n{0}\n{1}End testing: Jan 31 09:05 UTC\n",
                     std::string(58, '-'), blocks);
}

std::string block_of(std::string_view counter, std::string_view name, std::string_view output,
                     std::string_view word) {
  const std::string rule(58, '-');
  return fmt::format(
      "{0} Testing: {1}\n{0} Test: {1}\nCommand: \"x\"\nDirectory: /d\n\"{1}\" start time: Jan 31 09:05 UTC\n"
      "Output:\n{4}\n{2}<end of output>\nTest time =   0.50 sec\n{4}\n{3}\n\"{1}\" end time: Jan 31 09:05 "
      "UTC\n"
      "\"{1}\" time elapsed: 00:00:00\n{4}\n\n",
      counter, name, output, word, rule);
}

TEST(CtestLastTestLog, AQuotedLogInTheOutputForgesNothing) {
  const std::string quoted = log_of(block_of("1/2", "b.native", "quoted\n", "Test Passed."));
  EXPECT_EQ(
      show(parse_ctest_last_test_log(log_of(block_of("1/2", "a.native", quoted, "Test Failed.") +
                                            block_of("2/2", "b.native", "", "Test Failed.")),
                                     LastTestNeighbours{"1:a.native\n2:b.native\n", std::nullopt})),
      fmt::format(
          "complete\nfailed a.native (Failed), {} bytes whole\nfailed b.native (Failed), 0 bytes whole\n",
          quoted.size()));
  const std::string own = block_of("1/1", "a.native", "quoted\n", "Test Passed.");
  EXPECT_EQ(
      show(parse_ctest_last_test_log(log_of(block_of("1/1", "a.native", own, "Test Failed.")),
                                     LastTestNeighbours())),
      fmt::format("complete\nunknown a.native (its output looks like CTest's own log), {} bytes whole\n",
                  own.find("<end of output>") - own.find(std::string(58, '-')) - 59 +
                      own.substr(0, own.find(std::string(58, '-')) + 59).size()));
}

TEST(CtestLastTestLog, TheLastAttemptCounts) {
  EXPECT_EQ(show(parse_ctest_last_test_log(log_of(block_of("1/1", "a.native", "one\n", "Test Failed.") +
                                                  block_of("1/1", "a.native", "second\n", "Test Passed.")),
                                           LastTestNeighbours())),
            "complete\npassed a.native, 7 bytes whole\n");
  EXPECT_EQ(show(parse_ctest_last_test_log(log_of(block_of("1/2", "a.native", "one\n", "Test Passed.") +
                                                  block_of("2/2", "a.native", "second\n", "Test Passed.")),
                                           LastTestNeighbours())),
            "complete\nunknown a.native (several tests have this name), 4 bytes whole\n"
            "unknown a.native (several tests have this name), 7 bytes whole\n");
}

TEST(CtestLastTestLog, SaysWhatIsWrong) {
  EXPECT_EQ(show(parse_ctest_last_test_log("", std::nullopt)), "error: CTest LastTest.log: empty");
  EXPECT_EQ(show(parse_ctest_last_test_log("<Site/>", std::nullopt)),
            "error: CTest LastTest.log: does not begin with 'Start testing: '");
}

/// A directory that stays when its test failed.
class CtestResultFiles : public ::testing::Test {
protected:
  CtestResultFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ctest_matrix_results.XXXXXX").string();
    m_directory = mkdtemp(pattern.data());
  }

  ~CtestResultFiles() override {
    if (HasFailure()) {
      fmt::print("kept: {}\n", m_directory.string());
    } else {
      std::filesystem::remove_all(m_directory);
    }
  }

  void write(const std::string& name, std::string_view content, int age_in_seconds) const {
    ASSERT_TRUE(write_file_atomic(m_directory / name, content));
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(m_directory / name, now - std::chrono::seconds(age_in_seconds));
  }

  std::filesystem::path m_directory;
};

TEST_F(CtestResultFiles, NeighboursOlderThanTheLogAreOfAnEarlierRun) {
  write("LastTest_20260131-0905.log", log_of(block_of("1/1", "a.native", "", "Test Passed.")), 10);
  write("LastTestsFailed_20260131-0905.log", "1:a.native\n", 20);
  write("LastTestsDisabled.log", "1:a.native\n", 0);
  EXPECT_EQ(show(read_ctest_last_test_log(m_directory / "LastTest_20260131-0905.log")),
            "complete\npassed a.native, 0 bytes whole\n");
  write("LastTestsFailed_20260131-0905.log", "1:a.native\n", 5);
  EXPECT_EQ(show(read_ctest_last_test_log(m_directory / "LastTest_20260131-0905.log")),
            "complete\nunknown a.native (LastTestsFailed.log names it, LastTest.log calls it passed), 0 "
            "bytes whole\n");
}

TEST_F(CtestResultFiles, ATemporaryLogHasNoNeighbours) {
  for (const char* name : {"LastTest.log.tmp", "LastTest.log.tmpb72f0"}) {
    write(name, log_of(block_of("1/1", "a.native", "", "Test Passed.")), 0);
    EXPECT_EQ(show(read_ctest_last_test_log(m_directory / name)),
              "complete\nunknown a.native (LastTest.log alone calls skipped tests passed), 0 bytes whole\n");
  }
}

/// Without durations and sizes, which differ from run to run and from version to version.
std::string outcomes(const Result<CtestRun>& run) {
  std::string text;
  for (const CtestResult& result : run ? run->results : std::vector<CtestResult>()) {
    text += fmt::format("{} {}\n", ctest_status_name(result.status), result.name);
  }
  return run ? text : show(run);
}

TEST_F(CtestResultFiles, TheRealCtestWritesWhatIsReadHere) {
  const std::string script = std::string(RESULT_FIXTURES) + "/make_ctest_results.sh";
  std::string directory = m_directory.string();
  std::string ctest = CTEST_COMMAND;
  std::string program = script;
  char* const argv[] = {program.data(), ctest.data(), directory.data(), nullptr};
  pid_t pid = 0;
  ASSERT_EQ(posix_spawn(&pid, script.c_str(), nullptr, nullptr, argv, environ), 0);
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_EQ(status, 0);

  const auto read = [&](const char* name) { return *read_file(m_directory / name); };
  std::vector<std::string> of_versions;
  for (const std::string_view version : k_versions) {
    of_versions.push_back(outcomes(parse_ctest_junit(recorded("junit.xml", version))));
  }
  EXPECT_THAT(of_versions, testing::Contains(outcomes(parse_ctest_junit(read("junit.xml")))));
  const std::string test_xml = outcomes(parse_ctest_test_xml(recorded("Test.xml")));
  EXPECT_EQ(outcomes(parse_ctest_test_xml(read("Test.xml"))), test_xml);
  EXPECT_EQ(outcomes(parse_ctest_test_xml(read("Test-plain.xml"))), test_xml);
  EXPECT_EQ(outcomes(read_ctest_last_test_log(m_directory / "LastTest.log")),
            outcomes(parse_ctest_last_test_log(recorded("LastTest.log"), recorded_neighbours())));
  const Result<CtestRun> killed = read_ctest_last_test_log(m_directory / "interrupted.log");
  ASSERT_TRUE(killed);
  EXPECT_FALSE(killed->complete);
  for (const CtestResult& result : killed->results) {
    EXPECT_EQ(result.status, CtestStatus::unknown) << result.name;
  }
  const Result<CtestRun> packed = parse_ctest_test_xml(read("Test.xml"));
  const CtestEvidence evidence = judge_ctest_result(result_of(*packed, "pass.native"), "pass.native");
  EXPECT_EQ(evidence.kind, EvidenceKind::pass) << evidence.reason;
}

} // namespace
} // namespace ctest_matrix
