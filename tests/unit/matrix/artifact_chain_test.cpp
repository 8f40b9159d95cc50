#include "matrix/artifact_chain.hpp"

#include <gmock/gmock.h>

namespace ctest_matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Artifact artifact(const std::string& name, const std::vector<std::string>& after) {
  Artifact result;
  result.name = name;
  result.after = after;
  return result;
}

std::vector<std::string> chain(const std::vector<Artifact>& artifacts,
                               const std::vector<std::string>& names) {
  std::vector<std::string> found;
  for (const Artifact* one : artifact_chain(artifacts, names)) {
    found.push_back(one->name);
  }
  return found;
}

TEST(ArtifactChain, EachIsBehindWhatItComesAfterAndThereOnce) {
  const std::vector<Artifact> artifacts{artifact("schema", {}), artifact("napi", {"schema"}),
                                        artifact("wasm", {"schema"}), artifact("dist", {"napi", "wasm"})};
  EXPECT_THAT(chain(artifacts, {"dist"}), ElementsAre("schema", "napi", "wasm", "dist"));
  EXPECT_THAT(chain(artifacts, {"wasm", "napi"}), ElementsAre("schema", "napi", "wasm"));
  EXPECT_THAT(chain(artifacts, {"schema"}), ElementsAre("schema"));
  EXPECT_THAT(chain(artifacts, {"another"}), IsEmpty());
}

} // namespace
} // namespace ctest_matrix
