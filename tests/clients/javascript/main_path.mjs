// The AWS SDK for JavaScript, from sign-up to an own S3 folder. Its endpoint is AWS_ENDPOINT_URL.

import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { fromCognitoIdentityPool } from "@aws-sdk/credential-providers";
import { app, done, record } from "./report.mjs";

const lab = `${process.env.AWS_ENDPOINT_URL}/_lab`;
const idp = new CognitoIdentityProviderClient({ maxAttempts: 1 });
const bob = { ClientId: app.client_id, Username: "bob" };
const email = "bob@example.com";

await idp.send(
  new SignUpCommand({
    ...bob,
    Password: app.password,
    UserAttributes: [{ Name: "email", Value: email }],
  }),
);
const inbox = await (await fetch(`${lab}/inbox?to=${email}`)).json();
const code = inbox.messages.at(-1).code;

const confirm = (code) => idp.send(new ConfirmSignUpCommand({ ...bob, ConfirmationCode: code }));
await record("a wrong code", () => confirm(code === "000000" ? "111111" : "000000"));
await confirm(code);

const signIn = (password) =>
  idp.send(
    new InitiateAuthCommand({
      ClientId: app.client_id,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "bob", PASSWORD: password },
    }),
  );
await record("a wrong password", () => signIn("Wrong-Horse-7"));
const tokens = (await signIn(app.password)).AuthenticationResult;

const provider = `cognito-idp.${app.region}.amazonaws.com/${app.user_pool_id}`;
const credentialsFor = (token) =>
  fromCognitoIdentityPool({
    identityPoolId: app.identity_pool_id,
    logins: { [provider]: token },
    clientConfig: { maxAttempts: 1 },
  });
await record("an access token as the login", () => credentialsFor(tokens.AccessToken)());

const credentials = await credentialsFor(tokens.IdToken)();
const s3 = new S3Client({ credentials, maxAttempts: 1 });
const put = (folder) =>
  s3.send(new PutObjectCommand({ Bucket: app.bucket, Key: `${folder}/note`, Body: "mine" }));
const get = async (folder) => {
  const found = await s3.send(new GetObjectCommand({ Bucket: app.bucket, Key: `${folder}/note` }));
  return found.Body.transformToString();
};
await record("put into another folder", () => put("someone-else"));
await record("get from another folder", () => get("someone-else"));
await record("put into the own folder", async () => (await put(credentials.identityId)).ETag);
await record("get from the own folder", () => get(credentials.identityId));

const forged = { ...credentials, secretAccessKey: `${credentials.secretAccessKey.slice(1)}x` };
const liar = new S3Client({ credentials: forged, maxAttempts: 1 });
await record("a wrong secret", () =>
  liar.send(new GetObjectCommand({ Bucket: app.bucket, Key: `${credentials.identityId}/note` })),
);

await fetch(`${lab}/clock`, { method: "POST", body: JSON.stringify({ advance_seconds: 3601 }) });
await record("an hour later", () => get(credentials.identityId));

done();
