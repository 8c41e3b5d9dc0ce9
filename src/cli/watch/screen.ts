// A whole frame at once, where the terminal can do it; and what a terminal counts wider than we do must not move to the next row.
const BEGIN = "\u001b[?2026h\u001b[?7l";
const END = "\u001b[?7h\u001b[?2026l";
// The other screen: what was on the terminal before is there again afterwards.
const HIDE = "\u001b[?25l";
const ENTER = `\u001b[?1049h${HIDE}`;
const LEAVE = "\u001b[?7h\u001b[?2026l\u001b[?25h\u001b[?1049l";

/** How much a terminal shows. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal's other screen, on which rows are drawn when they have changed. */
export class Screen {
  readonly #write: (text: string) => void;
  #rows: readonly string[] | null = null;
  #entered = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Also when someone else may have written to the terminal: all of it is drawn again. */
  enter(): void {
    this.#write(this.#entered ? HIDE : ENTER);
    this.#entered = true;
    this.#rows = null;
  }

  /** Every row at its own place, whatever the one before came to. */
  draw(rows: readonly string[]): void {
    if (!this.#entered) return;
    const before = this.#rows;
    const count = Math.max(rows.length, before?.length ?? 0);
    const changes = Array.from({ length: count }, (_, index) => {
      const row = rows[index] ?? "";
      return row === (before?.[index] ?? "") ? "" : `\u001b[${index + 1};1H\u001b[2K${row}`;
    }).join("");
    this.#rows = rows;
    const clear = before === null ? "\u001b[2J" : "";
    if (clear + changes !== "") this.#write(BEGIN + clear + changes + END);
  }

  /** The terminal has another size: nothing is where it was. */
  resized(): void {
    this.#rows = null;
  }

  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#write(LEAVE);
  }
}
