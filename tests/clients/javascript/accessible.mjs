// What is wrong with each page that has an address of its own.

import { audit } from "./audit.mjs";
import { withBrowser } from "./browser.mjs";
import { app, done, record } from "./report.mjs";

await withBrowser(app, async (page) => {
  for (const [name, url] of Object.entries(app.pages)) {
    await page.context().clearCookies();
    await page.goto(url);
    await record(name, () => audit(page, app.pictures && `${app.pictures}/${name}`));
  }
});
done();
