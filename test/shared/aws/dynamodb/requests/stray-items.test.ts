import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { INDEX } from "../../../../../shared/aws/dynamodb/indexes.ts";
import { takeOff } from "../../../../../shared/aws/dynamodb/requests/stray-items.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

const { due } = INDEX;
const KEY = { pk: "STRAY#1", sk: "x" };

describe("An item of others in an index of what is due", () => {
  let tables: LocalTables;
  beforeAll(async () => {
    tables = await sharedTables();
  });
  afterAll(async () => {
    await tables.stop();
  });

  it.each<[string, string, boolean]>([
    ["stays off it once it was read there", T0, true],
    ["stays where it changed since it was read", plusSeconds(T0, 1), false],
  ])("It %s", async (_, at, isOff) => {
    const { client } = tables;
    const { requests: TableName } = await tables.requestTables();
    const stored = { ...KEY, [due.pk]: "DUE#0", [due.sk]: at };
    await client.send(new PutCommand({ TableName, Item: stored }));
    await takeOff(client, TableName, due, [{ ...stored, [due.sk]: T0 }]);
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: KEY, ConsistentRead: true }),
    );
    expect(Item).toEqual(isOff ? KEY : stored);
  });
});
