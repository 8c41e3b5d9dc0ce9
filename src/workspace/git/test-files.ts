import type { FileChange } from "./diff-trees.ts";

/** The tests among the files that are gone: deleted, or renamed to something that is not a test; sorted. */
export function lostTests(files: readonly FileChange[]): string[] {
  const lost = files.flatMap((file) => {
    const former = file.kind === "deleted" ? file.path : looksLikeTest(file.path) ? undefined : file.from;
    return former !== undefined && looksLikeTest(former) ? [former] : [];
  });
  return lost.sort();
}

/** True for the usual names of test files and for everything below the usual folders of tests. */
export function looksLikeTest(path: string): boolean {
  const folders = path.split("/");
  const name = folders.pop() ?? "";
  return TEST_NAME.test(name) || folders.some((folder) => TEST_FOLDERS.has(folder.toLowerCase()));
}

const TEST_NAME =
  /\.(test|spec|cy|e2e)\.|[-_](test|spec)\.[^.]+$|^test_.*\.(py|rb|php|c|cc|cpp)$|^tests?\.(py|rs|[cm]?[jt]sx?)$|_(unit)?tests?\.(c|cc|cpp|cxx)$|[a-z\d](Tests?|TestCase|Specs?|IT)\.(java|kts?|cs|php|scala|groovy|swift)$/;
const TEST_FOLDERS = new Set(["test", "tests", "__tests__", "spec", "specs", "e2e", "cypress"]);
