// The other side of decide.py: iam-simulate, from the folder it is installed in.
//
//   node decide.mjs FOLDER-OF-THE-PACKAGE CASES.json
//
// It says "ready"; then for each line "ACTION TIMES" the seconds that all of them took.

import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, file] = process.argv.slice(2);
const load = createRequire(pathToFileURL(join(folder, "package.json")));
const { runSimulation, runUnsafeSimulation } = load("@cloud-copilot/iam-simulate");

const asSimulation = (one) => ({
  request: {
    principal: one.principal,
    action: one.action,
    resource: { resource: one.resource, accountId: one.resource_account },
    contextVariables: one.context,
  },
  identityPolicies: one.identity.map((policy, n) => ({ name: `policy-${n}`, policy })),
  serviceControlPolicies: [],
  resourceControlPolicies: [],
});

const actions = {};
for (const [name, one] of Object.entries(JSON.parse(readFileSync(file)))) {
  const simulation = asSimulation(one);
  actions[`${name}-checked`] = () => runSimulation(simulation, {});
  actions[`${name}-unchecked`] = () => runUnsafeSimulation(simulation, {});
}
const first = await actions["typical-checked"]();
assert.equal(first.overallResult, "Allowed", JSON.stringify(first));

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [name, times] = line.split(" ");
  const action = actions[name];
  const begin = process.hrtime.bigint();
  for (let left = Number(times); left > 0; left -= 1) await action();
  console.log(Number(process.hrtime.bigint() - begin) / 1e9);
}
