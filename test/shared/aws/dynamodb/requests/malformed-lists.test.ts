/** Items that others put first of all into the list of grants, with a record that lacks what a grant has. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { EDIT } from "../../../../../lab/fakes/memory-broker.ts";
import { stateKey } from "../../../../../shared/aws/dynamodb/keys.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";
import { brokerOnTables } from "../broker-on-tables.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let local: LocalTables;
beforeAll(async () => {
  local = await sharedTables();
});
afterAll(async () => {
  await local.stop();
});

it("A drain wakes the grants that stand behind a page of malformed items", async () => {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  await broker.activeGrant();
  for (let at = 0; at < 101; at += 1) {
    const id = countedId(900 + at);
    const request = { id, state: "active", requester: "alice", version: 1 };
    const index = { livePk: "LIVE", liveSk: `0${at}` };
    const Item = { ...stateKey(id), ...index, schema: 1, version: 1, request };
    await local.client.send(new PutCommand({ TableName: names.requests, Item }));
  }
  broker.queue.sent.length = 0;
  await changeStops(broker.front, broker.actor("carol"), "drain", null, "INC-9 stolen", true);
  expect(broker.queue.sent.map(({ subject }) => subject)).toContain(broker.binding);
});
