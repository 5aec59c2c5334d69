/** The table of docs/threat-model.md: every attack, by every role that may, at every moment. */
import { MOMENTS, type Moment } from "./archive-days.ts";
import { type Attack, DEEDS } from "./attack.ts";
import { FUNCTION_ATTACKS } from "./attacks-by-function.ts";
import { LYING_ATTACKS } from "./attacks-by-lies.ts";
import { ARCHIVE_ATTACKS } from "./attacks-on-archive.ts";
import { EVENT_ATTACKS } from "./attacks-on-events.ts";
import { EVIDENCE_ATTACKS } from "./attacks-on-evidence.ts";
import { LOOKING_ATTACKS } from "./attacks-on-looks.ts";
import { FINDERS, type Finder, LEANS_ON } from "./finder.ts";
import { type Found, foundBy } from "./found-by.ts";
import { FUNCTIONS, may, ROLES, type Role } from "./rights.ts";

const ATTACKS = [
  ...EVENT_ATTACKS,
  ...EVIDENCE_ATTACKS,
  ...LOOKING_ATTACKS,
  ...FUNCTION_ATTACKS,
  ...ARCHIVE_ATTACKS,
  ...LYING_ATTACKS,
];

/** An attack that was played. */
interface Played {
  readonly attack: Attack;
  /** Those whose rights suffice. */
  readonly roles: readonly Role[];
  /** Its finders, by the moment at which it was made. */
  readonly found: ReadonlyMap<Moment, readonly Found[]>;
}

export async function playedAttacks(): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const attack of ATTACKS) {
    const roles: Role[] = [];
    for (const role of ROLES) if (await mayAll(role, attack)) roles.push(role);
    const found = new Map<Moment, readonly Found[]>();
    const moments = attack.moments ?? (attack.forge ? MOMENTS : MOMENTS.slice(0, 1));
    for (const moment of moments) found.set(moment, await foundBy(attack, moment));
    played.push({ attack, roles, found });
  }
  return played;
}

async function mayAll(role: Role, { rights }: Attack): Promise<boolean> {
  for (const right of rights) if (!(await may(role, right))) return false;
  return true;
}

const order = ({ finder }: Found) => FINDERS.indexOf(finder);

/** The finders that lean on none of these roles, the surest first. */
const left = (found: readonly Found[], roles: readonly Role[]): readonly Found[] =>
  found
    .filter(({ finder }) => !LEANS_ON[finder].some((role) => roles.includes(role)))
    .toSorted((a, b) => order(a) - order(b));

const NOT_FOUND = "**not found**";

/** One word for each finder of an attack; not found where an attack has no finder. */
function cellOf(played: readonly Played[], role: Role, deed: Attack["deed"]): string {
  const own = played.filter(({ attack, roles }) => attack.deed === deed && roles.includes(role));
  const firsts = own.flatMap(({ found }) =>
    [...found.values()].map((each) => left(each, [role])[0]),
  );
  if (firsts.length === 0) return "–";
  const words = FINDERS.flatMap((finder) => {
    const hours = firsts.flatMap((one) => (one?.finder === finder ? (one.hours ?? 0) : []));
    return hours.length === 0 ? [] : wordOf(finder, Math.max(...hours));
  });
  return [...(firsts.includes(undefined) ? [NOT_FOUND] : []), ...words].join(", ");
}

const wordOf = (finder: Finder, hours: number) => (hours > 0 ? `${finder} ${hours} h` : finder);

const rowOf = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => "---"), ...rows].map(rowOf).join("\n");

const nameOf = (role: Role) => (FUNCTIONS.includes(role as never) ? `\`${role}\`` : role);

/** The table of roles and deeds. */
export const byRole = (played: readonly Played[]): string =>
  tableOf(
    ["role", ...DEEDS],
    ROLES.map((role) => [nameOf(role), ...DEEDS.map((deed) => cellOf(played, role, deed))]),
  );

const WHEN: Readonly<Record<Moment, string>> = {
  fresh: "before its hour is archived",
  archived: "after that",
  sealed: "once its day is sealed",
};

/** The list of attacks, each with everything that finds it. */
export const byAttack = (played: readonly Played[]): string =>
  tableOf(
    ["deed", "attack", "by", ...MOMENTS.map((moment) => WHEN[moment])],
    played.map(({ attack: { deed, what }, roles, found }) => [
      ...[
        deed,
        what,
        roles
          .filter((role) => role !== "administrator")
          .map(nameOf)
          .join(", ") || "–",
      ],
      ...MOMENTS.map((moment) => {
        const each = found.get(moment);
        if (each === undefined) return "";
        return (
          left(each, [])
            .map(({ finder, hours = 0 }) => wordOf(finder, hours))
            .join(", ") || NOT_FOUND
        );
      }),
    ]),
  );

interface Unfound {
  readonly by: string;
  readonly attack: Attack;
}

/** Attacks that nothing finds where two functions act together, or an administrator, and the evidence outside. */
export function shownOutside(played: readonly Played[]): string {
  const unfound = played.flatMap((one) => [...unfoundByTwo(one), ...unfoundByAdministrator(one)]);
  const groups = Map.groupBy(unfound, ({ by, attack: { outside } }) => `${by} ${outside}`);
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const attacks = group.map(({ attack: { deed, what } }) => `${deed}: ${what}`);
    const deeds = DEEDS.filter((deed) => group.some(({ attack }) => attack.deed === deed));
    const said = first.by === "administrator" ? deeds.join(", ") : attacks.join("; ");
    return [[first.by, said, first.attack.outside]];
  });
  return tableOf(["by", "what nothing of the above finds", "what shows it"], rows);
}

const isFound = ({ found }: Played, by: readonly Role[]): boolean =>
  [...found.values()].every((each) => left(each, by).length > 0);

/** By each function that keeps the finder of others from finding anything. */
const unfoundByTwo = (played: Played): readonly Unfound[] =>
  FUNCTIONS.flatMap((helper) => {
    const helped = FUNCTIONS.filter(
      (role) =>
        role !== helper &&
        played.roles.includes(role) &&
        isFound(played, [role]) &&
        !isFound(played, [role, helper]),
    );
    const by = `${helped.map(nameOf).join(", ")}, with ${nameOf(helper)}`;
    return helped.length === 0 ? [] : [{ by, attack: played.attack }];
  });

const unfoundByAdministrator = (played: Played): readonly Unfound[] =>
  isFound(played, ["administrator"]) ? [] : [{ by: "administrator", attack: played.attack }];
