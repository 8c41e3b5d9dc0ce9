import { http } from "../../support/model/replies.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

/** A key that is no longer valid: how long until the caller knows. */
export const refusedLogin: Benchmark = {
  name: "refused-login",
  title: "HTTP 401 to the exit",
  async run({ runs, signal }) {
    const once = (code: number, program: Program) => async () => (await measureExit(code, program, signal)).ms;
    const script = () => http(401);
    const off = await inWorld({ signal, script }, async (world) => {
      const { bare, ask } = await contestants(world);
      const entrants = { bare: once(1, bare("workspace-write", "Do it.")), ask: once(3, ask("Do it.")) };
      return contest(entrants, runs);
    });
    const retrying = await inWorld({ signal, script, retries: "default" }, async (world) => {
      const { ask } = await contestants(world);
      return contest({ ask: once(3, ask("Do it.")) }, runs);
    });
    return [
      figure("codex exec --json, retries off", "ms", off.bare),
      figure("ask_codex, retries off", "ms", off.ask),
      figure("ask_codex, Codex's default retries", "ms", retrying.ask),
      ratio("ask_codex : codex exec, retries off", off.ask, off.bare, 1.2),
    ];
  },
};
