/** Lives of one access entry whose whole room is lent. */
import fc from "fast-check";
import { APPLIED_UNANSWERED, LANDS_LATE, LOST, THROTTLED } from "../../lab/fakes/faults.ts";
import { longNames } from "../../lab/fakes/shared-entry.ts";
import type { Access } from "../../shared/domain/requests/request.ts";

/** The bound of size that a life is about. */
export const BOUNDS = ["namespaces", "grants", "policies", "owner", "fuses"] as const;
export type Bound = (typeof BOUNDS)[number];

const PEOPLE = ["dora", "erin", "finn"] as const;

/** Access policies that the rule of these lives lends. */
export const POLICIES = [
  "AmazonEKSEditPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEKSAdminPolicy",
  "AmazonEKSAdminViewPolicy",
] as const;

/** How many grants are asked for at first, and how large each is. */
const FIRST: Readonly<Record<Bound, { readonly grants: number; readonly namespaces: number }>> = {
  namespaces: { grants: 30, namespaces: 50 },
  grants: { grants: 330, namespaces: 1 },
  policies: { grants: 24, namespaces: 50 },
  owner: { grants: 4, namespaces: 50 },
  fuses: { grants: 3, namespaces: 5 },
};

/** The first requests, in turns. */
export const firstOf = (bound: Bound): readonly { by: string; access: Access }[] =>
  Array.from({ length: FIRST[bound].grants }, (_, at) => ({
    by: PEOPLE[at % PEOPLE.length] ?? "dora",
    access: {
      policy: POLICIES[bound === "policies" ? at % POLICIES.length : at % 2] ?? POLICIES[0],
      scope: { type: "namespace", namespaces: longNames(`first-${at}`, FIRST[bound].namespaces) },
    },
  }));

const anyFault = fc.record({
  kind: fc.constant("fault" as const),
  operation: fc.constantFrom(
    "AssociateAccessPolicy",
    "DisassociateAccessPolicy",
    "DeleteAccessEntry",
    "CreateAccessEntry",
    "DescribeAccessEntry",
  ),
  fault: fc.constantFrom(LOST, LANDS_LATE, APPLIED_UNANSWERED, THROTTLED),
});

const anyAsk = fc.record({
  kind: fc.constant("ask" as const),
  by: fc.constantFrom(...PEOPLE),
  policy: fc.constantFrom(...POLICIES),
  namespaces: fc.integer({ min: 1, max: 50 }),
  minutes: fc.integer({ min: 5, max: 240 }),
});

const anyMove = fc.oneof(
  anyAsk,
  anyFault,
  fc.record({
    kind: fc.constant("end" as const),
    nth: fc.nat(400),
    count: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    kind: fc.constant("owner" as const),
    policy: fc.constantFrom(...POLICIES),
    namespaces: fc.constantFrom(0, 40, 400, 1_500, 3_300),
  }),
  fc.record({ kind: fc.constant("scheduler" as const), isDown: fc.boolean() }),
  fc.record({
    kind: fc.constant("crash" as const),
    site: fc.constantFrom(
      "ledgers.save",
      "entries.associate",
      "schedules.armFuse",
      "requests.saveAll",
    ),
  }),
  fc.record({
    kind: fc.constant("overlap" as const),
    site: fc.constantFrom("entries.associate", "entries.disassociate", "ledgers.save"),
  }),
  fc.record({ kind: fc.constant("late" as const) }),
);

/** The events of a life, and the seconds before the run that follows each. */
export const anyMoves = fc.array(
  fc.record({ move: anyMove, seconds: fc.constantFrom(1, 20, 60, 60, 120, 400) }),
  { minLength: 6, maxLength: 14 },
);

export type Move = typeof anyMove extends fc.Arbitrary<infer One> ? One : never;
