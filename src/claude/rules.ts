/** What Claude Code may do beside reading in the work tree. */
export interface ClaudeRules {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly tools: readonly string[];
}

export interface RuleOptions {
  /** Files and globs below the root that may be changed, each without braces; `src/` is all below it. None: it only reads. */
  readonly edit: readonly string[];
  /** The same for what must not be touched. */
  readonly forbid: readonly string[];
  /** Commands that may be run, exactly as they are. */
  readonly commands: readonly string[];
}

/** Rules that are as narrow as the task: never a whole tool. A rule for Edit holds for Write, too. */
export function rulesFor({ edit, forbid, commands }: RuleOptions): ClaudeRules {
  const edits = edit.flatMap(editRules);
  const runs = commands.filter(isPlain).map((command) => `Bash(${command})`);
  return {
    allow: [...new Set([...edits, ...runs])],
    deny: edits.length === 0 ? [] : [...new Set(forbid.flatMap(editRules))],
    tools: edits.length === 0 ? ["Bash", "Read"] : ["Bash", "Edit", "Read", "Write"],
  };
}

/** Claude Code reads patterns as gitignore does, from the root. A file may be named like a glob: app/[id]/page.tsx. */
function editRules(pattern: string): readonly string[] {
  const path = pattern.endsWith("/") ? `${pattern}**` : pattern;
  // It has no alternatives of the kind @(a|b).
  if (/[@+?*!]\(/.test(path)) return [];
  const escaped = path.replaceAll(/[[\]\\]/g, "\\$&");
  return [...new Set([path, escaped])].map((text) => `Edit(/${text})`);
}

/** In a rule a star stands for anything, and `:*` for any end: such a command would not be this one alone. */
function isPlain(command: string): boolean {
  return !/[*\n\r\0]/.test(command);
}
