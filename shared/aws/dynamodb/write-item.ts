import { setTimeout as pause } from "node:timers/promises";
import { TransactionConflictException } from "@aws-sdk/client-dynamodb";
import type { Random } from "../../ports/random.ts";

const TRIES = 4;
const FIRST_PAUSE_MS = 20;

/**
 * Writes one item, and retries while a transaction locks it. DynamoDB then refuses the write, and
 * the SDK does not retry. Such a transaction ends within milliseconds.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 *
 * @throws TransactionConflictException if transactions lock it every time
 */
export async function writeItem<Output>(
  random: Random,
  send: () => Promise<Output>,
): Promise<Output> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof TransactionConflictException) || tries === TRIES) throw error;
      await pause(random.fraction() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}
