import { tmpdir } from "node:os";
import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { UsageError } from "../../errors.ts";
import { newId } from "../../files/state-paths.ts";
import { childEnvironment } from "../../process/environment.ts";
import type { Check } from "../../setup/check.ts";
import { examine } from "../../setup/doctor.ts";
import { routeOf } from "../../setup/install-route.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { claudeFolder, ownEnvironment } from "../edge/environment.ts";
import { currentFolder, sessionsPath, statePath } from "../edge/folders.ts";
import { homeFolder } from "../edge/home.ts";
import { ownNode } from "../edge/own-program.ts";
import { outputForm, writeOut } from "../edge/stdio.ts";
import { VERSION } from "../edge/version.ts";
import { paintFor } from "../output/paint.ts";
import { markOf } from "../output/short-ids.ts";
import { type Paint, safe } from "../output/styled-text.ts";
import { lines } from "../output/value-lines.ts";
import { tell } from "./lines.ts";
import { ownSkill, packageFolder, skillPlace } from "./place.ts";

/** `ask-codex doctor`: a line for each check; exit 1 when one fails. */
export async function doctor({ json, fix }: { readonly json: boolean; readonly fix: boolean }): Promise<number> {
  const hasHome = homeFolder() !== null || Boolean(claudeFolder());
  const places = [...(hasHome ? [skillPlace("user")] : []), skillPlace("project")];
  const checks = await examine(
    {
      node: ownNode(),
      cwd: currentFolder(),
      state: statePath(),
      sessions: sessionsPath(),
      // Called from home, both are the same.
      skills: places.filter(({ skill }, index) => places.findIndex((one) => one.skill === skill) === index),
      own: await ownSkill().catch(nullWhenNotWhole),
      route: routeOf(packageFolder()),
      search: codexSearch(),
      env: childEnvironment(ownEnvironment(), { clean: false, keep: [] }),
      callers: ownEnvironment(),
      temp: tmpdir(),
      runId: newId(),
      version: VERSION,
    },
    fix,
  );
  const form = outputForm();
  const count = (level: Check["level"]) => checks.filter((check) => check.level === level).length;
  const [failed, warned] = [count("fail"), count("warn")];
  const status = failed > 0 ? "failed" : "completed";
  if (json) {
    writeOut(`${JSON.stringify({ schema_version: SCHEMA_VERSION, status, checks: checks.map(toJson) })}\n`);
  } else if (form.terminal) {
    writeOut(forEyes(checks, paintFor(form.colours)));
    tell(`${checks.length} checks: ${failed} failed, ${warned} to look at.`);
  } else {
    writeOut(lines([...checks.map((check) => [check.name, toText(check)] as const), ["status", status]]));
    tell(`${checks.length} checks: ${failed} failed, ${warned} to look at.`);
  }
  return failed > 0 ? 1 : 0;
}

/** An installed copy that has lost a file still looks after itself. */
function nullWhenNotWhole(error: unknown): null {
  if (error instanceof UsageError) return null;
  throw error;
}

/** A mark, the name and what was found, and below it what to do about it. */
function forEyes(checks: readonly Check[], paint: Paint): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map((check) => {
      const { name, level, detail, mend, fixed } = check;
      const [mark, look] = markOf(level);
      const found = fixed === undefined ? detail : `${detail} (fixed: ${fixed})`;
      const fix = mend === null ? "" : `  ${" ".repeat(width)}  ${paint("bold", `→ ${safe(mend)}`)}\n`;
      return `${paint(look, mark)} ${name.padEnd(width)}  ${safe(found)}\n${fix}`;
    })
    .join("");
}

function toText({ level, detail, mend, fixed }: Check): string {
  const said = fixed === undefined ? detail : `${detail} (fixed: ${fixed})`;
  return `${level} ${said}${mend === null ? "" : ` | ${mend}`}`;
}

function toJson({ name, level, detail, mend, fixed }: Check) {
  return { name, level, detail, mend, fix: mend, fixed: fixed ?? null };
}
