/**
 * Hostile and clumsy callers at the whole broker. Whatever is refused has its problem, leaves a
 * line with its code in the log, changes no access, and puts nothing of what was sent into a log.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { ErrorCode } from "../../shared/domain/values/errors.ts";
import {
  AccessSchema,
  AuditEventListSchema,
  EventListSchema,
  PreviewSchema,
  ProblemSchema,
  RequestListSchema,
  RequestSchema,
  WhoAmISchema,
} from "../../shared/http/contract/answer-schemas.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { OPERATION_KINDS } from "../../shared/http/contract/operation-kinds.ts";
import { ROUTES } from "../../shared/http/contract/routes.ts";
import {
  type AbuseSandbox,
  documented,
  expectProblem,
  objections,
  operationOf,
  startAbuseSandbox,
  undocumented,
} from "./abuse-sandbox.ts";
import { type ApiAnswer, editIn } from "./api-person.ts";
import { profileKeys } from "./sandbox-process.ts";

const ACCOUNT = "111122223333";
const CANARY = `canary${randomUUID().slice(0, 8)}`;

let sandbox: AbuseSandbox;
/** Alice's, pending all along. */
let pending: RequestAnswer;
beforeAll(async () => {
  sandbox = await startAbuseSandbox();
  pending = await alice().ask({ reason: `INC-4711 ${CANARY} stuck rollout` });
});
afterAll(async () => {
  await sandbox.stop();
});

const person = (name: string) => sandbox.person(name);
const alice = () => person("alice");
const bob = () => person("bob");

const ask = (over: Readonly<Record<string, unknown>> = {}) => ({
  cluster: "prod",
  access: editIn("payments-worker"),
  duration: "1m",
  reason: "INC-4711 stuck rollout",
  ...over,
});
const asked = (over: Readonly<Record<string, unknown>>, by = "alice") =>
  person(by).post("/v1/requests", ask(over));
const of = ({ id }: { readonly id: string }, rest = "") => `/v1/requests/${id}${rest}`;
const approval = ({ digest }: RequestAnswer) => ({ verdict: "approve", digest });
const stateOf = async (request: RequestAnswer) => (await bob().get(of(request))).body;

const expectRefused = (answer: ApiAnswer, code: ErrorCode, by?: string) =>
  sandbox.expectRefused(answer, code, by);

describe("misuse of the API", () => {
  afterEach(() => {
    expect(sandbox.eksChanges()).toEqual([]);
  });

  describe("by approving", () => {
    it("nobody can decide on their own request", async () => {
      for (const verdict of ["approve", "deny"]) {
        const body = { verdict, digest: pending.digest };
        await expectRefused(
          await alice().post(of(pending, "/decision"), body),
          "self-approval",
          "alice",
        );
      }
    });

    it("a caller whose identity is not in the policy is refused", async () => {
      const answer = await person("admin").post(of(pending, "/decision"), approval(pending));
      await expectRefused(answer, "unknown-caller");
      expect(answer.body.callerArn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/admin/admin`);
    });

    it("an approval with another digest than the request's is refused", async () => {
      const body = { verdict: "approve", digest: "0".repeat(64) };
      await expectRefused(
        await bob().post(of(pending, "/decision"), body),
        "digest-mismatch",
        "bob",
      );
    });

    it.each(["carol", "dave"])("%s can read the request but not approve it", async (by) => {
      const decided = await person(by).post(of(pending, "/decision"), approval(pending));
      await expectRefused(decided, "forbidden", by);
      await expectRefused(await person(by).post(of(pending, "/cancel"), {}), "forbidden", by);
    });

    it("somebody else's request is answered exactly like an unknown id", async () => {
      const other = { id: randomUUID() };
      for (const [method, rest] of [
        ["GET", ""],
        ["GET", "/events"],
        ["POST", "/decision"],
        ["POST", "/cancel"],
        ["POST", "/return"],
        ["POST", "/revoke"],
      ] as const) {
        const tried = (target: { readonly id: string }) =>
          method === "GET"
            ? person("mallory").get(of(target, rest))
            : person("mallory").post(
                of(target, rest),
                rest === "/decision" ? approval(pending) : {},
              );
        const [hidden, unknown] = [await tried(pending), await tried(other)];
        await expectRefused(hidden, "request-not-found", "mallory");
        const plain = (answer: ApiAnswer, { id }: { readonly id: string }) =>
          JSON.stringify({ ...answer.body, instance: "" }).replaceAll(id, "");
        expect(plain(hidden, pending)).toBe(plain(unknown, other));
      }
    });

    it("a malformed id is answered as not found", async () => {
      for (const id of ["x", "..%2f..", "%00", `${"a".repeat(3_000)}`, `${pending.id}%0a`])
        expectProblem(await alice().get(`/v1/requests/${id}`), "request-not-found");
    });

    it("none of these attempts changed the request", async () => {
      expect(await stateOf(pending)).toEqual(pending);
      const { events } = (await bob().get(of(pending, "/events"))).body;
      expect(events).toHaveLength(1);
    });
  });

  describe("by requesting too much", () => {
    it.each([
      ["every namespace", editIn("*")],
      ["the system's namespaces", editIn("kube-*")],
      ["a system namespace", editIn("kube-system")],
      ["a wildcard wider than the rule's", editIn("pay*")],
      ["a wildcard where the rule lends names", editIn("payments-*")],
      ["one namespace too many", editIn("payments-api", "default")],
      [
        "the whole cluster by a namespace rule",
        { policy: "AmazonEKSEditPolicy", scope: { type: "cluster" } },
      ],
      [
        "a policy that no rule lists",
        { policy: "AmazonEKSSecretAdminPolicy", scope: { type: "cluster" } },
      ],
      ["ClusterAdmin", { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } }],
      ["a reserved group", { groups: ["system:masters"] }],
      ["an unlisted group", { groups: ["eks-admins", "other"] }],
    ])("a request for %s is denied", async (_what, access) => {
      const answer = await asked({ access });
      await expectRefused(answer, "policy-denied", "alice");
      expect(objections(answer)).toContain("other-access");
    });

    it("a duration over the maximum is denied with the maximum, which is then allowed", async () => {
      const errors = [{ pointer: "/duration", detail: "payments-edit lends for at most 4h." }];
      const answer = await asked({ duration: "4h1m" });
      await expectRefused(answer, "duration-too-long", "alice");
      expect(answer).toMatchObject({
        status: 422,
        body: { errors, rule: "payments-edit", max: "4h", maxSeconds: 14_400 },
      });
      expect(objections(answer)).toContain("too-long");
      expect(
        (await person("alice").post("/v1/requests/preview", ask({ duration: "4h1m" }))).body,
      ).toMatchObject({
        allowed: false,
        problem: "duration-too-long",
        detail: answer.body.detail,
        refusals: answer.body.refusals,
        errors,
      });
      const more = await asked({ duration: "4h1m", access: editIn("kube-system") });
      await expectRefused(more, "policy-denied", "alice");
      expect(objections(more)).toEqual(expect.arrayContaining(["too-long", "other-access"]));
      const most = await alice().ask({ duration: "4h", access: editIn("payments-most") });
      expect(most.durationSeconds).toBe(14_400);
      expect((await alice().post(of(most, "/cancel"), {})).body.state).toBe("cancelled");
    });

    it.each([
      ["somebody else's", `arn:aws:iam::${ACCOUNT}:role/people/bob`],
      ["the same without its path", `arn:aws:iam::${ACCOUNT}:role/alice`],
      ["the same under another path", `arn:aws:iam::${ACCOUNT}:role/people/x/alice`],
      ["the same in other case", `arn:aws:iam::${ACCOUNT}:role/people/Alice`],
      ["the same of another account", "arn:aws:iam::999999999999:role/people/alice"],
      ["the same of another partition", `arn:aws-cn:iam::${ACCOUNT}:role/people/alice`],
      [
        "a user that is called like a session",
        `arn:aws:iam::${ACCOUNT}:user/assumed-role/alice/alice`,
      ],
      ["the broker's own role", `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`],
      ["a node's role", `arn:aws:iam::${ACCOUNT}:role/eks-node`],
      [
        "a service-linked role",
        `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      ],
    ])("a request for a principal that is %s is denied", async (_whose, principalArn) => {
      const answer = await asked({ principalArn });
      await expectRefused(answer, "policy-denied", "alice");
      expect(objections(answer)).toContain("principal-not-yours");
    });

    it("mallory learns nothing about the rules for others", async () => {
      const answer = await asked({}, "mallory");
      await expectRefused(answer, "policy-denied", "mallory");
      const replies = await Promise.all([
        asked({ cluster: "prod", rule: "payments-edit" }, "mallory"),
        person("mallory").post("/v1/requests/preview", ask()),
        person("mallory").get("/v1/access"),
        person("mallory").get("/v1/requests"),
        person("mallory").get("/v1/requests?view=to-approve"),
        person("mallory").get("/v1/grants"),
      ]);
      const words = JSON.stringify([answer.body, ...replies.map(({ body }) => body)]);
      for (const secret of ["payments-lead", "break-glass", "bob", pending.id, CANARY])
        expect(words).not.toContain(secret);
      expect(replies[2]?.body).toEqual({
        person: "mallory",
        principals: [`arn:aws:iam::${ACCOUNT}:role/people/mallory`],
        rules: [],
      });
    });

    it("only auditors can read everyone's events", async () => {
      await expectRefused(
        await alice().get("/v1/audit/events?from=2026-01-01&to=2027-01-01"),
        "forbidden",
        "alice",
      );
    });

    it("the same request sent twice is stored once while it is pending", async () => {
      const answer = await asked({ access: pending.access, duration: "2m", reason: "INC-1 again" });
      await expectRefused(answer, "duplicate-request", "alice");
      expect(answer.body.id).toBe(pending.id);
    });

    it("an idempotency key answers the first request again and refuses another body", async () => {
      const headers = { "idempotency-key": `${CANARY}-key` };
      const body = ask({ access: editIn("payments-key") });
      const first = await alice().post("/v1/requests", body, headers);
      const again = await alice().post("/v1/requests", body, headers);
      expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
      const other = await alice().post("/v1/requests", { ...body, duration: "2m" }, headers);
      await expectRefused(other, "idempotency-mismatch", "alice");
      const bad = await alice().post("/v1/requests", body, { "idempotency-key": "a b" });
      await expectRefused(bad, "invalid-request", "alice");
    });

    it("a request for a cluster without access entries is refused with the command that enables them", async () => {
      const legacy = {
        cluster: "legacy",
        access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
      };
      // Converge has looked at it within a minute of the sweep's.
      const preview = async () =>
        (await alice().post("/v1/requests/preview", ask(legacy))).body.problem;
      await expect.poll(preview, { timeout: 20_000, interval: 500 }).toBe("cluster-not-ready");
      const answer = await asked(legacy);
      await expectRefused(answer, "cluster-not-ready", "alice");
      expect(answer.body.detail).toContain("aws eks update-cluster-config --name legacy");
    });
  });

  describe("by malformed input", () => {
    it.each([
      ["holes in the list", { access: editIn("payments-api", null as unknown as string) }],
      ["upper case", { access: editIn("Payments-api") }],
      ["64 characters", { access: editIn("p".repeat(64)) }],
      ["dots", { access: editIn("payments.api") }],
      ["letters that look alike", { access: editIn("pаyments-api") }],
      ["no namespace", { access: editIn() }],
      [
        "namespaces in a cluster scope",
        { access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster", namespaces: [] } } },
      ],
      ["a username", { access: { ...editIn("payments-api"), username: "system:admin" } }],
      ["no duration at all", { duration: "0m" }],
      ["a negative duration", { duration: "-1h" }],
      ["a duration of ISO 8601", { duration: "PT1H " }],
      ["a duration with more behind it", { duration: "1h foo" }],
      ["a duration that is no text", { duration: { valueOf: "1h" } }],
      [
        "a session for a principal",
        { principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/alice` },
      ],
      ["root for a principal", { principalArn: `arn:aws:iam::${ACCOUNT}:root` }],
      ["a star for a principal", { principalArn: "*" }],
      ["a principal in full width", { principalArn: `arn:aws:iam::${ACCOUNT}:role/people/ａlice` }],
      ["a line's end in the reason", { reason: 'INC-4711 fine\r\n{"level":"INFO"}' }],
      ["an escape in the reason", { reason: "INC-4711 \u001b[2J cleared" }],
      ["an invisible character in the reason", { reason: "INC-4711 \u202e txt.exe" }],
      ["a start in the past", { startsAt: "2020-01-01T00:00:00Z" }],
      ["a start on no day", { startsAt: "2026-02-30T00:00:00Z" }],
      ["a state", { state: "active" }],
      ["an approver", { approvedBy: "bob" }],
      ["an end", { expiresAt: "2030-01-01T00:00:00Z" }],
      ["a constructor", { constructor: { prototype: {} } }],
    ])("%s is refused with the reason and the member", async (_what, over) => {
      const answer = await asked(over);
      await expectRefused(answer, "invalid-request", "alice");
      expect(answer.body.errors[0].pointer).toMatch(/^\//);
    });

    it("duplicate members in JSON are refused", async () => {
      for (const [added, pointer] of [
        ['"__proto__":{"state":"active"}', "/__proto__"],
        ['"reason":"INC-1 another reason"', "/reason"],
        ['"rule":"\\ud800"', "/rule"],
      ]) {
        const text = `${JSON.stringify(ask()).slice(0, -1)},${added}}`;
        const answer = await alice().post("/v1/requests", text);
        await expectRefused(answer, "invalid-request", "alice");
        expect(answer.body.errors).toMatchObject([{ pointer }]);
      }
    });

    it("a bad content type, size or syntax is refused alike by every operation", async () => {
      const withBody = ROUTES.filter(({ operation }) => OPERATION_KINDS[operation].body);
      for (const { method, path } of withBody) {
        const at = path.replace("{id}", pending.id);
        const sent = (body: string | Buffer, type = "application/json") =>
          alice().call(method, at, { body, headers: { "content-type": type } });
        const answers: readonly (readonly [ErrorCode, ApiAnswer])[] = [
          ["body-too-large", await sent(JSON.stringify({ reason: "x".repeat(17_000) }))],
          ["invalid-request", await sent(`{"access":${"[".repeat(9)}${"]".repeat(9)}}`)],
          ["invalid-request", await sent('{"unknown":1}')],
          ["unsupported-media-type", await sent("{}", "text/plain")],
          ["malformed-request", await sent("{")],
          [
            "malformed-request",
            await sent(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
          ],
        ];
        for (const [code, answer] of answers) expectProblem(answer, code);
      }
    });

    it("an unknown path or method is refused with what exists", async () => {
      await expectRefused(await alice().get("/v1/nothing"), "route-not-found");
      await expectRefused(await alice().get("/"), "route-not-found");
      const answer = await alice().call("DELETE", of(pending));
      await expectRefused(answer, "method-not-allowed");
      expect(answer.headers.get("allow")).toBe("GET");
      const both = await alice().call("PUT", "/v1/requests");
      expect(both.headers.get("allow")?.split(", ").sort()).toEqual(["GET", "POST"]);
    });

    it("a cursor works for its owner in its list, and nowhere else", async () => {
      const since = (days: number) =>
        new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
      const list = (days: number) => `/v1/audit/events?from=${since(days)}&to=2100-01-01&limit=1`;
      const events = list(1);
      const other = await alice().ask({ access: editIn("payments-pages") });
      await alice().post(`/v1/requests/${other.id}/cancel`, {});
      const first = await person("dave").get(events);
      const { next } = first.body;
      expect(next).toBeDefined();
      expect(first.body.events).toHaveLength(1);
      const second = await person("dave").get(`${events}&cursor=${next}`);
      expect(second.status).toBe(200);
      expect(second.body.events).not.toEqual(first.body.events);
      for (const path of ["/v1/requests?", "/v1/grants?", `${list(2)}&`])
        expectProblem(await person("dave").get(`${path}cursor=${next}`), "invalid-cursor");
      expectProblem(await alice().get(`/v1/grants?cursor=${next}`), "invalid-cursor");
      const history = await alice().get(of(other, "/events?limit=1"));
      const rest = await alice().get(of(other, `/events?cursor=${history.body.next}`));
      const both = [...history.body.events, ...rest.body.events];
      expect(both.map(({ type }) => type)).toEqual(["request", "cancel"]);
      const misused = await alice().get(of(pending, `/events?cursor=${history.body.next}`));
      expectProblem(misused, "invalid-cursor");
    });

    it("a request is found by the beginning of its id, and only by those who may read it", async () => {
      const path = `/v1/requests?idPrefix=${pending.id.slice(0, 13)}`;
      for (const name of ["alice", "bob"]) {
        const { requests } = (await person(name).get(path)).body;
        expect(requests.map(({ id }: { readonly id: string }) => id)).toContain(pending.id);
      }
      expect((await person("mallory").get(path)).body.requests).toEqual([]);
      for (const misused of [path.slice(0, -6), `${path}&view=mine`])
        expectProblem(await alice().get(misused), "invalid-request");
    });

    it("unknown query parameters are refused", async () => {
      for (const { method, path } of ROUTES) {
        if (method !== "GET") continue;
        const answer = await alice().get(`${path.replace("{id}", pending.id)}?state=active`);
        await expectRefused(answer, "invalid-request", "alice");
      }
      for (const query of ["limit=0", "limit=101", "limit=1&limit=2", "view=all"])
        expectProblem(await alice().get(`/v1/requests?${query}`), "invalid-request");
      const today = new Date().toISOString().slice(0, 10);
      for (const cursor of ["e30", "2026-11-24.e30", `${today}.${"A".repeat(80)}`])
        expectProblem(await alice().get(`/v1/requests?cursor=${cursor}`), "invalid-cursor");
      const page = "/v1/audit/events?from=2026-02-30&to=2027-01-01";
      expectProblem(await person("dave").get(page), "invalid-request");
    });
  });

  it("every operation refuses an identity that is not in the policy", async () => {
    for (const { method, path } of ROUTES)
      expectProblem(
        await person("admin").call(method, path.replace("{id}", pending.id)),
        "unknown-caller",
      );
  });

  it("every operation answers that it is busy while DynamoDB throttles", async () => {
    await sandbox.spoil({ kind: "throttle", service: "dynamodb" });
    const reading = ROUTES.filter(({ operation }) =>
      OPERATION_KINDS[operation].problems.includes("dependency-unavailable"),
    );
    const bodies: Readonly<Record<string, unknown>> = {
      AccessRequest: ask(),
      Decision: approval(pending),
      End: {},
    };
    const query = { listAuditEvents: "?from=2026-11-24&to=2026-11-25" } as Record<string, string>;
    const answers = await Promise.all(
      reading.map(({ method, path, operation }) => {
        const at = `${path.replace("{id}", pending.id)}${query[operation] ?? ""}`;
        const body = bodies[OPERATION_KINDS[operation].body ?? ""];
        const by = person(operation === "listAuditEvents" ? "dave" : "alice");
        return method === "GET" ? by.get(at) : by.post(at, body);
      }),
    );
    await sandbox.clearFaults();
    for (const answer of answers) {
      expectProblem(answer, "dependency-unavailable");
      expect(answer.headers.get("retry-after")).toBe("5");
      expect(JSON.stringify(answer.body)).not.toMatch(/dynamo|throttl|table/i);
    }
  });
});

describe("concurrent and late decisions", () => {
  it("only one of several concurrent decisions takes effect", async () => {
    const request = await alice().ask({ access: editIn("payments-race") });
    const decide = (verdict: string) =>
      bob().post(of(request, "/decision"), { verdict, digest: request.digest });
    const answers = await Promise.all([
      decide("deny"),
      alice().post(of(request, "/cancel"), {}),
      decide("deny"),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const final = await stateOf(request);
    expect(["denied", "cancelled"]).toContain(final.state);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expectProblem(answer, "illegal-transition");
    for (const late of [await decide("approve"), await decide("deny")])
      await expectRefused(late, "illegal-transition", "bob");
    for (const verb of ["cancel", "return"])
      expectProblem(await alice().post(of(request, `/${verb}`), {}), "illegal-transition");
    expectProblem(await bob().post(of(request, "/revoke"), {}), "illegal-transition");
    expect(await stateOf(request)).toEqual(final);
  });

  it("two approvals by one person count once towards a quorum of two", async () => {
    const scope = { type: "namespace", namespaces: ["payments-api"] };
    const access = { policy: "AmazonEKSAdminPolicy", scope };
    const request = await alice().ask({ access });
    for (const _twice of [1, 2])
      expect((await bob().approve(request)).approvals.map(({ person: by }) => by)).toEqual(["bob"]);
    expect(await stateOf(request)).toMatchObject({ state: "pending" });
    expect((await alice().post(of(request, "/cancel"), {})).body.state).toBe("cancelled");
  });

  it("a lapsed request cannot be approved, whether or not the sweep has run", async () => {
    const startsAt = new Date(Date.now() + 2_000).toISOString();
    const request = await alice().ask({
      access: editIn("payments-late"),
      duration: "15s",
      startsAt,
    });
    await pause(Math.max(0, Date.parse(request.lapsesAt) - Date.now()) + 50);
    const answer = await bob().post(of(request, "/decision"), approval(request));
    await expectRefused(answer, "illegal-transition", "bob");
    expect(answer.body.state).toBe("lapsed");
  });

  it("the audit chain shows any change to its events", async () => {
    const { events } = (await person("dave").get(of(pending, "/events"))).body;
    expect(verifyChains(events)).toEqual([]);
    expect(verifyChains([{ ...events[0], actor: "bob" }])).not.toEqual([]);
  });
});

describe("a flood of requests", () => {
  it("is limited for the person who sends it and delays nobody's end of access", async () => {
    const grant = await bob().approve(
      await alice().ask({ duration: "20s", access: editIn("payments-flood") }),
    );
    await alice().until(grant, ["active"]);
    const flood = async () => {
      const answers: ApiAnswer[] = [];
      for (let wave = 0; wave < 16; wave += 1)
        answers.push(
          ...(await Promise.all(
            Array.from({ length: 8 }, () => asked({ cluster: "none" }, "mallory")),
          )),
        );
      return answers;
    };
    const answers = await flood();
    const limited = answers.filter(({ status }) => status === 429);
    // A window may end meanwhile; two hold 120.
    expect(limited.length).toBeGreaterThan(0);
    for (const answer of limited.slice(0, 1)) {
      await expectRefused(answer, "rate-limited", "mallory");
      const after = Number(answer.headers.get("retry-after"));
      expect(after).toBeGreaterThan(0);
      expect(after).toBeLessThanOrEqual(60);
      expect(answer.body.retryAfterSeconds).toBe(after);
    }
    expect((await alice().post("/v1/requests/preview", ask())).status).toBe(200);
    const ended = await alice().until(grant, ["ended"]);
    expect(ended.endedAt && ended.expiresAt && ended.endedAt <= ended.expiresAt).toBe(true);
    await expectRefused(await alice().post(of(grant, "/return"), {}), "illegal-transition");
  });

  it("does not keep others from listing and getting access", async () => {
    const access = await alice().get("/v1/access");
    expect(access.body.rules.map(({ rule }: { rule: string }) => rule)).toContain("payments-edit");
    const preview = await alice().post("/v1/requests/preview", ask());
    expect(preview.body).toMatchObject({
      allowed: true,
      rule: "payments-edit",
      requirements: [{ groups: ["payments-leads"], count: 1, people: ["bob"] }],
    });
    const grants = await Promise.all(
      [1, 2].map((n) => alice().ask({ access: editIn(`payments-${n}`), duration: "1m" })),
    );
    for (const grant of grants) await bob().approve(grant);
    const [first, second] = grants;
    if (!first || !second) throw new Error("Nothing was asked for.");
    await alice().until(first, ["active"]);
    expect((await alice().post(of(first, "/return"), {})).status).toBe(200);
    expect((await bob().post(of(second, "/revoke"), {})).status).toBe(200);
    expect(
      (await person("dave").get("/v1/audit/events?from=2026-01-01&to=2100-01-01")).status,
    ).toBe(200);
    expect((await alice().get("/v1/whoami")).body).toMatchObject({
      person: "alice",
      groups: ["payments"],
      roles: [],
      identityArn: expect.stringContaining("assumed-role/alice/"),
    });
    expect((await alice().get("/v1/openapi.json")).body.openapi).toMatch(/^3\.1/);
    expect((await alice().get("/v1/requests")).status).toBe(200);
    expect((await alice().get("/v1/grants")).status).toBe(200);
  });
});

describe("the logs and answers of all these calls", () => {
  it("contain no reason, key, token or signature, and only lines of JSON", () => {
    const lines = sandbox.functionLogs();
    expect(lines.length).toBeGreaterThan(100);
    const { secretAccessKey, sessionToken } = profileKeys(sandbox, "alice");
    const text = lines.join("\n");
    for (const secret of [CANARY, "Signature=", secretAccessKey, sessionToken, "stuck rollout"])
      expect(text.includes(secret)).toBe(false);
    const calls = sandbox.everyLog().join("\n");
    for (const secret of [secretAccessKey, sessionToken])
      expect(calls.includes(secret)).toBe(false);
    for (const line of lines.filter((each) => each.includes('"message":"refused"')))
      expect(JSON.parse(line)).toMatchObject({ level: "WARN", service: "api" });
    // Neither control characters nor invisible ones: lines are split at their ends already.
    expect(lines.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([]);
  });

  it("match the OpenAPI description in every answer", () => {
    const schemas = {
      Request: RequestSchema,
      RequestList: RequestListSchema,
      EventList: EventListSchema,
      AuditEventList: AuditEventListSchema,
      WhoAmI: WhoAmISchema,
      Access: AccessSchema,
      Preview: PreviewSchema,
    };
    for (const call of sandbox.heard) {
      const { status, body } = call.answer;
      const operation = operationOf(call);
      const answer = operation && OPERATION_KINDS[operation].answer;
      if (status >= 400) expect(ProblemSchema.safeParse(body).error).toBeUndefined();
      else if (answer && answer !== "OpenApi" && answer !== "Problem")
        expect(schemas[answer].safeParse(body).error).toBeUndefined();
    }
  });

  it("cover exactly the statuses that the OpenAPI description lists", () => {
    expect(undocumented(sandbox.heard)).toEqual([]);
    const heard = new Set(
      sandbox.heard.flatMap((call) => {
        const operation = operationOf(call);
        return operation === undefined ? [] : [`${operation} ${call.answer.status}`];
      }),
    );
    expect([...heard].sort()).toEqual(documented());
  });
});
