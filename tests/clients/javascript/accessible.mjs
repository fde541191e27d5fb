// What axe-core, with the rules of WCAG 2.2 AA, finds on each page.

import { readFile } from "node:fs/promises";

import { withBrowser } from "./browser.mjs";
import { app, done, record } from "./report.mjs";

const axe = await readFile("node_modules/axe-core/axe.min.js", "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

for (const [name, url] of Object.entries(app.pages)) {
  await record(name, () =>
    withBrowser(app, async (page) => {
      await page.goto(url);
      await page.evaluate(axe); // not by a script element, which the page's policy forbids
      const found = await page.evaluate((values) => window.axe.run({ runOnly: values }), tags);
      if (found.passes.length < 10) throw new RangeError(`only ${found.passes.length} rules applied`);
      return found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`);
    }),
  );
}
done();
