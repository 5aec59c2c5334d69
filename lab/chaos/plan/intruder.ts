/** When somebody who took a function over writes into the tables, with which rights, and about whom. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { FORGERIES, ROLES } from "./forgeries.ts";

const SECOND = 1_000;

/** Roles that may write what most deeds write. They are drawn more often. */
const WRITERS = ["api", "slack", "sweep"] as const;

/**
 * People who ask on prod and staging. Two of them are attacked, so that all others are judged as
 * usual.
 */
const PEOPLE = ["alice", "dave", "mallory"] as const;

/** The time of the first forgery: the first request exists by then. */
const FIRST = 8 * SECOND;

/** @param until none comes later, in milliseconds */
export function intrusions(random: Random, until: number): readonly Action[] {
  const spared = random.pick(PEOPLE);
  const victims = PEOPLE.filter((one) => one !== spared);
  const actions: Action[] = [];
  for (let at = FIRST; at < until; at += random.between(2, 7) * SECOND)
    actions.push({
      kind: "intrude",
      at,
      victim: random.pick(victims),
      forgery: random.pick(FORGERIES),
      role: random.pick(random.chance(0.6) ? WRITERS : ROLES),
      dice: random.whole(1, 1_000_000),
    });
  return actions;
}
