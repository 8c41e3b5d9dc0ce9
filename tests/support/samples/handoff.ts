import type { Contract, Guardrails, Handoff } from "../../../src/handoff/document/handoff.ts";
import type { ChangedFile, Facts } from "../../../src/handoff/facts/facts.ts";

/** A contract that allows everything below src and asks for nothing, but for what a test says. */
export function contract(handoff: Partial<Handoff> = {}, guardrails: Partial<Guardrails> = {}): Contract {
  return {
    handoff: {
      taskId: "auth-001",
      type: "implementation",
      title: "",
      read: [],
      scope: { files: ["src/**", "tests/**"], forbid: [] },
      interfaces: [],
      constraints: [],
      validation: [],
      expectFiles: [],
      guardrails: {},
      commit: null,
      changesDoc: null,
      lessons: [],
      after: [],
      tasks: [{ text: "Change src/a.ts.", line: null }],
      criteria: [],
      notes: "",
      ...handoff,
    },
    policy: null,
    lessonsFile: ".ask-codex/lessons.md",
    document: "CODEX-AUTH.md",
    guardrails: {
      maxFiles: 5,
      maxLines: null,
      requireTests: false,
      allowDependencies: false,
      forbidDeletedTests: true,
      sandboxChecks: false,
      formerTests: true,
      ...guardrails,
    },
    rules: [],
    lessons: [],
  };
}

/** Work that changed nothing and left all as it was, but for what a test says. */
export function facts(parts: Partial<Facts> = {}): Facts {
  return {
    files: [],
    idle: false,
    trees: { before: "", after: "" },
    disturbances: [],
    former: null,
    headMoved: null,
    refsMoved: [],
    runnersChanged: [],
    sealChanged: [],
    interfaceFiles: new Map(),
    siblings: [],
    validation: [],
    missingFiles: [],
    changesDoc: null,
    meanwhile: [],
    mixed: new Set(),
    remarks: [],
    ...parts,
  };
}

/** One line of a text file was changed, but for what a test says. */
export function changed(path: string, parts: Partial<ChangedFile> = {}): ChangedFile {
  return {
    path,
    kind: "changed",
    added: 1,
    removed: 1,
    before: "old\n",
    after: "new\n",
    ignored: false,
    hunks: [{ before: { start: 1, count: 1 }, after: { start: 1, count: 1 } }],
    ...parts,
  };
}
