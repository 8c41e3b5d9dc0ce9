import { messageOf } from "../errors.ts";

/** A text with YAML in front of it, taken apart. */
export interface FrontMatter {
  /** What the YAML says; an empty object when there is none. */
  readonly data: unknown;
  /** The text below it. */
  readonly content: string;
  /** The line of the whole text (from 1) that `content` begins on. */
  readonly contentLine: number;
}

/**
 * Takes a text and the YAML in front of it apart. YAML only: gray-matter would run front matter that calls itself JavaScript.
 * @throws Error, in one line, for YAML that cannot be read
 */
export async function readFrontMatter(text: string): Promise<FrontMatter> {
  const { default: matter } = await import("gray-matter");
  const refuse = () => {
    throw new Error("its front matter is a program, and none is run");
  };
  const whole = text.replace(/^\uFEFF/, "");
  try {
    // With options of its own: without any, results are shared between calls.
    const { data, content } = matter(whole, {
      language: "yaml",
      engines: { js: refuse, javascript: refuse, json: refuse },
    });
    const before = whole.slice(0, whole.length - content.length);
    return { data, content, contentLine: before.split("\n").length };
  } catch (error) {
    throw new Error(messageOf(error).split("\n", 1)[0] ?? "", { cause: error });
  }
}

/**
 * Reads a file that is YAML and nothing else.
 * @throws Error, in one line, for YAML that cannot be read
 */
export async function readYaml(text: string): Promise<unknown> {
  // Its own mark of where it begins may stand below comments.
  const yaml = text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/^((?:[ \t]*(?:#[^\n]*)?\n)*)---[^\n]*/, "$1");
  if (/^---/m.test(yaml)) throw new Error("it has more than one document");
  const { data } = await readFrontMatter(`---\n${yaml}\n---\n`);
  return data;
}
