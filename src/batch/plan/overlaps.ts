import { commonPath } from "../../handoff/patterns/meet.ts";
import { type PathPattern, pathPattern } from "../../handoff/patterns/patterns.ts";
import { ancestors, type Node } from "./graph.ts";

export interface Writer extends Node {
  /** What it may write; null: anything. */
  readonly files: readonly string[] | null;
}

/** Two tasks that may run at the same time and write the same file. */
export interface Overlap {
  readonly one: string;
  readonly other: string;
  /** For people: the two patterns that meet. */
  readonly where: string;
}

/** The pairs of writing tasks whose scopes meet, and of which neither waits for the other; as many as are worth naming. */
export function overlaps(all: readonly Node[], writers: readonly Writer[]): readonly Overlap[] {
  const before = ancestors(all);
  const scopes = writers.map(({ files }) => files?.map(pathPattern) ?? null);
  const found: Overlap[] = [];
  for (const [at, one] of writers.entries()) {
    for (let next = at + 1; next < writers.length && found.length < MOST; next++) {
      const other = writers[next];
      if (other === undefined || before.get(one.id)?.has(other.id) || before.get(other.id)?.has(one.id)) continue;
      const where = meeting(scopes[at] ?? null, scopes[next] ?? null);
      if (where !== null) found.push({ one: one.id, other: other.id, where });
    }
  }
  return found;
}

function meeting(some: readonly PathPattern[] | null, others: readonly PathPattern[] | null): string | null {
  if (some === null || others === null) return `${textOf(some)} and ${textOf(others)}`;
  for (const one of some) {
    const other = others.find((candidate) => commonPath(one, candidate) !== null);
    if (other !== undefined) return `${one.text} and ${other.text}`;
  }
  return null;
}

function textOf(patterns: readonly PathPattern[] | null): string {
  return patterns === null ? "any file" : patterns.map(({ text }) => text).join(", ");
}

// The reader fixes the first ones first.
const MOST = 20;
