/** Due items in an index that the broker did not put there. Writers of the table can. */
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Index } from "../indexes.ts";
import { bindingPk, HEAD, stateKey } from "../keys.ts";
import type { Item } from "../query-items.ts";

/** The name of the binding whose head this is; undefined for any other item. */
export const bindingIn = ({ pk, sk }: Item): string | undefined =>
  sk === HEAD ? nameAfter(bindingPk(""), pk, BINDING) : undefined;

/** The id of the request whose state this is; undefined for any other item. */
export const requestIn = ({ pk, sk }: Item): string | undefined =>
  sk === STATE.sk ? nameAfter(STATE.pk, pk, REQUEST_ID) : undefined;

const STATE = stateKey("");

/** Converge takes no other name, so it could take no such head off. */
const BINDING = /^[0-9a-f]{64}$/;
const REQUEST_ID = /^[0-9a-f-]{36}$/;

export const isRequestId = (text: string): boolean => REQUEST_ID.test(text);

const nameAfter = (prefix: string, pk: unknown, form: RegExp): string | undefined =>
  typeof pk === "string" && pk.startsWith(prefix) && form.test(pk.slice(prefix.length))
    ? pk.slice(prefix.length)
    : undefined;

/** How many are taken off at once. More of them are met by the next sweeps. */
const MOST = 200;

/**
 * Takes items off an index, so that they are met once. An item that changed since it was read
 * stays. So does one that the caller may not change: it is not among the due items all the same.
 */
export async function takeOff(
  client: DynamoDBDocumentClient,
  table: string,
  index: Index,
  strays: readonly Item[],
): Promise<void> {
  await Promise.allSettled(
    strays.slice(0, MOST).map(({ pk, sk, [index.sk]: at }) =>
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression: "REMOVE #pk, #sk",
          ConditionExpression: "#sk = :at",
          ExpressionAttributeNames: { "#pk": index.pk, "#sk": index.sk },
          ExpressionAttributeValues: { ":at": at },
        }),
      ),
    ),
  );
}
