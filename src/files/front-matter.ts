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
  const [{ default: matter }, { parseYaml }] = await Promise.all([import("gray-matter"), import("./yaml.ts")]);
  const refuse = () => {
    throw new Error("its front matter is a program, and none is run");
  };
  const whole = text.replace(/^\uFEFF/, "");
  try {
    const { data, content } = matter(whole, {
      language: "yaml",
      engines: { yaml: (yaml) => parseYaml(yaml) as object, js: refuse, javascript: refuse, json: refuse },
    });
    const before = whole.slice(0, whole.length - content.length);
    return { data, content, contentLine: before.split("\n").length };
  } catch (error) {
    throw new Error(messageOf(error).split("\n", 1)[0] ?? "", { cause: error });
  }
}

/**
 * Reads a file that is YAML and nothing else; an empty object when it says nothing.
 * @throws Error, in one line, for YAML that cannot be read
 */
export async function readYaml(text: string): Promise<unknown> {
  return (await import("./yaml.ts")).parseYaml(text) ?? {};
}
