import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { startRedis } from "../../support/machine/redis.ts";
import { obedient, startBatch, taskLines } from "../../support/model/batches.ts";
import { silence } from "../../support/model/replies.ts";
import { SETUP } from "../../support/programs.ts";
import { inMatrix } from "../../support/suite.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { createWorld } from "../../support/world.ts";
import { fleetIn, listed } from "./fleet.ts";

const FILES = { "a.txt": "a\n" };

inMatrix(() => {
  test("a coordinator and a worker whose server is gone end when they are told to, and leave nothing", async () => {
    await using redis = await startRedis();
    await using world = await createWorld({ files: FILES, script: () => silence() });
    const { queue, worker, state } = await fleetIn(world, redis);
    const metrics = join(world.home, "metrics.ndjson");
    const more = ["--parallel", "200", "--per-minute", "60", "--metrics", metrics];
    await using coordinator = startBatch(world, { tasks: [{ id: "one", prompt: "Wait." }] }, [...queue, ...more]);
    await using busy = worker("one");
    await world.model.asked(1);
    await using idle = worker("two");
    await idle.stderrLine(/takes tasks/);
    const seen = await ask(world, ["batch", "status", ...queue]);
    expect(seen.stdout).toMatch(/^worker=\S+ busy=1 of 1$/m);
    expect(seen.stdout).toMatch(/^worker=\S+ busy=0 of 1$/m);
    expect(seen.stdout).toMatch(/^lease=one running /m);
    expect(seen.stdout).not.toContain("error_kind=");
    const [id = ""] = readdirSync(join(world.state, "batches"));
    const elsewhere = { env: { ASK_CODEX_HOME: state("elsewhere") } };
    const far = await ask(world, ["batch", "status", id, "--json", ...queue], elsewhere);
    expect(JSON.parse(far.stdout)).toMatchObject({
      ...{
        batch_id: id,
        coordinator: "elsewhere",
        error: null,
        exit_code: null,
        tasks: [{ id: "one", status: "running" }],
      },
      queue: { workers: [expect.anything(), expect.anything()], leases: [{ task: "one", state: "running" }] },
    });
    await using watching = startAsk(world, ["batch", "watch", ...queue]);
    await watching.stdoutLine(/^lease=one running /);
    idle.child.kill("SIGTERM");
    expect((await idle.done).code).toBe(0);
    await watching.stdoutLine(/^gone=/);
    await redis.stop();
    await watching.stdoutLine(/^queue=does not answer/);
    coordinator.child.kill("SIGINT");
    busy.child.kill("SIGTERM");
    const ended = await coordinator.done;
    expect(ended.code).toBe(130);
    expect(taskLines(ended)).toEqual({ one: "status=cancelled files=0 applied=no" });
    expect(ended.stderr).toContain("the queue keeps what it has of this batch: it does not answer");
    expect((await busy.done).code).toBe(0);
    expect((await watching.done).stdout).toMatch(/^coordinator=done\n/m);
    for (const name of ["one", "two"])
      for (const kind of ["workers", "holds"]) expect(await listed(join(state(name), "fleet", kind))).toEqual([]);
  });
});

inMatrix(() => {
  test("a worker that was stopped and wakes after its task went to another hands nothing in", async () => {
    await using redis = await startRedis();
    let asked = 0;
    await using world = await createWorld({
      files: FILES,
      script: (request) => (asked++ === 0 ? silence() : obedient(request)),
    });
    const { queue, worker } = await fleetIn(world, redis);
    await using coordinator = startBatch(world, { tasks: [{ id: "one", prompt: "RUN: echo b > a.txt" }] }, queue);
    await using asleep = worker("one");
    await world.model.asked(1);
    asleep.child.kill("SIGSTOP");
    await using awake = worker("two");
    const ended = await coordinator.done;
    expect(taskLines(ended)).toEqual({ one: "status=completed files=1 applied=yes" });
    expect(ended.stderr).toContain("one: its worker was not heard of any more; it is offered again");
    asleep.child.kill("SIGCONT");
    await asleep.stderrLine(/one\.\S+: lost/);
    for (const running of [asleep, awake]) running.child.kill("SIGTERM");
    await Promise.all([asleep.done, awake.done]);
    expect(await redis.keys()).toEqual([]);
  });

  test("a server is spoken to by TLS and with a password, and one whose certificate is not trusted is refused", async () => {
    await using folder = await tempFolder();
    const tls = { cert: join(folder.path, "cert.pem"), key: join(folder.path, "key.pem") };
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", ...kind, "-keyout", tls.key, "-out", tls.cert, ...subject], { stdio: "ignore" });
    await using redis = await startRedis({ tls, password: "secret" });
    await using world = await createWorld({ files: FILES, script: obedient });
    const { queue } = await fleetIn(world, redis);
    expect(queue[1]).toMatch(/^rediss:/);
    const env = { ASK_CODEX_QUEUE_PASSWORD: "secret" };
    const strange = await ask(world, ["worker", ...queue], { program: SETUP, cwd: world.home, env });
    expect([strange.code, strange.stderr]).toEqual([3, expect.stringContaining("self-signed certificate")]);
    const trusted = { program: SETUP, cwd: world.home, env: { ...env, NODE_EXTRA_CA_CERTS: tls.cert } };
    await using running = startAsk(world, ["worker", ...queue], trusted);
    await running.stderrLine(/takes tasks/);
    const batch = { ...world, env: { ...world.env, ...trusted.env } };
    const ended = await startBatch(batch, { tasks: [{ id: "one", prompt: "RUN: echo b > a.txt" }] }, queue).done;
    expect(taskLines(ended), ended.stderr).toEqual({ one: "status=completed files=1 applied=yes" });
    running.child.kill("SIGTERM");
    expect((await running.done).code).toBe(0);
  });
});
