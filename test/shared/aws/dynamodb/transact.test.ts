import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, type TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { transactWrite, type Write } from "../../../../shared/aws/dynamodb/transact.ts";
import { systemRandom } from "../../../../shared/aws/machine/system-random.ts";

/** Two items whose failed conditions mean different things. */
const WRITES: readonly Write[] = ["first", "second"].map((name) => ({
  item: { Put: { TableName: "t", Item: { pk: name } } },
  refused: ({ Item }) => new Error(`${name} ${Item?.["id"]?.S ?? ""}`.trim()),
}));

const PUT = { TableName: "t", Item: { pk: "other" } };

/** A client that fails once for each list of reasons. DynamoDB Local never conflicts. */
function failing(...failures: readonly (readonly string[])[]) {
  const tokens: (string | undefined)[] = [];
  const written: TransactWriteCommand["input"]["TransactItems"][] = [];
  const left = [...failures];
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-west-2" }));
  client.send = (async ({ input }: TransactWriteCommand) => {
    tokens.push(input.ClientRequestToken);
    written.push(input.TransactItems);
    const codes = left.shift();
    if (!codes) return {};
    throw new TransactionCanceledException({
      message: "cancelled",
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code, Item: { id: { S: "stored" } } })),
    });
  }) as typeof client.send;
  return { client, tokens, written };
}

describe("A transaction", () => {
  it.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
    "A transaction that met %s is repeated with the same token",
    async (code) => {
      const { client, tokens } = failing(["None", code], [code, "None"]);
      await transactWrite(client, WRITES, systemRandom);
      expect(tokens).toHaveLength(3);
      expect(new Set(tokens).size).toBe(1);
      expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it("Every transaction has its own token", async () => {
    const { client, tokens } = failing();
    await transactWrite(client, WRITES, systemRandom);
    await transactWrite(client, WRITES, systemRandom);
    expect(new Set(tokens).size).toBe(2);
  });

  it("A failed condition throws the error of the first item that failed", async () => {
    const { client, tokens } = failing(["ConditionalCheckFailed", "ConditionalCheckFailed"]);
    await expect(transactWrite(client, WRITES, systemRandom)).rejects.toThrow("first stored");
    expect(tokens).toHaveLength(1);
  });

  it("A failed condition is not retried because of a conflict beside it", async () => {
    const { client, tokens } = failing(["TransactionConflict", "ConditionalCheckFailed"]);
    await expect(transactWrite(client, WRITES, systemRandom)).rejects.toThrow("second stored");
    expect(tokens).toHaveLength(1);
  });

  it("A transaction that never succeeds says that nothing was written", async () => {
    const { client, tokens } = failing(
      ...Array.from({ length: 50 }, () => ["TransactionConflict"]),
    );
    await expect(transactWrite(client, WRITES, systemRandom)).rejects.toMatchObject({
      code: "dependency-unavailable",
      message: expect.stringContaining("Nothing was written"),
    });
    expect(tokens.length).toBeLessThan(10);
  });

  it("An item that DynamoDB finds invalid is replaced once, under another token", async () => {
    const writes = WRITES.map((write) => ({ ...write, instead: { Put: PUT } }));
    const { client, tokens } = failing(["None", "ValidationError"]);
    await transactWrite(client, writes, systemRandom);
    expect(new Set(tokens).size).toBe(2);
    const again = failing(["None", "ValidationError"], ["None", "ValidationError"]);
    await expect(transactWrite(again.client, writes, systemRandom)).rejects.toBeInstanceOf(
      TransactionCanceledException,
    );
  });

  it("An item that may be left out is left out where DynamoDB finds it invalid, and no other is", async () => {
    const writes = WRITES.map((write) => ({ ...write, instead: "left-out" as const }));
    const { client, tokens, written } = failing(["None", "ValidationError"]);
    await transactWrite(client, writes, systemRandom);
    expect(new Set(tokens).size).toBe(2);
    expect(written.at(-1)).toEqual(writes.slice(0, 1).map(({ item }) => item));
  });

  it("A transaction that DynamoDB finds invalid is passed on as a bug", async () => {
    const { client } = failing(["ValidationError", "None"]);
    const written = transactWrite(client, WRITES, systemRandom);
    await expect(written).rejects.toBeInstanceOf(TransactionCanceledException);
  });
});
