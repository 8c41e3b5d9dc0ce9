import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { appendPlain } from "../../files/append-plain.ts";
import { parseJsonLine } from "../../files/json-line.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { foldMemory, type KnownFinding, type MemoryEntry, memoryEntry } from "./known-finding.ts";

/** The memory of one project's reviews: a folder in the state folder, one for all work trees of a repository. */
export async function memoryFolder(state: string, { commonDir }: Pick<WorkTree, "commonDir">): Promise<string> {
  const place = await realpath(commonDir);
  return join(state, "reviews", createHash("sha256").update(place).digest("hex").slice(0, 16));
}

/** What is known, by finding id; `since`: of this review and later ones. Lines that cannot be read are left out, and stay. */
export function readMemory(folder: string, since: string | null = null): ReadonlyMap<string, KnownFinding> {
  const entries = readEntries(folder);
  const from = since === null ? 0 : entries.findIndex((entry) => entry.type === "review" && entry.review === since);
  return foldMemory(entries.filter((entry, at) => at >= from || entry.type === "decision"));
}

/** The ids of all reviews, oldest first: those to compare with, or all that were asked for. */
export function reviewIds(folder: string, which: "comparable" | "all" = "comparable"): readonly string[] {
  return readEntries(folder).flatMap((entry) => {
    if (entry.type === "decision") return [];
    return entry.type === "review" || which === "all" ? [entry.review] : [];
  });
}

/** Adds a line in one write, so that reviews at the same time do not mix. */
export async function remember(folder: string, entry: MemoryEntry): Promise<void> {
  await makePrivateFolder(folder);
  appendPlain(join(folder, FILE), `${JSON.stringify(entry)}\n`);
}

const FILE = "memory.jsonl";

function readEntries(folder: string): readonly MemoryEntry[] {
  return readPlainOr(join(folder, FILE), "")
    .split("\n")
    .flatMap((line) => parseJsonLine(line, memoryEntry) ?? []);
}
