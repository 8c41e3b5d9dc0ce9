import * as z from "zod/mini";

const word = (what: string) => z.string(what).check(z.regex(/^[^-\s]\S*$/, what));
const list = (what: string) => z._default(z.array(z.string(what), what), []);
const place = (what: string) => z.string(what).check(z.regex(/^[^-~\s][^\n]*$/, what));

const machine = z.strictObject(
  {
    /** What ssh connects to. */
    ssh: word("must be what ssh connects to, such as me@box"),
    /** Further arguments of ssh. */
    options: list("must be a list of ssh's arguments"),
    /** Where the work lies, absolute or below the home folder over there. */
    folder: z._default(place("must be a path on the machine, without ~"), ".cache/ask-codex/tasks"),
    /** The Codex over there: a program. */
    codex: z._default(place("must be a program on the machine, without ~"), "codex"),
    /** Whose login works: that of the Codex here, or the machine's own. */
    login: z._default(z.enum(["here", "own"], "must be here or own"), "here"),
    /** Folders over there that come before those of PATH. */
    path: list("must be a list of folders on the machine"),
  },
  "must be keys and values",
);

/** What `--on` calls a machine. */
const name = z.string().check(z.regex(/^[\w.-]+$/, "must be a name of letters, digits, - and ."));

/** `machines` of the user's configuration. */
export const machinesForm = z.record(name, machine, "must be names, each with keys and values");

export type MachineFields = z.infer<typeof machine>;
