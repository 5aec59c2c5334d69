import { AwsError } from "../service.ts";
import type { Decoded } from "../wire.ts";

const REASON = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };

/**
 * How DynamoDB refuses a write to an item that a transaction is busy with; DynamoDB Local never
 * does. A transaction is cancelled with a reason for each of its items, the first in conflict here.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
export function transactionConflict({ operation, input }: Decoded): AwsError {
  if (operation !== "TransactWriteItems")
    return new AwsError("TransactionConflictException", 400, REASON.Message);
  const { TransactItems: items } = input;
  const reasons = (Array.isArray(items) ? items : []).map((_item, index) =>
    index === 0 ? REASON : { Code: "None" },
  );
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new AwsError(
    "TransactionCanceledException",
    400,
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}
