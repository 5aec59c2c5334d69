/** How the oracle judges a decision under a delegation that ends at almost the same time. */
import { expect, it } from "vitest";
import { POLICY } from "../../../../lab/simulation/sim-policy.ts";
import { instantOf } from "../../../../lab/simulation/virtual-time.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

const SECOND = 1_000;
const REQUEST = "01935e00-0000-7000-8000-000000000006";
const DELEGATION = "01935e00-0000-7000-8000-000000000005";
/** Only a lead may approve it, and eve is one. */
const RULE = POLICY.rules.find(({ approval }) =>
  approval.every(({ groups, count }) => count === 1 && groups.includes("leads")),
);

/** The invariants that a beginning breaks, by the seconds at which things happen. */
function broken(times: {
  readonly approved: number;
  /** The instant of the end by the clock of whoever stored it. */
  readonly ended: number;
  readonly endStored: number;
  readonly runStarted: number;
}): readonly string[] {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const { oracle, time } = makeWorld(1, options, () => undefined);
  const { facts, delegations } = oracle;
  const began = time.now;
  const at = (seconds: number) => instantOf(began + seconds * SECOND);
  let now = began;
  Object.defineProperty(facts, "now", { get: () => now });
  const proof = { gatewayRequestId: "q", callerId: "eve" };
  const record = { delegationId: DELEGATION, actor: "eve", hash: "", previousHash: "", proof };
  const window = { from: at(0), until: at(600) };
  delegations.stored({
    ...record,
    ...{ seq: 1, type: "delegate", at: at(0), policyHash: POLICY.hash },
    details: { to: "mia", ...window, surface: "api" },
  } as unknown as Parameters<typeof delegations.stored>[0]);
  now = began + times.endStored * SECOND;
  delegations.stored({
    ...record,
    ...{ seq: 2, type: "undelegate", at: at(times.ended), policyHash: POLICY.hash },
    details: { surface: "api" },
  } as unknown as Parameters<typeof delegations.stored>[0]);
  const approval = {
    person: "mia",
    onBehalfOf: { person: "eve", delegation: DELEGATION },
    at: at(times.approved),
  };
  const request = { id: REQUEST, requester: "ben", rule: RULE?.name, approvals: [approval] };
  facts.options.tables.requests.set(REQUEST, request as unknown as AccessRequest);
  now = began + 100 * SECOND;
  const startedAt = began + times.runStarted * SECOND;
  facts.current = { invocation: { startedAt }, late: false } as unknown as typeof facts.current;
  delegations.begun([REQUEST]);
  return oracle.violations.map(({ invariant }) => invariant);
}

it.each([
  ["a decision before the end", 30, 40, 40, 50, []],
  ["a decision after the end", 45, 40, 40, 50, ["delegated-in-right"]],
  ["an end that is stored after the run began, and dated before the decision", 45, 40, 60, 50, []],
] as const)(
  "A grant that begins by %s breaks %j",
  (_what, approved, ended, endStored, runStarted, invariants) => {
    expect(broken({ approved, ended, endStored, runStarted })).toEqual(invariants);
  },
);
