import * as z from "zod/mini";
import { AskCodexError } from "../../errors.ts";
import type { AppServer } from "../app-server.ts";
import { RpcError } from "../connection.ts";
import type { RemoteEnvironment } from "../environment.ts";
import { anyAnswer } from "../messages.ts";
import type { ResolvedSettings } from "../settings.ts";

/** An exec-server on another machine, with which a Codex here works there. */
export interface ExecServer extends Pick<RemoteEnvironment, "here" | "cwd"> {
  readonly id: string;
  readonly url: string;
  /** What the exec-server wants to hear before it does anything. */
  readonly token: string;
  /** What workspace-write lets a command write there: Codex names each folder of it, which it does not for work where it is itself. */
  readonly writable: readonly string[];
}

/** A turn that names a folder and no environment runs on this machine, whatever its thread was opened with: each turn says both. */
export function workBy(server: ExecServer): RemoteEnvironment {
  const { id, here, cwd, writable } = server;
  const turn = { environments: [{ environmentId: id, cwd }] };
  const withoutRoots = (got: ResolvedSettings) => {
    const { sandboxPolicy } = got;
    if (!sandboxPolicy.writableRoots) return got;
    const writableRoots = sandboxPolicy.writableRoots.filter((root) => !writable.includes(root));
    return { ...got, sandboxPolicy: { ...sandboxPolicy, writableRoots } };
  };
  return {
    ...{ here, cwd, turn },
    // What would work on this machine while the task is on another.
    config: ["features.hooks=false", "features.plugins=false", "features.multi_agent=false"],
    async join(app, thread) {
      const [config] = await Promise.all([withoutServers(app, here), addEnvironment(app, server)]);
      return thread === "new" ? { config, ...turn } : { config };
    },
    // An older one takes the machine in, and works here.
    requireThere({ thread }) {
      if (!thread.environments?.some(({ environmentId }) => environmentId === id))
        throw cannot("it leaves out the machine of a thread");
    },
    // A turn that ran in the folder here has not run over there.
    recordAsHere: (got, own) => ({ ...withoutRoots(got), cwd: got.cwd === cwd ? own : `${got.cwd} on this machine` }),
    // Its notice names the folder here; its other folders are those over there all the same.
    noticeAsHere: withoutRoots,
  };
}

/** @throws AskCodexError `codex_incompatible` where this Codex cannot do it */
async function addEnvironment({ connection }: AppServer, { id, url, token }: ExecServer): Promise<void> {
  const params = { environmentId: id, execServerUrl: url, authBearerToken: token };
  try {
    await connection.request("environment/add", params, anyAnswer);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw cannot(error.message);
  }
}

function cannot(why: string): AskCodexError {
  return new AskCodexError(
    "codex_incompatible",
    `this Codex cannot work on another machine (0.160 or newer is needed here): ${why}`,
    {
      hint: "--on needs Codex 0.160 or newer here: npm install -g @openai/codex@latest",
    },
  );
}

/** The answer to `config/read`: which tool servers are configured. */
const serversAnswer = z.object({ config: z.object({ mcp_servers: z.nullish(z.record(z.string(), z.unknown())) }) });

/** The configured tool servers (MCP), switched off: they would start on this machine, and act on its files. */
async function withoutServers({ connection }: AppServer, cwd: string): Promise<Readonly<Record<string, false>>> {
  const { config } = await connection.request("config/read", { cwd }, serversAnswer);
  const names = Object.keys(config.mcp_servers ?? {});
  return Object.fromEntries(names.map((name) => [`mcp_servers.${name}.enabled`, false]));
}
