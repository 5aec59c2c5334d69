import { type DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { stateKey } from "./keys.ts";

/** A request as it is stored, read consistently. Undefined if there is none. */
export async function findRequest(
  client: DynamoDBDocumentClient,
  table: string,
  id: string,
): Promise<AccessRequest | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: stateKey(id), ConsistentRead: true }),
  );
  return Item?.["request"] as AccessRequest | undefined;
}
