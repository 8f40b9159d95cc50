#include "base/text.hpp"
#include "matrix/sample_matrix.hpp"
#include "plan/emitted_names.hpp"

namespace ctest_matrix {
namespace {

std::string meetings(const std::string& text, const std::string& prefix = "",
                     const char* profile = "default") {
  const Matrix matrix = sample_matrix(text);
  Diagnostics diagnostics;
  check_emitted_names(matrix, sample_expansion(matrix, profile), prefix, diagnostics);
  std::string said;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    said += diagnostic.severity == Severity::note ? "" : diagnostic.message + "\n";
  }
  return said;
}

std::string with_service(const std::string& name) {
  return replace_all(replace_all(k_sample, "  engine:\n", "  " + name + ":\n"), "{engine.", "{" + name + ".");
}

std::string with_row(const std::string& name) {
  return replace_all(k_sample, "    actor-c: Actor C\n", "    " + name + ": Actor C\n");
}

TEST(EmittedNames, OfTheSampleDoNotMeet) {
  EXPECT_EQ(meetings(k_sample), "");
  EXPECT_EQ(meetings(k_sample, "p/", "full"), "");
}

TEST(EmittedNames, AServiceMeetsOurFixtures) {
  EXPECT_EQ(meetings(with_service("ready")), "the service 'ready' and the set-up of every cell would both be "
                                             "called 'demo.ready' for CTest; give one "
                                             "of them another name\n");
  EXPECT_EQ(meetings(with_service("artifact.napi")), "the service 'artifact.napi' and the artifact 'napi' "
                                                     "would both be called 'demo.artifact.napi' for CTest; "
                                                     "give one of them another name\n");
  EXPECT_NE(meetings(with_service("check")), "");
}

TEST(EmittedNames, ARowMeetsTheMatrix) {
  const std::string row = replace_all(with_row("demo.engine"), "wasm", "up");
  EXPECT_EQ(meetings(row),
            "the cell 'demo.engine.up' of the row 'demo.engine' and the service 'engine' would both be "
            "called 'demo.engine.up' for CTest; give one of them another name\n");
  EXPECT_EQ(meetings(row, "p."),
            "the cell 'demo.engine.up' of the row 'demo.engine' and the service 'engine' would "
            "both be called 'p.demo.engine.up' for CTest; give one of them another name\n");
  EXPECT_EQ(meetings(replace_all(with_row("demo"), "wasm", "ready")),
            "the cell 'demo.ready' of the row 'demo' and the set-up of every cell would both be called "
            "'demo.ready' for "
            "CTest; give one of them another name\n");
}

TEST(EmittedNames, CellsMeetEachOther) {
  EXPECT_EQ(meetings(replace_all(with_row("actor-a.x"), "wasm", "x.native")),
            "the cell 'actor-a.x.native' of the row 'actor-a.x' and the cell 'actor-a.x.native' of the row "
            "'actor-a' "
            "would both be called 'actor-a.x.native' for CTest; give one of them another name\n");
}

TEST(EmittedNames, ALockIsNotOurs) {
  EXPECT_EQ(meetings(replace_all(k_sample, "    actor-c: Actor C\n", "    actor-c: {locks: demo.serial}\n")),
            "a lock of the row 'actor-c' and the lock of cells that run one at a time would both be called "
            "'demo.serial' for CTest; give one of them another name\n");
}

TEST(EmittedNames, AreNotTooLong) {
  EXPECT_NE(meetings(with_row(std::string(200, 'a'))), "");
}

} // namespace
} // namespace ctest_matrix
