// Each may have a file or a socket open: far below the 256 open files that macOS allows a process.
const AT_ONCE = 32;

/** Like Promise.all over `items`, in their order, but never more than 32 at once; the first failure stops what has not begun. */
export async function inBatches<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const take = async () => {
    try {
      for (let index = next++; index < items.length; index = next++) {
        results[index] = await work(items[index] as T, index);
      }
    } catch (error) {
      next = items.length;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, take));
  return results;
}
