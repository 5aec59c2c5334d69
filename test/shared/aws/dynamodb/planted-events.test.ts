/** Audit events that somebody who can add some put in the places of the next ones: nobody can take them away. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditKey } from "../../../../shared/aws/dynamodb/keys.ts";
import type { EndVerb } from "../../../../shared/domain/requests/audit-event.ts";
import { EDIT } from "../../../fakes/memory-broker.ts";
import { BINDING, brokerOnTables } from "./broker-on-tables.ts";
import { type LocalTables, localTables } from "./local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await localTables();
}, 60_000);
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
  return { broker, grant, plant };
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
