/**
 * Bodies, from sensible to absurd, at the real parser and the real use case: each is answered, no
 * answer is a fault of the broker's, and nothing is granted that a second, naive reading of the
 * policy would not grant.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import { askOf, requestBody } from "../../shared/http/contract/request-body.ts";
import { parseBody } from "../../shared/http/server/parse-body.ts";
import { problemOf } from "../../shared/http/server/problem-details.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { createRequest } from "../../shared/usecases/requests/create-request.ts";
import { previewRequest } from "../../shared/usecases/requests/preview-request.ts";
import { naivelyAllowed, type PolicyFile, type SentBody } from "./naive-policy.ts";
import { fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

const role = (name: string, account = "111122223333") => `arn:aws:iam::${account}:role/${name}`;
const clusterArn = (name: string) => `arn:aws:eks:us-west-2:111122223333:cluster/${name}`;
const one = [{ groups: ["leads"], count: 1 }];
const person = (name: string, groups: readonly string[], principals: readonly string[]) => ({
  email: `${name}@example.com`,
  groups,
  identities: { iam: [role(`people/${name}`)] },
  principals,
});

const FILE: PolicyFile = {
  version: 1,
  clusters: {
    prod: { arn: clusterArn("prod") },
    staging: { arn: clusterArn("staging") },
    old: { arn: clusterArn("old"), retired: true },
  },
  people: {
    alice: person("alice", ["payments"], [role("people/alice")]),
    bob: person("bob", ["leads", "team"], [role("people/bob"), role("people/bob-2")]),
    carol: person("carol", ["sre"], [role("people/carol"), role("people/carol", "999988887777")]),
    dan: person("dan", ["team"], [role("shared")]),
    eve: person("eve", ["team", "sre"], [role("shared")]),
    mallory: person("mallory", [], [role("people/mallory")]),
  },
  roles: { admins: ["sre"] },
  rules: [
    {
      name: "payments-edit",
      who: { groups: ["payments"] },
      clusters: ["prod", "old"],
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["payments-*"] },
      duration: { max: "4h", default: "1h" },
      approval: one,
      reason: { minLength: 10, ticket: "^INC-[0-9]+$" },
    },
    {
      name: "payments-wide",
      who: { people: ["alice"] },
      clusters: ["staging"],
      access: {
        policies: ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"],
        namespaces: ["*-api", "payments-*-x", "kube-system"],
        wildcards: true,
      },
      duration: { max: "30m" },
      approval: one,
    },
    {
      name: "team-view",
      who: { groups: ["team"] },
      clusters: ["prod", "staging"],
      access: { policies: ["AmazonEKSViewPolicy"], namespaces: ["team-a", "*"] },
      duration: { max: "8h" },
      approval: "none",
    },
    {
      name: "team-shared",
      who: { groups: ["team"] },
      clusters: ["staging"],
      access: { groups: ["eks-admins", "readers"] },
      duration: { max: "1h" },
      approval: one,
      sharedPrincipals: true,
    },
    {
      name: "break-glass",
      who: { groups: ["sre"] },
      clusters: ["prod"],
      access: { policies: ["AmazonEKSClusterAdminPolicy"], scope: "cluster" },
      duration: { max: "30m" },
      approval: "none",
      breakGlass: true,
      foreignPrincipals: true,
    },
  ],
};

/** Words that fit somewhere, and words that look as if they did. */
const NAMES = ["payments-api", "payments-a-x", "team-a", "team", "x-api", "kube-system", "kube-a"];
const PATTERNS = [
  "payments-*",
  "*",
  "*-api",
  "pay*",
  "payments-*-x",
  "kube-*",
  "k*",
  "*-system",
  "a*-api",
  "**",
  "*a",
];
const BROKEN = [
  "Payments-api",
  "a.b",
  "-a",
  "a-",
  "",
  "pаyments-api",
  "x".repeat(64),
  "*\n",
  "payments-api ",
];
const namespace = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 4, arbitrary: fc.constantFrom(...PATTERNS) },
  { weight: 1, arbitrary: fc.constantFrom(...BROKEN) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 2, arbitrary: fc.stringMatching(/^[-*apikx]{1,6}$/) },
);
const policy = fc.constantFrom(
  "AmazonEKSEditPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEKSClusterAdminPolicy",
  "AmazonEKSAdminPolicy",
  "toString",
);
const junk = fc.oneof(
  fc.constantFrom<unknown>(null, 0, -1, true, [], {}, "", "__proto__", "constructor", [[]], 1e308),
  fc.jsonValue({ maxDepth: 3 }),
);
const scope = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("namespace"),
      namespaces: fc.array(namespace, { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ type: "cluster" }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom("cluster", "all"),
      namespaces: fc.array(namespace, { maxLength: 2 }),
    }),
  },
);
const access = fc.oneof(
  { weight: 6, arbitrary: fc.record({ policy, scope }) },
  {
    weight: 2,
    arbitrary: fc.record({
      groups: fc.array(fc.constantFrom("eks-admins", "readers", "system:masters", "x"), {
        maxLength: 3,
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ policy, scope, groups: fc.constant(["eks-admins"]) }) },
);
/** Mostly left out; the first half of the present values is in order. */
const seldom = <T>(...values: readonly T[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
const often = <T>(good: readonly T[], odd: readonly T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
const body = fc.record({
  cluster: often(["prod", "staging"], ["old", "toString", "__proto__", "none"]),
  access,
  duration: often(
    ["30m", "1h", "4h", undefined],
    ["8h", "5m", "4h1m", "31m", "1h60m", "0m", "1s", "99999m", "P1M", "-1h", "1e3m"],
  ),
  reason: often(
    ["INC-4711 stuck rollout", "INC-12345678901"],
    ["INC-1 x", "no ticket at all", "INC-4711\nforged", "x", "  INC-9 spaces  "],
  ),
  principalArn: seldom(
    role("people/alice"),
    role("shared"),
    role("people/carol", "999988887777"),
    role("alice"),
    "*",
    role("people/bob-2"),
  ),
  rule: seldom("payments-edit", "payments-wide", "team-view", "team-shared", "break-glass", "none"),
  startsAt: seldom("2026-11-24T11:00:00Z", "2026-11-24T09:00:00Z", "2026-02-30T00:00:00Z", "soon"),
});

/** Access that is named twice is requested once. */
const once = (access: unknown): unknown =>
  JSON.parse(JSON.stringify(access), (_, value) =>
    Array.isArray(value) ? [...new Set(value)] : value,
  );

const inNamespaces = (policyName: string, ...namespaces: string[]) => ({
  policy: policyName,
  scope: { type: "namespace", namespaces },
});
const REASON = { duration: "30m", reason: "INC-4711 stuck rollout" };
/** Likely requests, each with its person. */
const LIKELY = [
  ["alice", "prod", inNamespaces("AmazonEKSEditPolicy", "payments-api")],
  ["alice", "staging", inNamespaces("AmazonEKSViewPolicy", "payments-*-x", "x-api")],
  ["alice", "staging", inNamespaces("AmazonEKSEditPolicy", "kube-system")],
  ["bob", "prod", inNamespaces("AmazonEKSViewPolicy", "team-a", "x-api")],
  // Near misses: what a pattern covers, and no rule lends.
  ["bob", "prod", inNamespaces("AmazonEKSViewPolicy", "kube-system")],
  ["bob", "staging", inNamespaces("AmazonEKSViewPolicy", "team-a", "kube-a")],
  ["alice", "staging", inNamespaces("AmazonEKSViewPolicy", "*")],
  ["alice", "staging", inNamespaces("AmazonEKSViewPolicy", "k*-api", "*-api")],
  ["alice", "prod", inNamespaces("AmazonEKSEditPolicy", "payments-*")],
  ["dan", "staging", { groups: ["readers"] }],
  ["eve", "staging", { groups: ["eks-admins", "readers"] }],
  ["carol", "prod", { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } }],
  ["carol", "prod", inNamespaces("AmazonEKSClusterAdminPolicy", "kube-system")],
] as const;
/** The same with one or two members taken from anywhere. */
const likely = fc
  .tuple(
    fc.constantFrom(...LIKELY),
    body,
    fc.subarray(
      ["access", "duration", "reason", "principalArn", "rule", "startsAt", "cluster"] as const,
      { maxLength: 2 },
    ),
  )
  .map(([[by, cluster, asked], other, taken]) => {
    const good: Record<string, unknown> = { cluster, access: asked, ...REASON };
    if (by === "bob") good["principalArn"] = role("people/bob-2");
    for (const name of taken) good[name] = other[name];
    return { by, good };
  });

/** Changes to a text that was JSON. */
const damage = fc.oneof(
  { weight: 12, arbitrary: fc.constant((text: string) => text) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("state", "approvedBy", "__proto__", "constructor", "reason", "cluster"),
        junk,
      )
      .map(
        ([name, value]) =>
          (text: string) =>
            `${text.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(400), fc.nat(3), fc.string({ maxLength: 6, unit: "binary" })).map(
      ([at, gone, put]) =>
        (text: string) =>
          text.slice(0, at) + put + text.slice(at + gone),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("[", '{"a":', "x")
      .map((piece) => (text: string) => piece.repeat(20) + text),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 200, unit: "binary" }).map((text) => () => text) },
);
/** A member anywhere in it, replaced. */
const replaced = fc.tuple(body, fc.nat(6), junk).map(([good, at, value]) => {
  const names = Object.keys(good);
  return { ...good, [names[at % names.length] ?? "access"]: value };
});
const PEOPLE = Object.keys(FILE.people);
const anyone = fc.oneof({ weight: 8, arbitrary: body }, { weight: 2, arbitrary: replaced });
/** Callers and their bodies. */
const call = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: likely },
      { weight: 5, arbitrary: fc.record({ by: fc.constantFrom(...PEOPLE), good: anyone }) },
    ),
    damage,
  )
  .map(([{ by, good }, change]) => ({ by, sent: change(JSON.stringify(good)) }));

describe("any body", () => {
  it("any body gets an answer, and no grant that a naive reading of the policy would refuse", async () => {
    const broker = memoryBroker({
      policy: parseAccessPolicy(JSON.stringify(FILE)),
      settings: {
        requestsPerWindow: Number.MAX_SAFE_INTEGER,
        pendingRequestsPerPerson: Number.MAX_SAFE_INTEGER,
        openGrantsPerPerson: Number.MAX_SAFE_INTEGER,
      },
    });
    const schema = requestBody(broker.front.settings);
    const counts = { allowed: 0, denied: 0, refused: 0 };
    const send = async (by: string, sent: string): Promise<AccessRequest | BrokerError> => {
      try {
        const headers = { "content-type": "application/json" };
        const ask = askOf(parseBody(schema, { body: sent, headers, isBase64Encoded: false }));
        const preview = await previewRequest(broker.front, broker.actor(by), ask);
        const created = await createRequest(broker.front, broker.actor(by), ask, undefined).catch(
          (error: unknown) => error,
        );
        const isAllowed = !(created instanceof BrokerError) || created.code === "duplicate-request";
        // Until converge has run, the room on an entry is counted grant by grant, and a preview counts shared parts once.
        const hasRoom =
          !(created instanceof BrokerError) || created.code !== "too-much-on-one-entry";
        if (hasRoom) expect(preview.allowed).toBe(isAllowed);
        if (created instanceof Error) throw created;
        return created as AccessRequest;
      } catch (error) {
        if (error instanceof BrokerError) return error;
        throw error;
      }
    };
    await fc.assert(
      fc.asyncProperty(call, async ({ by, sent }) => {
        const answer = await send(by, sent);
        const isRefused = answer instanceof BrokerError;
        if (isRefused) expect(problemOf(answer, "x").status).toBeLessThan(500);
        if (isRefused && answer.code !== "duplicate-request") {
          counts[answer.code === "policy-denied" ? "denied" : "refused"] += 1;
          return;
        }
        counts.allowed += 1;
        const asked = JSON.parse(sent) as SentBody;
        if (!isRefused) expect(answer).toMatchObject({ requester: by, access: once(asked.access) });
        expect(naivelyAllowed(FILE, by, asked, broker.clock.now())).toBe(true);
      }),
      fuzzRuns(20_000),
    );
    // It reaches each kind of answer, or it would prove nothing.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(500);
    expect(broker.tables.requests.size).toBeGreaterThan(200);
    expect(Object.hasOwn(Object.prototype, "state")).toBe(false);
  });

  it("a body of a sensible form is refused only where a naive reading of the policy refuses too", async () => {
    const broker = memoryBroker({ policy: parseAccessPolicy(JSON.stringify(FILE)) });
    const schema = requestBody(broker.front.settings);
    const known = fc.record({
      cluster: fc.constantFrom("prod", "staging"),
      access: fc.oneof(
        fc.record({
          policy,
          scope: fc.oneof(
            fc.constant({ type: "cluster" }),
            fc.record({
              type: fc.constant("namespace"),
              namespaces: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }),
            }),
          ),
        }),
        fc.constant({ groups: ["eks-admins"] }),
      ),
      duration: fc.constantFrom("30m", "1h", "8h"),
      reason: fc.constantFrom("INC-4711 stuck rollout", "short"),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("alice", "carol", "dan"), known, async (by, sent) => {
        const headers = { "content-type": "application/json" };
        const event = { body: JSON.stringify(sent), headers, isBase64Encoded: false };
        const preview = await previewRequest(
          broker.front,
          broker.actor(by),
          askOf(parseBody(schema, event)),
        );
        const at = broker.clock.now();
        expect(preview.allowed).toBe(naivelyAllowed(FILE, by, sent as SentBody, at));
      }),
      fuzzRuns(2_000),
    );
  });
});
