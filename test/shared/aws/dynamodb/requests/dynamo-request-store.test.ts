import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, T0 } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { fixedClock } from "../../../../../lab/fakes/fixed-clock.ts";
import {
  dueIndex,
  grantKey,
  headGrant,
  headKey,
  SHARDS,
} from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoBindingStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import type { RequestStore } from "../../../../../shared/ports/request-store.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

let table: string;
let audit: string;
let store: RequestStore;
beforeEach(async () => {
  const names = await tables.requestTables();
  ({ requests: table, audit } = names);
  store = dynamoRequestStore(tables.client, names, systemRandom);
});

/** All items, which no part of the broker may read like this. */
const items = async (of = table) =>
  (await tables.client.send(new ScanCommand({ TableName: of }))).Items ?? [];
const kinds = async (of = table) =>
  (await items(of)).map(({ pk, sk }) => `${pk.split("#")[0]} ${sk.split("#")[0]}`).toSorted();

describe("The requests table", () => {
  it("The table holds what finds a pending request, and nothing of a binding", async () => {
    await store.create([aFirstStep()], { idempotency: { keyHash: "key", bodyHash: "body" } });
    expect(await kinds()).toEqual([
      `APPROVER ${T0}`,
      "IDEM KEY",
      "NOTICE NOTICE",
      "PENDING PENDING",
      "REQ STATE",
      "UNIQ PENDING",
    ]);
    expect(await kinds(audit)).toEqual(["AUDIT 000001"]);
  });

  it("The table holds the state and head of a request that is over, and the audit table its history", async () => {
    const first = aFirstStep();
    const approval = anApproval(first.request);
    const ending = aStep(approval.request, { type: "revoke" });
    await store.create([first]);
    await store.save(approval);
    await store.save(ending);
    await store.save(aStep(ending.request, { type: "settle" }));
    const events = [1, 2, 3, 4].map((seq) => `AUDIT 00000${seq}`);
    const left = ["BIND HEAD", "NOTICE NOTICE", "PENDING PENDING", "REQ STATE"];
    expect(await kinds()).toEqual(left);
    expect(await kinds(audit)).toEqual(events);
    expect((await items()).find(({ pk }) => pk === "PENDING#alice")).not.toHaveProperty("ids");
    const head = (await items()).find(({ sk }) => sk === "HEAD");
    expect(head).not.toHaveProperty(headGrant(first.request.id));
  });

  it("Every item has the schema that it was written in", async () => {
    const first = aFirstStep();
    await store.create([first], { idempotency: { keyHash: "key", bodyHash: "body" } });
    await store.save(anApproval(first.request));
    const schemas = new Set(
      [...(await items()), ...(await items(audit))].map(({ schema }) => schema),
    );
    expect([...schemas]).toEqual([1]);
  });

  it("An idempotency key may be deleted a day after its use, in epoch seconds", async () => {
    await store.create([aFirstStep()], { idempotency: { keyHash: "key", bodyHash: "body" } });
    const key = (await items()).find(({ sk }) => sk === "KEY");
    expect(key?.["ttl"]).toBe(Date.parse(plusSeconds(T0, 86_400)) / 1_000);
    expect((await items()).filter((item) => "ttl" in item)).toHaveLength(1);
  });

  it("A nonce may be deleted ten minutes after its use, in epoch seconds", async () => {
    await store.create([aFirstStep()], { nonce: "n1" });
    const nonce = (await items()).find(({ pk }) => pk === "NONCE#n1");
    expect(nonce).toMatchObject({ ttl: Date.parse(plusSeconds(T0, 600)) / 1_000, schema: 1 });
  });

  it("An audit event is never overwritten", async () => {
    const first = aFirstStep();
    await store.create([first]);
    const other = { ...anApproval(first.request), from: "pending" as const };
    await store.save(other);
    // Even a state that was reset by hand cannot rewrite history.
    const back = { ...other, request: { ...other.request, version: 3 } };
    await expect(store.save(back)).rejects.toMatchObject({ code: "version-conflict" });
    expect(await store.history(first.request.id)).toEqual([first.event, other.event]);
  });
});

describe("The shards of due items", () => {
  it("Due items use all shards", () => {
    const shards = new Set(Array.from({ length: 200 }, (_, n) => dueIndex(countedId(n), T0).duePk));
    expect(shards.size).toBe(SHARDS);
  });
});

describe("A binding that is read during a transaction", () => {
  const old = anApproval(aFirstStep().request).request;
  const BINDING = bindingKey(old.cluster.arn, old.principalArn);
  const fresh = aStep(old, { type: "activate" }).request;
  const head = { ...headKey(BINDING), version: 2, attempts: 0, [headGrant(old.id)]: fresh.version };
  const grant = (request: typeof old) => ({ ...grantKey(BINDING, old.id), request });

  /** A client whose queries return these lists in order, and then the last one again and again. */
  const answering = (...answers: readonly (readonly object[])[]) => {
    let asked = 0;
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-west-2" }));
    client.send = (async () => {
      const Items = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      return { Items };
    }) as typeof client.send;
    return {
      store: dynamoBindingStore(client, "requests", {
        clock: fixedClock(T0),
        random: systemRandom,
      }),
      asked: () => asked,
    };
  };

  it.each([
    ["does not contain a grant yet that its head lists", []],
    ["contains a grant in an older version than its head lists", [grant(old)]],
  ])("A binding is read again if it %s", async (_what, half) => {
    const { store, asked } = answering([...half, head], [grant(fresh), head]);
    expect(await store.view(BINDING)).toMatchObject({ version: 2, grants: [fresh] });
    expect(asked()).toBe(2);
  });

  it("A binding with an older head is accepted, because nothing can be parked under it", async () => {
    const before = { ...head, version: 1, [headGrant(old.id)]: old.version };
    const { store, asked } = answering([grant(fresh), before]);
    expect(await store.view(BINDING)).toMatchObject({ version: 1, grants: [fresh] });
    expect(asked()).toBe(1);
  });

  it.each([
    ["names a grant that is not there", []],
    ["names a later version of a grant", [grant(old)]],
  ])("A head that always %s holds nothing up: that grant is left out", async (_what, half) => {
    const { store } = answering([...half, head]);
    const leftOut = [{ id: old.id, why: "outdated" }];
    expect(await store.view(BINDING)).toMatchObject({ version: 2, grants: [], leftOut });
  });

  it("A head whose counts are no numbers holds nothing up", async () => {
    const { store } = answering([{ ...headKey(BINDING), version: "many", attempts: null }]);
    expect(await store.view(BINDING)).toMatchObject({ version: 0, attempts: 0, leftOut: [] });
  });
});
