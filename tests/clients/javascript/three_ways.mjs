// One browser, three ways to sign in: a password, "Google", the company directory.

import { signIn, withBrowser } from "./browser.mjs";
import { app, done, record } from "./report.mjs";

const asked = new URLSearchParams({
  client_id: app.client_id,
  response_type: "code",
  redirect_uri: app.callback,
  scope: "openid email",
  state: "a-state",
});
const start = app.start ?? `${app.base}/oauth2/authorize?${asked}`;
const arrived = (url) => url.href.includes("photos.example.com/callback");

async function finish(page) {
  await page.waitForURL(arrived);
  const found = new URL(page.url()).searchParams;
  return { code: found.get("code"), state: found.get("state") };
}

async function picture(page, name) {
  if (app.pictures) await page.screenshot({ path: `${app.pictures}/${name}.png`, fullPage: true });
}

await record("a wrong password", () =>
  withBrowser(app, async (page) => {
    await page.goto(start);
    await picture(page, "sign-in");
    await signIn(page, app.username, "wrong");
    await picture(page, "wrong");
    return page.textContent('[role="alert"]');
  }),
);
await record("password", () =>
  withBrowser(app, async (page) => {
    await page.goto(start);
    await signIn(page, app.username, app.password);
    const found = await finish(page);
    await picture(page, "back-at-the-app");
    return found;
  }),
);
await record("google", () =>
  withBrowser(app, async (page) => {
    await page.goto(start);
    await page.click("text=Continue with Google");
    await picture(page, "google");
    await signIn(page, "bob", app.provider_password);
    return finish(page);
  }),
);
await record("company", () =>
  withBrowser(app, async (page) => {
    await page.goto(start);
    await page.click("text=Continue with Company");
    await picture(page, "company");
    await signIn(page, "carol", app.provider_password);
    return finish(page);
  }),
);
done();
