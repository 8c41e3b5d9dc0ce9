/** A word of a text that may be a path. */
export interface PathWord {
  /** Without `./` before it, and without a line, an anchor or the end of the sentence behind it. */
  readonly path: string;
  /** It stood in backticks. */
  readonly quoted: boolean;
  /** Where it begins in the text. */
  readonly at: number;
}

/** All words that may be paths: what stands in backticks, and what blanks, punctuation or another script set apart. */
export function pathWords(text: string): readonly PathWord[] {
  const quotes = [...text.matchAll(/(`+)(.+?)\1(?!`)/gs)].map(({ 1: marks = "", 2: inner = "", index }) => {
    return { word: inner.trim(), quoted: true, at: index + marks.length };
  });
  const rest = text.replace(/(`+)(.+?)\1(?!`)/gs, (code) => " ".repeat(code.length));
  const words = [WORD, WORD_AMONG_HAN].flatMap((pattern) =>
    Array.from(rest.matchAll(pattern), ({ 0: word, index }) => ({ word, quoted: false, at: index })),
  );
  return [...quotes, ...words].flatMap(({ word, quoted, at }) => {
    const path = bare(word);
    return path === "" ? [] : [{ path, quoted, at }];
  });
}

const WORD = /[^\s,;"'()<>]+/g;
/** Chinese and Japanese set no blanks beside a path. */
const WORD_AMONG_HAN =
  /[^\s,;"'()<>\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，：；！？（）「」『』“”]+/gu;

/** Whether a word can only be meant as a file, whether or not that exists. */
export function isPathOfFile({ path, quoted }: PathWord): boolean {
  if (/[*{}|$\n]|:\/\/|^[/~]|\s$/.test(path)) return false;
  const name = path.split("/").at(-1) ?? "";
  // In running text a dot is more often a name (Node.js) or a member (user.load) than a file.
  return (
    (quoted || path.includes("/")) &&
    /^[^()\s][^()]*\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(name) &&
    !/^\w+\.\w+\(/.test(name)
  );
}

/** The one path among these that a word names: all of it, or its end (`auth.ts` for `src/auth.ts`). Null: there is none, or more than one. */
export function pathMeant(word: string, paths: Iterable<string>): string | null {
  const ending: string[] = [];
  for (const path of paths) {
    if (path === word) return path;
    if (path.endsWith(`/${word}`)) ending.push(path);
  }
  return ending.length === 1 ? (ending[0] ?? null) : null;
}

function bare(word: string): string {
  return word
    .replace(/^(\.\/)+/, "")
    .replace(/[.:!?…]+$/, "")
    .replace(/(?::\d+(?:-\d+)?|#.*)$/, "");
}
