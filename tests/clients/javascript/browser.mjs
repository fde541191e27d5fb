// A real Chromium that finds every host of the offline cloud behind the TLS front of the test.

import { chromium } from "playwright-core";

/** Run `action` with a fresh browser profile; `settings` are the Python side's. */
export async function withBrowser(settings, action) {
  const browser = await chromium.launch({
    executablePath: settings.chromium,
    args: [
      "--no-sandbox",
      `--host-resolver-rules=MAP * 127.0.0.1:${settings.tls_port}, EXCLUDE localhost`,
    ],
  });
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    context.setDefaultTimeout(15000);
    return await action(await context.newPage(), context);
  } finally {
    await browser.close();
  }
}

/** Type into the page's sign-in form and send it. */
export async function signIn(page, username, password) {
  await page.fill('input[name="username"]', username);
  await page.fill('input[name="password"]', password);
  await page.press('input[name="password"]', "Enter");
}
