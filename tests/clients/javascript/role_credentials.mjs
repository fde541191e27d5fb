// The credential providers of the AWS SDK for JavaScript. Their endpoint is AWS_ENDPOINT_URL.

import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { fromCognitoIdentityPool, fromWebToken } from "@aws-sdk/credential-providers";
import { app, done, record } from "./report.mjs";

const clientConfig = { maxAttempts: 1, region: app.region };
const { tokens, roles } = app;

const read = async (credentials, bucket) => {
  const s3 = new S3Client({ credentials, maxAttempts: 1 });
  const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "2026.txt" }));
  return found.Body.transformToString();
};
const fromPool = (logins, customRoleArn) =>
  fromCognitoIdentityPool({
    identityPoolId: app.identity_pool_id, logins, customRoleArn, clientConfig,
  });
const fromToken = (webIdentityToken, roleArn = roles.web) =>
  fromWebToken({ roleArn, webIdentityToken, roleSessionName: "sdk", clientConfig });

const login = { [app.provider]: tokens.two_groups };
await record("pool: a role that the token does not name", () =>
  read(fromPool(login, roles.web), "reports"),
);
await record("pool: two roles fit, none chosen", () => read(fromPool(login), "reports"));
await record("pool: the editors' role chosen", () =>
  read(fromPool(login, roles.editors), "reports"),
);
await record("pool: the readers' role chosen", () =>
  read(fromPool(login, roles.readers), "reports"),
);
await record("pool: a guest", () => read(fromPool(undefined), "reports"));
await record("pool: a token of Google", () =>
  read(fromPool({ "accounts.google.com": tokens.google }), "reports"),
);

await record("web: the user pool's token", () => read(fromToken(tokens.two_groups), "reports"));
await record("web: an access token", () => read(fromToken(tokens.access), "reports"));
await record("web: a forged token", () =>
  read(fromToken(`${tokens.two_groups.slice(0, -8)}AAAAAAAA`), "reports"),
);
await record("web: a token for another app client", () => read(fromToken(tokens.other), "reports"));
await record("web: a role that trusts somebody else", () =>
  read(fromToken(tokens.two_groups, roles.editors), "reports"),
);
await record("web: the identity pool's own token", () =>
  read(fromToken(tokens.open_id, roles.classic), "reports"),
);

done();
