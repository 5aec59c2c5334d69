/** The whole of the HTTP API behind API Gateway, over a broker in memory. */
import { describe, expect, it } from "vitest";
import { ACCOUNT, PROD, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../lab/fakes/glass-policy.ts";
import { edit, memoryBroker } from "../../lab/fakes/memory-broker.ts";
import { memoryCursorKeys } from "../../lab/fakes/memory-cursor-keys.ts";
import { memoryNoticeStore } from "../../lab/fakes/memory-notice-store.ts";
import { memoryStandingStore } from "../../lab/fakes/memory-standing-store.ts";
import { withAdmins } from "../../lab/fakes/two-admins.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { ROUTES, type RouteOperation } from "../../shared/http/contract/routes.ts";
import { sealCursor } from "../../shared/http/server/sealed-cursor.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const ports: Record<string, unknown> = {};
const said = standIns({ "aws/composition-root": { apiPorts: () => ports } });
const { handler } = await import("../../functions/api.ts");

interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly key?: string;
}

/** A broker whose people call the API. Alice has a break-glass rule besides. */
function world() {
  const policy = { ...withAdmins(policyWithGlass()), delegations: { longestSeconds: 864_000 } };
  const broker = memoryBroker({ policy });
  const cursorKeys = memoryCursorKeys();
  const notices = memoryNoticeStore(broker.tables);
  let woken = 0;
  const wakeNotify = async () => {
    woken += 1;
  };
  Object.assign(ports, broker.front, { cursorKeys, notices, wakeNotify });
  Object.assign(ports, { standing: memoryStandingStore(), evidence: broker.evidence });
  said.lines.length = 0;
  const call = async (operation: RouteOperation, by: string, how: Call = {}) => {
    const route = ROUTES.find((one) => one.operation === operation);
    const answer = await handler(
      {
        routeKey: `${route?.method} ${route?.path}`,
        rawPath: route?.path ?? "",
        headers: {
          "content-type": "application/json",
          ...(how.key === undefined ? {} : { "idempotency-key": how.key }),
        },
        requestContext: {
          requestId: "gateway",
          authorizer: {
            iam: { userArn: `arn:aws:iam::${ACCOUNT}:role/people/${by}`, callerId: by },
          },
        },
        ...(how.query ? { queryStringParameters: how.query } : {}),
        pathParameters: how.path ?? {},
        ...(how.body ? { body: JSON.stringify(how.body), isBase64Encoded: false } : {}),
      } as never,
      contextWith(() => 8_000),
    );
    return { ...answer, body: JSON.parse(String(answer.body)) };
  };
  return { broker, call, cursorKeys, notices, woken: () => woken };
}

const ASKED = {
  cluster: "prod",
  access: {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace", namespaces: ["payments-api"] },
  },
  duration: "1h",
  reason: "INC-4711 stuck rollout",
};
const of = ({ id }: Pick<AccessRequest, "id">) => ({ path: { id } });

describe("A call of the API", () => {
  it("A request is made, read, approved, extended, returned, and shown in its lists", async () => {
    const { call, broker } = world();
    const made = await call("createRequest", "alice", { body: ASKED });
    expect(made).toMatchObject({
      statusCode: 201,
      body: { state: "pending", durationSeconds: 3_600 },
    });
    expect((await call("getRequest", "bob", of(made.body))).body).toEqual(made.body);
    const lists = async () => ({
      mine: (await call("listRequests", "alice")).body.requests.length,
      bobs: (await call("listRequests", "bob")).body.requests.length,
      "to-approve": (await call("listRequests", "bob", { query: { view: "to-approve" } })).body
        .requests.length,
      prefix: (
        await call("listRequests", "bob", { query: { idPrefix: made.body.id.slice(0, 13) } })
      ).body.requests.length,
      grants: (await call("listGrants", "alice")).body.requests.length,
    });
    expect(await lists()).toEqual({ mine: 1, bobs: 0, "to-approve": 1, prefix: 1, grants: 0 });
    const decision = { verdict: "approve", digest: made.body.digest };
    const approved = await call("decideRequest", "bob", { ...of(made.body), body: decision });
    expect(approved).toMatchObject({ statusCode: 200, body: { state: "approved" } });
    expect(await lists()).toEqual({ mine: 1, bobs: 0, "to-approve": 0, prefix: 1, grants: 1 });
    await broker.converge();
    const more = await call("extendGrant", "alice", { ...of(made.body), body: { duration: "2h" } });
    expect(more).toMatchObject({
      statusCode: 201,
      body: { state: "pending", durationSeconds: 7_200, extends: made.body.id },
    });
    broker.clock.advance(60);
    const events = await call("listRequestEvents", "alice", of(made.body));
    expect(events.body.events.map(({ type }: { readonly type: string }) => type)).toEqual(
      expect.arrayContaining(["request", "approve", "activate"]),
    );
    const back = await call("returnGrant", "alice", { ...of(made.body), body: {} });
    expect(back).toMatchObject({ statusCode: 200, body: { state: "ending" } });
  });

  it("The same Idempotency-Key makes one request, and one extension", async () => {
    const { call, broker } = world();
    const once = { body: ASKED, key: "one-ask" };
    const { body } = await call("createRequest", "alice", once);
    expect((await call("createRequest", "alice", once)).body.id).toBe(body.id);
    const again = await call("createRequest", "alice", { body: ASKED, key: "another-ask" });
    expect(again.body.type).toBe("urn:timelatch:problem:duplicate-request");
    await broker.approve(await broker.reload(body));
    await broker.converge();
    const longer = { ...of(body), body: {}, key: "longer" };
    const first = await call("extendGrant", "alice", longer);
    expect(first.statusCode).toBe(201);
    expect((await call("extendGrant", "alice", longer)).body.id).toBe(first.body.id);
  });

  it("A preview says what would become of a request, and stores none", async () => {
    const { call, broker } = world();
    const preview = await call("previewRequest", "alice", { body: ASKED });
    expect(preview).toMatchObject({ statusCode: 200, body: { rule: "payments-edit" } });
    expect(broker.tables.requests.size).toBe(0);
  });

  it("A preview needs no reason, and a request needs one", async () => {
    const { call } = world();
    const { reason: _why, ...body } = JSON.parse(JSON.stringify(ASKED)) as { reason: string };
    const preview = await call("previewRequest", "alice", { body });
    expect(preview).toMatchObject({ statusCode: 200, body: { allowed: true } });
    expect(preview.body.warnings[0]).toMatchObject({ code: "reason-missing" });
    expect(await call("createRequest", "alice", { body, key: "why" })).toMatchObject({
      statusCode: 422,
    });
  });

  it("An escalation takes the only break-glass rule, or the one that it names", async () => {
    // A person has one break-glass at a time on a cluster.
    for (const body of [{}, { rule: PAYMENTS_GLASS }]) {
      const { call, broker } = world();
      const glass = await call("escalateRequest", "alice", { ...of(await broker.ask()), body });
      expect(glass).toMatchObject({ statusCode: 200, body: { rule: PAYMENTS_GLASS } });
    }
    const { call, broker } = world();
    const other = { ...of(await broker.ask()), body: { rule: "break-glass" } };
    expect(await call("escalateRequest", "alice", other)).toMatchObject({ statusCode: 403 });
  });

  it("A review is listed until it is closed with its note", async () => {
    const { call, broker } = world();
    const asked = await broker.ask();
    await call("escalateRequest", "alice", { ...of(asked), body: {} });
    await broker.converge();
    await call("returnGrant", "alice", { ...of(asked), body: {} });
    await broker.converge();
    await broker.settle(600);
    const waiting = async () =>
      (await call("listRequests", "bob", { query: { view: "to-review" } })).body.requests.length;
    expect(await waiting()).toBe(1);
    const note = "Restarted the API server.";
    const closed = await call("closeReview", "bob", { ...of(asked), body: { note } });
    expect(closed).toMatchObject({ statusCode: 200, body: { review: { closed: { note } } } });
    expect(await waiting()).toBe(0);
  });

  it("A person sees who they are, what they may ask for, and that they are stopped", async () => {
    const { call, broker } = world();
    await broker.delegate("bob", "carol");
    const who = await call("whoAmI", "carol");
    expect(who).toMatchObject({ statusCode: 200, body: { person: "carol" } });
    expect(JSON.stringify(who.body)).toContain('"bob"');
    const before = await call("listAccess", "alice");
    expect(before.body).toMatchObject({ person: "alice" });
    expect(before.body).not.toHaveProperty("stopped");
    const body = { reason: "Laptop stolen." };
    await call("suspendPerson", "carol", { path: { name: "alice" }, body });
    const stopped = { stopped: expect.objectContaining({}) };
    expect((await call("listAccess", "alice")).body).toMatchObject(stopped);
    expect((await call("whoAmI", "alice")).body).toMatchObject(stopped);
  });

  it("What somebody may ask for says on which clusters a request would be refused", async () => {
    const { call, broker } = world();
    const onProd = async () =>
      (await call("listAccess", "alice")).body.clusters.find(
        ({ name }: { readonly name: string }) => name === "prod",
      );
    expect(await onProd()).not.toHaveProperty("obstacle");
    broker.modes.set(PROD.arn, "CONFIG_MAP");
    await broker.checkCluster("prod");
    expect(await onProd()).toMatchObject({ obstacle: "authentication-mode" });
    expect(await call("createRequest", "alice", { body: ASKED, key: "mode" })).toMatchObject({
      statusCode: 409,
    });
  });

  it("Messages that could not be delivered are shown with the request, and only where there are any", async () => {
    const { call, broker, notices } = world();
    const asked = await broker.ask();
    expect((await call("getRequest", "alice", of(asked))).body).not.toHaveProperty("undeliverable");
    const record = await notices.load(asked.id);
    if (!record) throw new Error("There is no record.");
    const failed = { reason: "not-in-channel", at: T0, hash: "x", tries: 1, nextAt: T0 } as const;
    await notices.save({ ...record, undeliverable: { "request@C0001": failed } } as never);
    const { body } = await call("getRequest", "alice", of(asked));
    const shown = { kind: "request", to: "C0001", reason: "not-in-channel", at: T0 };
    expect(body.undeliverable).toEqual([{ ...shown, nextAt: T0 }]);
    await broker.approve(asked);
    const decided = await call("getRequest", "alice", of(asked));
    expect(decided.body.undeliverable).toEqual([shown]);
  });
});

describe("Each end of the API", () => {
  it("A pending request is cancelled, a grant returned by its requester or revoked by others, with the note", async () => {
    const { call, broker } = world();
    const ends = [
      ["cancelRequest", "alice", await broker.ask({ access: edit("payments-a") }), "cancel"],
      ["returnGrant", "alice", await broker.activeGrant({ access: edit("payments-b") }), "return"],
      ["revokeGrant", "carol", await broker.activeGrant({ access: edit("payments-c") }), "revoke"],
    ] as const;
    for (const [operation, by, request, type] of ends) {
      const note = `A note of ${by}.`;
      const answer = await call(operation, by, { ...of(request), body: { note } });
      expect(answer).toMatchObject({ statusCode: 200, body: { id: request.id } });
      const step = (await broker.history(request)).find((event) => event.type === type);
      expect(step).toMatchObject({ actor: by, details: { note } });
    }
  });

  it("A delegation is made, listed, and ended", async () => {
    const { call, broker } = world();
    const body = { to: "carol", until: plusSeconds(broker.clock.now(), 86_400) };
    const made = await call("createDelegation", "bob", { body });
    expect(made).toMatchObject({
      statusCode: 201,
      body: { by: "bob", to: "carol", state: "in-force" },
    });
    const { id } = made.body;
    expect((await call("listDelegations", "carol")).body.delegations).toEqual([made.body]);
    const ended = await call("endDelegation", "bob", { path: { delegationId: id } });
    expect(ended).toMatchObject({ statusCode: 200, body: { id, state: "ended" } });
  });

  it("A stop is of one person or of everyone, and is lifted as it was made", async () => {
    const { call } = world();
    const stops = async () => {
      const { suspended, drain } = (await call("listSuspensions", "carol")).body;
      return [...suspended.map(({ person }: { readonly person: string }) => person), drain?.reason];
    };
    const [one, all] = [{ reason: "Laptop stolen." }, { reason: "An incident." }];
    await call("suspendPerson", "carol", { path: { name: "alice" }, body: one });
    expect(await stops()).toEqual(["alice", undefined]);
    await call("drain", "carol", { body: all });
    expect(await stops()).toEqual(["alice", "An incident."]);
    const lifted = await call("liftSuspension", "dora", { path: { name: "alice" } });
    expect(lifted.statusCode).toBe(200);
    expect(lifted.body).not.toHaveProperty("remaining");
    expect(await stops()).toEqual(["An incident."]);
    await call("liftDrain", "dora");
    expect(await stops()).toEqual([undefined]);
  });
});

describe("An answer of the API", () => {
  it("It is JSON that nothing may keep, and notify is woken after it", async () => {
    const { call, woken } = world();
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    expect(await call("whoAmI", "alice")).toMatchObject({ statusCode: 200, headers });
    expect(woken()).toBe(1);
  });

  it("A refusal is a problem, and the log says whose call of which operation it was", async () => {
    const { call, woken } = world();
    const unknown = await call("getRequest", "alice", { path: { id: countedId(99) } });
    expect(unknown).toMatchObject({
      statusCode: 404,
      headers: { "content-type": "application/problem+json" },
      body: { type: "urn:timelatch:problem:request-not-found" },
    });
    expect(woken()).toBe(1);
    const keys = { gatewayRequestId: "gateway", operation: "getRequest", person: "alice" };
    expect(said.keys).toMatchObject(keys);
  });

  it("Nobody who is not in the policy gets an answer, and no query parameter is passed over", async () => {
    const { call } = world();
    const problem = "urn:timelatch:problem:";
    expect((await call("whoAmI", "mallory")).body.type).toBe(`${problem}unknown-caller`);
    const query = { view: "mine" };
    expect((await call("listGrants", "alice", { query })).body.type).toBe(
      `${problem}invalid-request`,
    );
  });
});

describe("A cursor of a list", () => {
  /** Each list, by what selects its items, and the scope of its cursors. */
  const LISTS: readonly (readonly [RouteOperation, Call, readonly string[]])[] = [
    ["listRequests", {}, ["listRequests", "mine"]],
    ["listRequests", { query: { view: "to-approve" } }, ["listRequests", "to-approve"]],
    ["listRequests", { query: { view: "to-review" } }, ["listRequests", "to-review"]],
    [
      "listRequests",
      { query: { idPrefix: "01890000-0" } },
      ["listRequests", "idPrefix", "01890000-0"],
    ],
    [
      "listRequests",
      { query: { idPrefix: "01890000-1" } },
      ["listRequests", "idPrefix", "01890000-1"],
    ],
    ["listRequestEvents", { path: { id: countedId(1) } }, ["listRequestEvents", countedId(1)]],
    ["listRequestEvents", { path: { id: countedId(2) } }, ["listRequestEvents", countedId(2)]],
    ["listGrants", {}, ["listGrants"]],
    ["listDelegations", {}, ["listDelegations"]],
    ["readStanding", { path: { name: "prod" } }, ["readStanding", "prod"]],
    ["readStanding", { path: { name: "staging" } }, ["readStanding", "staging"]],
    ["readReach", { path: { name: "prod" } }, ["readReach", "prod", ""]],
    ["readReach", { path: { name: "prod" }, query: { at: T0 } }, ["readReach", "prod", T0]],
    ["readReach", { path: { name: "staging" } }, ["readReach", "staging", ""]],
    ...(["listAuditEvents", "listEvidenceRecords"] as const).flatMap((operation) =>
      [T0, plusSeconds(T0, -60)].map(
        (from) =>
          [operation, { query: { from, to: plusSeconds(T0, 60) } }, [operation, from]] as const,
      ),
    ),
    ...[T0, plusSeconds(T0, -60)].map(
      (from) =>
        [
          "listFindings",
          { query: { view: "all", from, to: plusSeconds(T0, 60) } },
          ["listFindings", "all", from],
        ] as const,
    ),
    ["listFindings", {}, ["listFindings", "open", "", ""]],
    ["listFindings", { query: { from: T0 } }, ["listFindings", "open", T0, ""]],
    ["listFindings", { query: { to: T0 } }, ["listFindings", "open", "", T0]],
  ];

  it("It is of use to the person who got it, in its own list, and nowhere else", async () => {
    const { call, cursorKeys, broker } = world();
    for (const name of ["payments-a", "payments-b"]) await broker.ask({ access: edit(name) });
    const isTaken = async (
      list: (typeof LISTS)[number],
      scope: readonly string[],
      person: string,
    ) => {
      const [operation, { path, query }] = list;
      const cursor = await sealCursor(
        cursorKeys,
        { person, list: scope },
        "a place",
        broker.clock.now(),
      );
      const how = { ...(path ? { path } : {}), query: { ...query, cursor } };
      const { body } = await call(operation, "carol", how);
      return body.type !== "urn:timelatch:problem:invalid-cursor";
    };
    for (const list of LISTS) {
      const taken: (readonly string[])[] = [];
      for (const [, , scope] of LISTS) if (await isTaken(list, scope, "carol")) taken.push(scope);
      expect(taken).toEqual([list[2]]);
      expect(await isTaken(list, list[2], "bob")).toBe(false);
    }
  });
});
