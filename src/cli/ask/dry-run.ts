import type { AskPlan } from "../../ask/model/plan.ts";
import { resolveFileReferences } from "../../ask/prompt/file-reference.ts";
import { frameFor } from "../../ask/prompt/frame.ts";
import { resolvePlace } from "../../ask/session/resolve-settings.ts";
import { findCodex } from "../../codex/find-codex.ts";
import { describeSandbox } from "../../codex/settings.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { currentFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines, type Pair } from "../output/value-lines.ts";

/** `ask_codex --dry-run`: to which Codex a plan would go, in which sandbox, and all the text it would be sent. Nothing is started. */
export async function dryRun(plan: AskPlan): Promise<number> {
  const { target, limits, checks } = plan;
  const record = target.type === "new" ? null : target.record;
  const { cwd, sandbox } = resolvePlace(plan, record?.settings ?? null);
  const files = await resolveFileReferences(plan.files, cwd ?? currentFolder());
  const before = record?.settings ?? null;
  const { program, args } = await findCodex(codexSearch());
  const pairs: readonly Pair[] = [
    ["dry_run", true],
    ["codex", [program, ...args].join(" ")],
    ["workspace", cwd],
    ["session", target.type === "new" ? "new" : `${target.type} ${target.threadId}`],
    ["sandbox", describeSandbox(sandbox)],
    ["model", plan.model ?? before?.model ?? "as the Codex configuration has it"],
    ["reasoning", plan.effort ?? before?.effort ?? "as the Codex configuration has it"],
    ["role", plan.role?.name ?? null],
    ["timeout", `${limits.totalMs / 1000}s`],
    ["idle_timeout", `${limits.idleMs / 1000}s`],
    ["verify_cmd", checks.verifyCommand],
    ["expect_files", checks.expectFiles.join(",") || null],
    ["output", plan.outputPath],
    ...plan.images.map((image): Pair => ["image", image]),
  ];
  const texts = [frameFor(target.type === "new" ? "new" : "follow_up", files, plan.role), plan.prompt];
  const sent = texts.flatMap((text) => (text === null ? [] : text.trimEnd().split("\n")));
  writeOut(`${lines(pairs)}${sent.map((line) => `| ${line}`.trimEnd()).join("\n")}\n`);
  return 0;
}
