/** The deeds of an intruder: each writes as the broker files things, says whom it is about, and takes a refusal. */
import { describe, expect, it } from "vitest";
import { withField } from "../../../../lab/chaos/deeds/forged-fields.ts";
import { FORGE } from "../../../../lab/chaos/deeds/forgeries.ts";
import type { ForgeryScene } from "../../../../lab/chaos/deeds/forgery.ts";
import { intrude } from "../../../../lab/chaos/deeds/intrude.ts";
import { FORGERIES, type ROLES } from "../../../../lab/chaos/plan/forgeries.ts";
import { principalOf } from "../../../../lab/chaos/stage/principals.ts";
import type { Stage } from "../../../../lab/chaos/stage/stage.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { seededRandom } from "../../../../lab/simulation/random.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { onRecord } from "../../../../shared/domain/requests/on-record.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import {
  type Item,
  itemOfGrant,
  keyOfGrant,
  keyOfHead,
  type Sight,
  type TableIntruder,
  type Write,
} from "../../../e2e/table-intruder.ts";

/** A request that waits for bob, as the broker stored it, with its history. */
async function asked() {
  const broker = memoryBroker();
  const request = await broker.ask(
    { access: edit("payments-api"), durationSeconds: 1_200 },
    "alice",
  );
  const place = {
    cluster: request.cluster.name,
    clusterArn: request.cluster.arn,
    principalArn: request.principalArn,
  };
  const item = itemOfGrant(place, request.id, request as unknown as Item);
  const sight: Sight = {
    head: { ...keyOfHead(place), dueAt: "x", duePk: "DUE#1", removeAt: "x", version: 3 },
    grants: [item],
    state: { request },
    events: broker.tables.events,
  };
  const scene = (seed: number): ForgeryScene => ({
    random: seededRandom(seed),
    place,
    other: place,
    id: request.id,
    sight,
    remembered: [{ place, id: request.id, item }],
    now: broker.clock.now(),
  });
  return { broker, request, place, sight, scene };
}

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed + 1);
const eventIn = (writes: readonly Write[]): AuditEvent | undefined =>
  writes.flatMap((one) => (one.kind === "put-event" ? (one.item["event"] as AuditEvent) : []))[0];

describe("A forgery", () => {
  it.each(FORGERIES)("%s writes something, and says whom it is about", async (name) => {
    const { scene, place } = await asked();
    for (const seed of SEEDS) {
      const { writes, attacks } = FORGE[name](scene(seed));
      expect(writes.length).toBeGreaterThan(0);
      if (name !== "send-junk") expect(attacks.length).toBeGreaterThan(0);
      for (const one of attacks) {
        expect(one.cluster).toBe(place.cluster);
        expect(one.principalArn).toBe(place.principalArn);
      }
    }
  });

  it("An approval with its event is borne out by the history, and one without is not", async () => {
    const { scene, sight } = await asked();
    const results = SEEDS.map((seed) => {
      const { writes, attacks } = FORGE["forge-approval"](scene(seed));
      const [state] = writes.flatMap((one) =>
        one.kind === "put" ? (one.item["request"] as AccessRequest) : [],
      );
      const event = eventIn(writes);
      const events = [...sight.events, ...(event ? [event] : [])];
      const lends = attacks[0]?.lendsSeconds;
      return `${event ? "whole" : "bare"} ${lends} ${state && onRecord(state, events)}`;
    });
    expect([...new Set(results)].sort()).toEqual(["bare undefined false", "whole 1200 borne-out"]);
  });

  it("A planted event continues the history, so that its chain verifies", async () => {
    const { scene, sight } = await asked();
    const event = eventIn(FORGE["plant-event"](scene(1)).writes);
    expect(event?.seq).toBe(sight.events.length + 1);
    expect(verifyChains([...sight.events, ...(event ? [event] : [])])).toEqual([]);
  });

  it("No event is planted after the end, where none may follow", async () => {
    const { scene, sight } = await asked();
    const over = sight.events.map((one) => ({ ...one, to: "ended" as const }));
    const planted = FORGE["plant-event"]({
      ...scene(1),
      sight: { ...sight, events: over as never },
    });
    expect(planted.writes).toEqual([]);
  });

  it("A head is deleted, or is due no more, or has odd values", async () => {
    const { scene, place } = await asked();
    const writes = SEEDS.flatMap((seed) => FORGE["spoil-head"](scene(seed)).writes);
    expect(writes).toContainEqual({ kind: "delete", key: keyOfHead(place) });
    expect(writes).toContainEqual({ kind: "put", item: { ...keyOfHead(place), version: 3 } });
    expect(writes).toContainEqual({
      kind: "put",
      item: expect.objectContaining({ version: "x", clusterArn: { x: 1 } }),
    });
  });

  it("A field without a value is left out, as DynamoDB wants it", () => {
    expect(withField({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
    expect(withField({ a: 1 }, "a", null)).toEqual({ a: null });
  });
});

describe("The deed of an intruder", () => {
  async function stageOf(write: TableIntruder["write"]) {
    const { request, place: seen, sight } = await asked();
    const place = { ...seen, principalArn: principalOf("alice") };
    const stage = {
      requests: new Map([[1, { id: request.id, ...place }]]),
      attacks: [],
      intrusions: [],
      remembered: [],
      intruder: { see: async () => sight, write },
    } as unknown as Stage;
    return { stage, place };
  }
  const action = (role: (typeof ROLES)[number]) =>
    ({ kind: "intrude", at: 0, role, forgery: "delete-record", victim: "alice", dice: 1 }) as const;

  it("Is kept as an attack before it writes, and is logged with its role", async () => {
    const seen: number[] = [];
    const writes: (readonly [string, Write])[] = [];
    const { stage, place } = await stageOf(async (as, write) => {
      seen.push(stage.attacks.length);
      writes.push([as, write]);
    });
    expect(await intrude(stage, action("sweep"))).toBe("delete-record written");
    expect(seen).toEqual([1]);
    const id = stage.attacks[0]?.request ?? "";
    expect(writes).toEqual([["sweep", { kind: "delete", key: keyOfGrant(place, id) }]]);
    expect(stage.intrusions).toEqual([
      expect.stringMatching(/^\d{4}-.*Z as sweep: delete-record: the record of /),
    ]);
  });

  it.each([
    ["AccessDeniedException", "refused by IAM"],
    ["ConditionalCheckFailedException", "not done: the broker was first"],
    ["TimeoutError", "no answer (TimeoutError: no)"],
  ])("That AWS answers with %s is no failure: %s", async (name, answer) => {
    const { stage } = await stageOf(() => Promise.reject(Object.assign(new Error("no"), { name })));
    expect(await intrude(stage, action("notify"))).toBe(answer);
  });

  it("Does nothing before anybody asked, nor where no function was taken over", async () => {
    const { stage } = await stageOf(async () => undefined);
    const { intruder: _none, ...without } = stage;
    expect(await intrude(without, action("api"))).toMatch(/^not done/);
    expect(await intrude({ ...stage, requests: new Map() }, action("api"))).toMatch(/^not done/);
    expect(stage.attacks).toEqual([]);
  });
});
