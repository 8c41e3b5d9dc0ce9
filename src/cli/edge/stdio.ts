import { writeSync } from "node:fs";
import { isErrno } from "../../errors.ts";

/** Help and version: setting up process.stdout would take half as long as all the rest. */
export function printAtOnce(text: string): void {
  try {
    writeSync(1, text);
  } catch (error) {
    if (!isErrno(error, "EPIPE", "EAGAIN")) throw error;
  }
}

/** Whoever reads us may stop reading (`| head -1`); that ends no run. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}
