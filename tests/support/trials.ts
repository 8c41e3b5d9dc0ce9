import fc, { type Arbitrary } from "fast-check";
import { test } from "vitest";
import { SUITE } from "./setup/suites.ts";

export interface Draws {
  /** How many draws `npm test` makes; 0: none, it belongs to `npm run test:faults` alone. */
  readonly change: number;
  /** How many `npm run test:faults` makes, unless FAULT_TRIALS names another number. */
  readonly full: number;
  /** For all draws together, in milliseconds, where that is more than any test has. */
  readonly timeout?: number;
  /** False: a draw that fails costs too much to search for a smaller one. */
  readonly shrinks?: boolean;
}

// The same draws with every change, so that a failure is the change's own.
const FIXED_SEED = 20_260_214;

/**
 * A test of whatever the arbitrary draws. Its title says so: by it `npm run test:faults` finds it. A failure prints seed and path;
 * `SEED=… DRAW_PATH=… npx vitest run FILE` repeats it.
 */
export function testAtRandom<Drawn>(
  title: string,
  draws: Draws,
  arbitrary: Arbitrary<Drawn>,
  body: (drawn: Drawn) => void | Promise<void>,
): void {
  const numRuns = trials(draws);
  const { timeout, shrinks = true } = draws;
  test.runIf(numRuns > 0)(`${title} (at random)`, timeout === undefined ? {} : { timeout }, async () => {
    const seed = seedOf();
    if (SUITE === "faults") process.stdout.write(`${title}: SEED=${seed}, ${numRuns} draws\n`);
    const path = process.env["DRAW_PATH"];
    const property = fc.asyncProperty(arbitrary, async (drawn) => {
      await body(drawn);
    });
    await fc.assert(property, { seed, numRuns, endOnFailure: !shrinks, ...(path !== undefined && { path }) });
  });
}

/** A test that takes so long under load that `npm run test:faults` alone has it; its title says so. */
export function testUnderLoad(title: string, body: () => Promise<void>): void {
  test.runIf(SUITE === "faults")(`${title} (under load)`, { timeout: 1_800_000 }, body);
}

/** Whether FAULT_TRIALS asks for less than all: then the largest of what is tried are smaller, too. */
export const IS_LIMITED = process.env["FAULT_TRIALS"] !== undefined;

function trials({ change, full }: Pick<Draws, "change" | "full">): number {
  if (SUITE !== "faults") return change;
  const asked = Number(process.env["FAULT_TRIALS"] ?? full);
  if (!Number.isInteger(asked) || asked < 1) throw new Error("FAULT_TRIALS must be a whole number from 1 on");
  return Math.max(change, Math.min(asked, full));
}

function seedOf(): number {
  const asked = process.env["SEED"];
  if (asked !== undefined) return Number(asked);
  return SUITE === "faults" ? Math.floor(Math.random() * 2 ** 31) : FIXED_SEED;
}
