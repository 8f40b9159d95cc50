# Reports for the catalogue's own runners: a whole one, as vitest writes it, of the cell a.native with one passed test.

# write_report [STATUS] [SCOPE] [FILE]: to $report.
write_report() {
  local status=${1:-passed} scope=${2:-runtime (native)} file=${3:-tests/a.test.js}
  local passed=0 failed=0 success=true
  [ "$status" != passed ] || passed=1
  [ "$status" != failed ] || { failed=1 && success=false; }
  cat >"$report" <<END
{"numTotalTestSuites":1,"numPassedTestSuites":$passed,"numFailedTestSuites":$failed,"numPendingTestSuites":0,
"numTotalTests":1,"numPassedTests":$passed,"numFailedTests":$failed,"numPendingTests":0,"numTodoTests":0,
"startTime":$(date +%s000),"success":$success,
"testResults":[{"name":"$PWD/$file","status":"$status","message":"","startTime":1,"endTime":2,
"assertionResults":[{"ancestorTitles":["$scope"],"title":"works","fullName":"$scope works","status":"$status",
"duration":1,"failureMessages":[]}]}]}
END
}
