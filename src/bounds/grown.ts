/**
 * A list that only grows at its end, by one in constant time. Each one stays as it was: a longer one shares its storage, and
 * shows more of it. (Copying an array for each new item of a turn takes minutes at 20,000 of them.)
 */
export class Grown<T> implements Iterable<T> {
  readonly length: number;
  readonly #storage: T[];

  private constructor(storage: T[], length: number) {
    this.#storage = storage;
    this.length = length;
  }

  static of<T>(...items: readonly T[]): Grown<T> {
    return new Grown([...items], items.length);
  }

  with(item: T): Grown<T> {
    // Whoever grows a list that has been grown already gets storage of their own.
    const storage = this.#storage.length === this.length ? this.#storage : this.#storage.slice(0, this.length);
    storage.push(item);
    return new Grown(storage, this.length + 1);
  }

  /** The last item, or undefined. */
  last(): T | undefined {
    return this.length === 0 ? undefined : this.#storage[this.length - 1];
  }

  toArray(): readonly T[] {
    return this.#storage.slice(0, this.length);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.toArray().values();
  }
}
