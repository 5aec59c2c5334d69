/** The observations of a run without a fault: one grant of alice's that ran out, shown in Slack. */
import type { Seen, SeenRequest } from "../../../lab/chaos/judge/seen.ts";
import { chained } from "../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { CHAIN_START } from "../../../shared/domain/values/hash-chain.ts";
import type { EvidenceAnswer, RequestAnswer } from "../../../shared/http/contract/answers.ts";

const NOON = Date.parse("2026-11-28T12:00:00.000Z");
/**
 * The time this number of seconds after the grant was approved: as milliseconds since 1970, and as
 * text.
 */
export const at = (seconds: number): number => NOON + seconds * 1_000;
export const instant = (seconds: number): string => new Date(at(seconds)).toISOString();

export const ALICE = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";
export const EDIT = "AmazonEKSEditPolicy:payments-api";

/** The actor of each step, by default. */
const ACTORS: Readonly<Partial<Record<AuditEvent["type"], string>>> = {
  request: "alice",
  approve: "bob",
  return: "alice",
  revoke: "carol",
};

/** A history with these steps, each with its second. */
export function historyOf(
  ...steps: readonly (readonly [AuditEvent["type"], number, string?])[]
): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (const [index, [type, seconds, actor = ACTORS[type] ?? "timelatch"]] of steps.entries())
    events.push(
      chained({
        schema: 1,
        requestId: "r1",
        seq: index + 1,
        type,
        from: "active",
        to: type === "settle" ? "ended" : "ending",
        actor,
        at: instant(seconds),
        policyHash: "p",
        details: { proof: {} },
        previousHash: events.at(-1)?.hash ?? CHAIN_START,
      } as Parameters<typeof chained>[0]),
    );
  return events;
}

/** Only what the judgements look at. */
const REQUEST = {
  id: "r1",
  version: 5,
  state: "ended",
  reason: "INC-4711 chaos 1 life 1 of the run",
  requester: "alice",
  rule: "payments-edit",
  outcome: null,
  cluster: "prod",
  clusterArn: "arn:aws:eks:us-west-2:111122223333:cluster/prod",
  principalArn: ALICE,
  access: {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace", namespaces: ["payments-api"] },
  },
  effectiveAt: null,
  endedAt: null,
  startsAt: null,
  approvedAt: instant(0),
  revokeAt: instant(30),
  expiresAt: instant(40),
} as unknown as RequestAnswer;

export const GRANT: SeenRequest = {
  request: REQUEST,
  events: historyOf(
    ["request", -1],
    ["approve", 0],
    ["activate", 2],
    ["expire", 31],
    ["settle", 34],
  ),
  evidence: {
    calls: [
      { operation: "AssociateAccessPolicy", requestId: "e1", at: instant(1), state: "confirmed" },
    ],
    records: [],
    findings: [],
  } as unknown as EvidenceAnswer,
};

/** Seen from the first second until what begins the removal. */
export const presence = (
  over: Partial<Seen["presences"][number]> = {},
): Seen["presences"][number] => ({
  cluster: "prod",
  principalArn: ALICE,
  element: EDIT,
  isStanding: false,
  from: at(1),
  to: at(31),
  ...over,
});

export const CLEAN: Seen = {
  seed: 1,
  isSmall: false,
  deeds: [],
  promises: [{ id: "r1", expiresAt: instant(40) }],
  answered: new Map([[1, REQUEST]]),
  requests: [GRANT],
  presences: [presence()],
  claims: [],
  remade: [],
  remadeRoles: [],
  outsideCalls: [],
  findings: [],
  delegations: [],
  suspensions: [],
  attacks: [],
  intrusions: [],
  restores: [],
  adopted: [],
  refusedCalls: [],
  strips: [],
  bus: new Set(["r1", "r2", "r3"].flatMap((id) => [1, 2, 3, 4, 5].map((seq) => `${id}#${seq}`))),
  disturbances: [],
  slow: [],
  deadLetters: { dead: [] },
  leftovers: [],
  remarks: [],
  messages: [
    {
      channel: "C0001",
      text: "alice asked. The access of this grant has ended.",
      blocks: `["${REQUEST.reason}"]`,
    },
  ],
  kubectl: [
    { person: "alice", cluster: "prod", question: "create deployments", answer: "no", at: at(90) },
  ],
  settlingFrom: at(60),
  settledAt: at(80),
};
