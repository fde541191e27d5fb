// oidc-client-ts as it comes, in a page of its own origin inside Chromium.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

import { signIn, withBrowser } from "./browser.mjs";
import { app, done, record } from "./report.mjs";

const library = await readFile("node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js");
const server = createServer((request, response) => {
  const script = request.url === "/oidc.js";
  response.setHeader("Content-Type", script ? "text/javascript" : "text/html");
  response.end(script ? library : '<!doctype html><title>app</title><script src="/oidc.js"></script>');
});
await new Promise((ready) => server.listen(new URL(app.local).port, "localhost", ready));

const settings = {
  authority: app.issuer,
  client_id: app.client_id,
  redirect_uri: `${app.local}/callback`,
  post_logout_redirect_uri: `${app.local}/signed-out`,
  response_type: "code",
  scope: "openid email",
  loadUserInfo: true,
  automaticSilentRenew: false,
  revokeTokenTypes: ["refresh_token"], // the only kind that Cognito revokes
};
// Runs in the page, with the library's one class.
const call = (page, name, argument) =>
  page.evaluate(
    async ([settings, name, argument]) => {
      const manager = new oidc.UserManager({
        ...settings,
        userStore: new oidc.WebStorageStateStore({ store: window.localStorage }),
      });
      const answer = await manager[name](argument);
      return answer && { profile: answer.profile, scopes: answer.scopes, token: answer.access_token };
    },
    [settings, name, argument],
  );

await withBrowser(app, async (page) => {
  await record("a callback nobody asked for", async () => {
    await page.goto(`${app.local}/callback?code=stolen&state=unknown`);
    await call(page, "signinCallback");
  });
  await record("sign in", async () => {
    await page.goto(app.local);
    await call(page, "signinRedirect").catch(() => {}); // the page goes away under it
    await page.waitForSelector('input[name="password"]');
    await signIn(page, app.username, app.password);
    await page.waitForURL(/\/callback\?/);
    const user = await call(page, "signinCallback");
    return [user.profile.email, user.scopes];
  });
  await record("renew", async () => {
    const before = await call(page, "getUser");
    const after = await call(page, "signinSilent");
    return after.profile.sub === before.profile.sub && after.token !== before.token;
  });
  await record("revoke", async () => (await call(page, "revokeTokens")) ?? "done");
  await record("sign out", async () => {
    const leave = { extraQueryParams: { client_id: app.client_id, logout_uri: `${app.local}/signed-out` } };
    await call(page, "signoutRedirect", leave).catch(() => {});
    await page.waitForURL(/\/signed-out/);
    return new URL(page.url()).pathname;
  });
  await record("after sign-out a password is asked again", async () => {
    await page.goto(app.local);
    await call(page, "signinRedirect").catch(() => {});
    return page.waitForSelector('input[name="password"]').then(() => true);
  });
});
server.close();
done();
