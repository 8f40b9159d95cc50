# A filter that matches nothing, or more than its cell.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

two_cells() {
  suite "${1:-a}" <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
describe("runtime (wasm)", () => { it("works", () => {}); });
END
}

test_nothing_unescaped() {
  class 'filter matches nothing' 'parentheses of the title not escaped'
  two_cells
  filter='runtime ({runtime})'
  deceptive NO-TESTS 'every test of the cell (1) is skipped'
}

test_nothing_renamed() {
  class 'filter matches nothing' 'the describe block was renamed'
  suite a <<'END'
describe("Runtime: native", () => { it("works", () => {}); });
END
  deceptive NO-TESTS 'the filter matched nothing'
}

test_nothing_case() {
  class 'filter matches nothing' 'title in another case'
  suite a <<'END'
describe("runtime (Native)", () => { it("works", () => {}); });
END
  deceptive NO-TESTS 'the filter matched nothing'
}

test_nothing_for_this_cell() {
  class 'filter matches nothing' 'tests for the other runtime only'
  suite a <<'END'
describe("runtime (wasm)", () => { it("works", () => {}); });
END
  deceptive NO-TESTS 'the filter matched nothing'
}

test_invalid_expression() {
  class 'filter matches nothing' 'invalid regular expression'
  two_cells
  filter='runtime ({runtime}'
  judged BAD-REPORT 'exited 1'
}

test_foreign_prefix() {
  class 'filter matches another cell too' 'prefix of another title'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
describe("runtime (native-next)", () => { it("works", () => {}); });
END
  filter='runtime \({runtime}'
  deceptive FOREIGN '1 test of another cell'
}

test_foreign_unescaped() {
  class 'filter matches another cell too' 'unescaped parentheses match another title'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
describe("runtime native", () => { it("works", () => {}); });
END
  filter='runtime ({runtime})'
  deceptive FOREIGN '1 test of another cell'
}

test_foreign_case() {
  class 'filter matches another cell too' 'case ignored'
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
describe("Runtime (Native)", () => { it("works", () => {}); });
END
  filter='[Rr]untime \([Nn]ative\)'
  deceptive FOREIGN '1 test of another cell'
}

test_foreign_alternative() {
  class 'filter matches another cell too' 'alternation binds looser than meant'
  two_cells
  filter='runtime \(native|wasm\)'
  deceptive FOREIGN '1 test of another cell'
}

test_foreign_everything() {
  class 'filter matches another cell too' 'empty pattern'
  two_cells
  command="$vitest, \"tests/{file}.test.js\", \"-t={filter}\""
  filter='()'
  deceptive FOREIGN '1 test of another cell'
}

test_foreign_title_of_a_test() {
  class 'filter matches another cell too' "the cell's name in the title of another cell's test"
  suite a <<'END'
describe("runtime (native)", () => { it("works", () => {}); });
describe("runtime (wasm)", () => { it("works like runtime (native)", () => {}); });
END
  deceptive FOREIGN '1 test of another cell'
}

test_foreign_file() {
  class 'filter matches another cell too' 'file argument is a part of another file name'
  two_cells
  two_cells ba
  command="$vitest, \"{file}.test.js\", -t, \"{filter}\""
  deceptive FOREIGN 'ba.test.js'
}

run_catalogue "$@"
