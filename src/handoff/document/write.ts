import { Document, visit } from "yaml";
import type { Handoff, StatedGuardrails } from "./handoff.ts";
import { criteriaFrom } from "./request.ts";

/** A handoff as a markdown document. Reading it back gives the same handoff. */
export function toMarkdown(handoff: Handoff): string {
  const { title, tasks, criteria, notes } = handoff;
  const { task_id, type, read, ...rest } = frontMatterOf(handoff);
  const yaml = yamlOf({
    task_id,
    type,
    read,
    scope: { files: some(handoff.scope.files), forbid: some(handoff.scope.forbid) },
    ...rest,
  });
  const parts = [
    ...(title === "" ? [] : [`# ${title}`]),
    ...(notes === "" ? [] : [notes]),
    ...(tasks.length === 0
      ? []
      : [`## Tasks\n\n${tasks.map(({ text }, at) => listItem(`${at + 1}. `, text)).join("\n")}`]),
    ...(criteria.length === 0
      ? []
      : [`## Success criteria\n\n${criteria.map(({ text }) => listItem("- ", text)).join("\n")}`]),
  ];
  return `---\n${yaml}---\n\n${parts.map((part) => `${part}\n`).join("\n")}`;
}

/** A handoff as a task request. Reading it back gives the same handoff. */
export function toRequest(handoff: Handoff): string {
  const { title, scope, tasks, criteria, notes, validation } = handoff;
  const { task_id, type, read, ...rest } = frontMatterOf(handoff);
  const told = criteria.map(({ text }) => text);
  const implied = criteriaFrom(validation).map(({ text }) => text);
  const request = {
    ...{ task_id, type, title: title || undefined, read },
    scope: requestScope(scope),
    requirements: tasks.map(({ text }) => text),
    success_criteria: JSON.stringify(told) === JSON.stringify(implied) ? undefined : told,
    ...rest,
    notes: notes || undefined,
  };
  return `${JSON.stringify(request, null, 2)}\n`;
}

/** Everything that both forms say with the same fields, in the order that people read them in. Empty ones are left out. */
function frontMatterOf(handoff: Handoff) {
  return {
    task_id: handoff.taskId,
    type: handoff.type,
    read: some(handoff.read),
    interfaces: some(handoff.interfaces),
    constraints: some(handoff.constraints),
    validation: some(handoff.validation),
    expect_files: some(handoff.expectFiles),
    guardrails: guardrailsOf(handoff.guardrails),
    commit: handoff.commit ?? undefined,
    changes_doc: handoff.changesDoc ?? undefined,
    lessons: some(handoff.lessons),
    after: some(handoff.after),
  };
}

function guardrailsOf(guardrails: StatedGuardrails) {
  const fields = {
    max_files: guardrails.maxFiles,
    max_lines: guardrails.maxLines,
    require_tests: guardrails.requireTests,
    allow_dependencies: guardrails.allowDependencies,
    forbid_deleted_tests: guardrails.forbidDeletedTests,
    former_tests: guardrails.formerTests,
    sandbox_checks: guardrails.sandboxChecks,
  };
  return Object.values(fields).every((value) => value === undefined) ? undefined : fields;
}

function some<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** One file with lines is written as requests do it: the file, and beside it two numbers. */
function requestScope({ files, forbid }: Handoff["scope"]) {
  const [, file = "", first, last] = (files.length === 1 && /^(.+):(\d+)-(\d+)$/s.exec(files[0] ?? "")) || [];
  const lines = [Number(first), Number(last)];
  const same = `${file}:${lines.join("-")}` === files[0] && !/:\d+(-\d+)?$/.test(file) && file === file.trim();
  return same && file !== ""
    ? { files: [file], lines, forbid: some(forbid) }
    : { files: some(files), forbid: some(forbid) };
}

function listItem(mark: string, text: string): string {
  const inset = " ".repeat(mark.length);
  const [first = "", ...more] = text.split("\n");
  return [`${mark}${first}`, ...more.map((line) => (line === "" ? "" : `${inset}${line}`))].join("\n");
}

/** One line a value, so that a reader can distinguish lines, and nothing that another reader of YAML would read otherwise. */
function yamlOf(fields: object): string {
  const document = new Document(fields, { compat: "yaml-1.1" });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === "string" && UNPRINTABLE.test(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({ lineWidth: 0, blockQuote: false, singleQuote: false, doubleQuotedAsJSON: true });
  return text.replaceAll(
    new RegExp(UNPRINTABLE, "g"),
    (unprintable) => `\\u${unprintable.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
