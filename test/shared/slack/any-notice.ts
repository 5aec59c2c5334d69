/** Notices of every kind and state, also of strange and long content. */
import fc from "fast-check";
import { PROD, T0 } from "../../../lab/fakes/builders.ts";
import { countedId } from "../../../lab/fakes/counted-ids.ts";
import type {
  DelegationNotice,
  DelegationNoticeKind,
  Notice,
  NoticeAction,
  RequestNotice,
  RequestNoticeKind,
} from "../../../shared/domain/notices/notice.ts";
import { delegationSubject } from "../../../shared/domain/notices/subject.ts";
import { type Access, STATES } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { anyFindingNotice } from "./any-finding.ts";
import { anyStopNotice } from "./any-stop.ts";
import { strange } from "./strange-text.ts";

export const KINDS: readonly RequestNoticeKind[] = [
  "request",
  "decision-wanted",
  "approved-less",
  "waiting",
  "scheduled",
  "access",
  "ends-soon",
  "over",
  "break-glass",
  "review-wanted",
  "review-reminder",
  "review-overdue",
  "escalation",
  "reminder",
];

const ACTIONS: readonly NoticeAction[] = [
  "approve",
  "approve-less",
  "deny",
  "details",
  "revoke",
  "review",
  "cancel",
  "escalate",
  "return",
  "extend",
  "ask-again",
];

type Facts = RequestNotice["facts"];

/** Bob gives half an hour in place of an hour. */
export const LESS: NonNullable<Facts["less"]>[number] = (() => {
  const scope = { type: "namespace", namespaces: ["payments-api"] } as const;
  const terms = { access: { policy: "AmazonEKSEditPolicy", scope }, digest: "d".repeat(64) };
  return {
    by: "bob",
    before: { ...terms, durationSeconds: 3_600 },
    after: { ...terms, durationSeconds: 1_800 },
  };
})();

/** A notice to a channel; alice asks to edit `payments-api` on prod for an hour. */
export const aNotice = (
  kind: RequestNoticeKind,
  facts: Partial<Facts> = {},
  changed: Partial<RequestNotice> = {},
): RequestNotice => ({
  subject: countedId(1),
  key: `${kind}@C0001`,
  kind,
  audience: { kind: "channel", channel: "C0001" },
  facts: {
    requestId: countedId(1),
    digest: "d".repeat(64),
    state: "pending",
    requester: "alice",
    cluster: PROD.name,
    clusterArn: PROD.arn,
    principalArn: "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice",
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-api"] },
    },
    durationSeconds: 3_600,
    reason: "INC-4711 stuck rollout",
    rule: "payments-edit",
    breakGlass: false,
    startsAt: null,
    revokeAt: null,
    expiresAt: null,
    lapsesAt: plusSeconds(T0, 86_400),
    endedAt: null,
    approvers: [],
    stillNeeded: [],
    outcome: null,
    decidedHere: true,
    ...(kind === "approved-less" ? { less: [LESS] } : {}),
    ...facts,
  },
  actions: [],
  send: true,
  precedence: "next",
  notBefore: null,
  ...changed,
});

const names = fc.array(strange(70), { maxLength: 100, size: "max" });
const fewNames = fc.array(strange(70), { maxLength: 6 });
const instant = fc.integer({ min: 0, max: 1e9 }).map((seconds) => plusSeconds(T0, seconds));
const maybe = fc.option(instant);

const access: fc.Arbitrary<Access> = fc.oneof(
  fc.record({ groups: fc.array(strange(128), { minLength: 1, maxLength: 100, size: "max" }) }),
  fc.record({
    policy: strange(100),
    scope: fc.oneof(
      fc.constant({ type: "cluster" as const }),
      names.map((namespaces) => ({ type: "namespace" as const, namespaces })),
    ),
  }),
);

const terms = fc.record({
  access,
  durationSeconds: fc.integer({ min: 0, max: 1e7 }),
  digest: fc.constant("d".repeat(64)),
});

const someFacts = fc.record({
  requestId: fc.constant(countedId(1)),
  digest: fc.constant("d".repeat(64)),
  state: fc.constantFrom(...STATES),
  requester: strange(64),
  cluster: strange(100),
  clusterArn: fc.constantFrom(PROD.arn, "no ARN"),
  principalArn: fc.constantFrom(
    "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice",
    "arn:aws:iam::111122223333:role/people/alice",
    "no ARN",
  ),
  access,
  durationSeconds: fc.integer({ min: 0, max: 1e7 }),
  reason: strange(500),
  rule: strange(64),
  breakGlass: fc.boolean(),
  startsAt: maybe,
  revokeAt: maybe,
  expiresAt: maybe,
  lapsesAt: instant,
  endedAt: maybe,
  approvers: names,
  stillNeeded: fc.array(
    fc.record(
      {
        groups: names,
        count: fc.integer({ min: 1, max: 99 }),
        people: names,
        second: fc.record({
          groups: fewNames,
          people: fewNames,
          askedFrom: instant,
          isAsked: fc.boolean(),
        }),
      },
      { requiredKeys: ["groups", "count", "people"] },
    ),
    { maxLength: 20 },
  ),
  outcome: fc.option(fc.record({ code: strange(30), detail: strange(1_000) })),
  decidedHere: fc.boolean(),
});

const extension = fc.record(
  {
    extends: fc.constant(countedId(2)),
    until: instant,
    extendedBy: fc.constant(countedId(3)),
    suspended: fc.record({ by: strange(64), liftedBy: names }),
  },
  { requiredKeys: [] },
);

const facts: fc.Arbitrary<Facts> = fc
  .tuple(
    someFacts,
    extension,
    fc.array(fc.record({ by: strange(64), before: terms, after: terms }), { maxLength: 5 }),
    fc.option(fc.array(fc.record({ person: strange(64), until: instant }), { maxLength: 12 })),
  )
  .map(([each, more, less, delegators]) => ({
    ...each,
    ...more,
    ...(less.length === 0 ? {} : { less }),
    ...(delegators === null ? {} : { delegators }),
  }));

const parts = fc.array(fc.record({ facts, actions: fc.subarray([...ACTIONS]) }), {
  minLength: 1,
  maxLength: 4,
});

const requestNotice: fc.Arbitrary<RequestNotice> = fc
  .tuple(
    fc.record({
      subject: fc.constant(countedId(1)),
      key: fc.constant("any"),
      kind: fc.constantFrom(...KINDS),
      audience: fc.oneof(
        fc.constant({ kind: "channel" as const, channel: "C0001" }),
        fc.constant({ kind: "person" as const, person: "alice" }),
      ),
      facts,
      actions: fc.subarray([...ACTIONS]),
      send: fc.boolean(),
      precedence: fc.constantFrom("first" as const, "next" as const, "last" as const),
      notBefore: fc.constant(null),
    }),
    fc.option(parts),
  )
  .map(([notice, more]) => ({ ...notice, ...(more === null ? {} : { parts: more }) }));

const DELEGATION_KINDS: readonly DelegationNoticeKind[] = [
  "delegation-coming",
  "delegation-begun",
  "delegation-over",
];

const delegationNotice: fc.Arbitrary<DelegationNotice> = fc
  .record({
    kind: fc.constantFrom(...DELEGATION_KINDS),
    by: strange(64),
    to: strange(64),
    from: instant,
    until: instant,
    ended: fc.option(fc.record({ person: strange(64), at: instant })),
    toDelegator: fc.boolean(),
  })
  .map(({ kind, toDelegator, ...facts }) => ({
    subject: delegationSubject(countedId(1)),
    key: "any",
    kind,
    audience: { kind: "person", person: toDelegator ? facts.by : facts.to },
    facts: { delegationId: countedId(1), ...facts },
    actions: [],
    send: true,
    precedence: "next",
    notBefore: null,
  }));

export const anyNotice: fc.Arbitrary<Notice> = fc.oneof(
  requestNotice,
  anyFindingNotice,
  delegationNotice,
  anyStopNotice,
);
