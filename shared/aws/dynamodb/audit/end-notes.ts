/** Notes of ends by people, in the audit table: IAM lets no role of the broker delete there, and no item expires. */
import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { RequestStore } from "../../../ports/request-store.ts";
import { CANCELS, endNoteKey, endNotePk } from "../evidence/record-keys.ts";
import { SCHEMA } from "../keys.ts";
import { inPartition, queryItems } from "../query-items.ts";

/** @param table the audit table */
export const dynamoEndNotes = (
  client: DynamoDBDocumentClient,
  table: string,
): Pick<RequestStore, "noteEnd" | "isEndNoted"> => ({
  async noteEnd(id, note) {
    const Item = { ...endNoteKey(id, note), schema: SCHEMA, note };
    await client.send(new PutCommand({ TableName: table, Item }));
  },

  /** Any item there counts: others can put one over a note, and not delete it. */
  async isEndNoted(id, of) {
    const notes = of === "grant" ? inPartition(endNotePk(id)) : endsOfChain(id);
    const query = { TableName: table, ...notes, ConsistentRead: true };
    return (await queryItems(client, query, 1)).length > 0;
  },
});

/** The condition of a query for the notes that mean a request's whole chain. */
const endsOfChain = (id: string) => ({
  KeyConditionExpression: "pk = :pk AND sk < :cancels",
  ExpressionAttributeValues: { ":pk": endNotePk(id), ":cancels": CANCELS },
});
