import { enter } from "./edge/enter.ts";
import { FORWARDED } from "./edge/sibling.ts";

enter(
  async () => ({
    main: async (argv) => (await quickly(argv)) ?? (await import("./setup/main.ts")).main(argv),
  }),
  FORWARDED,
);

/** What a shell asks at each TAB. Null: something else is wanted. */
async function quickly([name, shell = "", dashes, ...line]: readonly string[]): Promise<number | null> {
  return name === "completion" && dashes === "--" ? (await import("./setup/complete.ts")).complete(shell, line) : null;
}
