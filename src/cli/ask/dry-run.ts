import type { AskPlan } from "../../ask/model/plan.ts";
import { resolveFileReferences } from "../../ask/prompt/file-reference.ts";
import { frameFor } from "../../ask/prompt/frame.ts";
import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { resolvePlace } from "../../ask/session/resolve-settings.ts";
import { findCodex } from "../../codex/find-codex.ts";
import { describeSandbox } from "../../codex/settings.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { currentFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines, type Pair } from "../output/value-lines.ts";

/** `ask_codex --dry-run`: to which Codex a plan would go, in which sandbox, and all the text it would be sent. Nothing is started. */
export async function dryRun(plan: AskPlan, { json }: { readonly json: boolean }): Promise<number> {
  const { target, limits, checks } = plan;
  const record = target.type === "new" ? null : target.record;
  const before = record?.settings ?? null;
  const { cwd, sandbox } = resolvePlace(plan, before);
  const files = await resolveFileReferences(plan.files, cwd ?? currentFolder());
  const { program, args } = await findCodex(codexSearch());
  const found = {
    codex: [program, ...args].join(" "),
    workspace: cwd,
    session: target.type === "new" ? "new" : `${target.type} ${target.threadId}`,
    sandbox: describeSandbox(sandbox),
    model: plan.model ?? before?.model ?? null,
    reasoning: plan.effort ?? before?.effort ?? null,
    role: plan.role?.name ?? null,
    timeout: `${limits.totalMs / 1000}s`,
    idle_timeout: `${limits.idleMs / 1000}s`,
    verify_cmd: checks.verifyCommand,
  };
  const frame = frameFor(target.type === "new" ? "new" : "follow_up", files, plan.role);
  const texts = [frame, plan.prompt].filter((text) => text !== null);
  const { expectFiles: expect_files } = checks;
  const { outputPath: output, images } = plan;
  const told = { dry_run: true, ...found };
  if (json) {
    const object = { schema_version: SCHEMA_VERSION, ...told, expect_files, output, images, sent: texts };
    writeOut(`${JSON.stringify(object)}\n`);
    return 0;
  }
  const open = "as the Codex configuration has it";
  const pairs: readonly Pair[] = [
    ...Object.entries({ ...told, model: found.model ?? open, reasoning: found.reasoning ?? open }),
    ["expect_files", expect_files.join(",") || null],
    ["output", output],
    ...images.map((image): Pair => ["image", image]),
  ];
  const sent = texts.flatMap((text) => text.trimEnd().split("\n"));
  writeOut(`${lines(pairs)}${sent.map((line) => `| ${line}`.trimEnd()).join("\n")}\n`);
  return 0;
}
