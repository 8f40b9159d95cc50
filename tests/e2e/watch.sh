# `report --watch`: follows a run, on a terminal and elsewhere.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests"

# watch [ARGUMENTS]: in the background, its output in watched; its process in $watcher.
watch() {
  "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --watch "$@" >watched 2>&1 </dev/null &
  watcher=$!
}

says() {
  grep -qE -- "$1" watched
}

# expect_said PATTERN: in the end there is a line that matches.
expect_said() {
  eventually 30 says "$1" || die "expected in what was watched: $1; there is: $(cat watched)"
}

# stop SIGNAL: the watcher ends with 130.
stop() {
  kill "-$1" "$watcher"
  status=0
  wait "$watcher" || status=$?
  expect_equal 130 "$status" 'the exit status of the watcher'
}

test_a_line_for_each_change() {
  make_suite "$rows"
  behave beta.native <<<'add failed one "Error: boom"'
  watch --html page.html
  expect_said '^demo progress: 0 of 4 cells passed, 4 never run$'
  run "$CTEST" --test-dir build
  expect_said '^alpha\.native: PASS \(2 tests, .*\)$'
  expect_said '^alpha\.wasm: PASS '
  expect_said '^beta\.native: FAIL - Suite > one: Error: boom$'
  expect_said '^demo progress: 3 of 4 cells passed, 1 failed$'
  expect_equal 1 "$(grep -c '^beta\.native: ' watched)" 'lines about the failure'
  # What a person does to the file is seen, too.
  sed -i 's/^- \[x\] \[x\] alpha /- [x] [ ] alpha /' checkout/demo-progress.md
  expect_said '^alpha\.wasm: its box is open$'
  # The page is written anew before each change is said.
  grep -q '"cell":"alpha.wasm","row":"alpha","label":"wasm","column":"wasm","ticked":false,"mark":"unticked"' page.html ||
    die 'the page is an old one'
  ! grep -q $'\033' watched || die 'escape sequences where there is no terminal'
  stop TERM
}

# What CTest alone knows of comes in when it has ended.
test_a_killed_launcher() {
  make_suite "$rows"
  behave alpha.native <<<'kill -KILL $(pgrep -f "[c]ell alpha.native --index $(dirname "$PWD")/build" | head -1) ; sleep 5'
  watch
  expect_said '0 of 4 cells passed'
  run "$CTEST" --test-dir build -R alpha
  expect_said '^alpha\.wasm: PASS '
  expect_said '^alpha\.native: FAIL - CRASH: its launcher was killed'
  stop INT
}

test_a_broken_matrix_is_waited_out() {
  make_suite "$rows"
  watch
  expect_said '0 of 4 cells passed'
  cp checkout/matrix.yaml good.yaml
  sed -i 's/wasm: {runtime: wasm}/wasm: {runtime: wsam}/' checkout/matrix.yaml
  expect_said "unknown runtime 'wsam'"
  cp good.yaml checkout/matrix.yaml
  run "$CTEST" --test-dir build -R alpha.native
  expect_said '^alpha\.native: PASS '
  stop HUP
}

test_usage() {
  make_suite "$rows"
  expect_status 2 "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --watch --json
  expect_output '--watch: expected no other option than --html FILE beside it'
  expect_status 3 "$CTEST_MATRIX" report nowhere.yaml --build-dir build --watch
}

# A real terminal of 12 lines: the grid is drawn over, nothing scrolls, Ctrl-C ends it.
test_on_a_terminal() {
  make_suite "$rows"
  behave beta.wasm <<<'add failed one "Error: boom"'
  cat >terminal.py <<'EOF_TERMINAL'
import codecs, fcntl, os, pty, re, select, signal, struct, subprocess, sys, termios, time

program, ctest = sys.argv[1:3]
height, width = 14, 60

class Screen:
    """What a terminal of this size shows, as far as it knows the sequences that are used."""
    def __init__(self):
        self.lines = [""] * height
        self.row = self.column = 0
        self.scrolled = False
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.rest = "" # the begin of a sequence
    def feed(self, data):
        text = self.rest + self.decoder.decode(data)
        self.rest = re.search(r"(\x1b(\[[?0-9;]*)?)?$", text).group()
        for part in re.findall(r"\x1b\[[?0-9;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+|\x1b", text.removesuffix(self.rest)):
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.row += 1
                if self.row == height:
                    self.lines = self.lines[1:] + [""]
                    self.row, self.scrolled = height - 1, True
            elif part == "\x1b[H":
                self.row = self.column = 0
            elif part == "\x1b[K":
                self.lines[self.row] = self.lines[self.row][:self.column]
            elif part == "\x1b[J":
                self.lines = self.lines[:self.row] + [self.lines[self.row][:self.column]] + [""] * (height - self.row - 1)
            elif part.startswith("\x1b"):
                assert re.fullmatch(r"\x1b\[(\?7[lh]|[0-9;]*m)", part), repr(part)
            else:
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = (line[:self.column] + part + line[self.column + len(part):])[:width]
                self.column += len(part)

pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(LC_ALL="C.UTF-8", TERM="xterm")
    os.environ.pop("NO_COLOR", None)
    os.environ.pop("COLUMNS", None)
    time.sleep(0.2)
    os.execv(program, [program, "report", "checkout/matrix.yaml", "--root", "checkout", "--build-dir", "build", "--watch"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
screen = Screen()

def until(found, what):
    end = time.monotonic() + 40
    while not found():
        assert time.monotonic() < end, f"{what}; the screen:\n" + "\n".join(screen.lines)
        if select.select([terminal], [], [], 0.1)[0]:
            screen.feed(os.read(terminal, 65536))

shown = lambda text: any(text in line for line in screen.lines)
until(lambda: shown("demo progress: 0 of 4 cells passed") and screen.lines[3].startswith("alpha  ·"), "the first screen")
subprocess.run([ctest, "--test-dir", "build"], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
until(lambda: shown("beta.wasm: FAIL - Suite > one: Error: boom"), "the failure")
until(lambda: shown("3 of 4 cells passed, 1 failed"), "the sum")
until(lambda: screen.lines[3].startswith("alpha  ✓ 2 tests, "), "the row of alpha")
until(lambda: "✗ 1 of 1 failed" in screen.lines[4], "the row of beta")
assert not screen.scrolled, screen.lines
# Another size: drawn anew, and it fits.
height = 8
screen = Screen()
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
until(lambda: shown("3 of 4 cells passed") and shown("boom"), "the smaller screen")
assert not screen.scrolled, screen.lines
os.write(terminal, b"\x03")
end = time.monotonic() + 20
while True:
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        break
    assert time.monotonic() < end, "Ctrl-C did not end it"
    try:
        if select.select([terminal], [], [], 0.1)[0]:
            os.read(terminal, 65536)
    except OSError:
        pass
assert os.waitstatus_to_exitcode(status) == 130, status
EOF_TERMINAL
  expect_status 0 /usr/bin/python3 terminal.py "$CTEST_MATRIX" "$CTEST"
}

run_case "$@"
