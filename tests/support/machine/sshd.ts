import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { codexBin } from "../codex.ts";
import { processesStillWith, type processesWith } from "../leftovers.ts";
import { TEST_RUN_MARKER, testRun } from "../setup/test-run.ts";
import type { World } from "../world.ts";

/** A machine that is reached by ssh, on loopback: a real sshd with keys and a home of its own. */
export interface SshMachine extends AsyncDisposable {
  /** Where tasks are done over there. */
  readonly folder: string;
  readonly home: string;
  /** What runs there now, or, with a time, is still there after it. */
  processes(graceMs?: number): ReturnType<typeof processesWith>;
  /** Ends the sshd that listens; connections that are open stay. */
  stop(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
}

export interface SshMachineOptions {
  /** What `--on` calls it; default: box. */
  readonly name?: string;
  readonly version?: string;
  /** Logs in as `nobody`, who has a shell and a home there and nowhere else. Only root can make such a machine. */
  readonly anotherUser?: boolean;
  /** Codex works there with its own configuration, which is that of the world. */
  readonly ownLogin?: boolean;
  /** Further arguments of ssh. */
  readonly options?: readonly string[];
}

/** Whether this user can start an sshd that lets others in. */
export const CAN_BE_ANOTHER_USER = userInfo().uid === 0 && process.platform === "linux";

const NOBODY = 65_534;

/** Starts one, and adds it to the user's configuration. It lies outside of TMPDIR, where Codex makes no helpers. */
export async function startSshMachine(world: World, given: SshMachineOptions = {}): Promise<SshMachine> {
  const { name = "box", version, anotherUser = false, ownLogin = false, options = [] } = given;
  const at = await mkdtemp(join("/var/tmp", "ask-codex-box-"));
  const [home, folder] = [join(at, "home"), join(at, "home", "my tasks")];
  await mkdir(home);
  await chmod(at, 0o755);
  if (ownLogin) await cp(world.codexHome, join(home, ".codex"), { recursive: true });
  if (anotherUser) execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, home]);
  for (const key of ["host", "user"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(at, key)]);
  const port = await freePort();
  await writeFile(join(at, "sshd_config"), sshdConfig(at, { port, home }));
  if (userInfo().uid === 0) await mkdir("/run/sshd", { recursive: true });
  const passwd = anotherUser ? await passwdWith(at, home) : null;
  let sshd = await startSshd(at, passwd);
  const known = [`-oUserKnownHostsFile=${join(at, "known")}`, "-oStrictHostKeyChecking=accept-new"];
  await addMachine(world, name, {
    ssh: `${anotherUser ? "nobody" : userInfo().username}@127.0.0.1`,
    options: [`-p${port}`, `-i${join(at, "user")}`, "-F/dev/null", "-oIdentitiesOnly=yes", ...known, ...options],
    folder,
    codex: version === undefined ? codexBin() : codexBin(version),
    ...(ownLogin && { login: "own" }),
  });
  const stop = async () => {
    if (sshd.exitCode !== null || sshd.signalCode !== null) return;
    const gone = once(sshd, "exit");
    sshd.kill();
    await gone;
  };
  return {
    ...{ folder, home, stop },
    async start() {
      sshd = await startSshd(at, passwd);
    },
    processes: (graceMs = 0) => processesStillWith({ variable: `HOME=${home}`, folder: at }, graceMs),
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(at, { recursive: true, force: true });
    },
  };
}

function sshdConfig(at: string, { port, home }: { readonly port: number; readonly home: string }): string {
  return [
    ...[`Port ${port}`, "ListenAddress 127.0.0.1", `HostKey ${join(at, "host")}`, "PidFile none"],
    ...[`AuthorizedKeysFile ${join(at, "user.pub")}`, "StrictModes no", "PasswordAuthentication no", "UsePAM no"],
    `SetEnv HOME=${home}\n`,
  ].join("\n");
}

/** The users of this machine, one of whom can log in where this file is in the place of the usual one. */
async function passwdWith(at: string, home: string): Promise<string> {
  const users = (await readFile("/etc/passwd", "utf8")).split("\n").filter((line) => !line.startsWith("nobody:"));
  const path = join(at, "passwd");
  await writeFile(path, [`nobody:x:${NOBODY}:${NOBODY}::${home}:/bin/bash`, ...users].join("\n"));
  return path;
}

async function startSshd(at: string, passwd: string | null) {
  const words = ["/usr/sbin/sshd", "-D", "-e", "-f", join(at, "sshd_config")];
  const mounted = 'mount --bind "$0" /etc/passwd && exec "$@"';
  const [program = "", ...args] = passwd === null ? words : ["unshare", "-m", "sh", "-c", mounted, passwd, ...words];
  const env = { PATH: process.env["PATH"] ?? "", [TEST_RUN_MARKER]: testRun() };
  const sshd = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env });
  const lines = createInterface(sshd.stderr);
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => line.includes("listening on") && resolve());
    sshd.on("error", (cause) =>
      reject(new Error("This test needs sshd: install it (Debian: apt-get install openssh-server).", { cause })),
    );
    sshd.on("exit", (code) => reject(new Error(`sshd ended with ${code}`)));
  });
  return sshd;
}

async function addMachine(world: World, name: string, machine: object): Promise<void> {
  const folder = join(world.home, ".config", "ask-codex");
  const path = join(folder, "config.yaml");
  await mkdir(folder, { recursive: true });
  const before = JSON.parse(await readFile(path, "utf8").catch(() => "{}"));
  await writeFile(path, JSON.stringify({ ...before, machines: { ...before.machines, [name]: machine } }));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
