// Opens a page of `report --html` in Chromium and checks one thing about it: page_test.mjs CASE FILE
//
// Whatever the case, the page may not complain, throw, or ask for anything but itself.
// Environment: PAGE_MODULES (node_modules of this directory), CHROMIUM (the program).
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createServer} from "node:http";
import {resolve} from "node:path";
import {pathToFileURL} from "node:url";

const modules = process.env.PAGE_MODULES;
const {chromium} = await import(pathToFileURL(`${modules}/playwright-core/index.mjs`));
const axe = readFileSync(`${modules}/axe-core/axe.min.js`, "utf8");
const [name, file] = process.argv.slice(2);
const url = pathToFileURL(resolve(file)).href;

const browser = await chromium.launch({executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"]});

/** A page that is watched; `check` ends it. */
const open = async ({address = url, fragment = "", context = {}, before} = {}) => {
  const surroundings = await browser.newContext({viewport: {width: 1400, height: 900}, ...context});
  surroundings.setDefaultTimeout(30_000);
  const page = await surroundings.newPage();
  const problems = [];
  const allowed = new Set([address]);
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) problems.push(message.text()); });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    const asked = request.url().split("#")[0];
    if (!allowed.has(asked) && !asked.startsWith("data:")) problems.push(`asked for ${asked}`);
  });
  page.on("dialog", (dialog) => { problems.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  if (before) await page.addInitScript(before);
  await page.goto(address + fragment);
  return {page, problems, surroundings};
};
const close = async ({page, problems, surroundings}) => {
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await surroundings.close();
  assert.deepEqual(problems, []);
};
const words = async (locator) => (await locator.innerText()).replace(/\s+/g, " ").trim();
const cell = (page, id) => page.locator(`a.cell[data-cell="${id}"]`);
/** The class of a grid's cell, and its sign. */
const markOf = async (page, id) => [(await cell(page, id).getAttribute("class")).replace("cell m-", ""), await cell(page, id).locator(".sign").innerText()];
const shownCells = (page) => page.locator("a.cell:visible").evaluateAll((all) => all.map((item) => item.dataset.cell));

const cases = {
  async every_mark() {
    const opened = await open();
    const {page} = opened;
    const wanted = {
      "alpha.native": ["passed", "✓"], "alpha.wasm": ["failed", "✗"], "beta.native": ["flaky", "≈"], "beta.wasm": ["stale", "◌"],
      "gamma.native": ["skipped", "–"], "gamma.wasm": ["stale", "◌"], "blocked.native": ["never-run", "·"], "blocked.wasm": ["blocked", "!"],
      "hand.native": ["by-hand", "☑"], "hand.wasm": ["never-run", "·"], "never.native": ["never-run", "·"], "never.wasm": ["never-run", "·"],
      "opened.native": ["unticked", "□"], "opened.wasm": ["never-run", "·"],
    };
    assert.deepEqual((await shownCells(page)).toSorted(), Object.keys(wanted).toSorted());
    for (const [id, look] of Object.entries(wanted)) assert.deepEqual(await markOf(page, id), look, id);
    // Only one cell says that it passed; each mark says its name besides its colour.
    assert.equal(await page.locator("a.cell.m-passed").count(), 1);
    assert.match(await words(cell(page, "alpha.native")), /^✓ native: passed: 3 tests [\d.]+m?s, just now$/);
    assert.match(await words(cell(page, "alpha.wasm")), /^✗ wasm: failed: 1 of 2 failed /);
    assert.match(await words(cell(page, "beta.wasm")), /^◌ wasm: passed before what it rests on changed: stale /);
    assert.match(await words(cell(page, "blocked.wasm")), /^! wasm: set-up failed: SETUP /);
    assert.match(await words(cell(page, "hand.native")), /^☑ native: ticked, no record here: ticked, no record here age unknown$/);
    assert.match(await words(cell(page, "opened.native")), /^□ native: passed, but its box is open: box open /);
    assert.match(await words(page.locator('[data-row="far"]')), /^far Far Tests ×excluded: only on request ×excluded: only on request$/);
    assert.equal(await words(page.locator("#warnings")), "native: 4 of 7 boxes ticked; wasm: 2 of 7 boxes ticked; 1 excluded; 1 tick of unknown age.");
    // What blocked it is there to read.
    const blocked = page.locator('[data-failure="blocked.wasm"]');
    assert.match(await words(blocked), /^blocked\.wasm !SETUP .*the artifact binding could not be built/);
    await blocked.locator("summary").click();
    assert.match(await blocked.locator("pre").innerText(), /the source is bad/);
    // Every mark looks different: its colours and its border.
    const looks = await page.locator(".chip").evaluateAll((all) => all.map((item) => {
      const style = getComputedStyle(item);
      return `${style.color} ${style.backgroundColor} ${style.borderStyle}`;
    }));
    assert.equal(new Set(looks).size, looks.length, looks.join("\n"));
    assert.deepEqual((await page.locator(".chip").allInnerTexts()).map((text) => text.replace(/\s+/g, " ")), [
      "✓1 passed", "≈1 passed, flaky", "◌2 passed before what it rests on changed", "–1 skipped as declared", "☑1 ticked, no record here",
      "✗1 failed", "!1 set-up failed", "□1 passed, but its box is open", "·5 never run"]);
    await close(opened);
  },

  async one_cell() {
    const opened = await open();
    const {page} = opened;
    const detail = page.locator("#detail");
    assert.equal(await detail.isVisible(), false);
    await cell(page, "alpha.wasm").click();
    await detail.locator("h2", {hasText: "alpha.wasm"}).waitFor();
    assert.match(page.url(), /#cell\/alpha\.wasm$/);
    const text = await words(detail);
    for (const part of ["✗failed", "FAIL, 20", "1 passed, 1 failed, 0 skipped", "Suite > differs", "Error: expected 1 to be 2", "This test passes on native", "box open", "told by the cell itself"])
      assert.ok(text.includes(part), `${part} in: ${text}`);
    await detail.locator("summary", {hasText: "End of the log"}).click();
    assert.match(await detail.locator("pre").filter({hasText: "the end of the log of alpha"}).innerText(), /the end of the log of alpha/);
    // The keyboard: away, and back where one came from.
    await page.keyboard.press("Escape");
    assert.equal(await detail.isVisible(), false);
    assert.ok(!page.url().includes("#"), page.url());
    assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), "alpha.wasm");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), "alpha.native");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), "beta.native");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await detail.locator("h2", {hasText: "beta.wasm"}).waitFor();
    assert.match(await words(detail), /changed since artifact binding/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("End");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), "opened.wasm");
    await page.keyboard.press("Home");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.cell), "alpha.native");
    // One stop for the Tab key, not fourteen.
    assert.equal(await page.locator('a.cell[tabindex="0"]').count(), 1);
    // The same cell again, and back.
    await page.keyboard.press("Enter");
    await detail.locator("h2", {hasText: "alpha.native"}).waitFor();
    await page.goBack();
    await detail.waitFor({state: "hidden"});
    await close(opened);
    // A link to a cell, and one to a cell that is not there.
    const linked = await open({fragment: "#cell/hand.native"});
    assert.equal(await linked.page.locator("#detail h2").innerText(), "hand.native");
    assert.match(await words(linked.page.locator("#detail")), /none: a person ticked the box/);
    await linked.page.goto(`${url}#cell/nowhere.native`);
    await linked.page.getByRole("alert").waitFor();
    assert.equal(await words(linked.page.getByRole("alert")), "There is no cell nowhere.native on this page.");
    assert.equal(await linked.page.locator("#detail").isVisible(), false);
    await close(linked);
  },

  async filter() {
    const opened = await open();
    const {page} = opened;
    const filter = page.getByLabel("Filter");
    await page.keyboard.press("/");
    await page.keyboard.type("alpha");
    assert.deepEqual(await shownCells(page), ["alpha.native", "alpha.wasm"]);
    assert.equal(await page.locator("#shown").innerText(), "2 of 14 cells");
    await filter.fill("EXPECTED 1");
    assert.deepEqual(await shownCells(page), ["alpha.native", "alpha.wasm"], "the row of the cell that says so");
    assert.equal(await page.locator("#shown").innerText(), "1 of 14 cells");
    assert.deepEqual(await page.locator(".failure:visible h3 a").allInnerTexts(), ["alpha.wasm"]);
    assert.deepEqual(await page.locator("li[data-bar]:visible").evaluateAll((all) => [...new Set(all.map((bar) => bar.dataset.bar))]), ["alpha.wasm"]);
    await filter.fill("wasm never");
    assert.deepEqual(await shownCells(page), ["hand.native", "hand.wasm", "never.native", "never.wasm", "opened.native", "opened.wasm"]);
    assert.equal(await page.locator('.section-row[data-section="fast"]').isVisible(), false);
    await filter.fill("nothing like that");
    assert.deepEqual(await shownCells(page), []);
    assert.equal(await page.locator("#shown").innerText(), "0 of 14 cells");
    await filter.press("Escape");
    assert.equal((await shownCells(page)).length, 14);
    assert.equal(await page.locator('[data-row="far"]').isVisible(), true);
    const blocked = page.locator('[data-mark="blocked"]');
    await blocked.click();
    assert.equal(await blocked.getAttribute("aria-pressed"), "true");
    assert.deepEqual(await shownCells(page), ["blocked.native", "blocked.wasm"]);
    await page.locator('[data-mark="failed"]').click();
    assert.deepEqual(await page.locator(".failure:visible h3 a").allInnerTexts(), ["alpha.wasm", "blocked.wasm"]);
    await blocked.press("Space");
    assert.deepEqual(await page.locator(".failure:visible h3 a").allInnerTexts(), ["alpha.wasm"]);
    // What the arrow keys reach is what is shown.
    assert.equal(await page.locator('a.cell[tabindex="0"]:visible').count(), 1);
    await close(opened);
  },

  async copy() {
    for (const refused of [false, true]) {
      const opened = await open({context: {permissions: ["clipboard-read", "clipboard-write"]}, before: refused ? () => {
        Object.defineProperty(navigator.clipboard, "writeText", {value: () => Promise.reject(new Error("refused"))});
      } : undefined});
      const {page} = opened;
      const command = page.locator('[data-failure="alpha.wasm"] .command').first();
      const written = await command.locator("pre").innerText();
      assert.match(written, /^cd \/.*checkout && \.\/runner\.sh tests\/alpha\.test\.ts \/.*\/reports\/pasted alpha\.wasm wasm 'alpha\\\.wasm\.\*Suite\.\*differs'$/);
      await command.getByRole("button").click();
      await page.locator("#announce", {hasText: "Copied: the command of the first failing test of alpha.wasm"}).waitFor();
      assert.equal(await command.getByRole("button").innerText(), "Copied");
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), written, `refused: ${refused}`);
      await close(opened);
    }
  },

  async accessible() {
    for (const colorScheme of ["light", "dark"]) {
      for (const fragment of ["", "#cell/alpha.wasm"]) {
        const opened = await open({context: {colorScheme}, fragment});
        const {page} = opened;
        await page.locator("#page").waitFor();
        await page.locator("details").evaluateAll((all) => { for (const item of all) item.open = true; });
        await page.getByLabel("also the tests that do the same everywhere").check();
        await page.getByLabel("also the cells that never failed").check();
        const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(background, colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)");
        await page.evaluate(axe);
        const {violations, passes} = await page.evaluate(() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}));
        assert.deepEqual(violations.map(({id, nodes}) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html}: ${node.failureSummary}`).join("; ")}`), []);
        assert.ok(passes.some(({id}) => id === "color-contrast"), "the contrast was looked at");
        await close(opened);
      }
    }
    // What a person chooses is over what the system says.
    const opened = await open({context: {colorScheme: "light"}});
    await opened.page.getByLabel("Theme").selectOption("dark");
    assert.equal(await opened.page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(13, 17, 23)");
    // On a narrow screen nothing is cut off sideways.
    await opened.page.setViewportSize({width: 400, height: 800});
    assert.ok(await opened.page.evaluate(() => document.documentElement.scrollWidth <= 400), "it scrolls sideways");
    await close(opened);
  },

  async without_scripts() {
    const surroundings = await browser.newContext({javaScriptEnabled: false});
    const page = await surroundings.newPage();
    await page.goto(url);
    const text = await page.locator("#text").innerText();
    assert.match(text, /alpha +✓ 3 tests, .* ✗ 1 of 2 failed/);
    assert.match(text, /Files passing on native: /);
    assert.equal(await page.locator("#page").isVisible(), false);
    await surroundings.close();
    // A server that allows no script: the same.
    await serve({"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}, async (address) => {
      const strict = await (await browser.newContext()).newPage();
      await strict.goto(address);
      assert.match(await strict.locator("#text").innerText(), /alpha +✓ 3 tests/);
    });
  },

  async from_a_server() {
    await serve({}, async (address, asked) => {
      const opened = await open({address, fragment: "#cell/alpha.wasm"});
      assert.equal(await opened.page.locator("#detail h2").innerText(), "alpha.wasm");
      await opened.page.getByLabel("also the tests that do the same everywhere").check();
      await close(opened);
      assert.deepEqual(asked, ["/report.html"]);
    });
  },

  async parity_and_history() {
    const opened = await open();
    const {page} = opened;
    assert.equal(await page.locator("#parity-sum").innerText(), "2 files compared, 2 differences.");
    const line = (test) => page.locator("#parity-rows tr", {hasText: test}).first();
    assert.equal(await words(line("differs")), "Suite > differs ✓passes ✗fails");
    assert.equal(await words(line("only-here")), "Suite > only-here ✓passes ·absent");
    assert.equal(await page.locator("#parity-rows tr", {hasText: "same"}).count(), 0);
    await page.getByLabel("also the tests that do the same everywhere").check();
    assert.equal(await words(line("same")), "Suite > same ✓passes ✓passes");
    await page.locator("#parity-body summary").click();
    assert.match(await words(page.locator("#parity-body")), /gamma\.native: skipped as declared: it has no such protocol/);
    const row = (id) => page.locator(`[data-history="${id}"]`);
    assert.match(await words(row("beta.native")), /^beta\.native 3 2 of 3 1 of 3 runs \(33%\) /);
    assert.equal(await row("alpha.native").count(), 0);
    await page.getByLabel("also the cells that never failed").check();
    assert.match(await words(row("alpha.native")), /^alpha\.native 1 1 of 1 0 of 1 run \(0%\) /);
    assert.match(await row("beta.native").getByRole("img").getAttribute("aria-label"), /^the last 3 runs: PASS .*, FAIL .*, PASS /);
    await row("beta.native").getByRole("link").click();
    await page.locator("#detail h2", {hasText: "beta.native"}).waitFor();
    assert.match(await words(page.locator("#detail")), /Passed 2 of 3 runs; flaky 1 of 3 runs \(33%\)/);
    await close(opened);
  },

  async timeline() {
    const opened = await open();
    const {page} = opened;
    const lanes = await page.locator(".timeline .lane:not([aria-hidden])").evaluateAll((all) => all.map((lane) =>
      [lane.querySelector(".name").textContent, [...lane.querySelectorAll("li")].map((bar) => bar.querySelector("[aria-hidden]").textContent.trim())]));
    const names = lanes.map(([lane]) => lane);
    assert.deepEqual(names.filter((lane) => !/\(\d\)$/.test(lane)), ["artifacts", "service starts", "engine.0", "engine.1"]);
    const bars = (wanted) => lanes.filter(([lane]) => lane.startsWith(wanted)).flatMap(([, its]) => its);
    assert.deepEqual(bars("artifacts"), ["✓ binding"]);
    assert.deepEqual(bars("service starts").toSorted(), ["✓ engine.0", "✓ engine.1"]);
    assert.deepEqual([...bars("engine.0"), ...bars("engine.1")].toSorted(), ["✓ alpha.native", "✓ alpha.wasm", "✓ beta.native", "✓ beta.wasm"]);
    assert.ok(bars("engine.0").length > 0 && bars("engine.1").length > 0, "both were used");
    // Bars lie within their lane, in the order of time, and the first two cells overlap.
    const boxes = await page.locator("li[data-bar]").evaluateAll((all) => all.map((bar) => ({name: bar.dataset.bar, left: bar.getBoundingClientRect().left,
      right: bar.getBoundingClientRect().right, lane: bar.parentElement.getBoundingClientRect().left, end: bar.parentElement.getBoundingClientRect().right})));
    for (const box of boxes) assert.ok(box.left >= box.lane - 1 && box.right <= box.end + 6, JSON.stringify(box));
    const [first, second] = boxes.filter((box) => box.name).sort((a, b) => a.left - b.left);
    assert.ok(second.left < first.right, `${JSON.stringify(first)} ${JSON.stringify(second)}`);
    // The artifact came first.
    assert.ok(boxes[0].left < first.left);
    const summary = page.locator("#timeline-body summary");
    assert.match(await summary.innerText(), /^3 set-ups, /);
    await summary.click();
    // One line each; artifact and engines are set up at the same time, whichever comes first.
    const setups = await Promise.all((await page.locator("#timeline-body tbody tr").all()).map(words));
    assert.deepEqual(setups.map((line) => line.replace(/ \d\d:\d\d:\d\d (?:\d+ms|[\d.]+s) /, " ")).toSorted(),
      ["binding artifact ✓built", "engine.0 service start ✓healthy", "engine.1 service start ✓healthy"]);
    // The arrow keys go from bar to bar in time; a bar opens its cell.
    const link = page.locator('a.bar[tabindex="0"]');
    assert.equal(await link.count(), 1);
    await link.focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.locator("#detail h2").waitFor();
    assert.match(await words(page.locator("#detail")), /ran on engine\.[01] /);
    await close(opened);
  },

  async shared() {
    const opened = await open();
    const {page} = opened;
    assert.deepEqual(await page.locator(".failure").evaluateAll((all) => all.map((card) => card.dataset.cells.split("\n"))),
      [["alpha.native", "alpha.wasm"], ["beta.native"], ["beta.wasm"]]);
    assert.match(await page.locator('[data-failure="alpha.native"]').innerText(), /The same in 2 columns/);
    assert.deepEqual(await page.locator("main h2").allInnerTexts(), ["Failures", "Grid", "Timeline", "Parity, test by test", "History"]);
    assert.deepEqual(await page.locator("#grid-body th small").allInnerTexts(), ["Beta Tests"], "a description that is the name is not repeated");
    await page.getByLabel("Filter").fill("alpha.wasm");
    assert.deepEqual(await page.locator(".failure:visible").evaluateAll((all) => all.map((card) => card.dataset.failure)), ["alpha.native"]);
    await page.setViewportSize({width: 390, height: 800});
    await page.locator(".mono").evaluateAll((all) => all.forEach((each) => { each.textContent = "/a/path".repeat(40); }));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390), "it scrolls sideways");
    await close(opened);
  },

  async hostile() {
    const opened = await open({fragment: "#cell/alpha.native"});
    const {page} = opened;
    assert.equal(await page.locator("img, iframe, object, embed").count(), 0);
    assert.equal(await page.locator("script").count(), 2, "only the page's own");
    assert.equal(await page.locator("#grid-body small").first().innerText(), "</script><script>window.hacked = 1</script> & <b>Suite</b>");
    await page.keyboard.press("Escape");
    const failure = page.locator('[data-failure="alpha.native"]');
    const text = await failure.innerText();
    for (const part of ["</script><script>window.hacked = 1</script>", "<img src=x onerror=window.hacked=1>", "$(touch hacked)`\\ & &lt;",
      "<!-- <script> @DATA@ @NONCE@", "javascript:window.hacked=1"])
      assert.ok(text.includes(part), `${part} in: ${text}`);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    await failure.locator("summary").click();
    assert.match(await failure.locator("details pre").innerText(), /<\/script><script>window\.hacked = 1<\/script>\n.*the last line/);
    assert.match(await words(page.locator("#warnings")), /1 line of the journal cannot be read: a result may be missing here\./);
    for (const link of await page.locator("a").evaluateAll((all) => all.map((item) => item.getAttribute("href")))) assert.match(link, /^#/);
    // The direction of one text ends with it.
    assert.equal(await page.locator("bdi").first().evaluate((item) => getComputedStyle(item).unicodeBidi), "isolate");
    await page.getByLabel("Filter").fill("<img src=x onerror=window.hacked=1>");
    await page.getByLabel("also the tests that do the same everywhere").check();
    await page.waitForTimeout(200);
    await close(opened);
  },
};

/** The file as `/report.html` of a server on loopback; `visit` gets its address and what was asked for. */
async function serve(headers, visit) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, {"content-type": "text/html; charset=utf-8", ...headers});
    response.end(readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await visit(`http://127.0.0.1:${server.address().port}/report.html`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

try {
  assert.ok(cases[name], `there is no case ${name}`);
  await cases[name]();
} finally {
  await browser.close();
}
