/** What a look finds. Null where it fails, for whatever reason: the general way meets that again, and has the words for it. */
export async function orNull<T>(look: () => Promise<T | null>): Promise<T | null> {
  try {
    return await look();
  } catch {
    return null;
  }
}
