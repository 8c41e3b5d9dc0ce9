import type { Words } from "./broker-commands.ts";
export async function watch(_words: Words): Promise<number> {
  return 0;
}
