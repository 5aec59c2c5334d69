/** The groups of a directory that count, and their names in `access.yaml`. */
import { plainName } from "./plain-name.ts";
import { SyncRefusal } from "./sync-refusal.ts";

/** A group that counts: as the directory shows it, and what it is called; undefined for a name of its own. */
export interface ChosenGroup {
  readonly shown: string;
  readonly name?: string;
}

const LONGEST = 64;

/**
 * The name of each group that counts, by the one that the directory shows. Pure.
 *
 * @param chosen undefined for every group whose name can be one of the file
 * @throws SyncRefusal for a chosen group that does not exist, and where two would be one
 */
export function groupNames(
  all: readonly string[],
  chosen: readonly ChosenGroup[] | undefined,
): ReadonlyMap<string, string> {
  const names = new Map(
    (chosen ?? all.map((shown): ChosenGroup => ({ shown }))).flatMap(({ shown, name }) => {
      if (!all.includes(shown)) throw unknown(shown, all);
      const own = name ?? plainName(shown, LONGEST);
      if (own !== undefined) return [[shown, own] as const];
      if (chosen) throw unnameable(shown);
      return [];
    }),
  );
  const owner = new Map<string, string>();
  for (const [shown, name] of names) {
    const first = owner.get(name);
    if (first !== undefined) throw merged(first, shown, name);
    owner.set(name, shown);
  }
  if (new Set(all).size < all.length) throw repeated(all, names);
  return names;
}

/** As many names as a line or two hold. */
const SHOWN = 12;

function listed(groups: readonly string[]): string {
  if (groups.length === 0) return "none";
  const more = groups.length > SHOWN ? `, and ${groups.length - SHOWN} more` : "";
  return `${groups.slice(0, SHOWN).join(", ")}${more}`;
}

const unknown = (shown: string, all: readonly string[]) =>
  new SyncRefusal(
    `The directory has no group ${shown}. It has ${listed(all)}.`,
    "write the group's name as the directory shows it, capitals too.",
  );

const unnameable = (shown: string) =>
  new SyncRefusal(
    `No name of access.yaml can be made of the group ${shown}.`,
    `say what it is called: --group '${shown}=<name>'.`,
  );

const merged = (first: string, second: string, name: string) =>
  new SyncRefusal(
    `The groups ${first} and ${second} would both be called ${name}, and rules could not tell them apart.`,
    "name the groups that count, each with a name of its own: --group '<shown>=<name>'.",
  );

function repeated(all: readonly string[], names: ReadonlyMap<string, string>): SyncRefusal {
  const twice = all.find((shown, at) => all.indexOf(shown) < at && names.has(shown)) ?? "";
  return new SyncRefusal(
    `The directory has two groups called ${twice}.`,
    "rename one of them in the directory.",
  );
}
