/** What one look of the doctor came to. */
export interface Check {
  readonly name: string;
  readonly level: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What to do about it; null when there is nothing to do. */
  readonly mend: string | null;
  /** What `--fix` has fixed. */
  readonly fixed?: string;
}

export function ok(name: string, detail: string): Check {
  return { name, level: "ok", detail, mend: null };
}

export function warn(name: string, detail: string, mend: string): Check {
  return { name, level: "warn", detail, mend };
}

export function fail(name: string, detail: string, mend: string): Check {
  return { name, level: "fail", detail, mend };
}
