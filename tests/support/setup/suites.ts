/**
 * The suite that runs. `change`: `npm test`, every test once, random ones with a few draws. `matrix`: the tests of other versions.
 * `faults`: hundreds of kills, loads, and the random tests with all their draws.
 */
export const SUITE = suiteOf(process.env["TEST_SUITE"] ?? "change");

export type Suite = "change" | "matrix" | "faults";

function suiteOf(name: string): Suite {
  if (name === "change" || name === "matrix" || name === "faults") return name;
  throw new Error(`TEST_SUITE=${name} is not a suite: change, matrix or faults`);
}
