/** A validation command, and whether the document marks it as one that lays out the files of the work: `format: npm run format`. */
export interface ValidationCommand {
  /** What is run. */
  readonly command: string;
  readonly formats: boolean;
}

export function validationCommand(written: string): ValidationCommand {
  const [, marked] = /^format:\s+(\S[\s\S]*)$/.exec(written) ?? [];
  return marked === undefined ? { command: written, formats: false } : { command: marked, formats: true };
}
