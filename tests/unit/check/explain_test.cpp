#include "base/text.hpp"
#include "check/explain.hpp"
#include "matrix/sample_matrix.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

Project sample_project(const std::string& profile = "default", const Assignment& overrides = {}) {
  Matrix matrix = sample_matrix();
  Diagnostics diagnostics;
  auto expansion = expand(matrix, profile, overrides, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  return {.places = {.matrix = "/repo/matrix.yaml",
                     .root = "/repo",
                     .state = "/build/ctest-matrix/demo",
                     .prefix = "p/"},
          .matrix = std::move(matrix),
          .on_disk = {"actor-a", "actor-b", "actor-c", "actor-d", "actor-new"},
          .expansion = expansion.value_or(Expansion()),
          .diagnostics = {}};
}

std::string explain(const Project& project, const std::string& cell) {
  const Plan plan = make_plan(project.matrix, project.expansion, project.places);
  return explain_cell(
      project, bind(plan.common, *find_cell(plan, cell)),
      {"todo", "cd /repo/pkg && run", {{"URL", "http://x:{engine.port.main}/"}}, "/bin/ctest-matrix"});
}

TEST(Explain, TellsTheRuleBehindEverything) {
  EXPECT_EQ(explain(sample_project(), "actor-b.wasm"),
            "p/actor-b.wasm\n"
            "  row          matrix.yaml:44: actor-b, Actor B\n"
            "  column       matrix.yaml:13: wasm\n"
            "  profile      matrix.yaml:16: default\n"
            "  axes         runtime=wasm  (matrix.yaml:13: column 'wasm')\n"
            "               sqlite=remote  (matrix.yaml:13: column 'wasm')\n"
            "               encoding=bare  (matrix.yaml:16: profile 'default')\n"
            "               registry=static  (matrix.yaml:16: profile 'default')\n"
            "  labels       fast  (the section of the row)\n"
            "               wasm  (the column)\n"
            "               bare  (the encoding)\n"
            "               todo  (the box in the progress file)\n"
            "  time-out     45 s: 30 s of the row (matrix.yaml:44), times 1.5 for the column 'wasm' "
            "(matrix.yaml:14)\n"
            "  skip         accepted: not there (matrix.yaml:44)\n"
            "  fixtures     p/demo.ready  (for every cell)\n"
            "               p/demo.engine  (matrix.yaml:35: for every cell)\n"
            "  file         /repo/pkg/tests/actor-b.test.ts\n"
            "  scope        runtime (wasm) / sqlite (remote)\n"
            "  environment  URL='http://x:{engine.port.main}/'\n"
            "\n"
            "its command (what is in braces gets its value when it runs):\n"
            "  cd /repo/pkg && run\n"
            "run it without CTest:\n"
            "  /bin/ctest-matrix cell actor-b.wasm /repo/matrix.yaml --root /repo "
            "--state /build/ctest-matrix/demo --profile default --prefix p/\n");
}

TEST(Explain, TellsWhereValuesComeFromInOtherProfiles) {
  const std::string text = explain(sample_project("full", {{"encoding", "cbor"}}), "actor-a.native.local");
  EXPECT_THAT(text, ::testing::HasSubstr("sqlite=local  (matrix.yaml:6: each value has its cell)\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("encoding=cbor  (the command line)\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("registry=static  (matrix.yaml:8: the axis has no other value)\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("p/demo.artifact.napi  (matrix.yaml:29: for runtime=native)\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("120 s: 120 s of the label 'fast' (matrix.yaml:19)\n"));
}

TEST(Explain, TellsWhyACellIsNotThere) {
  const Project project = sample_project();
  EXPECT_EQ(explain_absent(project, "actor-a.wasm.local.bare"),
            "the profile 'default' has no cell 'actor-a.wasm.local.bare'\n"
            "  matrix.yaml:10: forbidden: runtime=wasm, sqlite=local (no local SQLite)");
  EXPECT_EQ(explain_absent(project, "actor-a.native.remote.cbor"),
            "the profile 'default' has no cell 'actor-a.native.remote.cbor'\n"
            "  matrix.yaml:17: the profile 'full' has it; add --profile full");
  EXPECT_EQ(explain_absent(project, "actor-a.native.cbor"),
            "the profile 'default' has no cell 'actor-a.native.cbor'\n"
            "  matrix.yaml:16: profile 'default' has encoding=bare");
  EXPECT_EQ(
      explain_absent(project, "actor-a.native.msgpack"),
      "the profile 'default' has no cell 'actor-a.native.msgpack'\n"
      "  no axis has the value 'msgpack'; expected one of: native, wasm, local, remote, bare, cbor, static");
  EXPECT_EQ(explain_absent(project, "actor-a.wsam"),
            "the profile 'default' has no cell 'actor-a.wsam'\n"
            "  unknown column 'wsam', did you mean 'wasm'? expected one of: native, wasm");
  EXPECT_EQ(explain_absent(project, "actr-a.wasm"), "the profile 'default' has no cell 'actr-a.wasm'\n"
                                                    "  no row is named 'actr-a', did you mean 'actor-a'?");
  EXPECT_EQ(explain_absent(sample_project("full"), "actor-a.wasm"),
            "the profile 'full' has no cell 'actor-a.wasm'\n"
            "  matrix.yaml:16: the profile 'default' has it; add --profile default");
}

TEST(Explain, CountsWhatIsMissingByTheRuleThatLeavesItOut) {
  EXPECT_EQ(explain_missing(sample_project()),
            "the profile 'default' runs 2 of 8 combinations of axis values\n"
            "  matrix.yaml:16: profile 'default' has encoding=bare, not cbor: 2 combinations\n"
            "  matrix.yaml:12: column 'native' has sqlite=local, not remote: 2 combinations\n"
            "  matrix.yaml:10: forbidden: runtime=wasm, sqlite=local (no local SQLite): 2 combinations\n"
            "1 of 4 rows run only on request\n"
            "  matrix.yaml:48: actor-d (on request)\n"
            "matrix.yaml:44: actor-b may be skipped in the column 'wasm' (not there)\n"
            "no row names 1 test file: actor-new\n");
}

} // namespace
} // namespace ctest_matrix
