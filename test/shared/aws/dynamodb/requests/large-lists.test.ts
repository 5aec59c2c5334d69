import { afterAll, beforeAll } from "vitest";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { largeListsContract } from "../../../../contracts/large-lists.contract.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(async () => {
  await tables.stop();
});

largeListsContract("dynamoRequestStore", async () =>
  dynamoRequestStore(tables.client, await tables.requestTables(), systemRandom),
);
