import * as z from "zod/mini";
import { AskCodexError } from "../../errors.ts";
import type { AppServer } from "../app-server.ts";
import { RpcError } from "../connection.ts";
import { environmentParams, type RemoteEnvironment } from "../environment.ts";
import { anyAnswer } from "../messages.ts";

/**
 * Tells Codex of another machine. Resolves with what a new thread there is opened with.
 * @throws AskCodexError `codex_incompatible` where this Codex cannot do it
 */
export async function joinEnvironment(server: AppServer, environment: RemoteEnvironment) {
  const [config] = await Promise.all([withoutServers(server, environment.here), addEnvironment(server, environment)]);
  return { config, ...environmentParams(environment) };
}

async function addEnvironment({ connection }: AppServer, environment: RemoteEnvironment): Promise<void> {
  const { id: environmentId, url: execServerUrl, token: authBearerToken } = environment;
  try {
    await connection.request("environment/add", { environmentId, execServerUrl, authBearerToken }, anyAnswer);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    throw new AskCodexError("codex_incompatible", `this Codex cannot work on another machine: ${error.message}`, {
      hint: "--on needs Codex 0.169 or newer here: npm install -g @openai/codex@latest",
    });
  }
}

/** Of `config/read`: which tool servers are configured. */
const serversAnswer = z.object({ config: z.object({ mcp_servers: z.nullish(z.record(z.string(), z.unknown())) }) });

/** The configured tool servers (MCP), switched off: they would start on this machine, and act on its files. */
async function withoutServers({ connection }: AppServer, cwd: string): Promise<Readonly<Record<string, false>>> {
  const { config } = await connection.request("config/read", { cwd }, serversAnswer);
  const names = Object.keys(config.mcp_servers ?? {});
  return Object.fromEntries(names.map((name) => [`mcp_servers.${name}.enabled`, false]));
}
