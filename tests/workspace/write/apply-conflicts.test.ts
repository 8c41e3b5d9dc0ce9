import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { committed, emptyRepository, type Repository, scratchFolder } from "../../support/git/repository.ts";
import { apply, filesOf, patchFrom, repositoryState, type Session } from "../../support/git/worktrees.ts";
import { withCases } from "../../support/suite.ts";

const LINES = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join("");

interface Case {
  readonly name: string;
  readonly paths: readonly string[];
  codex(session: Session): void;
  user(repository: Repository): void;
}

const CASES: readonly Case[] = [
  {
    name: "overlapping edits",
    paths: ["a.txt"],
    codex: ({ write }) => write("a.txt", LINES.replace("line 3\n", "Codex\n")),
    user: ({ write }) => write("a.txt", LINES.replace("line 3\n", "user\n")),
  },
  {
    name: "different binary content",
    paths: ["b.bin"],
    codex: ({ write }) => write("b.bin", Buffer.from([0, 1])),
    user: ({ write }) => write("b.bin", Buffer.from([0, 2])),
  },
  {
    name: "edits of a file that is not to be merged",
    paths: ["merge.lock"],
    codex: ({ write }) => write("merge.lock", LINES.replace("line 3\n", "Codex\n")),
    user: ({ write }) => write("merge.lock", LINES.replace("line 25\n", "user\n")),
  },
  {
    name: "a deleted file with edits",
    paths: ["a.txt"],
    codex: ({ remove }) => remove("a.txt"),
    user: ({ write }) => write("a.txt", "user\n"),
  },
  {
    name: "an edited file that was deleted",
    paths: ["a.txt"],
    codex: ({ write }) => write("a.txt", "Codex\n"),
    user: ({ remove }) => remove("a.txt"),
  },
  {
    name: "an untracked file with other content",
    paths: ['né "w\n.txt'],
    codex: ({ write }) => write('né "w\n.txt', "Codex\n"),
    user: ({ write }) => write('né "w\n.txt', "user\n"),
  },
  {
    name: "a big untracked file with other content",
    paths: ["big.bin"],
    codex: ({ write }) => write("big.bin", Buffer.alloc(11_000_000, 1)),
    user: ({ write }) => write("big.bin", Buffer.alloc(11_000_000, 2)),
  },
  {
    name: "an ignored file in the way",
    paths: ["new.txt"],
    codex: ({ write }) => write("new.txt", "Codex\n"),
    user: ({ write }) => {
      write(".git/info/exclude", "new.txt\n");
      write("new.txt", "precious\n");
    },
  },
  {
    name: "an ignored file where a folder is to be",
    paths: ["new/deep/file.txt"],
    codex: ({ write }) => write("new/deep/file.txt", "Codex\n"),
    user: ({ write }) => {
      write(".git/info/exclude", "new\n");
      write("new", "precious\n");
    },
  },
  {
    name: "a folder with ignored files where a file is to be",
    paths: ["folder"],
    codex: ({ remove, write }) => {
      remove("folder");
      write("folder", "Codex\n");
    },
    user: ({ write }) => {
      write(".git/info/exclude", "*.log\n");
      write("folder/precious.log", "precious\n");
    },
  },
  {
    name: "an untracked file where a folder is to be",
    paths: ["new"],
    codex: ({ write }) => write("new/file.txt", "Codex\n"),
    user: ({ write }) => write("new", "user\n"),
  },
  {
    name: "new files in a folder that a file is to replace",
    paths: ["folder/user.txt"],
    codex: ({ remove, write }) => {
      remove("folder");
      write("folder", "Codex\n");
    },
    user: ({ write }) => write("folder/user.txt", "user\n"),
  },
  {
    name: "a link to a folder on the way",
    paths: ["new/file.txt"],
    codex: ({ write }) => write("new/file.txt", "Codex\n"),
    user: ({ root, write }) => {
      write(".git/info/exclude", "new\n");
      symlinkSync(scratchFolder(), join(root, "new"));
    },
  },
  {
    name: "another repository on the way",
    paths: ["new/file.txt"],
    codex: ({ write }) => write("new/file.txt", "Codex\n"),
    user: ({ root }) => {
      mkdirSync(join(root, "new"));
      emptyRepository(join(root, "new"));
    },
  },
  {
    name: "a special file in the place of a deleted one",
    paths: ["a.txt"],
    codex: ({ remove }) => remove("a.txt"),
    user: ({ root, remove }) => {
      remove("a.txt");
      execaSync("mkfifo", ["a.txt"], { cwd: root });
    },
  },
  {
    name: "a renamed file with overlapping edits, and a name that is taken",
    paths: ["a.txt", "taken.txt"],
    codex: ({ root, write }) => {
      renameSync(join(root, "a.txt"), join(root, "moved.txt"));
      write("moved.txt", LINES.replace("line 3\n", "Codex\n"));
      renameSync(join(root, "other.txt"), join(root, "taken.txt"));
    },
    user: ({ write }) => {
      write("a.txt", LINES.replace("line 3\n", "user\n"));
      write("taken.txt", "user\n");
    },
  },
  {
    name: "a file that became a link and was edited",
    paths: ["a.txt"],
    codex: ({ root, remove }) => {
      remove("a.txt");
      symlinkSync("nowhere", join(root, "a.txt"));
    },
    user: ({ write }) => write("a.txt", "user\n"),
  },
  {
    name: "a file outside of a sparse checkout",
    paths: ["folder/in.txt"],
    codex: ({ write }) => write("folder/in.txt", "Codex\n"),
    user: ({ git }) => git("sparse-checkout", "set", "--no-cone", "/*", "!/folder/"),
  },
  {
    name: "a submodule at another commit",
    paths: ["module"],
    codex: ({ root, git }) => {
      git("clone", "--quiet", root, "module");
      git("add", "module");
    },
    user: () => {},
  },
];

// Neighbours in the table are of one kind.
const cases = { change: CASES.filter((_, at) => at % 3 === 0), matrix: CASES.filter((_, at) => at % 3 !== 0) };
withCases(cases, (chosen) => {
  test.each(chosen)("a conflict is named and nothing is touched: $name", async ({ paths, codex, user }) => {
    const repository = committed({
      ".gitattributes": "*.lock -merge\n",
      "a.txt": LINES,
      "b.bin": "\0",
      "fine.txt": "fine\n",
      "folder/in.txt": "in\n",
      "merge.lock": LINES,
      "other.txt": LINES.replaceAll("line", "row"),
    });
    const patch = await patchFrom(repository, (session) => {
      codex(session);
      session.write("fine.txt", "Codex\n");
      session.write("another.txt", "Codex\n");
    });
    user(repository);
    const [state, files] = [repositoryState(repository), filesOf(repository)];
    expect(await apply(repository, patch)).toEqual({ type: "conflicts", paths });
    expect(repositoryState(repository)).toEqual(state);
    expect(filesOf(repository)).toEqual(files);
  });
});
