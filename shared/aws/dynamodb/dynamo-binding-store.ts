import { setTimeout as pause } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type {
  BindingStore,
  BindingView,
  DueItem,
  NextTimes,
  ParkedFrom,
  WorkKind,
} from "../../ports/binding-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { INDEX } from "./indexes.ts";
import {
  bindingPk,
  driftCheckIndex,
  driftCheckPk,
  dueIndex,
  duePk,
  HEAD,
  headGrants,
  headKey,
  REVISION_HOLDS_SECONDS,
  removalIndex,
  removalPk,
} from "./keys.ts";
import { queryDue } from "./query-due.ts";
import { type Item, inPartition, queryItems } from "./query-items.ts";
import { type Dated, takeByKind } from "./take-in-turn.ts";
import { writeItem } from "./write-item.ts";

const VIEW_TRIES = 6;
const VIEW_PAUSE_MS = 20;

/**
 * How many times the limit is read from each shard. Clusters take turns only among what was read. A
 * cluster that is down and has been due longest would otherwise fill it.
 */
const READ_AHEAD = 10;

interface DueIndex {
  readonly index: (typeof INDEX)["removal" | "due" | "driftCheck"];
  /** The partition key of a shard. */
  readonly pk: (shard: number) => string;
  /** The due item for a stored one. */
  readonly item: (of: string, found: Item) => DueItem;
}

const DUE: readonly DueIndex[] = [
  {
    index: INDEX.removal,
    pk: removalPk,
    item: (binding, { clusterArn }) => ({
      kind: "removal",
      binding,
      clusterArn: String(clusterArn),
    }),
  },
  {
    index: INDEX.due,
    pk: duePk,
    item: (of, { sk, dueFor, clusterArn }) =>
      sk === HEAD
        ? { kind: (dueFor ?? "addition") as WorkKind, binding: of, clusterArn: String(clusterArn) }
        : { kind: "lapse", requestId: of },
  },
  {
    index: INDEX.driftCheck,
    pk: driftCheckPk,
    item: (binding, { clusterArn }) => ({
      kind: "drift-check",
      binding,
      clusterArn: String(clusterArn),
    }),
  },
];

/**
 * On a head that has work when access must go, which is most of a grant's life. The index of removals finds it then, so
 * that of other work need not have it as well: whatever is written to a head is written to each of its indexes. An
 * earlier release sees no work before the removal, which is so.
 */
const DUE_WITH_REMOVAL = "dueWithRemoval";

/** The attributes that say when a head is due. */
const TIMES: readonly string[] = [
  ...DUE.flatMap(({ index }) => [index.pk, index.sk]),
  DUE_WITH_REMOVAL,
];

/**
 * Heads and grants in the requests table; see `keys.ts`.
 * @param clock for how long a head keeps a ledger's revision
 * @param random jitter for retries
 */
export function dynamoBindingStore(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): BindingStore {
  const partition = (binding: string) =>
    queryItems(client, {
      TableName: table,
      ...inPartition(bindingPk(binding)),
      ConsistentRead: true,
    });

  const dueIn = async ({ index, pk, item }: DueIndex, at: string, limit: number) => {
    const items = await queryDue(client, table, { index, pk }, at, limit * READ_AHEAD);
    return items.map(
      (found): Dated => ({ at: String(found[index.sk]), item: item(nameIn(found), found) }),
    );
  };

  return {
    async view(binding) {
      for (let tries = 1; tries <= VIEW_TRIES; tries += 1) {
        const view = viewOf(binding, await partition(binding));
        if (view) return view;
        await pause(random.fraction() * VIEW_PAUSE_MS * 2 ** tries);
      }
      throw new BrokerError(
        "dependency-unavailable",
        "The binding kept changing while it was read. Nothing was changed; the sweep sends it again within a minute.",
        { binding },
      );
    },

    async park(binding, from, next) {
      const update = parking(binding, from, next, clock.now());
      try {
        await writeItem(random, () =>
          client.send(new UpdateCommand({ TableName: table, ...update })),
        );
      } catch (error) {
        // Someone else is storing a step, which makes the binding due anyway.
        const isElsewhere =
          error instanceof ConditionalCheckFailedException ||
          error instanceof TransactionConflictException;
        if (!isElsewhere) throw error;
      }
    },

    async due(at, limit) {
      const found = await Promise.all(DUE.map((index) => dueIn(index, at, limit)));
      return takeByKind(found.flat(), limit);
    },
  };
}

/** The update that parks a head. A time that is null leaves its index. */
function parking(binding: string, from: ParkedFrom, next: NextTimes, now: string) {
  const { attempts, dueFor, dueAt, removeAt, driftCheckAt } = next;
  const { ledgerRevision } = from;
  const isWithRemoval = dueAt !== null && dueAt === removeAt;
  const set: Readonly<Record<string, unknown>> = {
    attempts,
    dueFor,
    ledgerRevision,
    parkedAt: now,
    ...(isWithRemoval ? { [DUE_WITH_REMOVAL]: true } : {}),
    ...(dueAt === null || isWithRemoval ? {} : dueIndex(binding, dueAt)),
    ...(removeAt === null ? {} : removalIndex(binding, removeAt)),
    ...(driftCheckAt === null ? {} : driftCheckIndex(binding, driftCheckAt)),
  };
  const gone = TIMES.filter((attribute) => !(attribute in set));
  const assignments = Object.keys(set).map((attribute) => `${attribute} = :${attribute}`);
  const isNotOlder =
    "attribute_not_exists(ledgerRevision) OR ledgerRevision <= :ledgerRevision OR parkedAt < :held";
  return {
    Key: headKey(binding),
    ConditionExpression: `version = :version AND (${isNotOlder})`,
    UpdateExpression: [
      `SET ${assignments.join(", ")}`,
      ...(gone.length > 0 ? [`REMOVE ${gone.join(", ")}`] : []),
    ].join(" "),
    ExpressionAttributeValues: {
      ":version": from.version,
      ":held": plusSeconds(now, -REVISION_HOLDS_SECONDS),
      ...Object.fromEntries(
        Object.entries(set).map(([attribute, value]) => [`:${attribute}`, value]),
      ),
    },
  };
}

/**
 * The view of a partition's items. Undefined if a transaction was only partly visible. Then the
 * head lists a grant that was not read, or was read in an older version. A head older than its
 * grants is safe, because nothing can be parked under its version any more.
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
    dueAt: dueTime(head),
    grants,
  };
}

/** A step that was stored since it was parked is due before all else. */
function dueTime({ dueSk, removalSk, [DUE_WITH_REMOVAL]: withRemoval }: Item): string | null {
  const at = dueSk ?? (withRemoval ? removalSk : undefined);
  return at === undefined ? null : String(at);
}

const nameIn = ({ pk }: Item) => String(pk).slice(String(pk).indexOf("#") + 1);
