# Two users of one machine: neither takes what is the other one's for its own, follows it, or is held up by it. Needs root,
# which is one of them.

# shellcheck source=service_suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/service_suite.sh"

user=54411

# What lib.sh calls at the end of a test.
clean_up() {
  [ "$(id -u)" != 0 ] || rm -rf "/tmp/ctest-matrix-$user"
}

# as_user COMMAND...: as a user with no place of its own but in /tmp.
as_user() {
  setpriv --reuid="$user" --regid="$user" --clear-groups env -u XDG_RUNTIME_DIR HOME=/nonexistent "$@"
}

# as_nobody COMMAND...
as_nobody() {
  setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

needs_root() {
  if [ "$(id -u)" != 0 ] || ! as_user true 2>/dev/null; then
    echo 'cannot be made here: needs root, to be two users'
    exit 77
  fi
  chmod 755 .
  rm -rf "/tmp/ctest-matrix-$user"
}

# given_away: all that is here is the user's.
given_away() {
  chown -R "$user:$user" checkout build
}

# At a service's port somebody of another user listens, whose descriptors cannot be seen.
test_answered_by_another_user() {
  needs_root
  service_suite '[sh, -c, "echo $ENGINE_PORT >$PWD/port; exec $CHILD sleep"]'
  given_away
  as_user "$CTEST" --test-dir build -R alpha.native --output-on-failure >output 2>&1 </dev/null &
  local ctest=$!
  eventually 30 test -s checkout/port || die 'the service did not start'
  port=$(cat checkout/port)
  start_stranger health "$port"
  wait "$ctest" && die 'ctest believes in the service of another user'
  expect_output "another process listens at its port $port: a process of the user root"
  expect_equal '' "$(begun)" 'cells that ran'
  kill "$stranger"
}

# A service may change its user and clear its environment: it is known by descent.
test_service_of_another_user() {
  needs_root
  service_suite '[sh, -c, "exec setpriv --reuid=65534 --regid=65534 --clear-groups $CHILD health $ENGINE_PORT"]'
  expect_status 0 "$CTEST" --test-dir build
  gone_in_time
}

test_service_without_an_environment() {
  service_suite '[sh, -c, "env -i setsid $CHILD health $ENGINE_PORT & wait"]'
  expect_status 0 "$CTEST" --test-dir build
  gone_in_time
}

# The port of a container is held by the engine's proxy, which is root's and not below whoever starts the container.
test_port_of_a_container() {
  needs_root
  service_suite '[sh, -c, "echo $ENGINE_PORT >$PWD/port; exec ./docker run"]'
  printf '#!/bin/bash\nexec -a docker sleep 1000\n' >checkout/docker
  chmod 755 checkout/docker
  given_away
  as_user "$CTEST" --test-dir build -R alpha.native --output-on-failure >output 2>&1 </dev/null &
  local ctest=$! proxy
  eventually 30 test -s checkout/port || die 'the service did not start'
  port=$(cat checkout/port)
  bash -c 'exec -a docker-proxy "$@"' _ "$(python3 -c 'import sys; print(sys.executable)')" -c '
import http.server, sys
class Healthy(http.server.BaseHTTPRequestHandler):
  def do_GET(self):
    self.send_response(200)
    self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[-1])), Healthy).serve_forever()' -proto tcp -host-port "$port" 2>/dev/null &
  proxy=$!
  wait "$ctest" || die "the service is not believed: $(cat output)"
  kill "$proxy"
  rm -rf "/tmp/ctest-matrix-$user"
}

test_borrowed_from_another_user() {
  needs_root
  choose_port
  fixed_suite
  given_away
  start_stranger health "$port"
  as_user "$CTEST" --test-dir build -R alpha.native --output-on-failure -V >output 2>&1 </dev/null ||
    die 'it is not borrowed'
  expect_output 'the service engine is borrowed, and it belongs to another user: a process of the user root'
  kill "$stranger"
  wait "$stranger" || true
  setpriv --reuid=65534 --regid=65534 --clear-groups "$CTEST_MATRIX_CHILD" health "$port" >/dev/null 2>&1 </dev/null &
  stranger=$!
  eventually 30 listening "$port" || die 'the stranger does not listen'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -V
  expect_output "it belongs to another user: process $stranger of the user nobody: "
  kill "$stranger"
}

# Another user has made the directory first.
test_directory_of_another_user() {
  needs_root
  service_suite "$good"
  given_away
  as_nobody mkdir -m 755 "/tmp/ctest-matrix-$user"
  as_user "$CTEST" --test-dir build -R alpha.native --output-on-failure >output 2>&1 </dev/null && die 'it passes'
  expect_output "/tmp/ctest-matrix-$user belongs to another user (65534); remove it"
  rm -rf "/tmp/ctest-matrix-$user"
  as_nobody ln -s "$work/checkout" "/tmp/ctest-matrix-$user"
  as_user "$CTEST" --test-dir build -R alpha.native --output-on-failure >output 2>&1 </dev/null && die 'it passes'
  expect_output "/tmp/ctest-matrix-$user is a link or a file, not a directory; remove it"
  rm -rf "/tmp/ctest-matrix-$user"
  as_user "$CTEST" --test-dir build -R alpha.native --output-on-failure >output 2>&1 </dev/null || die 'it does not pass'
  expect_equal "700 $user" "$(stat -c '%a %u' "/tmp/ctest-matrix-$user")" 'the directory'
  rm -rf "/tmp/ctest-matrix-$user"
}

held_by_a_reader() {
  ! flock --nonblock checkout/.ctest-matrix/cells.lock true
}

# Who may only read the checkout holds nobody up, and waits for nobody.
test_lock_of_a_reader() {
  needs_root
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  chmod -R a+rX checkout
  as_nobody flock checkout/.ctest-matrix/cells.lock sleep 1000 &
  local holder=$!
  as_nobody flock checkout/.ctest-matrix sleep 1000 &
  sed -i 's/^rows:/labels: {fast: {timeout: 6}}\n&/' checkout/matrix.yaml
  eventually 10 held_by_a_reader || die 'nobody holds the file'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  kill "$holder" "$!"
  pkill -P "$holder" 2>/dev/null || true
}

# Who may write it is excluded: root makes the lock in the name of the checkout's owner.
test_lock_of_two_users() {
  needs_root
  make_suite "$rows"
  given_away
  behave alpha.native <<<'until [ -e go ]; do sleep 0.05; done; add passed one'
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  "$CTEST" --test-dir build2 -R alpha.native >first 2>&1 </dev/null &
  local first=$!
  eventually 30 test -s checkout/trace || die 'the first cell did not start'
  expect_equal "$user" "$(stat -c %u checkout/.ctest-matrix/cells.lock)" 'the owner of the lock'
  chown -R "$user:$user" checkout
  as_user "$CTEST" --test-dir build -R beta.native >output 2>&1 </dev/null &
  local second=$!
  sleep 1
  expect_equal alpha.native "$(begun)" 'the cells that ran'
  : >checkout/go
  wait "$first" || die "the first ctest failed: $(cat first)"
  chown -R "$user:$user" checkout
  wait "$second" || die "the second ctest failed: $(cat output)"
}

# What root makes in the checkout of another user belongs to that one.
test_directory_in_a_checkout_of_another_user() {
  needs_root
  make_suite "$rows"
  git -C checkout init -q
  given_away
  chown root build
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  local made
  for made in ctest-matrix ctest-matrix/demo ctest-matrix/cells.lock; do
    expect_equal "$user" "$(stat -c %u "checkout/.git/$made")" "the owner of $made"
  done
  # So do the files, and its owner goes on with them.
  expect_equal '' "$(find checkout/.git/ctest-matrix checkout/demo-progress.md ! -user "$user")" "what is root's there"
  mkdir of-the-user
  chown "$user" of-the-user checkout/trace
  run as_user "$CTEST_MATRIX" run --keep-going --matrix checkout/matrix.yaml --root checkout --build-dir of-the-user
  [ "$status" = 0 ] || die "the owner of the checkout cannot go on: exit status $status"
  expect_output 'ALL TESTS COMPLETE'
  # What an earlier root left is said, with the way out.
  sed -i 's/^- \[x\]/- [ ]/' checkout/demo-progress.md
  chown root checkout/.git/ctest-matrix/demo/journal.jsonl
  run as_user "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout --build-dir of-the-user
  [ "$status" != 0 ] || die 'a journal that cannot be written is no success'
  expect_output "it belongs to the user 0: \`sudo chown $user:$user "
}

# Directories that this user may not look into, of each kind that is listed: what is to be said is said, and nothing ends
# by an exception.
test_directories_that_cannot_be_read() {
  needs_root
  make_suite "$rows" '
inputs: [source/**]'
  mkdir -p checkout/source/deep checkout/tests/deep build/Testing/Temporary
  git -C checkout init -q
  given_away
  as_user "$CTEST" --test-dir build >output 2>&1 </dev/null || die 'it does not pass'
  local directory verb
  for directory in checkout/source/deep checkout/source checkout/tests build/Testing/Temporary build/ctest-matrix/demo \
    checkout/.git/ctest-matrix/demo checkout/.git; do
    chmod 000 "$directory"
    for verb in check 'run --stale' report; do
      # shellcheck disable=SC2086 # a verb and an option
      run as_user "$CTEST_MATRIX" $verb --root checkout --build-dir build ${verb:+$([ "${verb%% *}" = run ] && echo --matrix)} checkout/matrix.yaml
      case $status in
        [01345]) ;;
        *) die "$verb without $directory: exit status $status" ;;
      esac
      refute_output 'terminate'
    done
    chmod 755 "$directory"
  done
  expect_status 0 as_user "$CTEST_MATRIX" run --keep-going --matrix checkout/matrix.yaml --root checkout --build-dir build
}

run_case "$@"
