// Takes the README's pictures of a page: picture.mjs FILE [FRAGMENT]; they are put beside this file.
// Environment: as for page_test.mjs.
import {dirname, join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const {chromium} = await import(pathToFileURL(`${process.env.PAGE_MODULES}/playwright-core/index.mjs`));
const [file, fragment = ""] = process.argv.slice(2);
const browser = await chromium.launch({executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"]});
try {
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({viewport: {width: 1280, height: 860}, colorScheme});
    await page.goto(pathToFileURL(resolve(file)).href + fragment);
    await page.screenshot({path: join(dirname(fileURLToPath(import.meta.url)), `report-${colorScheme}.png`)});
    await page.close();
  }
} finally {
  await browser.close();
}
