import { enter } from "./edge/enter.ts";
import { TAKEN_BACK } from "./edge/sibling.ts";

enter(
  async () => ({
    main: async (argv) => (await quickly(argv)) ?? (await import("./ask/main.ts")).main(argv),
  }),
  TAKEN_BACK,
);

/** Null: the general way has it all, and has nothing to repeat. */
async function quickly([name, ...words]: readonly string[]): Promise<number | null> {
  return name === "sessions" ? (await import("./quick/sessions.ts")).sessions(words) : null;
}
