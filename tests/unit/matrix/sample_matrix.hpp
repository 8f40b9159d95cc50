// A small matrix with two columns, two labels, an excluded row, an artifact and a service.
#pragma once

#include "base/diagnostics.hpp"
#include "matrix/expand.hpp"
#include "matrix/load.hpp"
#include "plan/plan.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ctest_matrix {

inline const std::string k_sample = R"(version: 1
name: demo
title: Demo Progress
axes:
  runtime: [native, wasm]
  sqlite: [local, remote]
  encoding: [bare, cbor]
  registry: [static]
forbid:
  - {runtime: wasm, sqlite: local, reason: no local SQLite}
columns:
  native: {runtime: native, sqlite: local}
  wasm: {runtime: wasm, sqlite: remote}
timeout_scale: {wasm: 1.5}
profiles:
  default: {encoding: bare, registry: static}
  full: {columns: {native: {runtime: native}, wasm: {runtime: wasm}}, progress: full.md}
labels:
  fast: {timeout: 120}
  slow: {timeout: 600}
runner:
  directory: pkg
  command: [run, "tests/{file}.test.ts", -t, "{filter}"]
  scope: 'runtime ({runtime}) / sqlite ({sqlite})'
  filter: 'runtime \({runtime}\) / {suite}'
  report: vitest-json
  environment: {URL: "http://x:{engine.port.main}/{env.HOME}", BRACES: "{{}}"}
artifacts:
  napi:
    for: {runtime: native}
    inputs: ["src/**/*.rs", "!src/target/**"]
    outputs: ["*.node"]
    command: [make, napi]
services:
  engine:
    after: napi
    command: [engine, "{engine.dir}"]
    ports: [main]
    health: {url: "http://127.0.0.1:{engine.port.main}/health", fields: {runtime: engine}, interval: 200ms, timeout: 5s}
progress: notes/progress.md
rows:
  fast:
    actor-a: Actor A (x)
    actor-b: {suite: Actor B, skip: {wasm: not there}, timeout: 30}
  slow:
    actor-c: Actor C
  excluded:
    actor-d: {suite: Actor D, reason: on request}
)";

inline Matrix sample_matrix(const std::string& text = k_sample) {
  Diagnostics diagnostics;
  auto matrix = parse_matrix("matrix.yaml", text, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  return matrix.value_or(Matrix());
}

inline Expansion sample_expansion(const Matrix& matrix, const std::string& profile = "default") {
  Diagnostics diagnostics;
  auto expansion = expand(matrix, profile, {}, diagnostics);
  EXPECT_EQ(diagnostics.render(), "");
  return expansion.value_or(Expansion());
}

inline Plan sample_plan(const std::string& profile = "default", const std::string& prefix = "") {
  const Matrix matrix = sample_matrix();
  return make_plan(matrix, sample_expansion(matrix, profile),
                   {.matrix = "/repo/matrix.yaml",
                    .root = "/repo",
                    .state = "/build/ctest-matrix/demo",
                    .prefix = prefix});
}

} // namespace ctest_matrix
