import { setTimeout as pause } from "node:timers/promises";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { BrokerError } from "../domain/errors.ts";
import type { AccessRequest } from "../domain/request.ts";
import type { BindingStore, BindingView, DueItem } from "../ports/binding-store.ts";
import {
  bindingPk,
  DUE_SHARDS,
  dueIndex,
  duePk,
  HEAD,
  headGrants,
  headKey,
  INDEX,
} from "./keys.ts";
import { type Item, queryItems } from "./query-items.ts";
import { type Dated, takeInTurn } from "./take-in-turn.ts";

const VIEW_TRIES = 6;
const VIEW_PAUSE_MS = 20;

/** Heads and grants in the requests table; see `keys.ts`. */
export function dynamoBindingStore(client: DynamoDBDocumentClient, table: string): BindingStore {
  const partition = (binding: string) =>
    queryItems(client, {
      TableName: table,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": bindingPk(binding) },
      ConsistentRead: true,
    });

  const dueIn = (shard: number, now: string, limit: number) =>
    queryItems(
      client,
      {
        TableName: table,
        IndexName: INDEX.due.name,
        KeyConditionExpression: "duePk = :pk AND dueSk <= :now",
        ExpressionAttributeValues: { ":pk": duePk(shard), ":now": now },
        ProjectionExpression: "pk, sk, dueSk, clusterArn",
      },
      limit,
    );

  return {
    async view(binding) {
      for (let tries = 1; tries <= VIEW_TRIES; tries += 1) {
        const view = viewOf(binding, await partition(binding));
        if (view) return view;
        await pause(Math.random() * VIEW_PAUSE_MS * 2 ** tries);
      }
      throw new BrokerError(
        "dependency-unavailable",
        "The binding kept changing while it was read. Nothing was changed; it stays due.",
        { binding },
      );
    },

    async park(binding, version, { dueAt, attempts }) {
      const due = dueAt === null ? undefined : dueIndex(binding, dueAt);
      await client
        .send(
          new UpdateCommand({
            TableName: table,
            Key: headKey(binding),
            ConditionExpression: "version = :version",
            UpdateExpression: due
              ? "SET attempts = :attempts, duePk = :duePk, dueSk = :dueSk"
              : "SET attempts = :attempts REMOVE duePk, dueSk",
            ExpressionAttributeValues: {
              ":version": version,
              ":attempts": attempts,
              ...(due ? { ":duePk": due.duePk, ":dueSk": due.dueSk } : {}),
            },
          }),
        )
        .catch((error) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
    },

    async due(now, limit) {
      const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => dueIn(shard, now, limit));
      const items = (await Promise.all(shards)).flat();
      return takeInTurn(items.map(datedItem), limit);
    },
  };
}

/**
 * What the items of a partition come to; undefined where a transaction was only half seen: the
 * head counts a grant that was not read, or was read in an older version. A head that is older
 * than its grants does no harm, since nothing can be parked under its version any more.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation
 */
function viewOf(binding: string, items: readonly Item[]): BindingView | undefined {
  const head = items.find(({ sk }) => sk === HEAD) ?? {};
  const grants = items.flatMap(({ request }) => (request ? [request as AccessRequest] : []));
  const read = new Map(grants.map(({ id, version }) => [id, version]));
  for (const [id, version] of headGrants(head)) if ((read.get(id) ?? 0) < version) return undefined;
  return {
    binding,
    version: Number(head["version"] ?? 0),
    attempts: Number(head["attempts"] ?? 0),
    grants,
  };
}

function datedItem({ pk, sk, dueSk, clusterArn }: Item): Dated {
  const name = String(pk).slice(String(pk).indexOf("#") + 1);
  const item: DueItem =
    sk === HEAD
      ? { kind: "binding", binding: name, clusterArn: String(clusterArn) }
      : { kind: "lapse", requestId: name };
  return { at: String(dueSk), item };
}
