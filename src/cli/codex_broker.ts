import { enter } from "./edge/enter.ts";
import { quickly } from "./quick/broker.ts";

enter(
  async () => ({
    main: async (argv) => (await quickly(argv)) ?? (await import("./broker/main.ts")).main(argv),
  }),
  {},
);
