import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { AskCodexError } from "../../errors.ts";
import { readJson } from "../../files/json-file.ts";
import { gateFolder } from "../../files/state-paths.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";

/** How often the gate may block one session, whatever Claude Code says of earlier blocks. */
export const MOST_ROUNDS = 5;

const schema = z.object({ rounds: z.number(), trees: z.array(z.string()), findings: z.array(z.string()) });

type Kept = z.infer<typeof schema>;

export interface GateRecord extends Kept {
  /** Keeps that this tree was reviewed and these findings handed over. */
  keep(reviewed: { readonly tree: string; readonly findings: readonly string[] }): Promise<void>;
}

/** What the gate has reviewed in a session, and handed over. @throws AskCodexError when the record is damaged */
export async function openRecord(state: string, session: string): Promise<GateRecord> {
  const name = createHash("sha256").update(session).digest("hex").slice(0, 32);
  const path = join(gateFolder(state), `${name}.json`);
  const read = await readJson(path, schema);
  if (read.type === "corrupt")
    throw new AskCodexError("internal", `${path} is damaged (${read.reason})`, { hint: "Move it away." });
  const { rounds, trees, findings } = read.type === "valid" ? read.value : { rounds: 0, trees: [], findings: [] };
  return {
    ...{ rounds, trees, findings },
    async keep(reviewed) {
      await makePrivateFolder(dirname(path));
      const blocked = reviewed.findings.length > 0 ? 1 : 0;
      const now: Kept = {
        rounds: rounds + blocked,
        trees: [...trees, reviewed.tree].slice(-MOST_TREES),
        findings: [...findings, ...reviewed.findings],
      };
      await writeWhole(path, JSON.stringify(now));
    },
  };
}

const MOST_TREES = 100;
