import { isAbsolute, relative, sep } from "node:path";

/** Whether a path is a folder or lies below it; by their names, so both are real paths where links matter. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
