/** Whether these, together on the base, hold. */
export type Holds = (ids: readonly string[]) => Promise<boolean>;

/**
 * The one of several results with which a check begins to fail, when those before it hold together and all of them do not: found by
 * halves. Null: the check fails without any of them.
 */
export async function culpritAmong(ids: readonly string[], holds: Holds): Promise<string | null> {
  if (!(await holds([]))) return null;
  // The results up to `good` hold, those up to `bad` do not.
  let [good, bad] = [0, ids.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await holds(ids.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return ids[bad - 1] ?? null;
}
