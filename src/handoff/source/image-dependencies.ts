/** The images that a Dockerfile begins from or copies from, without tags; its own stages do not count. */
export function imagesIn(text: string): string[] {
  const stages = new Set(
    Array.from(text.matchAll(/^\s*FROM\s.*\sAS\s+(\S+)/gim), ([, name = ""]) => name.toLowerCase()),
  );
  const named = text.matchAll(/^\s*FROM\s+(?:--\S+\s+)*(\S+)|^\s*COPY\s+--from=(\S+)/gim);
  return Array.from(named, ([, from, copied]) => from ?? copied ?? "")
    .filter((image) => !stages.has(image.toLowerCase()) && !/^\d+$|^scratch$|^\$/.test(image))
    .map(withoutTag);
}

/** The actions and images that a workflow uses, without versions; those of the repository itself do not count. */
export function actionsIn(text: string): string[] {
  const used = text.matchAll(/^[ \t-]*["']?(?:uses|image)["']?[ \t]*:[ \t]*["']?([^\s"'#]+)/gm);
  return Array.from(used, ([, name = ""]) => name)
    .filter((name) => !/^[.$]/.test(name))
    .map((name) => withoutTag(name.replace(/@.*$/, "")));
}

function withoutTag(image: string): string {
  return image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
}
