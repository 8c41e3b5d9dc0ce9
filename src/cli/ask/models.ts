import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { timeLimit, unlessAborted } from "../../bounds/time-limit.ts";
import { type AppServer, serverOf } from "../../codex/app-server.ts";
import { type CodexCommand, findCodex } from "../../codex/find-codex.ts";
import { shakeHands } from "../../codex/handshake.ts";
import { launchCodex } from "../../codex/launch.ts";
import { effortsOf, type ListedModel, listModels } from "../../codex/list-models.ts";
import { explainStart, whileStarting } from "../../codex/server-exit.ts";
import { AskCodexError } from "../../errors.ts";
import { newId } from "../../files/state-paths.ts";
import { childEnvironment } from "../../process/environment.ts";
import { oneLine } from "../../text/defuse.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { callersEnvironment } from "../edge/environment.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { writeOut } from "../edge/stdio.ts";
import { VERSION } from "../edge/version.ts";
import { columnsText } from "../output/columns.ts";
import { personsForm } from "../output/persons-form.ts";
import { piece, safe } from "../output/styled-text.ts";

/** `ask_codex models`: what `--model` and `--reasoning` may be, as Codex itself lists it. No turn is begun. */
export async function models({ json }: { readonly json: boolean }): Promise<number> {
  refuseInside("ask_codex");
  const listed = await withCodex(async (server) => {
    await shakeHands(server, VERSION).version;
    return listModels(server, { hidden: false });
  });
  if (json) writeOut(`${JSON.stringify({ schema_version: SCHEMA_VERSION, models: listed.map(toJson) })}\n`);
  else writeOut(textOf(listed));
  return 0;
}

const LIMIT_MS = 20_000;

async function withCodex<T>(use: (server: AppServer) => Promise<T>): Promise<T> {
  const command = await findCodex(codexSearch());
  const folder = mkdtempSync(join(tmpdir(), "ask-codex-models-"));
  try {
    return await within(launched(command, folder), use);
  } catch (error) {
    throw await explainStart(error, stderrIn(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function launched(command: CodexCommand, folder: string): AppServer {
  const env = childEnvironment(callersEnvironment(), { clean: false, keep: [] });
  return serverOf(launchCodex(command, { cwd: folder, env, runId: newId(), stderrPath: stderrIn(folder), config: [] }));
}

function stderrIn(folder: string): string {
  return join(folder, "stderr.log");
}

async function within<T>(server: AppServer, use: (server: AppServer) => Promise<T>): Promise<T> {
  const limit = timeLimit([cancelOnSignals()], LIMIT_MS);
  try {
    return await whileStarting(server, unlessAborted(use(server), limit.signal));
  } catch (error) {
    if (limit.expired()) throw new AskCodexError("codex_incompatible", "Codex did not list its models within 20 s");
    throw error;
  } finally {
    limit.clear();
    await server.end();
  }
}

function textOf(listed: readonly ListedModel[]): string {
  const form = personsForm();
  const rows = listed.map((model) => {
    const efforts = effortsOf(model).map((effort) =>
      effort === model.defaultReasoningEffort ? `${effort} (default)` : effort,
    );
    return [safe(model.model), model.isDefault ? "default" : "-", safe(efforts.join(", ")), safe(model.displayName)];
  });
  if (form === null) return rows.map((row) => `${row.map((cell) => oneLine(cell, 300)).join("\t")}\n`).join("");
  return columnsText(
    ["MODEL", "", "EFFORTS", "NAME"],
    rows.map((row) => row.map((cell) => piece(cell))),
    form,
  );
}

function toJson(model: ListedModel) {
  const { displayName: name, isDefault, defaultReasoningEffort } = model;
  return {
    model: model.model,
    name,
    default: isDefault,
    efforts: effortsOf(model),
    default_effort: defaultReasoningEffort,
  };
}
