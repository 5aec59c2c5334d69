import { setTimeout as pause } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { believedIn, type StoredRecord } from "../../domain/entries/believed-grants.ts";
import { plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { BindingStore, NextTimes, ParkedFrom } from "../../ports/binding-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { DUE_WITH_REMOVAL, RESERVED, readPartition, readRecord, viewOf } from "./binding-view.ts";
import { DUE_ATTRIBUTES, dueItems } from "./due-items.ts";
import {
  driftCheckIndex,
  dueIndex,
  headKey,
  REVISION_HOLDS_SECONDS,
  removalIndex,
  SCHEMA,
} from "./keys.ts";
import { writeItem } from "./write-item.ts";

const VIEW_TRIES = 6;
/** A transaction is visible in far less. A head that was forged must not take a run's whole time. */
const VIEW_SECONDS = 1.5;
const VIEW_PAUSE_MS = 20;
const GETS_AT_ONCE = 25;

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
  return {
    async view(binding) {
      const began = clock.now();
      for (let tries = 1; ; tries += 1) {
        const view = viewOf(binding, await readPartition(client, table, binding));
        const mayPass = view.isWhole && view.leftOut.some(({ why }) => why === "outdated");
        const isLate = secondsBetween(began, clock.now()) > VIEW_SECONDS;
        if (!mayPass || isLate || tries === VIEW_TRIES) return view;
        await pause(random.fraction() * VIEW_PAUSE_MS * 2 ** tries);
      }
    },

    async named(binding, ids) {
      const records: StoredRecord[] = [];
      for (let at = 0; at < ids.length; at += GETS_AT_ONCE)
        records.push(
          ...(await Promise.all(
            ids.slice(at, at + GETS_AT_ONCE).map((id) => readRecord(client, table, binding, id)),
          )),
        );
      return believedIn(
        binding,
        records.filter(({ record }) => record !== undefined),
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
  const set = parkedAttributes(binding, from, next, now);
  const gone = TIMES.filter((attribute) => !(attribute in set));
  const entries = Object.entries(set);
  const { condition, values } = parkedOnly(from, now);
  return {
    Key: headKey(binding),
    ConditionExpression: condition,
    UpdateExpression: [
      `SET ${entries.map(([attribute]) => `#${attribute} = :${attribute}`).join(", ")}`,
      ...(gone.length > 0 ? [`REMOVE ${gone.join(", ")}`] : []),
    ].join(" "),
    // `schema` is a reserved word.
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(entries.map(([name, value]) => [`:${name}`, value])),
      ...values,
    },
  };
}

function parkedAttributes(
  binding: string,
  from: ParkedFrom,
  next: NextTimes,
  now: string,
): Readonly<Record<string, unknown>> {
  const { attempts, dueFor, dueAt, removeAt, driftCheckAt, reservedBytes } = next;
  const { ledgerRevision, ledgerHolds = false, of } = from;
  const isWithRemoval = dueAt !== null && dueAt === removeAt;
  return {
    ...{ attempts, dueFor, ledgerRevision, ledgerHolds, parkedAt: now },
    [RESERVED]: reservedBytes,
    ...(of ? { schema: SCHEMA, version: from.version, ...of } : {}),
    ...(isWithRemoval ? { [DUE_WITH_REMOVAL]: true } : {}),
    ...(dueAt === null || isWithRemoval ? {} : dueIndex(binding, dueAt)),
    ...(removeAt === null ? {} : removalIndex(binding, removeAt)),
    ...(driftCheckAt === null ? {} : driftCheckIndex(binding, driftCheckAt)),
  };
}

/** Which head may be parked so. */
function parkedOnly({ version, ledgerRevision, behind, of }: ParkedFrom, now: string) {
  const isNotOlder = [
    "attribute_not_exists(ledgerRevision)",
    "ledgerRevision <= :ledgerRevision",
    "parkedAt < :held",
    ...(behind === undefined ? [] : ["ledgerRevision = :behind"]),
  ].join(" OR ");
  const head = `(version = :version AND (${isNotOlder}))`;
  return {
    condition: of ? `attribute_not_exists(pk) OR ${head}` : head,
    values: {
      ":version": version,
      ":ledgerRevision": ledgerRevision,
      ":held": plusSeconds(now, -REVISION_HOLDS_SECONDS),
      ...(behind === undefined ? {} : { ":behind": behind }),
    },
  };
}
