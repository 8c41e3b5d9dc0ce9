import { escapeRegExp } from "../../text/escape.ts";
import type { Reach } from "./signature-end.ts";
import type { Family } from "./stripped-text.ts";

/** A way in which a name can be declared. */
export interface Form {
  /** Matches from the beginning of the declaration to the end of the name. */
  readonly pattern: RegExp;
  readonly reach: Reach;
}

/** All the ways in which this name can be declared, on its own or, with `member`, inside of what it belongs to. */
export function formsOf(family: Family, name: string, member: boolean): readonly Form[] {
  const written = `(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`;
  const forms = member ? { ...OWN, ...MEMBERS } : OWN;
  return forms[family].map(([pattern, reach]) => ({
    pattern: new RegExp(
      pattern.replace("NAME", () => written),
      "gm",
    ),
    reach,
  }));
}

/** What can hold members of this name's. */
export function holdersOf(family: Family, name: string): readonly RegExp[] {
  const written = `(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`;
  return HOLDERS[family].map(
    (pattern) =>
      new RegExp(
        pattern.replace("NAME", () => written),
        "gm",
      ),
  );
}

type Forms = readonly (readonly [pattern: string, Reach])[];

const EXPORT = "(?:export\\s+)?(?:default\\s+)?(?:declare\\s+)?";
const JS: Forms = [
  [`(?<![\\w$.])${EXPORT}(?:async\\s+)?function\\s*(?:\\*\\s*)?NAME`, "header"],
  [`(?<![\\w$.])${EXPORT}(?:abstract\\s+)?class\\s+NAME`, "header"],
  [`(?<![\\w$.])${EXPORT}(?:const\\s+)?(?:interface|enum)\\s+NAME`, "whole"],
  [`(?<![\\w$.])${EXPORT}(?:namespace|module)\\s+NAME(?=\\s*\\{)`, "header"],
  [`(?<![\\w$.])${EXPORT}type\\s+NAME`, "alias"],
  [`(?<![\\w$.])${EXPORT}(?:const|let|var)\\s+NAME`, "variable"],
  ["(?<![\\w$.])(?:module\\.)?exports\\.NAME(?=\\s*=)", "variable"],
];
const JS_MODIFIERS =
  "(?<![\\w$.])(?:(?:public|private|protected|static|async|readonly|override|abstract|get|set|declare|accessor)\\s+){0,8}";
const JS_MEMBER: Forms = [
  [`${JS_MODIFIERS}\\*?\\s*#?NAME\\??(?=\\s*[(<])`, "header"],
  [`${JS_MODIFIERS}#?NAME[?!]?(?=\\s*[:=;])`, "variable"],
];

const VISIBLE = "(?:pub(?:\\([^)]*\\))?\\s+)?";
const RUST: Forms = [
  [`(?<!\\w)${VISIBLE}(?:(?:default|const|async|unsafe)\\s+){0,4}(?:extern\\s+(?:"[^"]*"\\s+)?)?fn\\s+NAME`, "header"],
  [`(?<!\\w)${VISIBLE}(?:unsafe\\s+)?(?:struct|enum|union|trait)\\s+NAME`, "whole"],
  [`(?<!\\w)${VISIBLE}type\\s+NAME`, "alias"],
  [`(?<!\\w)${VISIBLE}(?:const|static)(?:\\s+mut)?\\s+NAME`, "header"],
];

// One word at least before the name, and none that makes it a call.
const TYPED = "^[ \\t]*(?!(?:return|new|throw|else|await|case|yield|goto|delete)\\b)(?:[\\w@<>[\\],.?*&:]+[ \\t]+)+?";
const MODIFIERS = "(?:(?:[a-z]+|@\\w+)[ \\t]+)*";
const JAVA: Forms = [
  [`^[ \\t]*${MODIFIERS}(?:class|object)\\s+NAME`, "header"],
  [`^[ \\t]*${MODIFIERS}(?:@?interface|enum|record|struct|protocol|trait|union)(?:\\s+class)?\\s+NAME`, "whole"],
  [`${TYPED}[*&]*NAME(?=\\s*(?:<[^>]*>\\s*)?\\()`, "header"],
  [`(?!.*\\b(?:class|interface|enum|record|struct|extends|implements)\\b)${TYPED}NAME(?=\\s*[;={:])`, "header"],
];

/** At the beginning, or deeper inside. */
const OWN: Readonly<Record<Family, Forms>> = {
  js: JS,
  python: [
    ["^[ \\t]*(?:async[ \\t]+)?def[ \\t]+NAME", "header"],
    ["^[ \\t]*class[ \\t]+NAME", "header"],
    ["^[ \\t]*NAME(?=[ \\t]*(?::[^=\\n]*)?=(?!=)|[ \\t]*:[^=\\n]+$)", "header"],
  ],
  go: [
    ["^func\\s+NAME", "header"],
    ["^(?:type\\s+|[ \\t]+)NAME(?=(?:\\[[^\\]]*\\])?\\s+=?\\s*(?:struct|interface)\\b)", "whole"],
    ["^type\\s+NAME", "line"],
    ["^(?:(?:const|var)\\s+|[ \\t]+)NAME(?=[ \\t,=\\n])", "header"],
  ],
  rust: RUST,
  java: JAVA,
  php: [
    [
      "(?<![\\w$>:])(?:(?:abstract|final|public|protected|private|static|readonly)\\s+){0,6}function\\s+&?\\s*NAME",
      "header",
    ],
    ["(?<![\\w$>:])(?:(?:abstract|final|readonly)\\s+){0,3}class\\s+NAME", "header"],
    ["(?<![\\w$>:])(?:interface|trait|enum)\\s+NAME", "whole"],
    ["(?<![\\w$>:])(?:(?:final|public|protected|private)\\s+){0,3}const\\s+(?:\\w+\\s+)?NAME", "header"],
  ],
  ruby: [
    ["^[ \\t]*def\\s+(?:self\\.)?NAME", "line"],
    ["^[ \\t]*(?:class|module)\\s+(?:\\w+::)*NAME", "line"],
    ["^[ \\t]*NAME(?=\\s*=(?!=))", "header"],
  ],
};

const MEMBERS: Readonly<Partial<Record<Family, Forms>>> = {
  js: JS_MEMBER,
  rust: [...RUST, ["(?<!\\w)(?:pub(?:\\([^)]*\\))?\\s+)?NAME(?=\\s*:(?!:))", "line"]],
  go: [["^[ \\t]+NAME(?=[ \\t(])", "line"]],
};

const HOLDERS: Readonly<Record<Family, readonly string[]>> = {
  js: [
    "(?<![\\w$.])(?:class|interface|enum|namespace|module)\\s+NAME",
    "(?<![\\w$.])(?:const|let|var)\\s+NAME\\s*(?::[^=]*)?=(?=\\s*\\{)",
    "(?<![\\w$.])type\\s+NAME(?:<[^=]*>)?\\s*=(?=\\s*\\{)",
  ],
  python: ["^[ \\t]*class[ \\t]+NAME"],
  go: ["^type\\s+NAME(?:\\[[^\\]]*\\])?\\s+(?:struct|interface)\\b"],
  rust: [
    "(?<!\\w)impl(?:\\s*<[^{;]{0,300}?>)?\\s+(?:[^{;]{0,300}?\\sfor\\s+)?(?:\\w+::)*NAME",
    "(?<!\\w)(?:struct|enum|trait|mod)\\s+NAME",
  ],
  java: ["(?<!\\w)(?:class|interface|enum|record|struct|object|protocol|trait|namespace)\\s+NAME"],
  php: ["(?<![\\w$>:])(?:class|interface|trait|enum)\\s+NAME"],
  ruby: ["^[ \\t]*(?:class|module)\\s+(?:\\w+::)*NAME"],
};
