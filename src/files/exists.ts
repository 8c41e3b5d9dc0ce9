import { access } from "node:fs/promises";

/** Whether there is anything at this path that we can get to. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
