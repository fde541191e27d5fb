// The lab controls of the served cloud: its inbox and its clock.

/** What a lab control answers. `settings.served` is the cloud's own address. */
export async function lab(settings, method, name, given) {
  const answer = await fetch(`${settings.served}/_lab/${name}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: given && JSON.stringify(given),
  });
  if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
  return answer.json();
}
