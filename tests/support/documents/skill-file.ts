import matter from "gray-matter";
import * as z from "zod";

export interface SkillFile {
  readonly frontmatter: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Reads a SKILL.md. Front matter that is a program is refused, not run. */
export function parseSkill(text: string): SkillFile {
  const javascript = () => {
    throw new Error("front matter in JavaScript is not run");
  };
  const { data, content } = matter(text, { engines: { javascript } });
  return { frontmatter: data, body: content };
}

/** What a SKILL.md breaks of the rules that its text alone can break, whatever folder it lies in. */
export function faultsIn(text: string): readonly string[] {
  const { frontmatter, body } = parseSkill(text);
  const parsed = schema.safeParse(frontmatter);
  const keys = parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  const broken = Object.entries(RULES).filter(([, holds]) => !holds(text, body));
  return [...keys, ...broken.map(([rule]) => rule)];
}

// The keys of the specification alone: every other one keeps the skill out of some host. With `allowed-tools`, Claude Code asks
// before it loads the skill, and refuses to when headless.
const schema = z.strictObject({
  name: z.literal("ask-codex"),
  // Shorter does not trigger; all skills of a user share one listing of some 8,000 characters.
  description: z
    .string()
    .min(250)
    .max(500)
    .regex(/^[^<>\n]+$/, "no angle brackets, one line"),
  license: z.string(),
  compatibility: z.string().max(500),
});

/** An estimate, for there is no tokenizer here: 3.6 characters a token, which is about what English with code in it has. */
function tokensIn(text: string): number {
  return Math.ceil(text.length / 3.6);
}

const RULES: Readonly<Record<string, (text: string, body: string) => boolean>> = {
  "front matter begins with the first character": (text) => text.startsWith("---\n"),
  "the description is a block scalar, in which a colon is only a colon": (text) => /^description: >-$/m.test(text),
  "the body has less than 200 lines": (_, body) => body.trimEnd().split("\n").length < 200,
  "the body has less than 3,000 tokens": (_, body) => tokensIn(body) < 3000,
  "no dollar sign that the host replaces by an argument": (_, body) => !/\$(?:\d|ARGUMENTS)/.test(body),
  "no variable of the host but the skill's own folder": (_, body) => !/\$\{CLAUDE_(?!SKILL_DIR\})/.test(body),
  "no command that runs when the skill is loaded": (_, body) => !/(?:^|\s)!`|^```!/m.test(body),
  "no home directory": (text) => !/(?<![\w.])~\/|\$\{?HOME\b|\/(?:home|Users|root)\//.test(text),
  "reasons instead of capitals": (text) => !/\b(?:ALWAYS|NEVER|MUST|DO NOT|CRITICAL|IMPORTANT|STOP)\b/.test(text),
};

/** The quoted here-documents of a shell example. */
export function hereDocuments(script: string): readonly { readonly mark: string; readonly text: string }[] {
  const found = script.matchAll(/<<'(\w+)'[^\n]*\n([\s\S]*?)^\1$/gm);
  return [...found].map(([, mark = "", text = ""]) => ({ mark, text }));
}
