// File names are bytes, and not always UTF-8. Between git and git they travel as "raw" strings, one character a byte
// (latin1), which lose nothing; people and callers see them as text.

/** A raw string as text. Bytes that are not UTF-8 show as U+FFFD. */
export function textOf(raw: string): string {
  return Buffer.from(raw, "latin1").toString("utf8");
}

/** The raw string of a text: its bytes in UTF-8. */
export function rawOf(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** The full path of a raw name below the folder, as bytes for node:fs. */
export function pathOf(folder: string, raw: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(raw, "latin1")]);
}

/** Raw names as git reads them from stdin with `-z`. */
export function nulTerminated(raws: readonly string[]): Uint8Array {
  return Buffer.from(raws.map((raw) => `${raw}\0`).join(""), "latin1");
}

/** The fields of NUL-terminated output. */
export function fieldsOf(output: string): string[] {
  return output.split("\0").slice(0, -1);
}
