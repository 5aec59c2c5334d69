import { readFile } from "node:fs/promises";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { Name } from "../../shared/policy-file/file-values.ts";
import { csvUsers } from "../../shared/policy-tools/people-sync/csv-users.ts";
import type { Directory } from "../../shared/policy-tools/people-sync/directory-user.ts";
import { type ChosenGroup, groupNames } from "../../shared/policy-tools/people-sync/group-names.ts";
import { peopleText } from "../../shared/policy-tools/people-sync/people-text.ts";
import { scimUsers } from "../../shared/policy-tools/people-sync/scim-users.ts";
import {
  refuseManyLeavers,
  type SyncedPeople,
  syncPeople,
} from "../../shared/policy-tools/people-sync/sync-people.ts";
import { awsIdentity } from "../api/aws-identity.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";
import { nobodyCameBack, syncFailure } from "../people/directory-failures.ts";
import { readIdentityCenter } from "../people/identity-center.ts";
import { readPeopleFile, writePeopleFile } from "../people/people-file.ts";
import { countsText, syncText } from "../people/sync-text.ts";
import { lastAssembly } from "../policy/last-assembly.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface PeopleSyncOptions {
  /** The file of people. */
  readonly out: string;
  /** `access.yaml`, beside which synthesis records names. */
  readonly access: string;
  /** `<shown>` or `<shown>=<name>` */
  readonly group?: readonly string[];
  readonly fromCsv?: string;
  readonly fromScim?: readonly string[];
  readonly region?: string;
  readonly identityStore?: string;
  readonly allowRemovals?: true;
  readonly check?: true;
  readonly dryRun?: true;
}

/**
 * `timelatch people sync`: writes the people of a directory into the file that `access.yaml`
 * includes. A person who is there already keeps their name, and what was written of them by hand.
 *
 * @throws Failure `refused` for a directory that cannot be read or is probably not whole; `faulty`
 * for a file that is not a list of people, a record of the wrong form, and with `check` for one
 * that would change; `usage`; `unwritten`
 */
export async function peopleSync(context: Context, options: PeopleSyncOptions): Promise<void> {
  const { out, check, dryRun } = options;
  const chosen = options.group?.map(parseChosenGroup);
  const [present, { people }] = [await readPeopleFile(out), await lastAssembly(options.access)];
  const recorded = Object.keys(people);
  const directory = await directoryOf(context, options, chosen);
  const synced = judged(() => {
    const groups = groupNames(directory.groups, chosen);
    const result = syncPeople({
      current: present.people,
      directory,
      groups,
      recorded,
      membersOnly: chosen !== undefined,
    });
    if (!options.allowRemovals) refuseManyLeavers(present.people, result);
    return result;
  });
  const text = peopleText(synced.people);
  const differs = text !== present.text;
  const written = differs && !check && !dryRun;
  if (written) await writePeopleFile(out, text);
  report(context, out, synced, { differs, written });
  if (check && differs) throw notAsInDirectory(out, synced);
}

function report(
  context: Context,
  out: string,
  synced: SyncedPeople,
  done: { readonly differs: boolean; readonly written: boolean },
): void {
  const { joins, leaves, leftOut } = synced;
  const changes = synced.changes.map(({ name, details }) => ({ name, details }));
  const people = Object.keys(synced.people).length;
  answer(context, { file: out, people, joins, leaves, changes, leftOut, ...done }, () =>
    wrapLines(syncText(synced), context.screen.out.columns),
  );
  const end = done.written
    ? "Written; review the change, and deploy. Until then, nobody gains or loses anything."
    : done.differs
      ? "Nothing was written."
      : "The file is up to date.";
  remark(
    context,
    wrapLines(`${visible(out)}: ${countsText(synced)}. ${end}\n`, context.screen.err.columns),
  );
}

async function directoryOf(
  { env }: Context,
  { fromCsv, fromScim, region, identityStore }: PeopleSyncOptions,
  chosen: readonly ChosenGroup[] | undefined,
): Promise<Directory> {
  const directory =
    fromCsv !== undefined
      ? await fromFiles([fromCsv], ([text = ""]) => csvUsers(text))
      : fromScim !== undefined
        ? await fromFiles(fromScim, scimUsers)
        : await readIdentityCenter({
            region: region ?? (await awsIdentity(undefined, env)).region,
            storeId: identityStore,
            groups: chosen?.map(({ shown }) => shown),
          });
  if (directory.users.length === 0) throw nobodyCameBack();
  return directory;
}

async function fromFiles(
  files: readonly string[],
  read: (texts: readonly string[]) => Directory,
): Promise<Directory> {
  const texts = await Promise.all(files.map(exportText));
  return judged(() => read(texts), `${files.join(", ")}: `);
}

async function exportText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Failure(
      "usage",
      "export-unreadable",
      {
        what: `Cannot read ${file}: ${fileErrorWords(error)}.`,
        notDone: "Nothing was written.",
        next: ["Next: name the file of an export of your directory."],
      },
      { cause: error },
    );
  }
}

function judged<Result>(act: () => Result, prefix?: string): Result {
  try {
    return act();
  } catch (error) {
    throw syncFailure(error, prefix);
  }
}

const notAsInDirectory = (out: string, synced: SyncedPeople) =>
  new Failure("faulty", "people-differ", {
    what: `${out} is not as the directory is: ${countsText(synced)}.`,
    notDone: "Nothing was written.",
    next: ["Next: timelatch people sync, and review what it writes."],
  });

/** `SRE`, or `Payments Leads=payments-leads`. @throws Failure `usage` */
export function parseChosenGroup(text: string): ChosenGroup {
  const at = text.lastIndexOf("=");
  if (at < 0) return { shown: text };
  const [shown, name] = [text.slice(0, at), text.slice(at + 1)];
  if (shown !== "" && Name.safeParse(name).success) return { shown, name };
  throw new Failure("usage", "usage", {
    what: `"${text}" does not say what a group is called.`,
    notDone: "Nothing was written.",
    next: [
      "Next: write --group '<shown>=<name>', with a name of lower-case letters, digits, . _ -",
    ],
  });
}
