# What the catalogue's own runners use: a whole report, as vitest writes it, and a hand on the launcher.

# write_report [STATUS] [SCOPE] [FILE]: to $report, of one test, by default a passed one of the cell a.native.
write_report() {
  local status=${1:-passed} scope=${2:-runtime (native)} file=${3:-tests/a.test.js}
  local passed=0 failed=0 success=true
  [ "$status" != passed ] || passed=1
  [ "$status" != failed ] || { failed=1 && success=false; }
  # shellcheck disable=SC2154 # the runner sets it
  cat >"$report" <<END
{"numTotalTestSuites":1,"numPassedTestSuites":$passed,"numFailedTestSuites":$failed,"numPendingTestSuites":0,
"numTotalTests":1,"numPassedTests":$passed,"numFailedTests":$failed,"numPendingTests":0,"numTodoTests":0,
"startTime":$(date +%s000),"success":$success,
"testResults":[{"name":"$PWD/$file","status":"$status","message":"","startTime":1,"endTime":2,
"assertionResults":[{"ancestorTitles":["$scope"],"title":"works","fullName":"$scope works","status":"$status",
"duration":1,"failureMessages":[]}]}]}
END
}

# signal_launcher SIGNAL: to every ctest-matrix process of this case.
signal_launcher() {
  local process
  for process in /proc/[0-9]*; do
    if [ "$(readlink "$process/exe")" = "$FALSE_GREEN_LAUNCHER" ] &&
      grep -qF "FALSE_GREEN_CASE=$FALSE_GREEN_CASE" "$process/environ"; then
      kill "-$1" "${process#/proc/}"
    fi
  done 2>/dev/null
}

# until_logged TEXT: until the launcher has taken the text in, which then stands in the cell's log. At once where no
# launcher runs this.
until_logged() {
  for _ in {1..200}; do
    [ -z "${FALSE_GREEN_ALONE:-}" ] || return 0
    ! grep -qsF -- "$1" "$FALSE_GREEN_CASE"/build/ctest-matrix/suite/logs/* || return 0
    sleep 0.05
  done
  return 1
}
