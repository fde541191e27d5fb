// What a person does at AWS's pages as this machine's browser finds them, scene by scene.

import { withBrowser } from "./browser.mjs";
import { arrive, send, signInFirst } from "./forms.mjs";
import { app, done, record } from "./report.mjs";

/** Go to a place: in the page itself, or in the frame that a notebook shows of it. */
async function go(page, place) {
  const { url, address, frame: shown } = app.places[place];
  if (!app.notebook) {
    await page.goto(app.tls_port ? url : address);
    return page;
  }
  await page.goto(app.notebook);
  await page.evaluate((html) => {
    document.body.innerHTML = html;
  }, shown);
  const frame = await page.waitForSelector("iframe");
  return frame.contentFrame();
}

/** What the console says about who is in. */
async function who(view) {
  await arrive(view, "Console Home");
  const fact = (name) => view.textContent(`#${name}`);
  return { arn: await fact("arn"), account: await fact("account") };
}

async function openTheConsole(page) {
  const view = await go(page, "start");
  await arrive(view, "AWS accounts");
  await view.getByRole("button", { name: /^Management console/ }).click();
  return who(view);
}

async function leaveTheConsole(page) {
  await send(await go(page, "console"), {}, "Sign out");
  const view = await go(page, "console"); // does the way back lead in again?
  await arrive(view, "You are not signed in");
  return view.textContent("h1");
}

const scenes = {
  async "let the program in"(page) {
    const view = await go(page, "device");
    await send(view, { Code: app.code }, "Confirm and continue");
    await signInFirst(view, app, app.username);
    await view.getByText(app.code).waitFor();
    await send(view, {}, "Allow access");
    await arrive(view, "Request approved");
    return view.getByRole("status").textContent();
  },
  "open the console": openTheConsole,
  async "read the settings"(page) {
    await arrive(await go(page, "administrator"), "Console Home");
    const view = await go(page, "settings");
    await arrive(view, "Identity source");
    return { issuer: await view.textContent("#issuer"), acs: await view.textContent("#acs") };
  },
  async "choose the company's directory"(page) {
    const view = await go(page, "settings");
    const file = { name: "idp.xml", mimeType: "text/xml", buffer: Buffer.from(app.metadata) };
    await view.getByLabel("IdP SAML metadata").setInputFiles(file);
    await send(view, {}, "Use this external identity provider");
    await view.getByText("at the external identity provider").waitFor();
    return view.getByText("at the external identity provider").textContent();
  },
  async "go to the portal by the company's sign-in"(page) {
    const view = await go(page, "start");
    await send(view, { "User name or e-mail": "alice", Password: app.provider_password }, "Sign in");
    await arrive(view, "AWS accounts");
    return view.locator(".who p").textContent();
  },
  "leave the console": leaveTheConsole,
  async "leave the portal"(page) {
    await send(await go(page, "start"), {}, "Sign out");
    const view = await go(page, "start");
    await arrive(view, "Sign in");
    return view.textContent("h1");
  },
  async "come from the company"(page) {
    const view = await go(page, "company");
    await send(view, { "User name or e-mail": "alice", Password: app.provider_password }, "Sign in");
    await arrive(view, "Your apps");
    await send(view, {}, "Open AWS"); // the directory's page posts itself to AWS
    return who(view);
  },
};

const asked = new Set();
await withBrowser(app, async (page, context) => {
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  if (app.enter) await page.goto(app.enter);
  for (const name of app.scenes) {
    await record(name, () => scenes[name](page));
    if (app.pictures) await page.screenshot({ path: `${app.pictures}/${name}.png` });
  }
  await context.storageState({ path: app.storage });
});
await record("origins", () => [...asked].sort());
done();
