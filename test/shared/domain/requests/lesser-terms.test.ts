import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anOffer, aRequest } from "../../../../lab/fakes/builders.ts";
import { digestOf } from "../../../../shared/domain/requests/digest.ts";
import {
  areTrueTerms,
  isForTerms,
  isWithin,
  lessening,
} from "../../../../shared/domain/requests/lesser-terms.ts";
import { transition } from "../../../../shared/domain/requests/lifecycle.ts";
import type {
  Access,
  AccessRequest,
  Approval,
  LessenedTerms,
} from "../../../../shared/domain/requests/request.ts";
import { patternCovers } from "../../../../shared/domain/values/namespace-pattern.ts";

const inNamespaces = (...namespaces: string[]): Access => ({
  policy: "AmazonEKSEditPolicy",
  scope: { type: "namespace", namespaces },
});
const CLUSTER: Access = { policy: "AmazonEKSEditPolicy", scope: { type: "cluster" } };
const VIEW: Access = {
  policy: "AmazonEKSViewPolicy",
  scope: { type: "namespace", namespaces: ["a"] },
};

/** Every pair of these is a row of the table; `LESS` names the pairs that are less or equal. */
const ACCESSES: Readonly<Record<string, Access>> = {
  a: inNamespaces("a"),
  "a b": inNamespaces("a", "b"),
  "a*": inNamespaces("a*"),
  "*": inNamespaces("*"),
  none: inNamespaces(),
  cluster: CLUSTER,
  "view a": VIEW,
  "g h": { groups: ["g", "h"] },
  "g i": { groups: ["g", "i"] },
  g: { groups: ["g"] },
};
const LESS: Readonly<Record<string, readonly string[]>> = {
  a: ["a", "a b", "a*", "*"],
  "a b": ["a b", "*"],
  "a*": ["a*", "*"],
  "*": ["*"],
  none: [],
  cluster: ["cluster"],
  "view a": ["view a"],
  "g h": ["g h"],
  "g i": ["g i"],
  g: ["g"],
};
const PAIRS = Object.keys(ACCESSES).flatMap((inner) =>
  Object.keys(ACCESSES).map((outer) => ({ inner, outer })),
);

describe("Terms that are less than others", () => {
  it.each(PAIRS)("$inner follows the table against $outer", ({ inner, outer }) => {
    const lasting = (access: Access | undefined, durationSeconds: number) => ({
      access: access ?? CLUSTER,
      durationSeconds,
    });
    const is = LESS[inner]?.includes(outer) ?? false;
    const other = lasting(ACCESSES[outer], 600);
    expect(isWithin(lasting(ACCESSES[inner], 600), other)).toBe(is);
    expect(isWithin(lasting(ACCESSES[inner], 300), other)).toBe(is);
    expect(isWithin(lasting(ACCESSES[inner], 601), other)).toBe(false);
  });
});

const SOME = aRequest({
  access: inNamespaces("a-*", "b", "c"),
  durationSeconds: 3_600,
  rule: "r",
});
const anyTerms = fc.record({
  access: fc
    .uniqueArray(fc.constantFrom("a-*", "a-1", "a-2", "b", "c", "d", "*"), { maxLength: 4 })
    .map((names) => inNamespaces(...names)),
  durationSeconds: fc.constantFrom(300, 1_800, 3_600, 7_200),
});
const within = (inner: LessenedTerms, outer: LessenedTerms): boolean => {
  const [a, b] = [inner, outer].map(({ access }) =>
    "scope" in access && access.scope.type === "namespace" ? access.scope.namespaces : [],
  );
  return (
    inner.durationSeconds <= outer.durationSeconds &&
    (a?.length ?? 0) > 0 &&
    (a ?? []).every((name) => (b ?? []).some((pattern) => patternCovers(pattern, name)))
  );
};

describe("The history of a request", () => {
  it("No step ever makes a request's terms more, whatever a history says", () => {
    fc.assert(
      fc.property(fc.array(anyTerms, { maxLength: 5 }), (offers) => {
        let request: AccessRequest = SOME;
        const seen: AccessRequest[] = [SOME];
        for (const offer of offers) {
          const isLess = within(offer, request);
          const next = () => anOffer(request, offer, "pending").request;
          if (!isLess) {
            expect(next).toThrow(expect.objectContaining({ code: "invariant-broken" }));
            continue;
          }
          request = next();
          for (const earlier of seen) expect(within(request, earlier)).toBe(true);
          seen.push(request);
        }
        expect(request.earlierTerms ?? []).toEqual(
          seen.slice(0, -1).map(({ access, durationSeconds, digest }) => ({
            access,
            durationSeconds,
            digest,
          })),
        );
        expect(digestOf(request)).toBe(request.digest);
      }),
    );
  });

  const offer = { access: inNamespaces("b"), durationSeconds: 600 };
  const details = {
    person: "bob",
    surface: "api",
    at: "",
    proof: {},
    digest: digestOf({ ...SOME, ...offer }),
    less: lessening(SOME, offer),
  } as const;
  const step = (over: object) =>
    transition(SOME, {
      type: "approve",
      actor: "bob",
      at: SOME.updatedAt,
      policyHash: "p",
      details: { ...details, ...over },
    });
  it("An approval for less changes the terms, and nothing else that an approver was shown", () => {
    const { request } = step({});
    expect(request).toMatchObject({ ...offer, digest: details.digest });
    const { access: _a, durationSeconds: _d, ...rest } = request;
    const { access, durationSeconds } = SOME;
    expect(digestOf({ ...rest, access, durationSeconds })).toBe(SOME.digest);
  });
  it.each([
    ["with the digest of the terms before", { digest: SOME.digest }],
    ["without a digest", { digest: undefined }],
    ["of other terms than the request's", { less: lessening(aRequest(), offer) }],
    ["for longer", { less: lessening(SOME, { ...offer, durationSeconds: 3_601 }) }],
  ])("An approval for less is refused %s", (_, over) => {
    expect(() => step(over)).toThrow(expect.objectContaining({ code: "invariant-broken" }));
  });
});

describe("An approval", () => {
  const approval = (digest?: string): Approval => ({
    person: "bob",
    surface: "api",
    at: "",
    proof: {},
    ...(digest === undefined ? {} : { digest }),
  });
  const offered = anOffer(SOME, { durationSeconds: 600 }, "pending").request;

  it("An approval is for the present terms, and for those that they are less than", () => {
    expect(isForTerms(offered, approval(offered.digest))).toBe(true);
    expect(isForTerms(offered, approval(SOME.digest))).toBe(true);
    expect(isForTerms(SOME, approval(offered.digest))).toBe(false);
    expect(isForTerms(offered, approval("0".repeat(64)))).toBe(false);
  });
  it("Once it became break-glass, only an approval for its terms since is for them", () => {
    const from = { rule: "x", durationSeconds: 7_200, startsAt: null, digest: SOME.digest };
    const glass = { ...offered, breakGlass: true, escalatedFrom: from, digest: "f".repeat(64) };
    expect(isForTerms(glass, approval("f".repeat(64)))).toBe(true);
    for (const digest of [offered.digest, SOME.digest, undefined])
      expect(isForTerms(glass, approval(digest))).toBe(false);
  });
  it("An approval of an earlier release is for the only terms there are, and for no others", () => {
    expect(isForTerms(SOME, approval())).toBe(true);
    expect(isForTerms(offered, approval())).toBe(false);
  });
  it("An approval for terms that the present ones exceed counts for nothing", () => {
    const [asked] = offered.earlierTerms ?? [];
    if (!asked) throw new Error("The request has no earlier terms.");
    const widened = { ...offered, durationSeconds: 7_200 };
    expect(isForTerms(widened, approval(asked.digest))).toBe(false);
  });
});

describe("Earlier terms in a table", () => {
  const once = anOffer(SOME, { durationSeconds: 1_800 }, "pending").request;
  const twice = anOffer(once, { access: inNamespaces("b") }, "pending").request;
  const [first, second] = twice.earlierTerms ?? [];

  it("The terms of a request are true with none before, with one, and with two", () => {
    expect([SOME, once, twice].map(areTrueTerms)).toEqual([true, true, true]);
  });
  it.each<[string, Partial<AccessRequest>]>([
    ["have another digest than their own", { earlierTerms: [{ ...SOME, digest: once.digest }] }],
    ["claim to be wider under their digest", { earlierTerms: [{ ...SOME, durationSeconds: 1 }] }],
    ["stand in another order", { earlierTerms: [second, first].flatMap((one) => one ?? []) }],
    ["are those of now", { earlierTerms: [first, second, twice].flatMap((one) => one ?? []) }],
    ["were approved by nobody", { approvals: [] }],
    ["were approved by nobody at one step", { approvals: twice.approvals.slice(0, 1) }],
  ])("Earlier terms are not true if they %s", (_, forged) => {
    expect(areTrueTerms({ ...twice, ...forged })).toBe(false);
  });
});
