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
    // A list that has been grown already is copied before it grows again.
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

/** The same for a set: it grows by one in constant time, and each one stays as it was. */
export class GrownSet<T> implements Iterable<T> {
  readonly size: number;
  readonly #places: Map<T, number>;

  private constructor(places: Map<T, number>, size: number) {
    this.#places = places;
    this.size = size;
  }

  static of<T>(...items: readonly T[]): GrownSet<T> {
    return items.reduce((set, item) => set.with(item), new GrownSet<T>(new Map(), 0));
  }

  has(item: T): boolean {
    return (this.#places.get(item) ?? Infinity) < this.size;
  }

  with(item: T): GrownSet<T> {
    if (this.has(item)) return this;
    // A set that has been grown already is copied before it grows again.
    const places =
      this.#places.size === this.size ? this.#places : new Map([...this].map((each, place) => [each, place]));
    places.set(item, this.size);
    return new GrownSet(places, this.size + 1);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const [item, place] of this.#places) if (place < this.size) yield item;
  }
}
