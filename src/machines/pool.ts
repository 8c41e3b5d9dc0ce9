import { AskCodexError } from "../errors.ts";
import { Unreachable } from "./ssh.ts";

/** Machines that share work. */
export interface Pool<Machine> {
  /**
   * Does something on the machine that is preferred, or else has the least to do. One that cannot be reached is passed over, this time and
   * as long as others can.
   * @throws what the work throws; Unreachable when no machine could be reached
   */
  on<T>(work: (machine: Machine) => Promise<T>, preferred?: Machine): Promise<T>;
  /** Gives no more work to a machine. False: it is the last one, and stays. */
  setAside(machine: Machine): boolean;
}

export function poolOf<Machine>(machines: readonly Machine[]): Pool<Machine> {
  const busy = new Map<Machine, number>();
  const away = new Set<Machine>();
  const aside = new Set<Machine>();
  return {
    async on(work, preferred) {
      const load = (machine: Machine) =>
        (busy.get(machine) ?? 0) + (away.has(machine) ? 1e6 : 0) - (machine === preferred ? 1e3 : 0);
      let left = machines.filter((machine) => !aside.has(machine));
      let last: unknown = new AskCodexError("internal", "there is no machine");
      while (left.length > 0) {
        const machine = left.reduce((best, one) => (load(one) < load(best) ? one : best));
        busy.set(machine, (busy.get(machine) ?? 0) + 1);
        try {
          const result = await work(machine);
          away.delete(machine);
          return result;
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error;
          away.add(machine);
          last = error;
          left = left.filter((one) => one !== machine);
        } finally {
          busy.set(machine, (busy.get(machine) ?? 1) - 1);
        }
      }
      throw last;
    },
    setAside(machine) {
      if (machines.length - aside.size <= 1 && !aside.has(machine)) return false;
      aside.add(machine);
      return true;
    },
  };
}
