import type { ListEntry } from "../document/handoff.ts";
import { type PathWord, pathMeant, pathWords } from "../document/path-words.ts";

/** A test case, or with `null` the file. */
interface Named {
  readonly path: string;
  readonly name: string | null;
}

/** Whether a task says that this test is deleted, rewritten or brought together with another one: by its title, by its file, or with what it tests. */
export function isNamedDeletion({ path, name }: Named, tasks: readonly ListEntry[]): boolean {
  return tasks.some(({ text }) => sentencesOf(text).some((sentence) => deletes(sentence, path, name)));
}

/** Whether a task says that a file, or a folder that it is in, is moved or gets another name. */
export function isNamedMove(path: string, tasks: readonly ListEntry[]): boolean {
  return tasks.some(({ text }) =>
    sentencesOf(text).some((sentence) => ownWords(sentence, path).some((word) => isMoved(sentence, word))),
  );
}

/** Whether a task says that a test file is deleted, or changed in what it expects; that tests go there is not enough. */
export function isNamedRewrite(path: string, tasks: readonly ListEntry[]): boolean {
  return (
    isNamedDeletion({ path, name: null }, tasks) ||
    tasks.some(({ text }) =>
      sentencesOf(text).some((sentence) =>
        ownWords(sentence, path).some(
          (word) => isVerbOf(sentence, word, REWRITING) || REWRITTEN.test(sentence.slice(word.at + word.path.length)),
        ),
      ),
    )
  );
}

const REWRITING =
  /^(?:rewrit|replac|delet|remov|updat|adapt|adjust|correct|renam|convert|aktualisier|anpass|更新|修改|重写)/i;
/** "In tests/a.test.js rewrite …", "tests/a.test.js must be updated". */
const REWRITTEN =
  /^[`"'”]?,?\s+(?:(?:is|are|must be|should be|and)\s+)?(?:rewr[io]t|replac|delet|remov|updat|adapt|adjust|correct|renam|convert)\w*/i;

function isMoved(sentence: string, word: PathWord): boolean {
  return isVerbOf(sentence, word, MOVING) || MOVED.test(sentence.slice(word.at + word.path.length));
}

/** Whether the last verb before a word is one of these, and not ruled out. */
function isVerbOf(sentence: string, { at }: PathWord, verbs: RegExp): boolean {
  const before = sentence.slice(0, at);
  return verbs.test([...before.matchAll(VERBS)].at(-1)?.[0] ?? "") && !RULED_OUT.test(before);
}

const MOVING = /^(?:renam|mov|umbenenn|verschieb|重命名|移动)/i;
const MOVED =
  /^[/`"'”]{0,3}(?:[^.;]{0,40}?\b(?:is|are|be|gets?|wird|werden)\s+(?:to be\s+|then\s+)?(?:renamed|moved|umbenannt|verschoben)\b|[^，。；]{0,20}(?:重命名|移动))/i;

/** Words that name a file, or a folder that it is in. */
function ownWords(sentence: string, path: string): readonly PathWord[] {
  return pathWords(sentence).filter((word) => pathMeant(word.path, [path]) !== null || isFolderOf(word.path, path));
}

function deletes(sentence: string, path: string, name: string | null): boolean {
  if (name !== null && placesOf(sentence, name).some((at) => isDeleted(sentence, at, at + name.length))) return true;
  const words = pathWords(sentence);
  const own = ownWords(sentence, path);
  // The file, all of it; for a single case its sentence must be about tests.
  if (
    own.some(({ at, path: word }) => isDeleted(sentence, at, at + word.length)) &&
    (name === null || deletesTests(sentence))
  )
    return true;
  // "Delete `lib/old.js` and its tests."
  const tested = words.filter(
    (word) => stemOf(word.path) === stemOf(path) && isDeleted(sentence, word.at, word.at + word.path.length),
  );
  return tested.length > 0 && deletesTests(sentence);
}

/** The last verb before a thing is the one that is done to it, if the thing is not the subject of one behind it. */
function isDeleted(sentence: string, start: number, end: number): boolean {
  const before = [...sentence.slice(0, start).matchAll(VERBS)].at(-1)?.[0] ?? "";
  if (DELETING.test(before) && !RULED_OUT.test(sentence.slice(0, start))) return true;
  const behind = sentence.slice(end);
  return PASSIVE.test(behind) || /^[^，。；]{0,20}(?:删除|移除|去掉|削除)/.test(behind);
}

const DELETING =
  /^(?:delet|remov|drop|eras|rid|retir|discard|rewrit|replac|merg|renam|retitl|reword|fold|combin|consolidat|parametri|lösch|entfern|ersetz|umbenenn|删除|移除|去掉|替换|合并|重命名|削除)/i;
const VERBS =
  /\b(?:delet|remov|drop|eras|retir|discard|rewrit|replac|merg|renam|retitl|reword|fold|combin|consolidat|parametri[sz]|add|updat|adjust|fix|cover|extend|writ|keep|chang|mov|mak|implement|creat|correct|export|import|adapt|ensur|check|run|read|call|us|convert)(?:es?|s|d|ed|e|ing|t?ing|p?ing|p?ed)?\b|\brid of\b|\b(?:lösch|entfern|ersetz|umbenenn|verschieb|ergänz|änder|schreib)\p{L}*|删除|移除|去掉|替换|合并|重命名|移动|削除|增加|添加|修改|更新/giu;
const RULED_OUT = /\b(?:not|never|without|avoid|nicht|kein\w*)\b|n't\b|不要|不得|勿/i;
const PASSIVE =
  /^[`"'”]?[^.;]{0,40}?\b(?:is|are|be|gets?|wird|werden)\s+(?:to be\s+|then\s+)?(?:deleted|removed|dropped|rewritten|replaced|merged|renamed|gelöscht|entfernt|ersetzt)\b/i;

/** Whether tests are among what is deleted: in words, not in the names of files. */
function deletesTests(sentence: string): boolean {
  const prose = sentence.replace(/`[^`]*`|[^\s,;]*[/.]\w[^\s,;]*/g, (name) => " ".repeat(name.length));
  const words = prose.matchAll(/\b(?:tests?|specs?|cases?|suites?)\b|测试|テスト/gi);
  return [...words].some(({ 0: word, index }) => isDeleted(sentence, index, index + word.length));
}

function isFolderOf(folder: string, path: string): boolean {
  return folder.includes("/") && path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** `old` for lib/old.js, test/old.test.js, tests/test_old.py, OldTest.java. */
function stemOf(path: string): string {
  const name = (path.split("/").at(-1) ?? "").toLowerCase();
  const stem = name.replace(/\..*$/, "").replace(/^test[-_]|[-_]?(?:tests?|spec|unittest)$/g, "");
  return stem === "" ? name : stem;
}

function placesOf(text: string, part: string): readonly number[] {
  const at = part.trim() === "" ? -1 : text.indexOf(part);
  return at === -1 ? [] : [at];
}

/** Where a sentence ends: not at the dot of a file name. */
function sentencesOf(text: string): readonly string[] {
  return text.replace(/\s+/g, " ").split(/(?<=[.;!?])\s+|(?<=[。；！？])/);
}
