import { existsSync } from "node:fs";
import {
  appendFile,
  chmod,
  chown,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { countedRuns } from "../../src/ledger/counted-run.ts";
import { DIGEST_VERSION, packed, unpacked } from "../../src/ledger/digest.ts";
import { digestPath, type LedgerEntry, ledgerPath } from "../../src/ledger/ledger.ts";
import { readLedger } from "../../src/ledger/read-ledger.ts";
import { readRuns } from "../../src/ledger/read-runs.ts";
import { type Selection, statsOf } from "../../src/ledger/stats.ts";
import { canMount, smallDisk } from "../support/machine/small-disk.ts";
import { entry, handoffEntry } from "../support/samples/ledger.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { testAtRandom } from "../support/trials.ts";

const line = (one: unknown) => `${JSON.stringify(one)}\n`;
const SELECTIONS: readonly Selection[] = [
  { since: null, project: null },
  { since: new Date("2026-02-10T12:00:00Z"), project: null },
  { since: null, project: "/shop" },
  { since: new Date("2026-02-10T12:00:00Z"), project: "/shop" },
];

/** What the ledger comes to when all of it is read. */
async function plainly(state: string) {
  const { entries, skipped } = await readLedger(state);
  return { skipped, figures: SELECTIONS.map((selection) => statsOf(countedRuns(entries), selection)) };
}

/** What it comes to by way of the digest, which is made whenever there is a whole new line. */
async function byDigest(state: string) {
  const { runs, skipped } = await readRuns(state, 0);
  return { skipped, figures: SELECTIONS.map((selection) => statsOf(runs, selection)) };
}

/** A ledger of two lines, its digest, and a third line since then. */
async function world(state: string): Promise<void> {
  await writeFile(ledgerPath(state), line(entry({ elapsed_ms: 1 })) + line(entry({ status: "failed" })));
  await readRuns(state, 0);
  await appendFile(ledgerPath(state), line(handoffEntry(["scope"])));
}

/** The digest as it is, but with a false figure: it is whole, and of this ledger. */
async function falsify(state: string): Promise<void> {
  const known = unpacked(await readFile(digestPath(state)));
  if (known === null) throw new Error("there is no digest");
  await writeFile(digestPath(state), packed({ ...known, runs: countedRuns([entry(), entry(), entry()]) }), {
    mode: 0o600,
  });
}

test("a digest that can be believed is believed: the lines that it is of are not read", async () => {
  await using state = await tempFolder();
  await world(state.path);
  await falsify(state.path);
  expect((await readRuns(state.path)).runs.count).toBe(4);
});

test("a short ledger has no digest, a long one has one that is its owner's alone", async () => {
  await using state = await tempFolder();
  await writeFile(ledgerPath(state.path), line(entry()));
  await readRuns(state.path);
  expect(existsSync(digestPath(state.path))).toBe(false);
  await appendFile(ledgerPath(state.path), line(entry({ role: "x".repeat(1_000_000) })));
  expect((await readRuns(state.path)).runs.count).toBe(2);
  expect((await stat(digestPath(state.path))).mode & 0o777).toBe(0o600);
});

describe("no figure is false when", () => {
  test.each<{ what: string; change: (state: string) => Promise<void> }>([
    {
      what: "others can write the digest",
      change: async (state) => {
        await falsify(state);
        await chmod(digestPath(state), 0o620);
      },
    },
    {
      what: "a link leads to it",
      change: async (state) => {
        await falsify(state);
        await rename(digestPath(state), join(state, "elsewhere"));
        await symlink("elsewhere", digestPath(state));
      },
    },
    {
      what: "it is a folder",
      change: async (state) => {
        await rm(digestPath(state));
        await mkdir(digestPath(state));
      },
    },
    {
      what: "it is of another version",
      change: async (state) => {
        await falsify(state);
        const text = await readFile(digestPath(state), "latin1");
        await writeFile(digestPath(state), text.replace(`"${DIGEST_VERSION} `, `"${DIGEST_VERSION + 1} `), "latin1");
      },
    },
    { what: "it was cut off", change: (state) => truncate(digestPath(state), 500) },
    { what: "it is empty", change: (state) => truncate(digestPath(state), 0) },
    {
      what: "a line of the ledger became another one of the same length",
      change: async (state) => {
        const text = await readFile(ledgerPath(state), "utf8");
        await writeFile(ledgerPath(state), text.replace('"total":110', '"total":119'));
      },
    },
    {
      what: "the ledger was cut off",
      change: async (state) => truncate(ledgerPath(state), Math.floor((await stat(ledgerPath(state))).size / 2)),
    },
    { what: "the ledger is gone", change: (state) => rm(ledgerPath(state)) },
    {
      what: "another ledger took its place",
      change: (state) => writeFile(ledgerPath(state), line(entry({ role: "b" }))),
    },
  ])("$what", async ({ change }) => {
    await using state = await tempFolder();
    await world(state.path);
    await change(state.path);
    const truth = await plainly(state.path);
    expect(await byDigest(state.path)).toEqual(truth);
    expect(await byDigest(state.path)).toEqual(truth);
  });

  test("its last line was being written", async () => {
    await using state = await tempFolder();
    await world(state.path);
    const last = line(entry({ status: "timeout" }));
    await appendFile(ledgerPath(state.path), last.slice(0, 40));
    expect(await byDigest(state.path)).toEqual(await plainly(state.path));
    await appendFile(ledgerPath(state.path), last.slice(40));
    expect((await plainly(state.path)).skipped).toBe(0);
    expect(await byDigest(state.path)).toEqual(await plainly(state.path));
  });

  test.runIf(process.getuid?.() === 0)("the digest belongs to another user", async () => {
    await using state = await tempFolder();
    await world(state.path);
    await falsify(state.path);
    await chown(digestPath(state.path), 65_533, 65_533);
    expect(await byDigest(state.path)).toEqual(await plainly(state.path));
  });

  test.runIf(canMount)("the disk is full: there is no digest then, and no half one", async () => {
    await using folder = await tempFolder();
    await using disk = await smallDisk(folder.path);
    await writeFile(ledgerPath(disk.path), line(entry()));
    disk.fill();
    expect(await byDigest(disk.path)).toEqual(await plainly(disk.path));
    expect(existsSync(digestPath(disk.path))).toBe(false);
    await rm(join(disk.path, "ballast"));
  });
});

test("another name of the digest is left as it is", async () => {
  await using state = await tempFolder();
  await world(state.path);
  await link(digestPath(state.path), join(state.path, "kept"));
  const before = await readFile(join(state.path, "kept"));
  await byDigest(state.path);
  expect(await readFile(join(state.path, "kept"))).toEqual(before);
});

type Step = { readonly add: string } | { readonly flip: number } | { readonly cut: number } | "look" | "rotate";

testAtRandom(
  "whatever happened to a ledger, its figures are those of reading all of it",
  { change: 40, full: 3_000 },
  fc.array(steps(), { minLength: 1, maxLength: 12 }),
  async (history) => {
    await using state = await tempFolder();
    const path = ledgerPath(state.path);
    await writeFile(path, "");
    for (const step of history) {
      const bytes = await readFile(path);
      if (step === "look") await readRuns(state.path, 0);
      else if (step === "rotate") await writeFile(path, bytes.subarray(bytes.length / 2));
      else if ("add" in step) await appendFile(path, step.add);
      else if ("cut" in step) await truncate(path, Math.floor(bytes.length * step.cut));
      else if (bytes.length > 0) {
        const at = Math.floor(bytes.length * step.flip);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        await writeFile(path, bytes);
      }
    }
    const truth = await plainly(state.path);
    expect(await byDigest(state.path)).toEqual(truth);
    expect(await byDigest(state.path)).toEqual(truth);
  },
);

testAtRandom(
  "a digest of which any byte is another one is not believed",
  { change: 60, full: 3_000 },
  fc.double({ min: 0, max: 0.999_999, noNaN: true }),
  async (place) => {
    const mine = packed({ size: 1, ledger: "", skipped: 0, runs: countedRuns([entry(), handoffEntry(["scope"])]) });
    const at = Math.floor(mine.length * place);
    mine[at] = (mine[at] ?? 0) ^ 1;
    expect(unpacked(Buffer.from(mine))).toBeNull();
  },
);

function steps(): Arbitrary<Step> {
  const junk = fc.constantFrom("\n", "hello\n", "[1]\n", '{"schema_version":1', "\ufffd\n", `${"é".repeat(50)}\n`);
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(entries(), { maxLength: 5 }).map((all) => ({ add: all.map(line).join("") })) },
    { weight: 1, arbitrary: junk.map((add) => ({ add })) },
    { weight: 4, arbitrary: fc.constant("look" as const) },
    { weight: 1, arbitrary: fc.constant("rotate" as const) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 0.999, noNaN: true }).map((flip) => ({ flip })) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 0.999, noNaN: true }).map((cut) => ({ cut })) },
  );
}

function entries(): Arbitrary<LedgerEntry> {
  const { handoff } = handoffEntry([]);
  const name = fc.constantFrom("", "a", "-1", "写\n手", null);
  return fc
    .record({
      time: fc
        .integer({ min: -70_000_000, max: 80 * 86_400_000 })
        .map((ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString()),
      ...{ project: fc.constantFrom("/shop", "/parser", null), role: name, model: name },
      kind: fc.constantFrom<LedgerEntry["kind"]>("ask", "session", "handoff", "orchestration", "delegation"),
      status: fc.constantFrom("completed", "failed", ""),
      asked: fc.nat(1),
      elapsed_ms: fc.oneof(fc.nat(99), fc.constant(2 ** 40)),
      tokens: fc.option(
        fc.nat(9).map((total) => ({ input: 0, cached_input: 0, output: 0, reasoning_output: 0, total })),
      ),
      first_pass: fc.constantFrom(null, true, false),
      repair_rounds: fc.nat(2),
      files_changed: fc.constantFrom(null, 0, 3),
      list_price_usd: fc.option(fc.double({ min: 0, max: 9, noNaN: true })),
      handoff: fc.constantFrom(null, handoff, handoffEntry(["scope"]).handoff),
    })
    .chain((parts) =>
      fc
        .record({ batch: fc.constantFrom("b1", "b2"), orchestration: fc.constantFrom("o", "p") }, { requiredKeys: [] })
        .map((more) => entry({ ...parts, ...more })),
    );
}
