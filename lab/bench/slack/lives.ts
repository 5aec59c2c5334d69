/** The lives of requests, drawn from a seed: when each is asked, approved, used and over. */

import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { floorTo, plusSeconds, secondsBetween } from "../../../shared/domain/values/instant.ts";
import { ACCOUNT, aFirstStep, aPolicy, aStep, PROD } from "../../fakes/builders.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import type { Random } from "../../simulation/random.ts";

const PEOPLE = 100;
export const APPROVERS = ["bob", "lead1", "lead2"] as const;
/** The person who decides for an approver, once they delegated. */
export const delegateOf = (approver: string) => `for-${approver}`;
const MINUTES = [15, 30, 60] as const;
/** How often access is given back before its time. */
const RETURNED = 0.1;
/** How often EKS throttles, or a read is behind, so that access is added slowly. */
const SLOWLY_ADDED = 0.1;
const MARGIN_SECONDS = 120;

const person = (name: string, group: string, user: string) => ({
  email: `${name}@example.com`,
  groups: [group],
  identities: { iam: [], slack: [`T0001/${user}`] },
  principals: [`arn:aws:iam::${ACCOUNT}:role/people/${name}`],
});

/**
 * A hundred engineers, three approvers, and somebody for each of those.
 *
 * @param direct whether each approver is written to as well
 */
export function hourPolicy(direct: boolean): AccessPolicy {
  const policy = aPolicy();
  const engineers = Array.from({ length: PEOPLE }, (_, n) => [
    `p${n}`,
    person(`p${n}`, "payments", `U1${n}`),
  ]);
  const approvers = APPROVERS.map((name, n) => [name, person(name, "payments-leads", `U2${n}`)]);
  const delegates = APPROVERS.map(delegateOf).map((name, n) => [
    name,
    person(name, "sre", `U3${n}`),
  ]);
  return {
    ...policy,
    slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
    people: Object.fromEntries([...engineers, ...approvers, ...delegates]),
    delegations: { longestSeconds: 86_400 },
    rules: policy.rules.map((rule) => ({ ...rule, notify: { ...rule.notify, direct } })),
  };
}

/** The next step of a request, and its delay in seconds after the last step. */
interface Move {
  readonly after: (request: AccessRequest) => number;
  readonly step: (request: AccessRequest, at: string) => Step;
}

export interface Life {
  /** Seconds after the beginning. */
  readonly askedAt: number;
  readonly first: (at: string) => Step;
  readonly moves: readonly Move[];
}

/** One life: asked, approved after some minutes, active for its time, and ended. */
export function drawLife(n: number, withinSeconds: number, random: Random): Life {
  const requester = `p${random.whole(0, PEOPLE - 1)}`;
  const durationSeconds = random.pick(MINUTES) * 60;
  const principalArn = `arn:aws:iam::${ACCOUNT}:role/people/${requester}` as const;
  const returned = random.chance(RETURNED);
  const slow = random.chance(SLOWLY_ADDED);
  // Each asks for something else: the same terms are asked for once at a time.
  const access = {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace" as const, namespaces: [`payments-${n}`] },
  };
  const changed = { id: countedId(n), requester, principalArn, access, durationSeconds };
  return {
    askedAt: random.between(0, withinSeconds),
    first: (createdAt) => aFirstStep({ ...changed, cluster: PROD, createdAt }),
    moves: [
      move(random.between(20, 600), approval),
      move(random.between(1.5, slow ? 90 : 4.5), (last, at) =>
        aStep(last, { type: "activate", at }),
      ),
      returned ? givenBack(durationSeconds, random) : expiry(random),
      // The run that made the calls to EKS stores their answers.
      move(0.2, (last, at) => aStep(last, { type: "evidence", at })),
      move(random.between(57, 117), (last, at) => aStep(last, { type: "settle", at })),
    ],
  };
}

const move = (seconds: number, step: Move["step"]): Move => ({ after: () => seconds, step });

/** Deadlines are whole minutes, as in the broker. */
function approval(request: AccessRequest, at: string): Step {
  const expiresAt = floorTo(plusSeconds(at, request.durationSeconds), 60);
  const revokeAt = plusSeconds(expiresAt, -MARGIN_SECONDS);
  const approvals = [{ person: "bob", surface: "slack" as const, at, proof: {} }];
  const changes = { approvals, expiresAt, revokeAt };
  return aStep(request, { type: "approve", actor: "bob", at, changes });
}

const givenBack = (durationSeconds: number, random: Random): Move =>
  move(durationSeconds * random.between(0.1, 0.6), (request, at) =>
    aStep(request, {
      type: "return",
      actor: request.requester,
      at,
      changes: { outcome: { code: "returned", detail: `Returned by ${request.requester}.` } },
    }),
  );

/** Scheduler fires within a minute: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
function expiry(random: Random): Move {
  const late = random.between(0, 62);
  return {
    after: ({ revokeAt, updatedAt }) => secondsBetween(updatedAt, revokeAt ?? updatedAt) + late,
    step: (request, at) =>
      aStep(request, {
        type: "expire",
        at,
        changes: { outcome: { code: "expired", detail: "Its time was over." } },
      }),
  };
}
