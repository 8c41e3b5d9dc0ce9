/** Files that are known by name: those that exist, and those that the document names. */
export type KnownFiles = ReadonlySet<string>;

/** Whether a text names a file exactly: one that is known, or one that only can be meant as such. */
export function namesFile(text: string, known: KnownFiles): boolean {
  const quoted = [...text.matchAll(/(`+)(.+?)\1(?!`)/gs)].map(([, , inner = ""]) => inner.trim());
  const rest = text.replace(/(`+)(.+?)\1(?!`)/gs, " ").split(/[\s,;"'()<>]+/);
  return quoted.some((word) => isFile(word, known, true)) || rest.some((word) => isFile(word, known, false));
}

function isFile(word: string, known: KnownFiles, quoted: boolean): boolean {
  const path = word
    .replace(/^(\.\/)+/, "")
    .replace(/[.:!?…]+$/, "")
    .replace(/(?::\d+(?:-\d+)?|#.*)$/, "");
  if (path === "" || known.has(path)) return path !== "";
  if (/[*{}|$\n]|:\/\/|^[/~]|\s$/.test(path)) return false;
  const name = path.split("/").at(-1) ?? "";
  // In running text a dot is more often a name (Node.js) or a member (user.load) than a file.
  return (
    (quoted || path.includes("/")) &&
    /^[^()\s][^()]*\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(name) &&
    !/^\w+\.\w+\(/.test(name)
  );
}
