import { randomBytes } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { CursorKeys } from "../../ports/cursor-keys.ts";
import type { Random } from "../../ports/random.ts";
import { cursorKeyKey, cursorKeyTtl, SCHEMA } from "./keys.ts";
import { writeItem } from "./write-item.ts";

/**
 * Keys in the requests table, beside what their cursors lead to. A reader of the keys can also read
 * the lists. Each is read once in the life of a function's process.
 */
export function dynamoCursorKeys(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
): CursorKeys {
  const known = new Map<string, Uint8Array>();

  const findKey = async (day: string): Promise<Uint8Array | undefined> => {
    const cached = known.get(day);
    if (cached) return cached;
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: cursorKeyKey(day), ConsistentRead: true }),
    );
    const key = Item?.["key"] as Uint8Array | undefined;
    if (key) known.set(day, key);
    return key;
  };

  const makeKey = async (day: string): Promise<void> => {
    const command = new PutCommand({
      TableName: table,
      Item: {
        ...cursorKeyKey(day),
        schema: SCHEMA,
        key: randomBytes(32),
        ttl: cursorKeyTtl(day),
      },
      ConditionExpression: "attribute_not_exists(pk)",
    });
    try {
      await writeItem(random, () => client.send(command));
    } catch (error) {
      // Another process made it at the same moment: that one counts.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  return {
    findKey,
    async keyFor(day) {
      const key = await findKey(day);
      if (key) return key;
      await makeKey(day);
      const made = await findKey(day);
      if (!made) throw new Error(`The cursor key of ${day} was stored and is not there.`);
      return made;
    },
  };
}
