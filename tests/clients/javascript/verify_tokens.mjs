// aws-jwt-verify with the keys that the offline cloud publishes.
//
// It asks for them at the issuer's real address; its fetcher is led to the served cloud instead.

import { CognitoJwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { app, done, record } from "./report.mjs";

const issuers = `https://cognito-idp.${app.region}.amazonaws.com`;
const fetcher = {
  async fetch(address) {
    const answer = await fetch(address.replace(issuers, process.env.AWS_ENDPOINT_URL));
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.arrayBuffer();
  },
};

const verifier = (tokenUse, settings = {}) =>
  CognitoJwtVerifier.create(
    { userPoolId: app.user_pool_id, clientId: app.client_id, tokenUse, ...settings },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );

const { IdToken: id, AccessToken: access } = app.tokens;
const tampered = (token) => {
  const [header, body, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url"));
  claims["cognito:groups"] = ["admins"];
  return [header, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
};

await record("a tampered ID token", () => verifier("id").verify(tampered(id)));
await record("a tampered access token", () => verifier("access").verify(tampered(access)));
await record("an access token for an ID token", () => verifier("id").verify(access));
await record("an ID token for an access token", () => verifier("access").verify(id));
await record("an ID token of another app client", () =>
  verifier("id", { clientId: "0123456789abcdefghijklmnop" }).verify(id),
);
await record("an ID token of another user pool", () =>
  verifier("id", { userPoolId: app.other_user_pool_id }).verify(id),
);
const withOthersKeys = verifier("id");
withOthersKeys.cacheJwks(
  await (
    await fetch(`${process.env.AWS_ENDPOINT_URL}/${app.other_user_pool_id}/.well-known/jwks.json`)
  ).json(),
);
await record("an ID token with another pool's keys", () => withOthersKeys.verifySync(id));
await record("an ID token in a group it is not in", () =>
  verifier("id", { groups: ["admins"] }).verify(id),
);

await record("an ID token", async () => (await verifier("id").verify(id))["cognito:username"]);
await record("an access token", async () => (await verifier("access").verify(access)).username);

done();
