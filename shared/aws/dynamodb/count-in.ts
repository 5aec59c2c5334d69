import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Random } from "../../ports/random.ts";
import type { RequestStore } from "../../ports/request-store.ts";
import { countUpdate } from "./count-update.ts";
import { writeItem } from "./write-item.ts";

/** Counts calls in a window of the rate limit. @returns whether there was room for one more */
export async function countIn(
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
  ...[window, most]: Parameters<RequestStore["countIn"]>
): Promise<boolean> {
  const command = new UpdateCommand(countUpdate(table, window, most));
  try {
    await writeItem(random, () => client.send(command));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
