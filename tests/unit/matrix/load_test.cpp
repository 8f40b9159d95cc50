#include "base/text.hpp"
#include "matrix/load.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ctest_matrix {
namespace {

/// The diagnostics of the sample with `from` replaced by `to`.
std::string broken(const std::string& from, const std::string& to) {
  EXPECT_NE(k_sample.find(from), std::string::npos) << from;
  Diagnostics diagnostics;
  const auto matrix = parse_matrix("m.yaml", replace_all(k_sample, from, to), diagnostics);
  EXPECT_EQ(matrix.has_value(), !diagnostics.has_errors());
  return diagnostics.render();
}

TEST(LoadMatrix, ReadsEverySection) {
  const Matrix matrix = sample_matrix();
  EXPECT_EQ(matrix.name, "demo");
  EXPECT_EQ(matrix.title, "Demo Progress");
  EXPECT_EQ(matrix.axes.size(), 4U);
  EXPECT_EQ(matrix.columns[1].timeout_scale, 1.5);
  EXPECT_EQ(matrix.profiles[1].progress, "full.md");
  EXPECT_EQ(matrix.runner.file->source(), "tests/{file}.test.ts");
  EXPECT_EQ(matrix.services[0].health.interval, Milliseconds(200));
  EXPECT_EQ(matrix.services[0].after, std::vector<std::string>{"napi"});
  EXPECT_EQ(matrix.rows[1].timeout, 30);
  EXPECT_TRUE(matrix.rows[3].is_excluded());
  EXPECT_EQ(matrix.rows[3].reason, "on request");
}

TEST(LoadMatrix, UnknownValueSaysWhatIsValid) {
  EXPECT_EQ(
      broken("wasm: {runtime: wasm, sqlite: remote}", "wasm: {runtime: wsam, sqlite: remote}"),
      "m.yaml:13:19: error: column 'wasm': unknown runtime 'wsam', did you mean 'wasm'? expected one of: "
      "native, wasm [M007]\n"
      "   13 |   wasm: {runtime: wsam, sqlite: remote}\n"
      "      |                   ^~~~\n");
}

TEST(LoadMatrix, ACombinationOfNothingIsNotForbidden) {
  for (const char* text : {"{}", "{reason: no local SQLite}"}) {
    EXPECT_THAT(broken("{runtime: wasm, sqlite: local, reason: no local SQLite}", text),
                ::testing::HasSubstr("m.yaml:10:5: error: forbid: expected the values of axes"))
        << text;
  }
}

TEST(LoadMatrix, ForbiddenColumnPointsToTheRule) {
  EXPECT_EQ(broken("sqlite: remote}", "sqlite: local}"),
            "m.yaml:13:9: error: column 'wasm': this combination is forbidden: no local SQLite [M008]\n"
            "   13 |   wasm: {runtime: wasm, sqlite: local}\n"
            "      |         ^\n"
            "m.yaml:10:5: note: it is forbidden here\n"
            "   10 |   - {runtime: wasm, sqlite: local, reason: no local SQLite}\n"
            "      |     ^\n");
}

TEST(LoadMatrix, DuplicateRowPointsToTheFirst) {
  EXPECT_EQ(broken("    actor-c: Actor C\n", "    actor-a: Again\n"),
            "m.yaml:46:5: error: rows: the row 'actor-a' is there twice [M012]\n"
            "   46 |     actor-a: Again\n"
            "      |     ^~~~~~~\n"
            "m.yaml:43:5: note: the first one is here\n"
            "   43 |     actor-a: Actor A (x)\n"
            "      |     ^~~~~~~\n");
}

TEST(LoadMatrix, DuplicateKeyThatYamlCppAccepts) {
  EXPECT_EQ(broken("title: Demo Progress", "name: other"),
            "m.yaml:3:1: error: matrix: the key 'name' is there twice [M005]\n"
            "    3 | name: other\n"
            "      | ^~~~\n"
            "m.yaml:2:1: note: the first one is here\n"
            "    2 | name: demo\n"
            "      | ^~~~\n");
}

TEST(LoadMatrix, UnknownKeyIsCompared) {
  EXPECT_EQ(
      broken("  report: vitest-json", "  raport: vitest-json"),
      "m.yaml:22:3: error: runner: the key 'report' is missing [M004]\n"
      "   22 |   directory: pkg\n"
      "      |   ^\n"
      "m.yaml:26:3: error: runner: unknown key 'raport', did you mean 'report'? expected one of: directory, "
      "report, report_files, escape, scope, filter, narrow, environment, file, command, grace, leaks, "
      "counts, proves, list "
      "[M003]\n"
      "   26 |   raport: vitest-json\n"
      "      |   ^~~~~~\n");
}

TEST(LoadMatrix, UnknownPlaceholderIsUnderlinedInsideItsText) {
  EXPECT_EQ(broken("({runtime}) / sqlite", "({runtine}) / sqlite"),
            "m.yaml:24:20: error: runner: scope: unknown placeholder {runtine}, did you mean 'runtime'? "
            "expected one "
            "of: runtime, sqlite, encoding, registry, file, path, suite, column, cell [M009]\n"
            "   24 |   scope: 'runtime ({runtine}) / sqlite ({sqlite})'\n"
            "      |                    ^~~~~~~~~\n");
}

TEST(LoadMatrix, ABraceThatIsNoPlaceholderIsAnError) {
  EXPECT_EQ(
      broken("/ {suite}'", "/ x{2,3}'"),
      "m.yaml:25:37: error: runner: filter: a '{' that begins no {placeholder}; write {{ for a brace [M010]\n"
      "   25 |   filter: 'runtime \\({runtime}\\) / x{2,3}'\n"
      "      |                                     ^\n");
}

TEST(LoadMatrix, AFilterThatTheCommandForgetsIsAnError) {
  EXPECT_EQ(broken(", -t, \"{filter}\"]", "]"),
            "m.yaml:23:12: error: runner: command: the filter is never used; expected {filter} [M010]\n"
            "   23 |   command: [run, \"tests/{file}.test.ts\"]\n"
            "      |            ^\n");
}

TEST(LoadMatrix, AServiceWithEverythingThatItCanHave) {
  const std::string text = replace_all(
      replace_all(k_sample, "    ports: [main]\n",
                  "    ports: [main]\n    stop: INT\n    linger: 30\n    restart: true\n    instances: 4\n"),
      "progress: notes", "parallel: true\nprogress: notes");
  const Service service = sample_matrix(text).services[0];
  EXPECT_EQ(service.stop_signal, SIGINT);
  EXPECT_EQ(service.linger, Milliseconds(30'000));
  EXPECT_TRUE(service.restart);
  EXPECT_EQ(service.instances, 4);
  EXPECT_EQ(service.health.kind, HealthKind::http);
}

TEST(LoadMatrix, HealthByAConnectionAndByALine) {
  const std::string health =
      "{url: \"http://127.0.0.1:{engine.port.main}/health\", fields: {runtime: engine}";
  const Health tcp = sample_matrix(replace_all(k_sample, health, "{tcp: \"localhost:{engine.port.main}\""))
                         .services[0]
                         .health;
  EXPECT_EQ(tcp.kind, HealthKind::tcp);
  EXPECT_EQ(tcp.target.source(), "localhost:{engine.port.main}");
  const Health log = sample_matrix(replace_all(k_sample, health, "{log: listening on")).services[0].health;
  EXPECT_EQ(log.kind, HealthKind::log);
  EXPECT_EQ(log.target.source(), "listening on");
}

TEST(LoadMatrix, HealthByAUrlThatIsNotHttp) {
  const std::string health =
      "{url: \"http://127.0.0.1:{engine.port.main}/health\", fields: {runtime: engine}, interval: 200ms, "
      "timeout: 5s}";
  EXPECT_EQ(broken(health, "https://127.0.0.1/health"),
            "m.yaml:39:13: error: service 'engine': health: expected http://HOST[:PORT][/PATH], got "
            "'https://127.0.0.1/health'; of what speaks TLS, ask tcp: HOST:PORT or a line of its log: TEXT "
            "[M007]\n"
            "   39 |     health: https://127.0.0.1/health\n"
            "      |             ^~~~~~~~~~~~~~~~~~~~~~~~\n");
  EXPECT_EQ(broken(health, "127.0.0.1:80"),
            "m.yaml:39:13: error: service 'engine': health: expected http://HOST[:PORT][/PATH], got "
            "'127.0.0.1:80' [M007]\n"
            "   39 |     health: 127.0.0.1:80\n"
            "      |             ^~~~~~~~~~~~\n");
  EXPECT_EQ(broken(health, "\"{env.URL}/health\""), "");
}

TEST(LoadMatrix, HealthByTwoMeansOrByNone) {
  EXPECT_EQ(
      broken("{url: \"http://127.0.0.1:{engine.port.main}/health\", ", "{"),
      "m.yaml:39:13: error: service 'engine': health: missing key; expected one of url, tcp, log [M004]\n"
      "   39 |     health: {fields: {runtime: engine}, interval: 200ms, timeout: 5s}\n"
      "      |             ^\n");
  EXPECT_EQ(broken("fields: {runtime: engine}", "log: ready"),
            "m.yaml:39:70: error: service 'engine': health: expected only one of url, tcp and log [M028]\n"
            "   39 |     health: {url: \"http://127.0.0.1:{engine.port.main}/health\", log: ready, interval: "
            "200ms, "
            "timeout: 5s}\n"
            "      |                                                                      ^~~~~\n");
  EXPECT_EQ(broken("url: \"http://127.0.0.1:{engine.port.main}/health\"", "log: ready"),
            "m.yaml:39:34: error: service 'engine': health: fields goes only with url [M028]\n"
            "   39 |     health: {log: ready, fields: {runtime: engine}, interval: 200ms, timeout: 5s}\n"
            "      |                                  ^\n");
}

TEST(LoadMatrix, ASignalThatIsNone) {
  EXPECT_EQ(
      broken("    ports: [main]", "    ports: [main]\n    stop: TREM"),
      "m.yaml:39:11: error: service 'engine': stop: unknown signal 'TREM', did you mean 'TERM'? expected "
      "one of: TERM, INT, QUIT, HUP, USR1, USR2 [M007]\n"
      "   39 |     stop: TREM\n"
      "      |           ^~~~\n");
}

TEST(LoadMatrix, APoolNeedsPortsAndParallelCells) {
  EXPECT_EQ(
      broken("    ports: [main]", "    instances: 2\n    ports: [main]"),
      "m.yaml:38:16: error: service 'engine': one cell at a time needs one instance; expected parallel: "
      "true [M028]\n"
      "   38 |     instances: 2\n"
      "      |                ^\n");
}

TEST(LoadMatrix, ASkipNeedsAReason) {
  EXPECT_EQ(broken("skip: {wasm: not there}", "skip: {wasm: ''}"),
            "m.yaml:44:38: error: row 'actor-b': skip: expected a reason for 'wasm' [M024]\n"
            "   44 |     actor-b: {suite: Actor B, skip: {wasm: ''}, timeout: 30}\n"
            "      |                                      ^~~~\n");
}

TEST(LoadMatrix, ARowHasItsOwnEnvironmentAndNeeds) {
  const Matrix matrix = sample_matrix(
      replace_all(k_sample, "    actor-c: Actor C\n",
                  "    actor-c: {environment: {PORT: '{engine.port.main}'}, processors: 4, locks: [gpu]}\n"));
  EXPECT_EQ(matrix.rows[2].environment.front().second.source(), "{engine.port.main}");
  EXPECT_EQ(matrix.rows[2].processors, 4);
  EXPECT_EQ(matrix.rows[2].locks, std::vector<std::string>{"gpu"});
  EXPECT_EQ(broken("    actor-c: Actor C\n", "    actor-c: {environment: {PORT: '{filter}'}}\n"),
            "m.yaml:46:36: error: row 'actor-c': environment: PORT: unknown placeholder {filter}, did you "
            "mean 'file'? expected one of: "
            "runtime, sqlite, encoding, registry, file, path, suite, column, cell, root, worktree, "
            "worktree.number, "
            "report, tmp, engine.dir, "
            "engine.instance, "
            "engine.port.main [M009]\n"
            "   46 |     actor-c: {environment: {PORT: '{filter}'}}\n"
            "      |                                    ^~~~~~~~\n");
}

TEST(LoadMatrix, EveryMistakeIsReportedAtOnce) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_matrix("m.yaml",
                            "version: 2\n"
                            "name: -x\n"
                            "axes: {runtime: [a, a], empty: []}\n"
                            "columns: {c: {runtmie: a}}\n"
                            "runner: {command: run, report: vitest}\n"
                            "labels: {fast: {timeout: soon}}\n"
                            "rows: {medium: {x: X}}\n"
                            "services: {e: {command: [e], health: http://x, grace: long}}\n",
                            diagnostics));
  std::string codes;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    codes += diagnostic.code + " ";
  }
  EXPECT_EQ(codes, "M022 M017 M018 M002 M006 M011 M011 M007 M002 M016 ");
}

TEST(LoadMatrix, WhatIsNoYamlSaysWhere) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_matrix("m.yaml", "name: [a\nb: c}\n", diagnostics));
  EXPECT_THAT(diagnostics.render(), ::testing::StartsWith("m.yaml:2:2: error: not valid YAML: "));
  Diagnostics second;
  EXPECT_FALSE(parse_matrix("m.yaml", "just words\n", second));
  EXPECT_EQ(second.render(), "m.yaml:1:1: error: matrix: expected a map, got 'just words' [M002]\n"
                             "    1 | just words\n"
                             "      | ^~~~~~~~~~\n");
  Diagnostics third;
  EXPECT_FALSE(parse_matrix("m.yaml", "", third));
  EXPECT_EQ(third.render(), "m.yaml:1:1: error: expected a matrix, got an empty file [M001]\n");
}

TEST(LoadMatrix, DeepAndHugeDocumentsAreRefusedNotCrashed) {
  Diagnostics deep;
  EXPECT_FALSE(parse_matrix("m.yaml", std::string(100'000, '['), deep));
  EXPECT_TRUE(deep.has_errors());
  std::string laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) {
      laughs += "*a" + std::to_string(i - 1) + ",";
    }
    laughs += "]\n";
  }
  Diagnostics bomb;
  EXPECT_FALSE(parse_matrix("m.yaml", laughs, bomb));
  EXPECT_THAT(bomb.render(), ::testing::HasSubstr("the aliases make the document too large"));
}

TEST(LoadMatrix, FilesThatAreWrittenAreNotOneFile) {
  const auto said = [](const std::string& lines) {
    Diagnostics diagnostics;
    (void)parse_matrix("m.yaml", lines, diagnostics);
    return diagnostics.render();
  };
  EXPECT_THAT(
      said("name: a\nfriction: ./m.yaml\n"),
      ::testing::HasSubstr("m.yaml:2:11: error: friction: './m.yaml' is the matrix already; expected a file "
                           "of its own [M028]\n"));
  EXPECT_THAT(said("name: a\nprogress: p.md\nknown: k.txt\nfriction: k.txt\n"),
              ::testing::HasSubstr("m.yaml:4:11: error: friction: 'k.txt' is known already;"));
  EXPECT_THAT(said("name: a\nprogress: p.md\nknown: k.txt\nfriction: f.md\n"),
              ::testing::Not(::testing::HasSubstr("[M028]")));
}

TEST(LoadMatrix, ATextThatNoArgumentCanCarryIsRefused) {
  const auto said = [](std::size_t bytes) {
    Diagnostics diagnostics;
    (void)parse_matrix("m.yaml", "name:\n  a\ntitle: " + std::string(bytes, 'x') + "\n", diagnostics);
    return diagnostics.render();
  };
  EXPECT_THAT(said(65'537),
              ::testing::HasSubstr(
                  "m.yaml:3:8: error: a text of 65537 bytes; expected at most 65536, which an argument "
                  "or a variable can carry: put it into a file, or a script, and name that [M001]\n"));
  EXPECT_LT(said(65'537).size(), 10'000U);
  EXPECT_THAT(said(65'536), ::testing::Not(::testing::HasSubstr("[M001]")));
}

TEST(LoadMatrix, MissingFilesAreNamedWithTheirRows) {
  const std::filesystem::path root =
      std::filesystem::temp_directory_path() / ("load_test." + std::to_string(getpid()));
  std::filesystem::create_directories(root / "pkg/tests");
  for (const char* row : {"actor-a", "actor-c", "actor-d"}) {
    std::ofstream(root / "pkg/tests" / (std::string(row) + ".test.ts"));
  }
  Diagnostics diagnostics;
  ReadLog log;
  check_files(sample_matrix(), root, diagnostics, {}, log);
  EXPECT_EQ(diagnostics.render(), "matrix.yaml:44:5: error: row 'actor-b': the file " + root.string() +
                                      "/pkg/tests/actor-b.test.ts is not there [M013]\n");
  std::filesystem::remove_all(root);
  Diagnostics without;
  check_files(sample_matrix(), root, without, {}, log);
  EXPECT_EQ(without.render(), "matrix.yaml: error: runner: the directory " + root.string() +
                                  "/pkg is not there; is the root right? [M013]\n");
}

} // namespace
} // namespace ctest_matrix
