/**
 * Every field of a grant's record, forged at every point of its life. A forger gains no longer stay, no
 * other principal, no other cluster and no other access, and holds up nobody else.
 */
import { describe, expect, it } from "vitest";
import { failCalls, forge, UNANSWERED } from "../../../../../lab/fakes/broker-sights.ts";
import { BOB, PROD, STAGING } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";

const LATER = "2026-12-24T10:00:00.000Z";
const EARLIER = "2026-11-24T09:00:00.000Z";
/** Values of every form: one of them fits each field. */
const ANY: readonly unknown[] = [undefined, null, "x", {}];

/** Values of the right form that claim something else. */
const CLAIMS: Readonly<Record<keyof AccessRequest, readonly unknown[]>> = {
  schema: [2],
  id: [countedId(2), countedId(77)],
  version: [1, 99],
  state: ["pending", "approved", "active", "ending", "ended", "failed"],
  requester: ["bob", "carol"],
  cluster: [
    { name: "staging", arn: STAGING.arn },
    { name: "prod", arn: STAGING.arn },
    { name: "staging", arn: PROD.arn },
  ],
  principalArn: [BOB],
  access: [view("payments-api"), edit("payments-web"), edit("payments-api", "payments-web")],
  durationSeconds: [60, 86_400],
  reason: ["INC-1 another reason"],
  rule: ["break-glass", "view-staging"],
  breakGlass: [true],
  machine: [true],
  via: [{ protocol: "mcp", client: "x" }],
  askedWith: [["018f0000-0000-7000-8000-000000000009"]],
  review: [{ by: ["platform"], dueAt: LATER, closed: null }],
  requirements: [[{ groups: ["platform"], count: 1 }]],
  onCall: [{ onCall: "primary", schedule: "x", person: "PA11CE", readAt: EARLIER, until: LATER }],
  ticket: ["PAY-1"],
  askedFirst: [{ primary: ["carol"] }],
  extends: [countedId(1), countedId(2)],
  until: [LATER],
  shortened: [true],
  extendedBy: [countedId(2)],
  extendedUntil: [LATER],
  endedWith: [countedId(2)],
  startsAt: [EARLIER, LATER],
  createdAt: [EARLIER, LATER],
  updatedAt: [EARLIER, LATER],
  lapsesAt: [EARLIER, LATER],
  digest: ["0".repeat(64)],
  earlierTerms: [[{ access: edit("payments-web"), durationSeconds: 86_400, digest: "0" }]],
  escalatedFrom: [{ rule: "view-staging", durationSeconds: 60, startsAt: null, digest: "0" }],
  filed: [{ terms: "x", groups: ["payments"] }],
  policyHash: ["0".repeat(64)],
  approvals: [[{ person: "alice", surface: "api", at: EARLIER, proof: {} }]],
  approvedAt: [EARLIER, LATER],
  listed: [true],
  effectiveAt: [EARLIER, LATER],
  revokeAt: [EARLIER, LATER],
  expiresAt: [EARLIER, LATER],
  endedAt: [EARLIER],
  endProof: [{ hadBegun: true, readAt: EARLIER, stayed: [], stayedBy: [] }],
  outcome: [{ code: "expired", detail: "It is over." }],
  lastHash: ["0".repeat(64)],
};

/** The points in a grant's life at which its record is forged, and the way there. */
const POINTS = {
  "before it begins": async (broker: MemoryBroker) => broker.grant(),
  "while it is active": async (broker: MemoryBroker) => broker.activeGrant(),
  "while its removal is unanswered": async (broker: MemoryBroker) => {
    const grant = await broker.activeGrant();
    failCalls(broker, "DisassociateAccessPolicy", UNANSWERED, { times: 1 });
    await broker.convergeAtEnd(grant);
    return grant;
  },
} as const;

/** A look at the entry. */
interface Sight {
  readonly at: string;
  readonly targets: Readonly<Record<string, readonly string[]>>;
}

/** Plays one life with a forged record, beside one true grant that ends sooner and one that ends later. */
async function play(point: keyof typeof POINTS, change: object) {
  const broker = memoryBroker();
  const long = await broker.activeGrant({ access: view("payments-api"), durationSeconds: 7_200 });
  const brief = await broker.activeGrant({ access: edit("payments-web"), durationSeconds: 1_200 });
  const grant = await POINTS[point](broker);
  forge(broker, await broker.reload(grant), change);
  const sights: Sight[] = [];
  const look = async () => {
    await broker.converge();
    sights.push({ at: broker.clock.now(), targets: broker.actual()?.targets ?? {} });
  };
  await look();
  for (const { revokeAt } of [brief, grant])
    while (broker.clock.now() < (revokeAt ?? "")) {
      broker.clock.advance(1_800);
      if (broker.clock.now() > (revokeAt ?? "")) broker.clock.set(revokeAt ?? "");
      await look();
    }
  return { broker, long, brief, grant, sights };
}

/** The access that was lent on the entry at an instant, or may have been. */
function lentAt(at: string, brief: AccessRequest, grant: AccessRequest) {
  const isOpen = ({ revokeAt }: AccessRequest) => at < (revokeAt ?? "");
  return [
    `${VIEW} ns/payments-api`,
    ...(isOpen(brief) ? [`${EDIT} ns/payments-web`] : []),
    ...(isOpen(grant) ? [`${EDIT} ns/payments-api`] : []),
  ];
}

const there = ({ targets }: Sight): readonly string[] =>
  Object.entries(targets).flatMap(([target, elements]) =>
    elements.map((element) => `${target} ${element}`),
  );

describe.each(Object.keys(POINTS) as (keyof typeof POINTS)[])("A record forged %s", (point) => {
  it.each(Object.keys(CLAIMS) as (keyof AccessRequest)[])(
    "A forged %s gains nothing and holds up nothing",
    async (field) => {
      for (const value of [...CLAIMS[field], ...ANY]) {
        const { broker, long, brief, grant, sights } = await play(point, { [field]: value });
        for (const sight of sights) {
          expect(lentAt(sight.at, brief, grant)).toEqual(expect.arrayContaining([...there(sight)]));
          expect(there(sight)).toContain(`${VIEW} ns/payments-api`);
        }
        expect(broker.entries.peek(broker.addressOf(PROD.arn, BOB))).toBeUndefined();
        expect(broker.entries.peek(broker.addressOf(STAGING.arn))).toBeUndefined();
        expect(await broker.states(long)).toEqual(["active"]);
        expect(broker.fuses()).toHaveProperty([VIEW]);
        await broker.convergeAtEnd(long);
        expect(broker.actual()).toBeUndefined();
      }
    },
  );
});
