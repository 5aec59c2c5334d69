/** Calls that land late on a grant that ends at once: each is a life of its own. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { roughSpans } from "./calm.ts";
import { type TermsName, termsOf } from "./terms.ts";

const SECOND = 1_000;
/** Above every number of `lab/chaos/plan/lives.ts`. */
const FIRST_LIFE = 100_000;

/** Policies with one approver, or with none, on clusters that the administrator reaches. */
const TERMS = ["edit-api", "view-worker", "view-staging"] as const satisfies readonly TermsName[];

/** A grant removes its access ten seconds before its end: `lab/chaos/plan/lives.ts`. */
const MARGIN = 10 * SECOND;

/** The next call that adds a policy has no answer, and is applied seconds later. */
const lateCall = (random: Random, at: number): Action => ({
  kind: "aws-fault",
  seconds: 5,
  at,
  rule: {
    kind: "late",
    service: "eks",
    operation: "AssociateAccessPolicy",
    count: 1,
    milliseconds: random.whole(3_000, 4_500),
  },
});

interface Life {
  readonly life: number;
  readonly person: string;
  readonly terms: TermsName;
  readonly approvedAt: number;
  readonly seconds: number;
}

/** Its message is given out again while its run is at work, and every second time all runs stand still for a while. */
const twoRuns = (random: Random, at: number): readonly Action[] => [
  {
    kind: "aws-fault",
    at,
    seconds: 3,
    rule: {
      kind: "overlap",
      service: "sqs",
      operation: "ReceiveMessage",
      count: 2,
      role: "timelatch-converge",
      milliseconds: random.whole(50, 400),
    },
  },
  ...random.some<Action>(
    [
      {
        kind: "stop-function",
        name: "converge",
        at: at + random.between(0.3, 0.9) * SECOND,
        seconds: random.whole(1, 3),
      },
    ],
    0.5,
  ),
];

/** It is ended before its own call has landed. */
function endedAtOnce(random: Random, { life, person, approvedAt }: Life): readonly Action[] {
  const at = approvedAt + random.between(1, 2) * SECOND;
  return [
    lateCall(random, approvedAt - 0.1 * SECOND),
    ...twoRuns(random, approvedAt - 0.1 * SECOND),
    random.chance(0.5)
      ? { kind: "return", life, person, at }
      : { kind: "revoke", life, person: random.pick(["carol", "heidi"]), at },
  ];
}

/** Access that others took is added again just before the end, and lands after the removal. */
function repairedAtTheEnd(random: Random, { life, approvedAt, seconds }: Life): readonly Action[] {
  const at = approvedAt + seconds * SECOND - MARGIN - random.between(1, 5) * SECOND;
  return [lateCall(random, at - 0.1 * SECOND), { kind: "strip", life, at }];
}

function lifeOf(random: Random, life: number, at: number): readonly Action[] {
  const terms = random.pick(TERMS);
  const { people, approvers } = termsOf(terms);
  const person = random.pick(people.filter((one) => !approvers.includes(one)));
  const asked = approvers.length > 0 ? 1.5 * SECOND : 0.2 * SECOND;
  const known = { life, person, terms, approvedAt: at + asked, seconds: random.whole(20, 30) };
  const end = random.pick([endedAtOnce, endedAtOnce, repairedAtTheEnd])(random, known);
  return [
    { kind: "ask", life, person, terms, seconds: known.seconds, at },
    ...approvers.map(
      (one): Action => ({ kind: "approve", life, person: one, at: known.approvedAt }),
    ),
    ...end,
  ];
}

/** A grant, its margin, and a fault that ends before the run does. */
const LONGEST = 32 * SECOND;

/** @param until all of it has happened by then, in milliseconds */
export function hasty(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  let life = FIRST_LIFE;
  for (const { from, to } of roughSpans(until))
    for (
      let at = from + random.between(2, 12) * SECOND;
      at < to && at + LONGEST < until;
      at += random.between(7, 18) * SECOND
    ) {
      life += 1;
      actions.push(...lifeOf(random, life, at));
    }
  return actions;
}
