# Several worktrees of one repository on one machine: names that tell them apart, and a service at one address.

# shellcheck source=service_suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/service_suite.sh"

# in_git: makes a repository of the checkout, and a linked worktree of it in `other`.
in_git() {
  git init -q -b main checkout
  printf 'demo-progress.md\ntrace\nports\nstarted\nengine.bin\n' >checkout/.gitignore
  git -C checkout add -A
  git -C checkout -c user.name=a -c user.email=a@example.org commit -qm 'the beginning'
  git -C checkout worktree add -q "$work/other" -b other
}

# in_other VERB...: of the linked worktree.
in_other() {
  run "$CTEST_MATRIX" "$1" other/matrix.yaml --root other --build-dir build-other "${@:2}"
}

# with_artifact: the service comes after an artifact, engine.bin, whose content is $1.
with_artifact() {
  sed -i "s|^services:|artifacts:\n  engine:\n    inputs: [engine.txt]\n    outputs: [engine.bin]\n    command: [cp, engine.txt, engine.bin]\n&|; s|^    grace: 1s|    after: [engine]\n&|" checkout/matrix.yaml
  echo "$1" >checkout/engine.txt
}

test_placeholders() {
  make_suite "$rows" "  environment: {WHERE: '{worktree} 2{worktree.number}0'}
logs: {current: 'logs/current-{worktree}.log'}"
  behave alpha.native <<<'echo "$WHERE" >where; add passed one'
  in_git
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build only alpha
  expect_output "logs: $work/build/ctest-matrix/demo/logs"
  in_other run only alpha
  [ "$status" = 0 ] || die 'the other worktree'
  local here there
  read -r here port <checkout/where
  read -r there _ <other/where
  [[ $here =~ ^[0-9a-f]{8}$ && $there =~ ^[0-9a-f]{8}$ && $here != "$there" ]] || die "'$here' and '$there'"
  [[ $port =~ ^2[0-9]{3}0$ ]] || die "the port $port"
  [ -e "checkout/logs/current-$here.log" ] || die 'the link has another name'
  # What a pass rests on does not depend on where the worktree lies.
  expect_equal "$(sed -n 's/.*"basis":\(\[[^]]*\]*\).*/\1/p' "$(journal checkout)" | head -n 1 | grep -o 'environment","[0-9a-f]*')" \
    "$(sed -n 's/.*"basis":\(\[[^]]*\]*\).*/\1/p' "$(journal other)" | head -n 1 | grep -o 'environment","[0-9a-f]*')" 'the environment'
  mv checkout elsewhere
  expect_status 0 "$CTEST_MATRIX" run elsewhere/matrix.yaml --root elsewhere --build-dir build-elsewhere reset only alpha
  read -r there _ <elsewhere/where
  [ "$here" != "$there" ] || die 'the same hash in another place'
}

# journal CHECKOUT
journal() {
  echo "$(git -C "$1" rev-parse --absolute-git-dir)/ctest-matrix/demo/journal.jsonl"
}

# A program that is no file of the checkout: nothing tells what it was built from.
test_refused_where_nothing_tells() {
  choose_port
  fixed_suite
  in_git
  cd other
  start_stranger health "$port"
  cd ..
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output "runs from another checkout of this repository, $work/other, and nothing tells whether it is the one that would run here"
  expect_output "process $stranger: $CTEST_MATRIX_CHILD health $port"
  expect_output 'give each checkout an address of its own'
  expect_equal '' "$(begun)" 'cells that ran'
  sed -i 's/^    grace: 1s/    borrow: any\n&/' checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -V
  expect_output 'warning: it does not run from this checkout'
  kill "$stranger"
}

test_borrowed_where_it_is_the_same() {
  choose_port
  fixed_suite
  with_artifact one
  in_git
  cp other/engine.txt other/engine.bin
  cd other
  start_stranger health "$port"
  cd ..
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -V
  expect_output "the service engine is borrowed, and it runs from another checkout, $work/other, with the same artifacts"
  expect_equal 0 "$(starts)" 'starts of an own service'
  # It is built anew there, from something else.
  echo two >other/engine.bin
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output "and its artifact 'engine' is another one than here"
  kill "$stranger"
}

# Programs of the checkout are compared themselves.
test_program_of_the_checkout() {
  choose_port
  fixed_suite
  in_git
  mkdir -p checkout/target other/target
  cp "$CTEST_MATRIX_CHILD" other/target/engine
  "$work/other/target/engine" health "$port" >/dev/null 2>&1 </dev/null &
  stranger=$!
  eventually 30 listening "$port" || die 'it does not listen'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'and its program target/engine is another one than here'
  cp "$CTEST_MATRIX_CHILD" checkout/target/engine
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -V
  expect_output "it runs from another checkout, $work/other, with the same artifacts"
  mv other/target/engine other/target/old # it is built anew, while the old one runs
  cp "$CTEST_MATRIX_CHILD" other/target/engine
  rm other/target/old
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'is another one than here'
  kill "$stranger"
}

# With ports of its own, each worktree starts its own beside the other.
test_beside_each_other() {
  service_suite "$good"
  in_git
  behave alpha.native <<<'echo $ENGINE_PORT >>'"$work"'/used; until [ "$(wc -l <'"$work"'/used)" = 2 ]; do sleep 0.05; done; . behaviour/healthy'
  git -C checkout add -A
  cp checkout/behaviour/alpha.native other/behaviour/alpha.native
  cp checkout/behaviour/healthy other/behaviour/healthy
  expect_status 0 "$CTEST_MATRIX" generate other/matrix.yaml --root other --build-dir build-other
  "$CTEST" --test-dir build-other -R alpha.native >other-output 2>&1 </dev/null &
  local second=$!
  expect_status 0 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  wait "$second" || die "the other one failed: $(cat other-output)"
  expect_equal 2 "$(sort -u used | wc -l)" 'ports'
  gone_in_time
}

run_case "$@"
