import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../ports/clock.ts";
import type { Random } from "../../../ports/random.ts";
import type { SendPace } from "../../../ports/send-pace.ts";
import { paceKey, paceTtl } from "../keys.ts";
import { writeItem } from "../write-item.ts";

/** How often another worker may take a slot first before this one counts as too late. */
const TRIES = 5;

interface Lane {
  readonly table: string;
  readonly lane: string;
  readonly gapMs: number;
}

/**
 * One item a lane, which holds the next free instant. Two conditional updates: one for a lane that is
 * idle, and one that queues behind the last slot.
 */
export function dynamoSendPace(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): SendPace {
  return {
    async nextSlot(lane, gapMs, latest) {
      const latestMs = Date.parse(latest);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const nowMs = Date.parse(clock.now());
        const idle = await take(client, random, idleLane({ table, lane, gapMs }, nowMs));
        if (idle === "taken") return instant(nowMs);
        if (idle.freeAtMs > latestMs) return null;
        const behind = behindLast({ table, lane, gapMs }, idle.freeAtMs);
        if ((await take(client, random, behind)) === "taken") return instant(idle.freeAtMs);
      }
      return null;
    },
  };
}

const instant = (ms: number) => new Date(ms).toISOString();

interface Taking {
  readonly lane: Lane;
  readonly condition: string;
  readonly values: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  readonly slotMs: number;
}

const idleLane = (lane: Lane, slotMs: number): Taking => ({
  lane,
  condition: "attribute_not_exists(freeAtMs) OR freeAtMs <= :now",
  values: { ":now": slotMs },
  slotMs,
});

const behindLast = (lane: Lane, slotMs: number): Taking => ({
  lane,
  condition: "freeAtMs = :seen",
  values: { ":seen": slotMs },
  slotMs,
});

/** Takes a slot. @returns when the lane is free, where the condition did not hold */
async function take(
  client: DynamoDBDocumentClient,
  random: Random,
  { lane: { table, lane, gapMs }, condition, values, slotMs }: Taking,
): Promise<"taken" | { readonly freeAtMs: number }> {
  const command = new UpdateCommand({
    TableName: table,
    Key: paceKey(lane),
    UpdateExpression: "SET freeAtMs = :next, #ttl = :ttl",
    ConditionExpression: condition,
    ExpressionAttributeNames: { "#ttl": "ttl" },
    ExpressionAttributeValues: {
      ...values,
      ":next": slotMs + gapMs,
      ":ttl": paceTtl(instant(slotMs)),
    },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  try {
    await writeItem(random, () => client.send(command));
    return "taken";
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { freeAtMs: Number(error.Item?.["freeAtMs"]?.N ?? 0) };
  }
}
