/** What is to be seen on a terminal. */
export interface Drawn {
  /** The screen in use, from its first row that was written to. Without colours. */
  readonly rows: readonly string[];
  readonly alternate: boolean;
  readonly cursor: boolean;
}

/**
 * What a terminal shows that was sent this: as far as the view draws, which is whole rows at their places on the other screen. What
 * goes to the first screen is kept as lines.
 */
export function drawnOn(text: string): Drawn {
  let main = "";
  let rows: string[] = [];
  let row = 0;
  let alternate = false;
  let cursor = true;
  for (const [part] of text.matchAll(/\u001b\[[?\d;]*[A-Za-z]|[^\u001b]+/g)) {
    const place = /^\u001b\[(\d+);1H$/.exec(part);
    if (place) row = Number(place[1]) - 1;
    else if (part === "\u001b[2K") rows[row] = "";
    else if (part === "\u001b[2J") rows = [];
    else if (part === "\u001b[?1049h") [alternate, rows] = [true, []];
    else if (part === "\u001b[?1049l") alternate = false;
    else if (part === "\u001b[?25l") cursor = false;
    else if (part === "\u001b[?25h") cursor = true;
    else if (part.startsWith("\u001b")) continue;
    else if (alternate) rows[row] = (rows[row] ?? "") + part;
    else main += part;
  }
  return { rows: alternate ? Array.from(rows, (shown) => shown ?? "") : main.split(/\r?\n/), alternate, cursor };
}
