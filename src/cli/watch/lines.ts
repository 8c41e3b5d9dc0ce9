import { type Line, type Paint, piece, toText } from "../output/styled-text.ts";
import { mayHaveAnswer } from "./answers.ts";
import { type Block, blockOf, KINDS, type Kind } from "./block.ts";
import type { Size } from "./screen.ts";
import type { Watched } from "./session.ts";

/**
 * The view of sessions (null: no one has looked yet) on a terminal of this size at `now` (ms since the epoch): the rows, from the top.
 * Pure. Those that wait for someone come first; where there is no room for all, each gets fewer lines, and then not all are shown.
 */
export function watchLines(
  sessions: readonly Watched[] | null,
  size: Size,
  now: number,
  paint: Paint,
): readonly string[] {
  const places = new Set((sessions ?? []).flatMap((seen) => (seen.type === "seen" ? [seen.now.state.started_in] : [])));
  const names = (sessions ?? []).map((seen) => (seen.type === "seen" ? seen.now.state.name : null));
  const isOnly = (name: string | null) => names.filter((one) => one === name).length === 1;
  const form = { places: places.size > 1, columns: size.columns };
  const blocks = (sessions ?? [])
    .map((seen, at) => blockOf(seen, now, { ...form, named: places.size === 1 && isOnly(names[at] ?? null) }))
    .sort(byNeed);
  const none = sessions === null ? "looking for sessions" : "no session yet: codex_broker start";
  const lines = [headOf(blocks, none, (sessions ?? []).some(mayHaveAnswer)), ...fitted(blocks, size.rows - 1)];
  return lines.slice(0, size.rows).map((line) => toText(line, size.columns, paint));
}

/** Within a kind the newest first, and none jumps about: ids sort by time. */
function byNeed(one: Block, other: Block): number {
  const order = KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind);
  return order !== 0 ? order : one.folder < other.folder ? 1 : -1;
}

const WORDS: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  attention: ["waits for you", "wait for you"],
  running: ["running", "running"],
  queued: ["queued", "queued"],
  idle: ["idle", "idle"],
};

function headOf(blocks: readonly Block[], none: string, answers: boolean): Line {
  const counts = KINDS.flatMap((kind) => {
    const count = blocks.filter((block) => block.kind === kind).length;
    return count === 0 ? [] : [`${count} ${WORDS[kind][count === 1 ? 0 : 1]}`];
  });
  const told = counts.length === 0 ? none : counts.join(", ");
  return [
    piece("codex_broker", "bold"),
    piece(`  ${told}`),
    piece(`  (${answers ? "a: answers, " : ""}q leaves)`, "dim"),
  ];
}

/** At most `rows` lines: first all in their shortest form, then, in their order, as much more of each as there is room for. */
function fitted(blocks: readonly Block[], rows: number): readonly Line[] {
  const shown = shownIn(blocks, rows);
  const hidden = blocks.length - shown.length;
  const chosen = shown.map(({ versions }) => versions[0] ?? []);
  let left = rows - (hidden > 0 ? 1 : 0) - chosen.reduce((sum, lines) => sum + lines.length, 0);
  const depth = Math.max(0, ...shown.map(({ versions }) => versions.length));
  for (let level = 1; level < depth; level++)
    for (const [index, { versions }] of shown.entries()) {
      const [before, next] = [chosen[index] ?? [], versions[level]];
      if (next === undefined || next.length - before.length > left) continue;
      left -= next.length - before.length;
      chosen[index] = next;
    }
  const more = hidden === 0 ? [] : [[piece(`  and ${hidden} more: no room`, "dim")]];
  return [...chosen.flat(), ...more];
}

/** The first ones, as many as there is room for; a line is kept for saying that there are more. */
function shownIn(blocks: readonly Block[], rows: number): readonly Block[] {
  let used = 0;
  const count = blocks.findIndex(({ versions }, index) => {
    used += versions[0]?.length ?? 0;
    return used > rows - (index < blocks.length - 1 ? 1 : 0);
  });
  return count === -1 ? blocks : blocks.slice(0, count);
}
