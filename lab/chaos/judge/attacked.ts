/**
 * Finds the requests that an intruder wrote about. Somebody who writes the tables can show false
 * states of these, and of no others.
 */
import type { Attack } from "../stage/stage.ts";
import { restedAt } from "./rested.ts";
import type { Judgement, Seen, SeenRequest } from "./seen.ts";

type Attacks = Pick<Seen, "attacks">;

/** An end on its way may still be stored. */
const STORED_MS = 5_000;

const isOn = (
  attack: Attack,
  { cluster, principalArn }: Pick<Attack, "cluster" | "principalArn">,
): boolean => attack.cluster === cluster && attack.principalArn === principalArn;

/** Whether somebody wrote its record or history, or into the partition of its entry before it was over. */
export const isAttacked = ({ attacks }: Attacks, one: SeenRequest): boolean =>
  attacks.some(
    (attack) =>
      attack.request === one.request.id ||
      (isOn(attack, one.request) && attack.at < restedAt(one) + STORED_MS),
  );

/** Whether somebody ever wrote about an access entry. */
export const isAttackedPlace = (
  { attacks }: Attacks,
  place: Pick<Attack, "cluster" | "principalArn">,
): boolean => attacks.some((attack) => isOn(attack, place));

/** The ids of attacked requests: of those that are listed, and of those whose record was written. */
export const attackedIds = (seen: Pick<Seen, "attacks" | "requests">): ReadonlySet<string> =>
  new Set([
    ...seen.attacks.flatMap(({ request }) => request ?? []),
    ...seen.requests.filter((one) => isAttacked(seen, one)).map(({ request }) => request.id),
  ]);

/** The facts of a run, without the requests that an intruder wrote about. */
function withoutAttacked(seen: Seen): Seen {
  const ids = attackedIds(seen);
  if (ids.size === 0) return seen;
  return {
    ...seen,
    requests: seen.requests.filter(({ request }) => !ids.has(request.id)),
    answered: new Map([...seen.answered].filter(([, { id }]) => !ids.has(id))),
  };
}

/** The same judgement, of every request that nobody attacked. */
export const ofOthers = (judgement: Judgement): Judgement => ({
  ...judgement,
  judge: (seen) => judgement.judge(withoutAttacked(seen)),
});
