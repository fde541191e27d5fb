// openid-client as it comes: discovery, code + PKCE, userInfo, refresh, revoke, logout address.

import * as client from "openid-client";

import { app, done, record } from "./report.mjs";

// The only thing of ours: where the real-looking hosts are on this machine.
const domain = new URL(app.base).host;
const here = (url) => {
  const { host, pathname, search } = new URL(url);
  return host === domain ? `${app.served}/_domain/${host}${pathname}${search}` : `${app.served}${pathname}${search}`;
};
const options = { [client.customFetch]: (url, init) => fetch(here(url), init) };

const config = await client.discovery(
  new URL(app.issuer),
  app.client_id,
  undefined,
  client.None(),
  options,
);
config[client.customFetch] = options[client.customFetch];

/** What a person's browser does between the two halves: fetch pages, send the form. */
async function browse(url) {
  const cookies = new Map();
  const go = async (address, init = {}) => {
    const headers = { ...init.headers, cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join("; ") };
    const answer = await fetch(address, { ...init, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      cookies.set(name, value);
    }
    return answer;
  };
  const first = await go(here(url));
  const login = new URL(first.headers.get("location"), here(url));
  const page = await (await go(login)).text();
  const token = page.match(/name="_csrf" value="([^"]+)"/)[1];
  const body = new URLSearchParams({ _csrf: token, username: app.username, password: app.password });
  const sent = await go(login, { method: "POST", body });
  // Back in the app's own terms: the gateway had written a path for its callback address.
  const target = new URL(sent.headers.get("location"), login);
  return new URL(`${app.callback}${target.search}`);
}

const verifier = client.randomPKCECodeVerifier();
const expected = { state: client.randomState(), nonce: client.randomNonce() };
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: app.callback,
  scope: "openid email",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  ...expected,
});
const checks = {
  pkceCodeVerifier: verifier,
  expectedState: expected.state,
  expectedNonce: expected.nonce,
  idTokenExpected: true,
};

await record("another state", async () =>
  client.authorizationCodeGrant(config, await browse(url), { ...checks, expectedState: "x" }),
);
await record("another verifier", async () =>
  client.authorizationCodeGrant(config, await browse(url), {
    ...checks,
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
  }),
);
await record("another nonce", async () =>
  client.authorizationCodeGrant(config, await browse(url), { ...checks, expectedNonce: "x" }),
);

let tokens;
await record("code", async () => {
  tokens = await client.authorizationCodeGrant(config, await browse(url), checks);
  return Object.keys(tokens).sort();
});
const subject = tokens.claims().sub;
await record("userInfo", async () => {
  const told = await client.fetchUserInfo(config, tokens.access_token, subject);
  return told.email;
});
await record("refresh", async () => {
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
  return fresh.claims().sub === subject;
});
await record("revoke", async () => (await client.tokenRevocation(config, tokens.refresh_token)) ?? "done");
await record("refresh after revoke", () => client.refreshTokenGrant(config, tokens.refresh_token));
await record("userInfo after revoke", () =>
  client.fetchUserInfo(config, tokens.access_token, subject),
);
await record("logout", async () => {
  const leave = client.buildEndSessionUrl(config, {
    client_id: app.client_id,
    logout_uri: app.signed_out,
  });
  const answer = await fetch(here(leave), { redirect: "manual" });
  return [answer.status, answer.headers.get("location").endsWith("photos.example.com/signed-out")];
});
done();
