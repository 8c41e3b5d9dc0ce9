import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parseYaml } from "../../../src/files/yaml.ts";
import { startAsk } from "../../support/ask.ts";
import { textOf } from "../../support/documents/documents.ts";
import { startRedis } from "../../support/machine/redis.ts";
import { obedient } from "../../support/model/batches.ts";
import { SETUP } from "../../support/programs.ts";
import { createWorld } from "../../support/world.ts";
import { fleetIn } from "./fleet.ts";

const PAGE = textOf("references/workers.md");

/** The code block of a recipe. */
const recipe = (title: string) => new RegExp(`^## ${title}\\n.*?\`\`\`\\w+\\n(.*?)\`\`\``, "ms").exec(PAGE)?.[1] ?? "";

test("the commands of each recipe start a worker, which ends in order by a signal", async () => {
  const job = Object(parseYaml(recipe("Kubernetes")));
  expect(job).toMatchObject({ apiVersion: "batch/v1", kind: "Job", spec: { parallelism: 10 } });
  const [container] = job.spec.template.spec.containers;
  const workflow = Object(parseYaml(recipe("GitHub Actions")));
  expect(workflow).toMatchObject({
    on: "workflow_dispatch",
    jobs: { worker: { strategy: { matrix: expect.anything() } } },
  });
  const slurm = recipe("Slurm");
  expect(slurm.match(/^#SBATCH --\S+$/gm)).toHaveLength(6);

  await using redis = await startRedis();
  await using world = await createWorld({ files: { "a.txt": "a\n" }, script: obedient });
  const { queue } = await fleetIn(world, redis);
  const key = queue[3] ?? "";
  const secrets = join(world.home, "secrets");
  for (const name of ["queue", "codex"]) mkdirSync(join(secrets, name), { recursive: true });
  cpSync(key, join(secrets, "queue", "queue.key"));
  chmodSync(join(secrets, "queue", "queue.key"), 0o644);
  writeFileSync(join(secrets, "codex", "auth.json"), "{}");
  for (const [name, script] of [
    ["kubernetes", container.args[0]],
    ["slurm", slurm],
    ["actions", workflow.jobs.worker.steps.at(-1).run],
  ]) {
    const home = join(world.home, name);
    mkdirSync(home);
    if (name === "slurm") cpSync(key, join(home, "queue.key"));
    const path = join(home, "recipe.sh");
    writeFileSync(path, script);
    const env = {
      ...{ HOME: home, ASK_CODEX_HOME: join(home, "state"), PATH: `${dirname(SETUP)}:${process.env["PATH"]}` },
      ...{ QUEUE: redis.url, SECRETS: secrets, CODEX_AUTH: "{}", QUEUE_KEY: readFileSync(key, "utf8").trim() },
    };
    await using running = startAsk(world, [path], { program: "/bin/sh", cwd: home, env });
    await running.stderrLine(/takes tasks, 1 at once/);
    running.child.kill("SIGTERM");
    // `timeout` itself says 124 or 143 of what a signal ended.
    expect([0, 124, 143]).toContain((await running.done).code);
  }
  expect(await redis.keys()).toEqual([]);
});
