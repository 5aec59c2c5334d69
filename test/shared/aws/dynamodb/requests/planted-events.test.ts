/** Audit events that somebody who can add some put in the places of the next ones: nobody can take them away. */
import { PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { EDIT } from "../../../../../lab/fakes/memory-broker.ts";
import {
  chainedKey,
  delegationPk,
} from "../../../../../shared/aws/dynamodb/evidence/record-keys.ts";
import {
  auditKey,
  auditPk,
  grantKey,
  pendingExtensionKey,
  stateKey,
} from "../../../../../shared/aws/dynamodb/keys.ts";
import { dynamoDelegationStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-delegation-store.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import type { EndVerb } from "../../../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { BINDING, brokerOnTables } from "../broker-on-tables.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

/** An active grant on an entry of others, so that nothing of it has a fuse. */
async function activeOnTables() {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  const plant = (event: unknown, places = 1) =>
    Promise.all(
      Array.from({ length: places }, (_, at) => {
        const Item = { ...auditKey(grant.id, grant.version + 1 + at), schema: 1, event };
        return local.client.send(new PutCommand({ TableName: names.audit, Item }));
      }),
    );
  const put = (table: string, Item: Readonly<Record<string, unknown>>) =>
    local.client.send(new PutCommand({ TableName: table, Item }));
  /** Changes the record that converge reads, and not the request's state. */
  const forge = (change: Partial<AccessRequest>) =>
    put(names.requests, { ...grantKey(BINDING, grant.id), request: { ...grant, ...change } });
  /** Puts what fills a page of events before the first one. */
  const fill = () =>
    Promise.all(
      ["a", "b", "c"].map((end) =>
        put(names.audit, {
          pk: auditPk(grant.id),
          sk: `000000${end}`,
          event: { x: "x".repeat(390_000) },
        }),
      ),
    );
  const pointTo = (requestId: string) =>
    put(names.requests, { ...pendingExtensionKey(grant.id), schema: 1, requestId });
  /** Plants an extension whose next event has no place. */
  const plantExtension = async () => {
    const id = countedId(900);
    const request = { ...grant, id, extends: grant.id };
    await put(names.requests, { ...stateKey(id), version: grant.version, request });
    await put(names.audit, { ...auditKey(id, grant.version + 1), event: {} });
    await pointTo(id);
  };
  return { broker, grant, plant, forge, fill, pointTo, plantExtension };
}

describe("Events in the places of a grant's next ones", () => {
  it.each<readonly [verb: EndVerb, by: string]>([
    ["return", "alice"],
    ["revoke", "carol"],
  ])(
    "Its access goes at once where somebody wants to %s it, which nobody can store",
    async (verb, by) => {
      const { broker, grant, plant } = await activeOnTables();
      await plant({ x: true }, 3);
      const sent = broker.queue.sent.length;
      await expect(broker.end(grant, verb, by)).rejects.toMatchObject({ code: "version-conflict" });
      expect(broker.queue.sent.slice(sent)).toMatchObject([{ subject: BINDING }]);
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
      await broker.settle();
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );

  it.each<readonly [string, (planting: Awaited<ReturnType<typeof activeOnTables>>) => unknown]>([
    ["the record claims a later version", ({ forge }) => forge({ version: 9 })],
    ["the record claims more events than are read", ({ forge }) => forge({ version: 5_000 })],
    ["large items fill the first page of the history", ({ fill }) => fill()],
  ])("Its access goes as well where %s", async (_, spoil) => {
    const planting = await activeOnTables();
    const { broker, grant, plant } = planting;
    await plant({ x: true }, 3);
    await spoil(planting);
    await expect(broker.end(grant, "return")).rejects.toMatchObject({ code: "version-conflict" });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("They bring nothing back once it is over", async () => {
    const { broker, grant, plant } = await activeOnTables();
    await plant({ x: true });
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("A true event that is stored between the reads of a run ends nothing", async () => {
    const { broker, grant } = await activeOnTables();
    broker.before("requests.historyPage", async () => broker.approve(await broker.extend(grant)));
    await broker.converge();
    await broker.converge();
    expect((await broker.ports.requests.load(grant.id)).state).toBe("active");
    expect(broker.namespaces(EDIT)).toEqual(["own", "payments-api"]);
  });
});

describe("An extension that somebody planted beside a grant", () => {
  it("One that does not exist keeps nobody from returning the grant", async () => {
    const { broker, grant, pointTo } = await activeOnTables();
    await pointTo(countedId(900));
    expect(await broker.end(grant, "return")).toMatchObject({ state: "ending" });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("One under a name that no request has keeps nobody from returning the grant", async () => {
    const { broker, grant, pointTo } = await activeOnTables();
    await pointTo("x".repeat(3_000));
    expect(await broker.end(grant, "return")).toMatchObject({ state: "ending" });
  });

  it("One whose end cannot be stored keeps no access: it goes once somebody revokes the grant", async () => {
    const { broker, grant, plantExtension } = await activeOnTables();
    await plantExtension();
    await expect(broker.end(grant, "revoke", "carol")).rejects.toMatchObject({
      code: "version-conflict",
    });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });
});

describe("Many large items in a partition that converge reads for a grant", () => {
  /** The tables' client, and how many queries were sent by it. */
  function counting() {
    let queries = 0;
    const client: typeof local.client = Object.create(local.client);
    client.send = ((command: QueryCommand) => {
      if (command instanceof QueryCommand) queries += 1;
      return local.client.send(command);
    }) as typeof client.send;
    return { client, queries: () => queries };
  }

  it.each<[string, (id: string) => string, "requests.historyPage" | "delegations.records"]>([
    ["of events", auditPk, "requests.historyPage"],
    ["of records of a delegation", delegationPk, "delegations.records"],
  ])("Two queries read what is read %s", async (_, pk, read) => {
    const names = await local.requestTables();
    const id = countedId(900);
    const places = Array.from({ length: 12 }, (_each, at) => chainedKey(pk(id), at + 1));
    await Promise.all(
      places.map((key) => {
        const Item = { ...key, event: { x: "x".repeat(390_000) } };
        return local.client.send(new PutCommand({ TableName: names.audit, Item }));
      }),
    );
    const { client, queries } = counting();
    if (read === "delegations.records")
      await dynamoDelegationStore(client, names, systemRandom).records(id);
    else await dynamoRequestStore(client, names, systemRandom).historyPage(id, { limit: 1_001 });
    expect(queries()).toBeLessThanOrEqual(2);
  });
});
