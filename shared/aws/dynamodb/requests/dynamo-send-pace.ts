import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../ports/clock.ts";
import type { Random } from "../../../ports/random.ts";
import type { SendPace } from "../../../ports/send-pace.ts";
import { paceKey, paceTtl } from "../keys.ts";
import { writeItem } from "../write-item.ts";

/** The most writes for one slot: others may take slots first, each time that this worker looks. */
const TRIES = 10;

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
  // By lane, when it is free next, as this worker saw it last. Without it each call behind another one is refused once.
  const freeAt = new Map<string, number>();
  return {
    async nextSlot(lane, gapMs, latest) {
      const latestMs = Date.parse(latest);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const nowMs = Date.parse(clock.now());
        const seen = freeAt.get(lane) ?? 0;
        // A slot that is over, or too late, decides nothing: the table says whether the lane is free.
        const isBehind = seen > nowMs && seen <= latestMs;
        const slotMs = isBehind ? seen : nowMs;
        const taking = (isBehind ? behindLast : idleLane)({ table, lane, gapMs }, slotMs);
        const answer = await take(client, random, taking);
        freeAt.set(lane, answer === "taken" ? slotMs + gapMs : answer.freeAtMs);
        if (answer === "taken") return instant(slotMs);
        if (answer.freeAtMs > latestMs) return null;
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
