/** The view made of the items of a binding's partition, whatever others wrote there. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { ALICE, anApproval, aRequest, PROD, T0 } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import {
  driftCheckIndex,
  dueIndex,
  grantKey,
  headCounts,
  headGrant,
  headKey,
  removalIndex,
} from "../../../../../shared/aws/dynamodb/keys.ts";
import type { Item } from "../../../../../shared/aws/dynamodb/query-items.ts";
import {
  readPartition,
  viewOf,
  workKind,
} from "../../../../../shared/aws/dynamodb/requests/binding-view.ts";
import { dynamoBindingStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { IN_TURN } from "../../../../../shared/ports/binding-store.ts";
import { STEPS_AT_ONCE } from "../../../../../shared/ports/request-store.ts";

const BINDING = bindingKey(PROD.arn, ALICE);
const grant = anApproval(aRequest()).request;
const RECORD: Item = { ...grantKey(BINDING, grant.id), request: grant };
const LATER = plusSeconds(T0, 60);
const head = (more: object = {}): Item => ({ ...headKey(BINDING), version: 1, ...more });
const view = (...items: readonly Item[]) => viewOf(BINDING, { items, isWhole: true });

describe("The view of a binding", () => {
  it("It has the times and counts of its head, and its grants", () => {
    const times = {
      ...dueIndex(BINDING, T0),
      ...removalIndex(BINDING, LATER),
      ...driftCheckIndex(BINDING, IN_TURN),
    };
    const counts = {
      version: 5,
      ledgerRevision: 7,
      ledgerHolds: true,
      attempts: 2,
      reservedBytes: 90,
    };
    const found = view(
      RECORD,
      head({ ...times, ...counts, dueFor: "confirmation", [headGrant(grant.id)]: grant.version }),
    );
    expect(found).toMatchObject({
      binding: BINDING,
      ...counts,
      dueAt: T0,
      dueFor: "confirmation",
      removeAt: LATER,
      driftCheckAt: IN_TURN,
      grants: [{ id: grant.id }],
      leftOut: [],
      isWhole: true,
      broken: [],
    });
  });

  it("Without a head, or with one that says nothing, nothing is due", () => {
    const nothing = {
      version: 0,
      ledgerRevision: 0,
      ledgerHolds: false,
      attempts: 0,
      reservedBytes: 0,
      dueAt: null,
      dueFor: "addition",
      removeAt: null,
      driftCheckAt: null,
      broken: [],
    };
    expect(view()).toMatchObject({ ...nothing, grants: [] });
    expect(view(head())).toMatchObject({ ...nothing, version: 1 });
  });

  it("A head that has work at its removal is due with that, unless it is due by itself", () => {
    const removal = removalIndex(BINDING, LATER);
    expect(view(head({ ...removal, dueWithRemoval: true }))).toMatchObject({
      dueAt: LATER,
      removeAt: LATER,
    });
    expect(view(head(removal))).toMatchObject({ dueAt: null, removeAt: LATER });
    expect(
      view(head({ ...removal, ...dueIndex(BINDING, T0), dueWithRemoval: true })),
    ).toMatchObject({
      dueAt: T0,
      removeAt: LATER,
    });
    expect(view(head({ dueWithRemoval: true })).dueAt).toBeNull();
  });

  it("A drift check is in its turn, or at an instant", () => {
    expect(view(head(driftCheckIndex(BINDING, LATER))).driftCheckAt).toBe(LATER);
    expect(view(head(driftCheckIndex(BINDING, IN_TURN))).driftCheckAt).toBe(IN_TURN);
    expect(["confirmation", "addition", "x", 7, undefined].map(workKind)).toEqual([
      ...["confirmation", "addition", "addition", "addition", "addition"],
    ]);
  });

  it("A grant that the head names in a later version, or that was not read, is left out", () => {
    const newer = head({ [headGrant(grant.id)]: grant.version + 1 });
    expect(view(RECORD, newer)).toMatchObject({
      grants: [],
      leftOut: [{ id: grant.id, why: "outdated" }],
    });
    const other = countedId(9);
    expect(view(RECORD, head({ [headGrant(other)]: 1 }))).toMatchObject({
      grants: [{ id: grant.id }],
      leftOut: [{ id: other, why: "outdated" }],
    });
  });

  it("Items that are no grants are passed over", () => {
    expect(
      view(RECORD, { ...headKey(BINDING), sk: "NOTE", request: grant }, head()).leftOut,
    ).toEqual([]);
  });
});

describe("Faults of a head", () => {
  const { open } = headCounts("alice");
  const broken = (more: object, ...items: readonly Item[]) => view(...items, head(more)).broken;

  it("A count that no step can be added to, and that counts as nothing", () => {
    for (const value of ["x", 1.5, 1e12 + 1, { a: 1 }, null, true]) {
      expect(broken({ ledgerRevision: value })).toEqual(["ledgerRevision"]);
      expect(view(head({ ledgerRevision: value })).ledgerRevision).toBe(0);
      expect(broken({ [open]: value })).toEqual([open]);
      expect(broken({ reservedBytes: value })).toEqual(["reservedBytes"]);
    }
    expect(broken({ [open]: -3, version: 1e12, reservedBytes: 0 })).toEqual([]);
  });

  it("Any value of what no step adds to is left alone", () => {
    expect(broken({ attempts: "x", dueFor: 7, parkedAt: {}, more: "x" })).toEqual([]);
  });

  it("Fields that the next step of its grants adds to come first", () => {
    const others = Object.fromEntries([1, 2, 3].map((n) => [headCounts(`p${n}`).open, "x"]));
    const all = { ...others, [open]: "x", version: "x", reservedBytes: "x" };
    const found = broken(all, RECORD);
    expect(new Set(found.slice(0, 3))).toEqual(new Set([open, "version", "reservedBytes"]));
    expect(found).toHaveLength(6);
  });

  it("An overgrown head is broken by the largest of what it can do without", () => {
    const [large, larger] = ["x".repeat(60_000), "x".repeat(70_000)];
    expect(broken({ large, larger })).toEqual(["larger", "large"]);
    expect(broken({ large })).toEqual([]);
    expect(broken({ large, dueFor: larger })).toEqual(["dueFor", "large"]);
    const kept = { [headGrant(grant.id)]: 2, principalArn: ALICE, [open]: 1 };
    expect(broken({ large, larger, ...kept }, RECORD)).toEqual(["larger", "large"]);
    expect(broken({ large, larger, [headGrant(countedId(9))]: 2 }, RECORD)).toContain(
      headGrant(countedId(9)),
    );
    expect(broken({ large, set: new Set([larger]) })).toEqual(["set", "large"]);
    expect(broken({ large, map: { deep: [larger] } })).toEqual(["map", "large"]);
    expect(broken({ large, bytes: Buffer.from(larger) })).toEqual(["bytes", "large"]);
    expect(broken({ large, ["y".repeat(50_000)]: 1 })).toEqual(["large", "y".repeat(50_000)]);
  });
});

describe("How much of a partition is read", () => {
  /** A client whose pages have these numbers of items. */
  function clientOf(...pages: readonly number[]) {
    const asked: unknown[] = [];
    const send = async ({ input }: { readonly input: Readonly<Record<string, unknown>> }) => {
      asked.push(input);
      if ("Key" in input) return { Item: head() };
      const at = Number(
        (input["ExclusiveStartKey"] as { readonly n?: number } | undefined)?.n ?? 0,
      );
      const Items = Array.from({ length: pages[at] ?? 0 }, (_, n) => ({ sk: `${at} ${n}` }));
      return { Items, ...(at + 1 < pages.length ? { LastEvaluatedKey: { n: at + 1 } } : {}) };
    };
    return { asked, client: { send } as unknown as DynamoDBDocumentClient };
  }
  const read = async (...pages: readonly number[]) => {
    const { asked, client } = clientOf(...pages);
    const { items, isWhole } = await readPartition(client, "requests", BINDING);
    return {
      count: items.length,
      isWhole,
      calls: asked.length,
      hasHead: items.some(({ sk }) => sk === "HEAD"),
      asked,
    };
  };

  it("All of a thousand items on two pages, with consistent reads", async () => {
    const found = await read(600, 400);
    expect(found).toMatchObject({ count: 1_000, isWhole: true, calls: 2, hasHead: false });
    for (const input of found.asked) expect(input).toMatchObject({ ConsistentRead: true });
  });

  it("In a larger one, the head is read by its key", async () => {
    expect(await read(600, 401)).toMatchObject({
      count: 1_002,
      isWhole: false,
      calls: 3,
      hasHead: true,
    });
    expect(await read(10, 10, 10)).toMatchObject({
      count: 21,
      isWhole: false,
      calls: 3,
      hasHead: true,
    });
  });
});

describe("A view whose records are older than its head", () => {
  /** How often the partition is read, where this many records are older. */
  async function readsOf(outdated: number): Promise<number> {
    const ids = Array.from({ length: outdated }, (_, at) => countedId(at + 1));
    const items = [
      head(Object.fromEntries(ids.map((id) => [headGrant(id), 9]))),
      ...ids.map((id) => ({ ...grantKey(BINDING, id), request: { ...grant, id } })),
    ];
    let reads = 0;
    const send = async () => {
      reads += 1;
      return { Items: items };
    };
    const client = { send } as unknown as DynamoDBDocumentClient;
    const store = dynamoBindingStore(client, "requests", {
      clock: { now: () => T0 },
      random: { ...systemRandom, fraction: () => 0 },
    });
    expect((await store.view(BINDING)).leftOut).toHaveLength(outdated);
    return reads;
  }

  it("It is read again as often as a transaction may be under way, and once where others planted more", async () => {
    expect(await readsOf(0)).toBe(1);
    expect(await readsOf(1)).toBe(6);
    expect(await readsOf(4 * STEPS_AT_ONCE)).toBe(6);
    expect(await readsOf(4 * STEPS_AT_ONCE + 1)).toBe(1);
  });
});
