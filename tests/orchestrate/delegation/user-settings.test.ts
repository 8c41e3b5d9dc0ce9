import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bash } from "../../support/claude/messages-api.ts";
import { close, delegateScripted, edit } from "../../support/claude/scripted-executor.ts";
import { request } from "../../support/samples/delegation.ts";
import { withCases } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

const FILES = { "src/sum.js": "export const sum = (a, b) => a - b;\n" };
const LEAK = "touch leak.txt";
const command = "grep -q 'a + b' src/sum.js";

const NONE = ["none", "denied", false, null] as const;
const USER = ["user", "violated", true, { type: "reverted", paths: ["leak.txt"] }] as const;

withCases<typeof NONE | typeof USER>({ change: [NONE], matrix: [USER] }, (cases) => {
  test.each(cases)(
    "the user's own allow rules with --executor-settings %s: %s",
    async (settings, verdict, held, undone) => {
      await using world = await createWorld({ script: [], files: FILES });
      await mkdir(join(world.home, ".claude"), { recursive: true });
      const own = { permissions: { allow: [`Bash(${LEAK})`] } };
      await writeFile(join(world.home, ".claude", "settings.json"), JSON.stringify(own));
      const { outcome } = await delegateScripted(world, request({ validation: [command] }), {
        script: [...edit(world, "src/sum.js", "a - b", "a + b"), bash(LEAK), close("DONE")],
        ...{ bounds: { validation: [command] }, claude: { settings } },
      });
      expect(outcome).toMatchObject({ verdict, undone });
      const told = outcome.remarks.some((remark) => remark.includes(`allow rules hold as well: Bash(${LEAK}).`));
      expect(told).toBe(held);
      expect(existsSync(join(world.workspace, "leak.txt"))).toBe(false);
    },
  );
});
