/** Items that others put into the list of grants, each at the very place of a grant. */
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { EDIT, edit } from "../../../../../lab/fakes/memory-broker.ts";
import { stateIndexes } from "../../../../../shared/aws/dynamodb/keys.ts";
import { endOwn } from "../../../../../shared/usecases/requests/end-own.ts";
import { listGrants } from "../../../../../shared/usecases/requests/read-requests.ts";
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

/** A grant, and items at its places in the lists, as `standing`, `notify` or `correlate` may put them. */
async function crowded() {
  const { broker, names } = await brokerOnTables(local);
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await broker.activeGrant();
  for (let from = 0; from < 300; from += 25) {
    const puts = Array.from({ length: 25 }, (_, at) => {
      const Item = { pk: `STANDING#${from + at}`, sk: "x", ...stateIndexes(grant) };
      return { PutRequest: { Item } };
    });
    await local.client.send(new BatchWriteCommand({ RequestItems: { [names.requests]: puts } }));
  }
  return { broker, grant };
}

it("A drain wakes a grant at whose place in the list others put items", async () => {
  const { broker, grant } = await crowded();
  broker.queue.sent.length = 0;
  const { ending } = await changeStops(
    broker.front,
    broker.actor("carol"),
    "drain",
    null,
    "INC-9 stolen",
    true,
  );
  expect(ending?.map(({ id }) => id)).toEqual([grant.id]);
  expect(broker.queue.sent.map(({ subject }) => subject)).toContain(broker.binding);
});

it("The list of grants has a grant at whose place in it others put items", async () => {
  const { broker, grant } = await crowded();
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = { limit: 100, ...(after === undefined ? {} : { after }) };
    const { items, next } = await listGrants(broker.front, broker.actor("carol"), page);
    seen.push(...items.map(({ id }) => id));
    after = next;
  } while (after !== undefined);
  expect(seen).toEqual([grant.id]);
});

it("A list goes on where the last item of a page has left it meanwhile", async () => {
  const { broker } = await brokerOnTables(local);
  const [first, second] = [
    await broker.activeGrant(),
    await broker.activeGrant({ access: edit("payments-web") }),
  ];
  const page = await listGrants(broker.front, broker.actor("carol"), { limit: 1 });
  const [shown] = page.items;
  if (!shown || page.next === undefined) throw new Error("There is no second page.");
  const left = shown.id === first.id ? second : first;
  await broker.end(shown, "revoke", "carol");
  await broker.settle();
  expect((await broker.reload(shown)).state).toBe("ended");
  const rest = await listGrants(broker.front, broker.actor("carol"), {
    limit: 5,
    after: page.next,
  });
  expect(rest.items.map(({ id }) => id)).toEqual([left.id]);
});

it("A person who returns all of their own returns a grant at whose place others put items", async () => {
  const { broker, grant } = await crowded();
  const { ended, isCut } = await endOwn(broker.front, broker.actor("alice"));
  expect({ ended: ended.map(({ id }) => id), isCut }).toEqual({ ended: [grant.id], isCut: false });
});
