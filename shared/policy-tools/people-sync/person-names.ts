/** The names of people who are new. */
import { LONGEST_PERSON_NAME } from "../../domain/people/personal-role.ts";
import { PersonName } from "../../policy-file/file-values.ts";
import { plainName } from "./plain-name.ts";
import type { UsableUser } from "./usable-user.ts";

/** How many characters of an id tell namesakes apart, at first. */
const SUFFIX = 6;

/** In `people`, the key names a file. */
const RESERVED: readonly string[] = ["include"];

/**
 * A name for each newcomer, of their user name's part before the `@`. Namesakes all get the end of their id
 * as well, so that no order of a list decides who has the plain name. Pure.
 *
 * @param taken names of now and before. A newcomer never gets one: a role belongs to the name.
 * @returns undefined in the place of whoever has no name
 */
export function namesOf(
  newcomers: readonly UsableUser[],
  taken: ReadonlySet<string>,
): readonly (string | undefined)[] {
  const plain = newcomers.map(({ userName }) => ownName(userName));
  const counts = Map.groupBy(plain, (name) => name);
  const given = new Set(taken);
  return newcomers.map(({ userId }, at) => {
    const own = plain[at];
    if (own === undefined) return undefined;
    const isAlone = counts.get(own)?.length === 1 && !given.has(own);
    const name = isAlone ? own : withSuffix(own, userId, given);
    if (name !== undefined) given.add(name);
    return name;
  });
}

function ownName(userName: string): string | undefined {
  const [local = ""] = userName.split("@");
  const name = plainName(local, LONGEST_PERSON_NAME);
  return name !== undefined && PersonName.safeParse(name).success && !RESERVED.includes(name)
    ? name
    : undefined;
}

function withSuffix(name: string, userId: string | undefined, given: ReadonlySet<string>) {
  const id = userId?.toLowerCase().replaceAll("-", "") ?? "";
  for (let length = SUFFIX; length <= id.length; length += SUFFIX) {
    const end = `-${id.slice(-length)}`;
    const full = `${name.slice(0, LONGEST_PERSON_NAME - end.length).replace(/[^a-z0-9]+$/, "")}${end}`;
    if (!given.has(full)) return full;
  }
  return undefined;
}
