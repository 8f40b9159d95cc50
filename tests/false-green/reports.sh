# A report that proves nothing: left over, of another cell, broken, or no file at all.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

test_none() {
  class 'report left over' 'of an earlier run, at a path of its own; this run writes none'
  runner <<'END'
[ -e report.json ] || report=report.json write_report
END
  deceptive BAD-REPORT 'wrote no report'
}

test_of_an_earlier_run() {
  class 'report left over' 'of an earlier run, put in place by a cache'
  runner <<'END'
if [ -e cache.json ]; then
  cp -p cache.json "$report"
else
  write_report
  sed -i 's/"startTime":[0-9]*000/"startTime":1700000000000/' "$report"
  touch -d '1 hour ago' "$report"
  cp -p "$report" cache.json
fi
END
  deceptive BAD-REPORT 'before this run began'
}

test_junit_of_an_earlier_run() {
  class 'report left over' 'of an earlier run, written anew by a cache (JUnit)'
  report=junit
  runner <<'END'
cat >"$report" <<XML
<testsuites><testsuite name="$file" tests="1" failures="0" timestamp="$(date -u -d '1 hour ago' +%FT%TZ)">
<testcase classname="runtime (native)" name="works" file="$PWD/$file" time="0.1"/></testsuite></testsuites>
XML
END
  deceptive BAD-REPORT 'before this one'
}

test_junit_of_an_earlier_run_in_words() {
  class 'report left over' 'of an earlier run, whose time stands on its tests alone, as in a mail (JUnit)'
  report=junit
  runner <<'END'
cat >"$report" <<XML
<testsuites><testsuite name="$file" tests="1" failures="0">
<testcase classname="runtime (native)" name="works" file="$PWD/$file" time="0.1" timestamp="$(date -R -d '1 hour ago')"/></testsuite></testsuites>
XML
END
  deceptive BAD-REPORT 'before this one'
}

test_left_at_a_place_of_its_own() {
  class 'report left over' 'of an earlier run, at the place where the runner always writes'
  report=junit
  more_of_runner='report_files: [out/*.xml]'
  runner <<'END'
exit 0
END
  mkdir project/out
  cat >project/out/a.xml <<'END'
<testsuite name="tests/a.test.js" tests="1" failures="0"><testcase classname="runtime (native)" name="works" file="tests/a.test.js"/></testsuite>
END
  deceptive BAD-REPORT 'exited 0 and wrote no report'
}

test_of_another_cell() {
  class 'report left over' 'of another cell'
  runner <<'END'
write_report passed 'runtime (wasm)'
END
  deceptive FOREIGN '1 test of another cell'
}

test_of_another_file() {
  class 'report left over' 'of another file'
  runner <<'END'
write_report passed 'runtime (native)' tests/b.test.js
END
  deceptive FOREIGN 'b.test.js'
}

test_of_another_checkout() {
  class 'report left over' 'of the same file in another checkout'
  runner <<'END'
write_report passed 'runtime (native)' ../elsewhere/tests/a.test.js
END
  deceptive FOREIGN 'elsewhere'
}

# broken CASE REASON: the runner's report, a good one first, is what standard input makes of it.
broken() {
  class 'report broken' "$1"
  runner < <(printf 'write_report\n'; cat)
  deceptive BAD-REPORT "$2"
}

test_truncated() {
  broken truncated 'the text ends too early' <<'END'
truncate -s -20 "$report"
END
}

test_empty() {
  broken empty 'empty' <<'END'
: >"$report"
END
}

test_not_json() {
  broken 'not JSON' 'not JSON' <<'END'
echo '<html>502 Bad Gateway</html>' >"$report"
END
}

test_two_documents() {
  broken 'two reports in one file' 'not JSON' <<'END'
cat "$report" "$report" >both && mv both "$report"
END
}

test_another_shape() {
  broken 'JSON of another shape' 'testResults' <<'END'
echo '{"success": true}' >"$report"
END
}

test_nul() {
  broken 'with NUL' 'NUL byte' <<'END'
printf '\0' >>"$report"
END
}

test_invalid_utf8() {
  broken 'with invalid UTF-8' 'invalid UTF-8' <<'END'
sed -i 's/works/w\xffrks/' "$report"
END
}

test_unknown_status() {
  broken 'with a status nobody knows' 'unknown status' <<'END'
sed -i 's/"status":"passed"/"status":"ok"/' "$report"
END
}

test_deep() {
  broken 'nested 100,000 levels deep' 'nested more than' <<'END'
head -c 100000 /dev/zero | tr '\0' '[' >"$report"
END
}

test_huge() {
  broken 'huge (3 GB)' 'larger than' <<'END'
truncate -s 3G "$report"
END
}

test_endless() {
  timeout=10
  broken 'endless (a link to /dev/zero)' 'not a regular file' <<'END'
ln -sf /dev/zero "$report"
END
}

test_pipe() {
  timeout=10
  broken 'a named pipe' 'not a regular file' <<'END'
rm "$report" && mkfifo "$report"
END
}

test_directory() {
  broken 'a directory' 'not a regular file' <<'END'
rm "$report" && mkdir "$report"
END
}

test_junit_truncated() {
  report=junit
  broken 'JUnit, truncated' 'not well-formed XML' <<'END'
echo '<testsuites><testsuite name="a"><testcase classname="runtime (native)" name="works"/>' >"$report"
END
}

test_junit_with_an_unknown_reference() {
  report=junit
  broken 'JUnit, with a reference that nobody defines' 'is no reference that XML knows' <<'END'
echo '<testsuites><testsuite name="a"><testcase classname="runtime (native)" name="works &status;"/></testsuite></testsuites>' >"$report"
END
}

test_junit_without_tests() {
  class 'report broken' 'JUnit without a test'
  report=junit
  runner <<'END'
echo '<testsuites tests="0" failures="0"/>' >"$report"
END
  deceptive NO-TESTS 'the report holds no test'
}

test_tap_bail_out() {
  class 'report broken' 'TAP that bails out'
  report=tap scope=''
  runner <<'END'
printf '1..1\nok 1 - works\nBail out! the database is gone\n'
END
  deceptive FAIL 'Bail out'
}

# Whoever reads TAP by its grammar alone takes the end of the title for a directive.
test_tap_title_like_a_directive() {
  class 'report broken' 'TAP of a failed test with ` # skip` in its title, the exit status lost in a pipe'
  report=tap scope=''
  runner <<'END'
printf '%s\n' '1..2' 'ok 1 starts' 'not ok 2 works # skip' '# (in test file tests/a.bats, line 7)' "#   \`false' failed" | cat
END
  deceptive FAIL 'works # skip'
}

test_exit_code_only() {
  class 'no report' 'the exit status alone (right: the verdict says so)'
  report=exit-code scope=''
  runner <<'END'
exit 0
END
  deceptive PASS 'nothing counted'
}

run_catalogue "$@"
