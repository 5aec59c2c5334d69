/**
 * Actions of administrators and approvers beside requests. Nothing deletes a cluster or a role in
 * the first minute.
 */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { roughSpans } from "./calm.ts";

const SECOND = 1_000;
/** In how many rough spans. */
const ROLES_REMADE = 0.8;

export function otherVerbs(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  for (let at = random.between(5, 30) * SECOND; at < until; at += random.between(20, 60) * SECOND)
    actions.push({
      kind: "delegate",
      at,
      person: "bob",
      to: "carol",
      seconds: random.whole(20, 60),
    });
  for (let at = random.between(15, 60) * SECOND; at < until; at += random.between(60, 120) * SECOND)
    actions.push({
      kind: "suspend",
      at,
      by: "carol",
      seconds: random.whole(3, 8),
      whom: random.pick(["alice", "mallory"]),
    });
  for (
    let at = random.between(70, 100) * SECOND;
    at < until;
    at += random.between(200, 300) * SECOND
  )
    actions.push({ kind: "remake-cluster", at, name: "staging", seconds: random.whole(3, 20) });
  for (const { from } of roughSpans(until))
    if (from > 0 && random.chance(ROLES_REMADE))
      actions.push({
        kind: "remake-role",
        at: from + random.between(2, 20) * SECOND,
        person: "carol",
        seconds: random.whole(2, 10),
      });
  return actions;
}
