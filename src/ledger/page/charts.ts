import { oneLine } from "../../text/defuse.ts";

// Longer than any name that is meant to be read.
const MOST_TEXT = 300;

/** Someone else's words as text of a page: no tag, no attribute, no control character comes out of them. */
export function escaped(text: string): string {
  return oneLine(text, MOST_TEXT).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A bar that is filled to `rate`, with a mark at the target. `label` is what it says to who cannot see it. */
export function barChart(rate: number | null, target: number | null, label: string): string {
  const mark =
    target === null ? "" : `<rect class="mark" x="${hundredth(target * 100 - 0.3)}" width="0.6" height="8"/>`;
  return `<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${escaped(label)}">
<rect class="track" width="100" height="8"/><rect class="value" width="${hundredth((rate ?? 0) * 100)}" height="8"/>${mark}</svg>`;
}

/** What a column shows: a part below, the rest of the whole on top of it. */
interface Column {
  readonly part: number;
  readonly whole: number;
  readonly title: string;
}

/** A column for each period, with what it shows in words where it is pointed at. */
export function columnChart(columns: readonly Column[], label: string): string {
  const most = Math.max(1, ...columns.map(({ whole }) => whole));
  // A single column is not as wide as the page.
  const places = Math.max(columns.length, LEAST_PLACES);
  const drawn = columns.map(({ part, whole, title }, index) => {
    const [done, rest] = [(part / most) * HEIGHT, ((whole - part) / most) * HEIGHT];
    const at = `x="${index * PLACE + 1}" width="${PLACE - 2}"`;
    return `<g><title>${escaped(title)}</title>
<rect class="done" ${at} y="${hundredth(HEIGHT - done)}" height="${hundredth(done)}"/>
<rect class="rest" ${at} y="${hundredth(HEIGHT - done - rest)}" height="${hundredth(rest)}"/></g>`;
  });
  return `<svg class="columns" viewBox="0 0 ${places * PLACE} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escaped(label)}">
${drawn.join("\n")}
</svg>`;
}

const HEIGHT = 100;
const PLACE = 10;
const LEAST_PLACES = 14;

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
