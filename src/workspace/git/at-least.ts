import type { IndexGit } from "./read-status.ts";

/** Whether this git is version `major.minor` or newer. */
export async function gitAtLeast(git: IndexGit, wanted: `${number}.${number}`): Promise<boolean> {
  const numbersOf = (text: string) => (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
  const [major = 0, minor = 0] = numbersOf(await git(["version"]));
  const [least = 0, leastMinor = 0] = numbersOf(wanted);
  return major > least || (major === least && minor >= leastMinor);
}
