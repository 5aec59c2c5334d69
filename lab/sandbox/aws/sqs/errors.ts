import { AwsError } from "../service.ts";

/**
 * SQS's errors by their names in the JSON protocol, each with its code in the older query protocol.
 * Clients still read that from `x-amzn-query-error`. All answer HTTP 400.
 *
 * Source: SQS API Reference, the "Errors" section of each operation. The query codes are the
 * `awsQueryError` traits of the model.
 */
const QUERY_CODES: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
};

/** An SQS error with its query code. */
export function sqsError(code: string, message: string): AwsError {
  return new AwsError(code, 400, message, {}, QUERY_CODES[code] ?? code);
}

export function missingParameter(member: string): AwsError {
  return sqsError("MissingParameter", `The request must contain the parameter ${member}.`);
}

export function invalidValue(value: unknown, member: string, reason: string): AwsError {
  return sqsError(
    "InvalidParameterValue",
    `Value ${String(value)} for parameter ${member} is invalid. Reason: ${reason}`,
  );
}

export function queueDoesNotExist(): AwsError {
  return sqsError("QueueDoesNotExist", "The specified queue does not exist.");
}

/** Refuses by name what the sandbox does not emulate. */
export function notEmulated(what: string): AwsError {
  return sqsError("UnsupportedOperation", `${what} is not emulated. Nothing was done.`);
}
