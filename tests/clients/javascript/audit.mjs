// What is wrong with a page, in a large window and in the smallest that WCAG 2.2 asks for (1.4.10).

import { readFile } from "node:fs/promises";

const axe = await readFile("node_modules/axe-core/axe.min.js", "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const sizes = [
  { width: 1280, height: 800 },
  { width: 320, height: 640 },
];

/** The faults of the page that is shown, as texts. `picture` is where to keep a photo of it. */
export async function audit(page, picture) {
  const faults = [];
  await page.evaluate(axe); // not by a script element, which the page's policy forbids
  for (const size of sizes) {
    await page.setViewportSize(size);
    const found = [...(await broken(page)), ...(await cut(page))];
    faults.push(...found.map((fault) => `${size.width} px: ${fault}`));
  }
  await page.setViewportSize(sizes[0]);
  faults.push(...(await unseen(page)));
  if (picture) await photograph(page, picture);
  return faults;
}

/** What axe-core finds with the rules of WCAG 2.2 AA. */
async function broken(page) {
  const found = await page.evaluate((values) => window.axe.run({ runOnly: values }), tags);
  if (found.passes.length < 10) throw new RangeError(`only ${found.passes.length} rules applied`);
  return found.violations.map((v) => `${v.id}: ${v.nodes[0].html}`);
}

/** The elements for which one would have to scroll sideways. */
function cut(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(
      (one) => one.getBoundingClientRect().right > width,
    );
    return wide.map((one) => `wider than the window: ${one.outerHTML.slice(0, 80)}`);
  });
}

/** What the keyboard reaches without showing that it has got there. */
async function unseen(page) {
  const faults = new Set();
  const stops = await page.locator("a, button, input:not([type=hidden]), [tabindex]").count();
  for (let press = 0; press <= stops; press += 1) {
    await page.keyboard.press("Tab");
    const fault = await page.evaluate(() => {
      const here = document.activeElement;
      if (here === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(here);
      const seen = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
      return seen ? null : `no visible focus: ${here.outerHTML.slice(0, 80)}`;
    });
    if (fault) faults.add(fault);
  }
  return [...faults];
}

async function photograph(page, picture) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${picture}-${width}.png`, fullPage: true });
  }
}
