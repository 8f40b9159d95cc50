# A service that dies while the cell runs, or that is another program.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

# one_service COMMAND HEALTH: of the matrix, at $port, where HEALTH is more of its health map.
one_service() {
  more_of_matrix=$(cat <<END
services:
  engine:
    command: [$1]
    health: {url: "http://127.0.0.1:$port/health", interval: 50ms, timeout: 3s$2}
    grace: 1s
END
  )
}

# free_port: to $port, one that nobody listens on.
free_port() {
  port=$((20000 + RANDOM % 10000))
  while (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; do
    port=$((port + 1))
  done
}

answers() {
  (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

# stranger WORDS: another program, until `no_stranger` or the end of the test.
stranger() {
  "$CTEST_MATRIX_CHILD" "$@" >/dev/null 2>&1 </dev/null &
  stranger=$!
  disown
  eventually 30 answers || die "nothing listens on $port"
}

no_stranger() {
  kill -KILL "$stranger" 2>/dev/null || true
  while answers; do sleep 0.05; done
}

# kill_listener, for runners: ends what serves $port, and waits until it is gone.
listener_functions() {
  cat <<END
child=$CTEST_MATRIX_CHILD
port=$port
END
  cat <<'END'
answers() { (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
kill_listener() {
  for process in /proc/[0-9]*; do
    if [ "$(tr '\0' ' ' 2>/dev/null <"$process/cmdline")" = "$child health $port " ]; then
      kill -KILL "${process#/proc/}"
    fi
  done
  while answers; do sleep 0.05; done
}
END
}

with_listener() {
  runner < <(listener_functions; cat)
}

# judged_with_service VERDICT REASON: the bare runner and plain CTest get the service from a person who started it.
judged_with_service() {
  generate
  stranger health "$port"
  alone
  no_stranger
  ours
  expect_verdict "$1" "$2"
  expect_equal 0 "$bare_status" 'the exit status of the bare runner'
  note_row
}

test_died() {
  class 'service died in the middle' 'the tests passed before'
  free_port
  one_service "$CTEST_MATRIX_CHILD, health, \"$port\"" ''
  with_listener <<'END'
write_report
kill_listener
END
  judged_with_service SETUP 'ended while the cell ran'
}

test_died_and_replaced() {
  class 'service died in the middle' 'another one took its port'
  free_port
  one_service "$CTEST_MATRIX_CHILD, health, \"$port\"" ''
  with_listener <<'END'
write_report
kill_listener
setsid -f "$child" health "$port" </dev/null >/dev/null 2>&1
until answers; do sleep 0.05; done
END
  judged_with_service SETUP 'ended while the cell ran'
}

# with_scripted COMMAND...: it runs while a person's script keeps the service up.
with_scripted() {
  sh -c "while :; do $CTEST_MATRIX_CHILD health $port; done" >/dev/null 2>&1 </dev/null &
  stranger=$!
  disown
  eventually 30 answers || die "nothing listens on $port"
  "$@"
  kill -KILL "$stranger"
  kill_listener
}

test_restarted_by_its_script() {
  class 'service died in the middle' 'its own script started it again'
  free_port
  eval "$(listener_functions)"
  one_service "sh, -c, \"while :; do $CTEST_MATRIX_CHILD health $port; done\"" ''
  with_listener <<'END'
write_report
serving() {
  for process in /proc/[0-9]*; do
    [ "$(tr '\0' ' ' 2>/dev/null <"$process/cmdline")" != "$child health $port " ] || echo "${process#/proc/}"
  done
}
before=$(serving)
kill -KILL $before
until after=$(serving) && [ -n "$after" ] && [ "$after" != "$before" ] && answers; do sleep 0.05; done
END
  generate
  with_scripted alone
  ours
  expect_verdict SETUP 'was restarted by its own command while the cell ran'
  expect_equal 0 "$bare_status" 'the exit status of the bare runner'
  note_row
}

# stand_in: another program at $port whenever a runner has ended the one there and left the file `killed`.
stand_in() {
  while kill -0 $$ 2>/dev/null && sleep 0.05; do
    if [ -e killed ]; then
      rm killed
      bash -c 'echo "$$" >stand-in; exec "$0" health "$1"' "$CTEST_MATRIX_CHILD" "$port" &
    fi
  done
}

test_replaced_below_its_script() {
  class 'service died in the middle' 'its script lives on, and a stranger took its port'
  free_port
  one_service "sh, -c, \"$CTEST_MATRIX_CHILD health $port; exec sleep 1000\"" ''
  with_listener <<END
write_report
kill_listener
touch "$PWD/killed"
until answers; do sleep 0.05; done
END
  generate
  stand_in >/dev/null 2>&1 </dev/null &
  standing_in=$!
  stranger health "$port"
  alone
  stranger=$(cat stand-in)
  no_stranger
  ours
  stranger=$(cat stand-in)
  kill "$standing_in"
  no_stranger
  expect_verdict SETUP 'no longer answers itself: another process listens'
  expect_equal 0 "$bare_status" 'the exit status of the bare runner'
  note_row
}

test_sick() {
  class 'service died in the middle' 'alive, but no longer answers'
  free_port
  one_service "$CTEST_MATRIX_CHILD, health, \"$port\"" ''
  with_listener <<'END'
write_report
for process in /proc/[0-9]*; do
  if [ "$(tr '\0' ' ' 2>/dev/null <"$process/cmdline")" = "$child health $port " ]; then
    kill -STOP "${process#/proc/}"
  fi
done
END
  judged_with_service SETUP 'no longer healthy'
}

# set_up_fails TEXT: the set-up of the service says so, and the cell is not run.
set_up_fails() {
  generate
  alone
  ours --output-on-failure
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_output "$1"
  expect_processed '[ ] [ ]' 'SETUP'
  expect_equal 0 "$bare_status" 'the exit status of the bare runner'
  note_row '**SETUP** (`suite.engine.up` fails)'
}

test_other_service() {
  class 'another program answers on its port' 'healthy, but not the one declared'
  free_port
  one_service "$CTEST_MATRIX_CHILD, health, \"$port\"" ', fields: {runtime: engine}'
  runner <<<write_report
  stranger health "$port"
  set_up_fails 'something else answers'
}

test_other_program() {
  class 'another program answers on its port' 'one that speaks no HTTP'
  free_port
  one_service "$CTEST_MATRIX_CHILD, health, \"$port\"" ''
  runner <<<write_report
  stranger drip "$port"
  set_up_fails "held by process $stranger"
}

test_answers_for_another() {
  class 'another program answers on its port' 'for a service that runs, and could not have the port'
  free_port
  one_service "sh, -c, \"touch $PWD/started; exec sleep 1000\"" ''
  runner <<<write_report
  generate
  alone
  (eventually 30 test -e started && exec "$CTEST_MATRIX_CHILD" health "$port") >/dev/null 2>&1 </dev/null &
  disown
  ours --output-on-failure
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_output 'engine'
  expect_processed '[ ] [ ]' 'SETUP'
  note_row '**SETUP** (`suite.engine.up` fails)'
}

run_catalogue "$@"
