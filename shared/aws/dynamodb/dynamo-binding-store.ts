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
  NextTimes,
  ParkedFrom,
  WorkKind,
} from "../../ports/binding-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { DUE_ATTRIBUTES, dueItems } from "./due-items.ts";
import {
  bindingPk,
  driftCheckIndex,
  driftCheckTime,
  dueIndex,
  HEAD,
  headGrants,
  headKey,
  REVISION_HOLDS_SECONDS,
  removalIndex,
} from "./keys.ts";
import { type Item, inPartition, queryItems } from "./query-items.ts";
import { writeItem } from "./write-item.ts";

const VIEW_TRIES = 6;
const VIEW_PAUSE_MS = 20;

/**
 * On a head that has work when access must go, which is most of a grant's life. The index of removals finds it then, so
 * that of other work need not have it as well: whatever is written to a head is written to each of its indexes. An
 * earlier release sees no work before the removal, which is so.
 */
const DUE_WITH_REMOVAL = "dueWithRemoval";

/** The attributes that say when a head is due. */
const TIMES: readonly string[] = [...DUE_ATTRIBUTES, DUE_WITH_REMOVAL];

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

    due: (now, limit, turns) => dueItems(client, table, { now, limit, turns }),
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
    ledgerRevision: Number(head["ledgerRevision"] ?? 0),
    ...timesOf(head),
    grants,
  };
}

/** As `parking` stores them. */
const timesOf = (head: Item): NextTimes => ({
  attempts: Number(head["attempts"] ?? 0),
  dueAt: dueTime(head),
  dueFor: (head["dueFor"] ?? "addition") as WorkKind,
  removeAt: textOf(head["removalSk"]),
  driftCheckAt: "driftCheckSk" in head ? driftCheckTime(String(head["driftCheckSk"])) : null,
});

const textOf = (value: unknown): string | null => (value === undefined ? null : String(value));

/** A step that was stored since it was parked is due before all else. */
const dueTime = ({ dueSk, removalSk, [DUE_WITH_REMOVAL]: withRemoval }: Item): string | null =>
  textOf(dueSk ?? (withRemoval ? removalSk : undefined));
