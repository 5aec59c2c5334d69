/** Records that functions facing people could plant beside true ones, or put in their place. */
import { describe, expect, it } from "vitest";
import { failCalls, forge } from "../../../../../lab/fakes/broker-sights.ts";
import { BOB, PROD, STAGING } from "../../../../../lab/fakes/builders.ts";
import { LOST, THROTTLED } from "../../../../../lab/fakes/faults.ts";
import { forgeWhole } from "../../../../../lab/fakes/forge-whole.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
  view,
} from "../../../../../lab/fakes/memory-broker.ts";
import { revocationOf } from "../../../../../lab/fakes/memory-schedules.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

/** Sorts before every true id. */
const FIRST = "00000000-0000-7000-8000-000000000000";

/** Puts a record first into the partition of alice's entry on prod. */
function plant({ tables, binding }: MemoryBroker, record: unknown, id = FIRST) {
  const stored = new Map(tables.grants.get(binding));
  stored.delete(id);
  tables.grants.set(binding, new Map([[id, record as AccessRequest], ...stored]));
}

type Record = (grant: AccessRequest) => unknown;
const planted =
  (change: object): Record =>
  (grant) => ({ ...grant, id: FIRST, ...change });
const without =
  (name: keyof AccessRequest): Record =>
  (grant) => ({ ...grant, id: FIRST, [name]: undefined });

/** Records that no honest function stores in this partition, and why they are left out. */
const PLANTED: readonly (readonly [what: string, record: Record, why: string])[] = [
  ["of another principal", planted({ principalArn: BOB }), "elsewhere"],
  ["of another cluster", planted({ cluster: { name: "staging", arn: STAGING.arn } }), "elsewhere"],
  ["under another id than its own", (grant) => grant, "misfiled"],
  ["in a final state", planted({ state: "ended" }), "unreadable"],
  ["in no state", planted({ state: "open" }), "unreadable"],
  ["without access", without("access"), "unreadable"],
  ["without a cluster", without("cluster"), "unreadable"],
  [
    "with its access from a prototype",
    ({ access, ...rest }) => Object.assign(Object.create({ access }), rest, { id: FIRST }),
    "unreadable",
  ],
  ["without approvals", without("approvals"), "unreadable"],
  ["with groups that are null", planted({ access: { groups: null } }), "unreadable"],
  [
    "with namespaces that are null",
    planted({ access: { ...edit(), scope: { type: "namespace", namespaces: null } } }),
    "unreadable",
  ],
  ["with an approval that is null", planted({ approvals: [null] }), "unreadable"],
  ["with a start that is no instant", planted({ startsAt: "soon" }), "unreadable"],
  ["with a version that cannot grow", planted({ version: Number.MAX_SAFE_INTEGER }), "unreadable"],
  ["with a duration beyond all instants", planted({ durationSeconds: 9e15 }), "unreadable"],
  [
    "with an end that does not sort as text",
    planted({ expiresAt: "+275760-09-13T00:00:00.000Z" }),
    "unreadable",
  ],
  ["with an end that is no instant", planted({ revokeAt: "2027" }), "unreadable"],
  [
    "with more namespaces than anybody may ask for",
    planted({
      access: {
        ...edit(),
        scope: { type: "namespace", namespaces: Array.from({ length: 51 }, (_, n) => `n${n}`) },
      },
    }),
    "unreadable",
  ],
  ["of a requester whom no session can name", planted({ requester: "a b" }), "unreadable"],
  ["that is null", () => null, "unreadable"],
  ["that is a text", () => "record", "unreadable"],
];

describe("A record planted beside an active grant", () => {
  it.each(PLANTED)("One %s holds up no end, and moves no access", async (_, record) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    plant(broker, record(grant));
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
    expect(broker.entries.peek(broker.addressOf(PROD.arn, BOB))).toBeUndefined();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it.each(PLANTED)("One %s keeps nothing on a standing entry past its end", async (_, record) => {
    const broker = memoryBroker();
    broker.othersHad({ [VIEW]: ["ns/team"] });
    const grant = await broker.activeGrant();
    plant(broker, record(grant));
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.namespaces(VIEW)).toEqual(["team"]);
  });

  it.each(PLANTED)("One %s is a finding once, and counts for the alarm", async (_, record, why) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    plant(broker, record(grant));
    for (let run = 0; run < 3; run += 1)
      expect(await broker.converge()).toMatchObject({ recordsLeftOut: 1 });
    const findings = (await broker.history(grant)).flatMap(({ details }) =>
      "findings" in details ? (details.findings ?? []) : [],
    );
    expect(findings).toEqual([{ code: "record-left-out", found: [`${FIRST}: ${why}`] }]);
  });

  it.each(PLANTED)("One %s does not keep the next grant from beginning", async (_, record) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    plant(broker, record(grant));
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
  });
});

describe("A partition with more records than are read", () => {
  /** Once `flood` is called, a view lacks all of the true grants. */
  function floodable() {
    let isWhole = true;
    const broker = memoryBroker({
      wrap: (ports) => ({
        ...ports,
        bindings: {
          ...ports.bindings,
          async view(binding) {
            const view = await ports.bindings.view(binding);
            return isWhole ? view : { ...view, grants: [], isWhole };
          },
        },
      }),
    });
    const flood = () => {
      isWhole = false;
    };
    return { broker, flood };
  }

  it("Its begun grants keep their access, and end at their time", async () => {
    const { broker, flood } = floodable();
    const grant = await broker.activeGrant();
    flood();
    expect(await broker.converge()).toMatchObject({ recordsLeftOut: 1 });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.states(grant)).toEqual(["ended"]);
  });

  it("No grant begins there", async () => {
    const { broker, flood } = floodable();
    const grant = await broker.grant();
    flood();
    expect(await broker.converge()).toMatchObject({ recordsLeftOut: 1 });
    expect(await broker.states(grant)).toEqual(["approved"]);
    expect(broker.entries.calls).toEqual([]);
  });
});

describe("A begun grant whose record was changed", () => {
  const OTHER = { access: view("payments-api") };

  it.each<[string, Record]>([
    ["deleted", () => undefined],
    ["made unreadable", () => ({})],
    ["given other access", (grant) => ({ ...grant, ...OTHER })],
    ["given another requester", (grant) => ({ ...grant, requester: "carol" })],
    ["given another rule", (grant) => ({ ...grant, rule: "none" })],
    ["moved to another principal", (grant) => ({ ...grant, principalArn: BOB })],
  ])("Its access goes at once where it was %s", async (_, record) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    plant(broker, record(grant), grant.id);
    if (record(grant) === undefined) broker.tables.grants.get(broker.binding)?.delete(grant.id);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("Its access goes although another grant is live on the entry", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const other = await broker.activeGrant({ access: view("payments-api") });
    plant(broker, {}, grant.id);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(broker.namespaces(VIEW)).toEqual(["payments-api"]);
    expect(await broker.states(other)).toEqual(["active"]);
  });

  it("Its access goes however long the message has waited, although another grant is live", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.activeGrant({ access: view("payments-api") });
    plant(broker, {}, grant.id);
    await broker.converge(broker.binding, { waitedSeconds: 31 });
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("It cannot keep what another grant was lent past that grant's end", async () => {
    const broker = memoryBroker();
    const long = await broker.activeGrant({ access: view("payments-api") });
    const short = await broker.activeGrant({ durationSeconds: 600 });
    forge(broker, long, { access: short.access });
    await broker.convergeAtEnd(short);
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("It gives no access again once it is readable", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    plant(broker, {}, grant.id);
    await broker.converge();
    plant(broker, grant, grant.id);
    await broker.settle(500);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      // A stored call says that it had begun, and the ledger has forgotten it.
      outcome: { code: "ledger-behind" },
    });
  });
});

describe("A record under the id of another binding's grant", () => {
  it.each(["approved", "active"] as const)(
    "One that is %s neither deletes nor moves that grant's timer",
    async (state) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      const name = revocationOf(grant.id, broker.binding);
      const timer = broker.schedules.timers.get(name);
      const elsewhere = { ...grant, cluster: { name: "staging", arn: STAGING.arn }, state };
      const binding = bindingKey(STAGING.arn, grant.principalArn);
      broker.tables.grants.set(binding, new Map([[grant.id, elsewhere]]));
      await broker.settle(600, binding);
      expect(broker.schedules.timers.get(name)).toEqual(timer);
    },
  );
});

describe("A record that its history does not bear out", () => {
  it("One that somebody approved in the table only gets nothing, and fails once that is sure", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    const approved = await broker.approve(asked);
    broker.tables.events.splice(-1, 1);
    await broker.converge();
    expect(await broker.states(approved)).toEqual(["approved"]);
    broker.clock.advance(31);
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(broker.tables.requests.get(asked.id)).toMatchObject({
      state: "failed",
      outcome: { code: "not-on-record" },
    });
  });

  it.each<[string, object]>([
    ["another start", { startsAt: null, approvedAt: "2026-11-24T09:59:59.000Z" }],
    ["an earlier end", { revokeAt: "2026-11-24T10:30:00.000Z" }],
    ["an earlier second end", { expiresAt: "2026-11-24T10:59:00.000Z" }],
    ["an approval that nobody gave", { approvals: [] }],
    ["another last event", { lastHash: "0".repeat(64) }],
    ["a later version", { version: 3 }],
    ["another creation", { createdAt: "2026-11-24T09:59:00.000Z" }],
  ])("One that claims %s gets nothing", async (_, change) => {
    const broker = memoryBroker();
    forge(broker, await broker.grant(), change);
    broker.clock.advance(31);
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
  });

  it.each<[string, number]>([
    ["before it began", 0],
    ["while it was active", 1],
  ])("An old record of a grant that its person ended %s brings nothing back", async (_, runs) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    if (runs > 0) await broker.converge();
    const old = await broker.reload(grant);
    await broker.end(grant, runs > 0 ? "return" : "cancel");
    plant(broker, old, grant.id);
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
  });

  it("Access that others remove from a grant that was revoked is not given back by its old record", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    const old = await broker.reload(grant);
    await broker.end(grant, "revoke", "bob");
    broker.othersPut({});
    plant(broker, old, grant.id);
    await broker.converge(broker.binding, { isDriftCheck: true });
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it.each<[string, (broker: MemoryBroker, grant: AccessRequest) => unknown]>([
    [
      "does not have its approval's note",
      (broker, grant) => {
        const approvals = grant.approvals.map((each) => ({ ...each, note: "as agreed" }));
        forge(broker, grant, { approvals });
      },
    ],
    [
      "cannot be read",
      (broker) => broker.breakPort("requests.historyPage", new Error("no answer")),
    ],
  ])(
    "Access that others remove from an active grant is not given back where its history %s",
    async (_, spoil) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      broker.clock.advance(120);
      spoil(broker, grant);
      broker.othersPut({});
      await broker.settle(60);
      expect(broker.namespaces(EDIT)).toEqual([]);
      expect(await broker.states(grant)).toEqual(["active"]);
    },
  );

  it("One with a whole history of its own gains what its rule lends, and its history shows it", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    const approvals = [{ ...asked.approvals[0], at: "2026-11-24T09:59:59.000Z" }];
    const forged = forgeWhole(broker, asked, { approvals });
    await broker.converge();
    expect(await broker.states(forged)).toEqual(["active"]);
  });

  it("Nothing begins while its history cannot be read", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const repair = broker.breakPort("requests.historyPage", new Error("no answer"));
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    repair();
    await broker.converge();
    expect(await broker.states(grant)).toEqual(["active"]);
  });
});

describe("A binding whose head somebody deleted", () => {
  it.each([
    ["refuses for a while", THROTTLED],
    ["does not answer", LOST],
  ])("Access whose removal EKS %s goes by a schedule of its own", async (_, fault) => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/team"] });
    const grant = await broker.activeGrant();
    failCalls(broker, "AssociateAccessPolicy", fault);
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "team"]);
    broker.tables.heads.delete(broker.binding);
    broker.clearFaults();
    const retries = [...broker.schedules.timers.values()].filter(
      (timer) => timer.kind === "revocation" && timer.grantId === null,
    );
    expect(retries).toMatchObject([{ binding: broker.binding }]);
    const [{ at } = { at: "" }] = retries;
    expect(at <= plusSeconds(broker.clock.now(), 600)).toBe(true);
    broker.clock.set(at);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["team"]);
  });

  it("A removal that leaves nothing arms no schedule", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect([...broker.schedules.timers.keys()].filter((name) => name.startsWith("retry"))).toEqual(
      [],
    );
  });
});
