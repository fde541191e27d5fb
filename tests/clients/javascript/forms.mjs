// A person at the forms of AWS's pages: everything is found as people find it, by what it says.

import { lab } from "./lab.mjs";

/** Fill in fields by their labels, and press a button. `view` is a page, or a frame in one. */
export async function send(view, fields, button) {
  for (const [label, value] of Object.entries(fields)) {
    await view.getByLabel(label, { exact: true }).fill(value);
  }
  await view.getByRole("button", { name: button, exact: true }).click();
}

/** Wait for the page with this heading, and for something else on it, named by its role. */
export async function arrive(view, heading, role = "main") {
  await view.getByRole("heading", { name: heading, level: 1, exact: true }).waitFor();
  await view.getByRole(role).first().waitFor();
}

/** The very first sign-in to the access portal: a code by e-mail, then a password of one's own.
 *  A mistake is made in each form. `see` is called on each page: its name, and what to wait for. */
export async function signInFirst(view, settings, username, see = justArrive(view)) {
  await send(view, { Username: username }, "Next");
  await see("verification code", "Verify that it is you");
  await send(view, { "Verification code": "000000" }, "Continue");
  await see("wrong verification code", "Verify that it is you", "alert");
  const { messages } = await lab(settings, "GET", `inbox?to=${username}`);
  await send(view, { "Verification code": messages.at(-1).code }, "Continue");
  await see("choose password", "Choose a password");
  const fields = { "New password": settings.password, "New password again": "another" };
  await send(view, fields, "Set the password");
  await see("passwords differ", "Choose a password", "alert");
  await send(view, { ...fields, "New password again": settings.password }, "Set the password");
}

function justArrive(view) {
  return (_, heading, role) => arrive(view, heading, role);
}
