/** The whole table of routes, called by a machine, over a broker in memory. */
import { describe, expect, it } from "vitest";
import { ACCOUNT, PROD } from "../../lab/fakes/builders.ts";
import { PAYMENTS_GLASS } from "../../lab/fakes/glass-policy.ts";
import { BOT, policyWithMachine } from "../../lab/fakes/machine-policy.ts";
import { edit, type MemoryBroker, memoryBroker, view } from "../../lab/fakes/memory-broker.ts";
import { memoryCursorKeys } from "../../lab/fakes/memory-cursor-keys.ts";
import { memoryNoticeStore } from "../../lab/fakes/memory-notice-store.ts";
import { memoryStandingStore } from "../../lab/fakes/memory-standing-store.ts";
import { withAdmins } from "../../lab/fakes/two-admins.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { MACHINES_MAY } from "../../shared/http/contract/machine-operations.ts";
import { PROBLEMS } from "../../shared/http/contract/problems.ts";
import { ROUTES, type RouteOperation } from "../../shared/http/contract/routes.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const ports: Record<string, unknown> = {};
standIns({ "aws/composition-root": { apiPorts: () => ports } });
const { handler } = await import("../../functions/api.ts");

interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** The caller: the machine, or a person who differs from it in nothing else. */
type Caller = "deploy-bot" | "twin";

function world() {
  const broker = memoryBroker({ policy: withAdmins(policyWithMachine()) });
  const notices = memoryNoticeStore(broker.tables);
  Object.assign(ports, broker.front, { cursorKeys: memoryCursorKeys(), notices });
  Object.assign(ports, { wakeNotify: async () => undefined, evidence: broker.evidence });
  Object.assign(ports, { standing: memoryStandingStore() });
  const call = async (operation: RouteOperation, by: Caller, how: Call = {}) => {
    const route = ROUTES.find((one) => one.operation === operation);
    const userArn = by === "twin" ? `arn:aws:iam::${ACCOUNT}:role/people/twin` : BOT;
    const answer = await handler(
      {
        routeKey: `${route?.method} ${route?.path}`,
        rawPath: route?.path ?? "",
        headers: { "content-type": "application/json" },
        requestContext: { requestId: "gateway", authorizer: { iam: { userArn, callerId: by } } },
        ...(how.query ? { queryStringParameters: how.query } : {}),
        pathParameters: how.path ?? {},
        ...(how.body ? { body: JSON.stringify(how.body), isBase64Encoded: false } : {}),
      } as never,
      contextWith(() => 8_000),
    );
    return { status: Number(answer.statusCode), body: JSON.parse(String(answer.body)) };
  };
  return { broker, call };
}

const of = ({ id }: { readonly id: string }, body: object = {}): Call => ({ path: { id }, body });
const alice = { path: { name: "alice" } };
const SINCE = { from: "2026-11-24T09:00:00.000Z", to: "2026-11-24T10:00:00.000Z" };

/** A break-glass of alice whose access is over, so that somebody can review it. */
async function reviewable(broker: MemoryBroker) {
  const glass = await broker.ask({ rule: PAYMENTS_GLASS, durationSeconds: 1_800 });
  await broker.converge();
  await broker.end(glass, "return");
  await broker.settle(600);
  return glass;
}

/** A finding that nobody has acknowledged. */
async function found(broker: MemoryBroker) {
  await broker.evidence.appendFinding({
    type: "finding",
    chain: "silence",
    at: broker.clock.now(),
    details: { findingId: "f-1", code: "trail-silent" },
  } as never);
  return "f-1";
}

/** The call that does each deed which a machine may not do, where a person may. */
const DEEDS: Partial<
  Record<RouteOperation, (broker: MemoryBroker, by: Caller) => Promise<Call> | Call>
> = {
  decideRequest: async (broker) => {
    const asked = await broker.ask();
    return of(asked, { verdict: "approve", digest: asked.digest });
  },
  revokeGrant: async (broker) => of(await broker.activeGrant()),
  escalateRequest: async (broker, by) => of(await broker.ask({ rule: "payments-edit" }, by)),
  closeReview: async (broker) => of(await reviewable(broker), { note: "All was well." }),
  listSuspensions: () => ({}),
  suspendPerson: () => ({ ...alice, body: { reason: "Laptop stolen." } }),
  liftSuspension: () => alice,
  drain: () => ({ body: { reason: "An incident." } }),
  liftDrain: () => ({}),
  createDelegation: (broker) => ({
    body: { to: "carol", until: plusSeconds(broker.clock.now(), 86_400) },
  }),
  listDelegations: () => ({}),
  endDelegation: async (broker, by) => {
    const { id } = await broker.delegate("bob", by === "twin" ? "twin" : "carol");
    return { path: { delegationId: id } };
  },
  listAuditEvents: () => ({ query: SINCE }),
  listEvidenceRecords: () => ({ query: SINCE }),
  listFindings: () => ({}),
  acknowledgeFinding: async (broker) => ({
    path: { findingId: await found(broker) },
    body: { note: "A test." },
  }),
  listClusters: () => ({}),
  readStanding: () => ({ path: { name: "prod" } }),
  readPolicy: () => ({}),
  readReach: () => ({ path: { name: "prod" } }),
};

const FORBIDDEN = ROUTES.map(({ operation }) => operation).filter((one) => !MACHINES_MAY[one]);

/** Refusals that say nothing of who asks: the person may, and there is nothing to do it to. */
const OTHERWISE: readonly string[] = ["not-suspended", "not-drained", "finding-not-found"];

describe("A machine that is in every group", () => {
  it.each(FORBIDDEN)(
    "%s is refused to it, and not to a person in the same groups",
    async (operation) => {
      const deed = DEEDS[operation];
      if (!deed) throw new Error(`No deed tries ${operation}.`);
      const asPerson = world();
      const { body, status } = await asPerson.call(
        operation,
        "twin",
        await deed(asPerson.broker, "twin"),
      );
      const code =
        String(body.type ?? "")
          .split(":")
          .at(-1) ?? "";
      expect({ operation, may: status < 300 || OTHERWISE.includes(code), code }).toMatchObject({
        may: true,
      });
      const { broker, call } = world();
      const how = await deed(broker, "deploy-bot");
      const before = structuredClone([broker.tables.requests, broker.tables.delegations]);
      const refused = await call(operation, "deploy-bot", how);
      expect(refused).toMatchObject({
        status: PROBLEMS["machine-asks-only"].status,
        body: { type: "urn:timelatch:problem:machine-asks-only" },
      });
      expect([broker.tables.requests, broker.tables.delegations]).toEqual(before);
    },
  );

  it("It asks, reads its own, extends, and gives back, and its answers say what it is", async () => {
    const { broker, call } = world();
    const me = await call("whoAmI", "deploy-bot");
    expect(me.body).toMatchObject({ machine: { owners: ["olga", "otto"] }, roles: [] });
    const rules = (await call("listAccess", "deploy-bot")).body.rules;
    expect(rules.map(({ breakGlass }: { breakGlass: boolean }) => breakGlass)).not.toContain(true);
    const body = { cluster: "prod", access: edit("payments-api"), reason: "INC-1 a rollout" };
    expect((await call("previewRequest", "deploy-bot", { body })).body.allowed).toBe(true);
    const made = await call("createRequest", "deploy-bot", { body });
    expect(made).toMatchObject({ status: 201, body: { machine: true, requester: "deploy-bot" } });
    await broker.approve(made.body, "bob");
    broker.principals.set(BOT, "AROABOT");
    await broker.converge(bindingKey(PROD.arn, BOT));
    expect((await call("getRequest", "deploy-bot", of(made.body))).status).toBe(200);
    expect((await call("extendGrant", "deploy-bot", of(made.body))).status).toBe(201);
    expect((await call("returnGrant", "deploy-bot", of(made.body))).status).toBe(200);
  });

  it("It reads no evidence, as everybody but auditors, and may ask for it", async () => {
    const { broker, call } = world();
    const own = await broker.ask({}, "deploy-bot");
    const { status, body } = await call("readEvidence", "deploy-bot", of(own));
    expect({ status, type: body.type }).toEqual({
      status: 403,
      type: "urn:timelatch:problem:forbidden",
    });
    expect((await call("readEvidence", "twin", of(own))).status).toBe(200);
  });

  it("It sees no request of others, whatever groups it is in", async () => {
    const { broker, call } = world();
    const asked = await broker.ask();
    await broker.activeGrant({ access: view("payments-web") });
    expect((await call("getRequest", "deploy-bot", of(asked))).status).toBe(404);
    for (const query of [{ view: "to-approve" }, { view: "to-review" }, { view: "mine" }]) {
      const { body } = await call("listRequests", "deploy-bot", { query });
      expect(body.requests).toEqual([]);
    }
    expect((await call("listGrants", "deploy-bot")).body.requests).toEqual([]);
    expect((await call("readPersonAccess", "deploy-bot", alice)).status).toBe(404);
  });

  it("It uses no break-glass, neither by name nor as the last choice", async () => {
    const { call } = world();
    const glass = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } };
    const body = { cluster: "prod", access: glass, reason: "An emergency of a machine" };
    expect((await call("createRequest", "twin", { body })).status).toBe(201);
    for (const how of [body, { ...body, rule: "break-glass" }]) {
      const refused = await call("createRequest", "deploy-bot", { body: how });
      expect(refused.body.type).toBe("urn:timelatch:problem:policy-denied");
      expect(JSON.stringify(refused.body)).toContain("machine-no-break-glass");
    }
  });

  it("A program that asks in a person's name uses no break-glass either", async () => {
    const { broker, call } = world();
    const glass = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } };
    const asked = { cluster: "prod", access: glass, reason: "An emergency of a person" };
    const body = { ...asked, via: { protocol: "mcp", client: "some-agent 1.0" } };
    for (const how of [body, { ...body, rule: "break-glass" }]) {
      const { body: previewed } = await call("previewRequest", "twin", { body: how });
      expect(previewed).toMatchObject({ allowed: false, problem: "policy-denied" });
      const refused = await call("createRequest", "twin", { body: how });
      expect(refused.body.detail).toContain("which a person asks for at a terminal");
    }
    expect(broker.tables.requests.size).toBe(0);
    expect((await call("createRequest", "twin", { body: asked })).status).toBe(201);
  });
});
