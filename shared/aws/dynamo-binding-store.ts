import { setTimeout as pause } from "node:timers/promises";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { BrokerError } from "../domain/errors.ts";
import type { AccessRequest } from "../domain/request.ts";
import type { BindingStore, BindingView } from "../ports/binding-store.ts";
import {
  bindingPk,
  dueIndex,
  duePk,
  HEAD,
  headGrants,
  headKey,
  INDEX,
  lookIndex,
  lookPk,
  SHARDS,
} from "./keys.ts";
import { type Item, queryItems } from "./query-items.ts";
import { type Dated, workBeforeLooks } from "./take-in-turn.ts";

const VIEW_TRIES = 6;
const VIEW_PAUSE_MS = 20;

/**
 * So many times the limit are read of each shard, since turns are taken only over what was read: a
 * cluster that is down, and was due before all others, would otherwise fill what is read.
 */
const READ_AHEAD = 10;

interface DueIndex {
  readonly index: (typeof INDEX)["due" | "look"];
  /** The partition of a shard. */
  readonly pk: (shard: number) => string;
}
const WORK: DueIndex = { index: INDEX.due, pk: duePk };
const LOOKS: DueIndex = { index: INDEX.look, pk: lookPk };

/** The attributes by which a head is in one of the two. */
const TIMES: readonly string[] = [WORK, LOOKS].flatMap(({ index }) => [index.pk, index.sk]);

/** Heads and grants in the requests table; see `keys.ts`. */
export function dynamoBindingStore(client: DynamoDBDocumentClient, table: string): BindingStore {
  const partition = (binding: string) =>
    queryItems(client, {
      TableName: table,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": bindingPk(binding) },
      ConsistentRead: true,
    });

  /** What is due in every shard of an index, longest due first in each. */
  const dueIn = async ({ index, pk }: DueIndex, now: string, limit: number) => {
    const shards = Array.from({ length: SHARDS }, (_, shard) =>
      queryItems(
        client,
        {
          TableName: table,
          IndexName: index.name,
          KeyConditionExpression: "#pk = :pk AND #sk <= :now",
          ExpressionAttributeNames: { "#pk": index.pk, "#sk": index.sk },
          ExpressionAttributeValues: { ":pk": pk(shard), ":now": now },
          ProjectionExpression: "pk, sk, #sk, clusterArn",
        },
        limit * READ_AHEAD,
      ),
    );
    return (await Promise.all(shards)).flat();
  };

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

    async park(binding, version, { dueAt, lookAt, attempts }) {
      const set = {
        attempts,
        ...(dueAt === null ? {} : dueIndex(binding, dueAt)),
        ...(lookAt === null ? {} : lookIndex(binding, lookAt)),
      };
      const gone = TIMES.filter((attribute) => !(attribute in set));
      const assignments = Object.keys(set).map((attribute) => `${attribute} = :${attribute}`);
      await client
        .send(
          new UpdateCommand({
            TableName: table,
            Key: headKey(binding),
            ConditionExpression: "version = :version",
            UpdateExpression: [
              `SET ${assignments.join(", ")}`,
              ...(gone.length > 0 ? [`REMOVE ${gone.join(", ")}`] : []),
            ].join(" "),
            ExpressionAttributeValues: {
              ":version": version,
              ...Object.fromEntries(
                Object.entries(set).map(([attribute, value]) => [`:${attribute}`, value]),
              ),
            },
          }),
        )
        .catch((error) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
    },

    async due(now, limit) {
      const [work, looks] = await Promise.all([dueIn(WORK, now, limit), dueIn(LOOKS, now, limit)]);
      return workBeforeLooks(work.map(datedWork), looks.map(datedLook), limit);
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
    dueAt: head["dueSk"] === undefined ? null : String(head["dueSk"]),
    grants,
  };
}

const nameIn = (pk: unknown) => String(pk).slice(String(pk).indexOf("#") + 1);

const datedWork = ({ pk, sk, dueSk, clusterArn }: Item): Dated => ({
  at: String(dueSk),
  item:
    sk === HEAD
      ? { kind: "binding", binding: nameIn(pk), clusterArn: String(clusterArn) }
      : { kind: "lapse", requestId: nameIn(pk) },
});

const datedLook = ({ pk, lookSk, clusterArn }: Item): Dated => ({
  at: String(lookSk),
  item: { kind: "look", binding: nameIn(pk), clusterArn: String(clusterArn) },
});
