import { bash } from "../../../support/claude/messages-api.ts";
import { delegateScripted, edit } from "../../../support/claude/scripted-executor.ts";
import { request } from "../../../support/samples/delegation.ts";
import type { World } from "../../../support/world.ts";

// A process of ours that delegates and is killed meanwhile; the world is the test's.
const world = JSON.parse(process.argv[2] ?? "") as World;
const command = "node hold.mjs";
await delegateScripted(world, request({ validation: [command] }), {
  script: [...edit(world, "src/sum.js", "a - b", "a + b"), bash(command)],
  id: "delegation-that-is-killed",
  bounds: { validation: [command] },
});
