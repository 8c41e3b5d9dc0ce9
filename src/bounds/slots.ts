/** Numbers from 0 up, each in one hand at a time. */
export interface Slots {
  /** The lowest that is free. */
  take(): number;
  free(slot: number): void;
}

export function openSlots(): Slots {
  const taken = new Set<number>();
  return {
    take() {
      let slot = 0;
      while (taken.has(slot)) slot += 1;
      taken.add(slot);
      return slot;
    },
    free: (slot) => void taken.delete(slot),
  };
}
