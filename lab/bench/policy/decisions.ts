/** The decisions of the front door on a policy, measured at several sizes in one run. */
import { approversOf, peopleOf } from "../../../shared/domain/policy/approvers.ts";
import { personByCallerArn } from "../../../shared/domain/policy/identity.ts";
import { judgeAsk } from "../../../shared/domain/policy/judge-ask.ts";
import { type AccessPolicy, memberOf } from "../../../shared/domain/policy/policy.ts";
import { indexPolicy } from "../../../shared/domain/policy/policy-index.ts";
import type { Ask } from "../../../shared/domain/requests/ask.ts";
import { largePolicy, personName, roleOf, sessionOf } from "./large-policy.ts";
import {
  approveForAnother,
  approveForLess,
  extend,
  type Waiting,
  waitingIn,
} from "./next-decisions.ts";
import { timesOf } from "./timing.ts";

const NOW = "2026-11-24T10:00:00.000Z";

/** The fastest of several rounds in milliseconds, at one size. */
export interface PolicyTimes {
  /** How many people there are, and how many rules. */
  readonly size: number;
  /** To judge one request and to name who may approve it. */
  readonly decision: number;
  /** To judge one that every rule of the asker refuses. */
  readonly refusal: number;
  /** To judge an approval that a delegate gives for an approver. */
  readonly delegated: number;
  /** To judge an approval for half of the time. */
  readonly lessened: number;
  /** To judge an extension. */
  readonly extension: number;
  /** To say who calls. */
  readonly caller: number;
  /** To make the index, once a start of a function. */
  readonly index: number;
}

/** Nobody of the policy's first or last: a middle one, as a search would meet it. */
const middle = (size: number) => Math.floor(size / 2);

/** The rounds of an index, at most. */
const INDEX_ROUNDS = 3;

/** Every size in one run, so that their ratios mean something on a busy machine. */
export function measurePolicies(sizes: readonly number[], rounds: number): readonly PolicyTimes[] {
  const policies = sizes.map(largePolicy);
  const times = <Act>(
    act: (policy: AccessPolicy, size: number) => Act,
    batch: number,
    most = rounds,
  ) =>
    timesOf(
      policies.map((policy, at) => () => act(policy, sizes[at] ?? 0)),
      Math.min(rounds, most),
      batch,
    );
  const decision = times(decide, 50);
  const refusal = times(refuse, 50);
  const waiting = policies.map((policy, at) => {
    const place = middle(sizes[at] ?? 0);
    return waitingIn(policy, personName(place), `rule-${place}`, `team-${place}-api`);
  });
  const laterTimes = (act: (one: Waiting) => unknown) =>
    timesOf(
      waiting.map((one) => () => act(one)),
      rounds,
      50,
    );
  const delegated = laterTimes(approveForAnother);
  const lessened = laterTimes(approveForLess);
  const extension = laterTimes(extend);
  const caller = times((policy, size) => personByCallerArn(policy, callerAt(size)), 500);
  // Copies the policy, since an index is kept as long as its policy. Indexing takes thousands of
  // times longer than the other figures.
  const index = times((policy) => indexPolicy({ ...policy }), 1, INDEX_ROUNDS);
  return sizes.map((size, at) => ({
    size,
    decision: decision[at] ?? Number.NaN,
    refusal: refusal[at] ?? Number.NaN,
    delegated: delegated[at] ?? Number.NaN,
    lessened: lessened[at] ?? Number.NaN,
    extension: extension[at] ?? Number.NaN,
    caller: caller[at] ?? Number.NaN,
    index: index[at] ?? Number.NaN,
  }));
}

const callerAt = (size: number) => sessionOf(personName(middle(size)));

function decide(policy: AccessPolicy, size: number): void {
  const member = memberOf(policy, personName(middle(size)));
  const judged = member && judgeAsk(policy, member, ask(size, true), NOW, undefined);
  if (!member || !judged?.allowed) throw new Error("The request that is measured is not allowed.");
  const requirements = approversOf(policy, judged.rule, member, [judged.principalArn]);
  if (peopleOf(policy, requirements).length === 0) throw new Error("Nobody could approve it.");
}

function refuse(policy: AccessPolicy, size: number): void {
  const member = memberOf(policy, personName(middle(size)));
  const judged = member && judgeAsk(policy, member, ask(size, false), NOW, undefined);
  if (judged?.allowed !== false) throw new Error("The request that is measured is allowed.");
}

const ask = (size: number, allowed: boolean): Ask => ({
  cluster: "prod",
  access: {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace", namespaces: [allowed ? `team-${middle(size)}-api` : "other"] },
  },
  durationSeconds: 3_600,
  reason: "INC-4711 stuck rollout",
  principalArn: roleOf(personName(middle(size))),
  startsAt: null,
  rule: null,
});
