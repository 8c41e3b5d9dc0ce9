import { execFileSync } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { atWork, FILES, machineLine, nothingThere, pidsOf, serversOf } from "../../support/machine/at-work.ts";
import { CAN_BE_ANOTHER_USER, startSshMachine } from "../../support/machine/sshd.ts";
import { obedient, taskLines } from "../../support/model/batches.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

test("an exec-server lets only its token in, and a machine where it or its connection ends is lost: the task failed, and what ran there is ended", async () => {
  await using world = await createWorld({ files: FILES, script: obedient });
  await using box = await startSshMachine(world);
  await using asking = await atWork(world, box);
  expect(await machineLine(world)).toBe("box task=long state=running");
  // Its port is open on loopback, to each user of the machine.
  const port = await listeningPort(await pidsOf(box, "exec-server --listen"));
  const other = CAN_BE_ANOTHER_USER ? 65_534 : undefined;
  expect(upgradeAs(other, port, {})).toBe(401);
  expect(upgradeAs(other, port, { Authorization: `Bearer ${"0".repeat(32)}` })).toBe(401);
  for (const pid of await pidsOf(box, "exec-server --listen")) process.kill(pid, "SIGKILL");
  const ended = await asking.done;
  expect(ended.stderr).toContain("the machine box was lost while the task ran; what ran there is ended");
  expect([ended.code, taskLines(ended)]).toEqual([1, { long: "status=failed files=unknown applied=no" }]);
  expect(await machineLine(world)).toBe("box task=long state=lost");
  await nothingThere(box);

  // Codex would connect again, and go on: that nothing was lost meanwhile is nothing that can be proved from here.
  await using cut = await atWork(world, box);
  for (const { pid, command } of await world.processes())
    if (command.includes(" -W 127.0.0.1:")) process.kill(pid, "SIGKILL");
  expect((await cut.done).stderr).toContain("the machine box was lost while the task ran; what ran there is ended");
  await nothingThere(box);
});

inMatrix(() => {
  test("a machine that is gone is named as unchecked; when it is back, --resume clears up there", async () => {
    await using world = await createWorld({ files: FILES, script: obedient });
    await using box = await startSshMachine(world);
    await using asking = await atWork(world, box);
    await box.stop();
    // All that is left of the connections; what ran over there goes on for all that is known here.
    const frozen = (await box.processes()).map(({ pid }) => pid);
    for (const pid of frozen) process.kill(pid, "SIGSTOP");
    for (const { pid, command } of await world.processes())
      if (command.startsWith("ssh ")) process.kill(pid, "SIGKILL");
    const ended = await asking.done;
    expect(ended.stderr).toMatch(/left on box is unchecked/);
    expect(await machineLine(world)).toBe("box task=long state=unreachable");
    expect((await readdir(box.folder)).length).toBe(1);

    const still = new Set((await box.processes()).map(({ pid }) => pid));
    for (const pid of frozen.filter((one) => still.has(one))) process.kill(pid, "SIGCONT");
    await box.start();
    const id = ended.keys["batch_id"] ?? "";
    expect((await ask(world, ["batch", "--resume", id])).stdout).toContain("machine=box task=long state=lost");
    await nothingThere(box);
  });

  test("a machine clears up by itself when the coordinator is killed, and a machine that stands still ends with the time limit", async () => {
    await using world = await createWorld({ files: FILES, script: obedient });
    await using box = await startSshMachine(world);
    await using killed = await atWork(world, box);
    killed.child.kill("SIGKILL");
    await nothingThere(box);
    const [id = ""] = await readdir(join(world.state, "batches"));
    const looked = await ask(world, ["batch", "--resume", id]);
    expect(looked.stderr).toMatch(
      /interrupted \(long\): it was killed at work on box: of its work at most \S.* is left/,
    );

    await using stalled = await atWork(world, box, ["--idle-timeout", "1"]);
    for (const pid of await serversOf(box)) process.kill(pid, "SIGSTOP");
    expect(taskLines(await stalled.done)).toEqual({ long: expect.stringContaining("status=timeout") });
    await nothingThere(box);
  });
});

/** The port of loopback that one of these processes listens on. */
async function listeningPort(pids: readonly number[]): Promise<number> {
  const lists = await Promise.all(
    pids.map(async (pid) => (await readdir(`/proc/${pid}/fd`)).map((fd) => `/proc/${pid}/fd/${fd}`)),
  );
  const links = await Promise.all(lists.flat().map((path) => readlink(path).catch(() => "")));
  const sockets = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  for (const line of (await readFile("/proc/net/tcp", "utf8")).split("\n")) {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === "0A" && sockets.has(inode)) return Number.parseInt(local.split(":")[1] ?? "", 16);
  }
  throw new Error("none of them listens");
}

/** The status that a WebSocket client of another user is answered; where this user cannot become another, of this one. */
function upgradeAs(uid: number | undefined, port: number, headers: Readonly<Record<string, string>>): number {
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
  const all = { ...upgrade, "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", ...headers };
  const client = `const request = require("http").get({ port: ${port}, host: "127.0.0.1", headers: ${JSON.stringify(all)} });
    for (const event of ["response", "upgrade"])
      request.on(event, ({ statusCode }) => { console.log(statusCode); process.exit(); });`;
  const given = { cwd: "/", ...(uid === undefined ? {} : { uid, gid: uid }) };
  return Number(execFileSync(process.execPath, ["-e", client], given));
}
