export type Section = "tasks" | "criteria" | "constraints" | "read" | "commit";

/** The headings that begin each section, in small letters, without numbers before and brackets behind. */
export type Headings = Readonly<Record<Section, readonly string[]>>;

export const HEADINGS: Headings = {
  tasks: [
    ...["tasks", "task", "task list", "todo", "todos", "to do", "to-do", "todo list", "work items", "action items"],
    ...["steps", "implementation steps", "implementation tasks", "what to do", "work to do"],
    ...["任务", "任务列表", "任务清单", "任務", "任務清單", "待办", "待办事项", "步骤", "实施步骤", "工作项", "タスク"],
    ...["aufgaben", "aufgabe", "aufgabenliste", "schritte", "arbeitsschritte", "umsetzung"],
    ...["tâches", "tareas", "tarefas", "attività", "задачи"],
  ],
  criteria: [
    ...[
      "success criteria",
      "acceptance criteria",
      "success criterion",
      "acceptance criterion",
      "criteria",
      "acceptance",
    ],
    ...["definition of done", "done when", "acceptance tests", "how to verify", "criteria for success"],
    ...["验收标准", "验收条件", "验收", "成功标准", "完成标准", "完成条件", "驗收標準", "受け入れ基準", "完了条件"],
    ...["erfolgskriterien", "akzeptanzkriterien", "abnahmekriterien", "kriterien", "fertig wenn"],
    ...["critères d'acceptation", "criterios de aceptación", "critérios de aceitação", "критерии приёмки"],
  ],
  constraints: [
    ...["constraints", "constraint", "boundary conditions", "boundaries", "limits", "restrictions", "out of scope"],
    ...["what not to do", "do not", "don'ts", "non-goals", "anti-patterns", "guard rails", "guardrails"],
    ...["约束", "约束条件", "边界条件", "限制", "限制条件", "不要做", "范围之外", "約束條件", "制約"],
    ...["randbedingungen", "einschränkungen", "grenzen", "rahmenbedingungen", "nicht-ziele"],
    ...["contraintes", "restricciones", "restrições", "ограничения"],
  ],
  read: [
    ...["read order", "reading order", "read first", "files to read", "read", "context files"],
    ...["阅读顺序", "先读", "阅读", "閱讀順序", "lesereihenfolge", "zuerst lesen", "zu lesen"],
  ],
  commit: [
    ...["commit instructions", "commit instruction", "commit", "commit message"],
    ...["提交说明", "提交信息", "提交", "提交說明", "commit-anweisungen", "commit-nachricht"],
  ],
};

/** The headings with those that a policy has beside them. */
export function withHeadings(more: { readonly [Name in Section]?: readonly string[] | undefined }): Headings {
  const added = SECTIONS.map((name) => [name, [...HEADINGS[name], ...(more[name] ?? []).map(plainHeading)]] as const);
  return { ...HEADINGS, ...Object.fromEntries(added) };
}

const SECTIONS: readonly Section[] = ["tasks", "criteria", "constraints", "read", "commit"];

/** Which section a heading begins, if any. */
export function sectionNamed(heading: string, headings: Headings = HEADINGS): Section | null {
  const name = plainHeading(heading);
  return SECTIONS.find((section) => headings[section].includes(name)) ?? null;
}

/** Whether a heading has a word of those that would begin this section. */
export function isNearly(heading: string, section: Section): boolean {
  const words = new Set(HEADINGS[section].flatMap((name) => name.split(" ")).filter((word) => word.length > 3));
  return plainHeading(heading)
    .split(/[^\p{L}]+/u)
    .some((word) => words.has(word) || words.has(`${word}s`));
}

/** `**2. Tasks (in order):**` → `tasks` */
function plainHeading(heading: string): string {
  return heading
    .replace(/[*_`]+/g, "")
    .replace(/\p{Extended_Pictographic}\uFE0F?/gu, "")
    .trim()
    .replace(/^(?:\d+(?:\.\d+)*|[ivx]+|[a-z]|[一二三四五六七八九十]+)[.):、]\s*/i, "")
    .replace(/\s*[([（【].*$/s, "")
    .replace(/[\s:：.]+$/, "")
    .replace(/\s+/g, " ")
    .toLowerCase();
}
