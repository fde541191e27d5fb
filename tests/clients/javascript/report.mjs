// The way in and out of a script: the app's settings as its one argument, the outcomes as JSON.

/** The app that the Python side has built. */
export const app = JSON.parse(process.argv[2] ?? "{}");

const outcomes = {};

/** Record under `name` what `action` gives, or the name of the error that it fails with. */
export async function record(name, action) {
  try {
    outcomes[name] = { value: (await action()) ?? null };
  } catch (error) {
    // The SDK puts AWS's code into the name, aws-jwt-verify has a class for each error.
    outcomes[name] = { error: error.name === "Error" ? error.constructor.name : error.name };
  }
  return outcomes[name].value;
}

/** Hand everything that was recorded to the Python side. */
export function done() {
  process.stdout.write(JSON.stringify(outcomes));
}
