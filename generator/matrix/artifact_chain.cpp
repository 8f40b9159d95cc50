#include "matrix/artifact_chain.hpp"

#include <algorithm>

namespace ctest_matrix {

namespace {

void add(const std::vector<Artifact>& artifacts, const std::vector<std::string>& names,
         std::vector<const Artifact*>& chain) {
  for (const Artifact& artifact : artifacts) {
    const bool wanted = std::find(names.begin(), names.end(), artifact.name) != names.end();
    if (wanted && std::find(chain.begin(), chain.end(), &artifact) == chain.end()) {
      add(artifacts, artifact.after, chain);
      chain.push_back(&artifact);
    }
  }
}

} // namespace

std::vector<const Artifact*> artifact_chain(const std::vector<Artifact>& artifacts,
                                            const std::vector<std::string>& names) {
  std::vector<const Artifact*> chain;
  add(artifacts, names, chain);
  return chain;
}

} // namespace ctest_matrix
