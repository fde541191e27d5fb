// A real Chromium that finds the offline cloud: each host by its name behind a TLS front, or none.

import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

/** Run `action` with a fresh browser profile, or with the cookies of the file `storage`, if there
 *  is one yet. `settings` are the Python side's; without a TLS front only this machine is found. */
export async function withBrowser(settings, action) {
  const browser = await chromium.launch({
    executablePath: settings.chromium,
    args: ["--no-sandbox", ...names(settings.tls_port)],
  });
  try {
    const kept = settings.storage && existsSync(settings.storage) ? settings.storage : undefined;
    const context = await browser.newContext({ ignoreHTTPSErrors: true, storageState: kept });
    context.setDefaultTimeout(15000);
    return await action(await context.newPage(), context);
  } finally {
    await browser.close();
  }
}

function names(port) {
  const others = port ? `127.0.0.1:${port}` : "~NOTFOUND";
  return [`--host-resolver-rules=MAP * ${others}, EXCLUDE localhost, EXCLUDE 127.0.0.1`];
}

/** Type into the page's sign-in form and send it. */
export async function signIn(page, username, password) {
  await page.fill('input[name="username"]', username);
  await page.fill('input[name="password"]', password);
  await page.press('input[name="password"]', "Enter");
}
