// Every page of AWS's own web sites, visited the way people come to it, and what is wrong with it.

import { audit } from "./audit.mjs";
import { withBrowser } from "./browser.mjs";
import { arrive, send, signInFirst } from "./forms.mjs";
import { lab } from "./lab.mjs";
import { app, done, record } from "./report.mjs";

/** Audit the page with this heading, as soon as it is there. */
function looksAt(page) {
  return async (name, heading, role) => {
    await arrive(page, heading, role);
    await record(name, () => audit(page, app.pictures && `${app.pictures}/${name}`));
  };
}

async function letProgramsIn(page, see) {
  await page.goto(app.device);
  await see("device code", "Authorization requested");
  await send(page, { Code: "WRNG-CODE" }, "Confirm and continue");
  await see("wrong device code", "Authorization requested", "alert");
  await send(page, { Code: app.codes[0] }, "Confirm and continue");
  await see("username", "Sign in");
  await signInFirst(page, app, app.username, see);
  await see("allow device", "Allow Photo backup to access your data?");
  await send(page, {}, "Allow access");
  await see("approved", "Request approved");
  await page.goto(`${app.device}?user_code=${app.codes[1]}`);
  await send(page, {}, "Confirm and continue");
  await send(page, {}, "Deny access");
  await see("denied", "Request denied");
  await page.goto(app.authorize);
  await see("consent", "Allow aws-cli to access your data?");
}

async function useThePortal(page, see) {
  await page.goto(app.start);
  await see("accounts", "AWS accounts");
  await page.getByRole("button", { name: /^Access keys for Reader/ }).click();
  await see("access keys", "Access keys for Reader");
  await page.getByRole("link", { name: "Back to the accounts" }).click();
  await page.getByRole("button", { name: /^Management console/ }).first().click();
  await see("console home", "Console Home");
  await page.goto(`${app.console}/console/logout!doLogout`);
  await see("sign out of the console", "Sign out");
  await send(page, {}, "Sign out");
  await see("not in the console", "You are not signed in");
  await page.goto(app.start);
  await send(page, {}, "Sign out");
  await send(page, { Username: app.username }, "Next");
  await see("password", "Sign in");
  await send(page, { Password: "wrong" }, "Sign in");
  await see("wrong password", "Sign in", "alert");
  await page.getByRole("link", { name: "not you?" }).click();
  await signInFirst(page, app, app.newcomer);
  await see("no accounts", "AWS accounts", "status");
}

async function comeFromTheCompany(page, see) {
  await page.goto(app.company);
  await see("company sign-in", "Sign in");
  await send(page, { "User name or e-mail": "alice", Password: app.provider_password }, "Sign in");
  await see("company apps", "Your apps");
  await send(page, {}, "Open AWS");
  await see("choose a role", "Select a role");
  await page.getByLabel("Engineer").check();
  await send(page, {}, "Sign in");
  await see("console home of a company", "Console Home");
}

async function administer(page, see) {
  await page.goto(app.administrator);
  await page.goto(`${app.console}/singlesignon/identity-source`);
  await see("identity source", "Identity source");
  const file = { name: "idp.xml", mimeType: "text/xml", buffer: Buffer.from("<nothing/>") };
  await page.getByLabel("IdP SAML metadata").setInputFiles(file);
  await send(page, {}, "Use this external identity provider");
  await see("no metadata", "Identity source", "alert");
  await page.goto(app.administrator); // a second time
  await see("not signed in", "Not signed in");
  await lab(app, "POST", "clock", { advance_seconds: 13 * 3600 });
  await page.goto(`${app.console}/console/home`);
  await see("console session over", "Your session has ended");
}

await withBrowser(app, async (page) => {
  const see = looksAt(page);
  await letProgramsIn(page, see);
  await useThePortal(page, see);
  await comeFromTheCompany(page, see);
  await administer(page, see);
  for (const [name, [url, heading]] of Object.entries(app.problems)) {
    await page.goto(url);
    await see(name, heading, "alert");
  }
});
done();
