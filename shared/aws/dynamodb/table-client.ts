import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BrokerError } from "../../domain/values/errors.ts";
import { classifyFailure } from "../calls/classify-failure.ts";
import { FEW_ATTEMPTS } from "../calls/client-settings.ts";

/**
 * The client of both tables. Undefined members are left out, as JSON does. Where DynamoDB is too
 * busy, down or out of reach, whatever was asked fails as `dependency-unavailable`: it passes, and
 * is nobody's mistake. Refusals keep DynamoDB's own names.
 */
export function tableClient(config: DynamoDBClientConfig = FEW_ATTEMPTS): DynamoDBDocumentClient {
  const client = new DynamoDBClient(config);
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw isPassing(error) ? unavailable(error) : error;
      }
    },
    // Outside of everything: the client's own attempts are over by then.
    { name: "unavailableMiddleware", step: "initialize", priority: "high" },
  );
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

const unavailable = (cause: unknown) =>
  new BrokerError(
    "dependency-unavailable",
    "The table does not answer right now. Try again in a few seconds.",
    {},
    { cause },
  );

/**
 * DynamoDB's names for being busy with status 400.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const BUSY: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "TransactionInProgressException",
]);

function isPassing(error: unknown): boolean {
  const { failure, code } = classifyFailure(error);
  if (failure === "refused") return BUSY.has(code);
  // Without an answer, only what Node and the SDK name as such is the network's fault, and not ours.
  const { $metadata, code: node } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly code?: unknown;
  };
  return (
    failure === "throttled" ||
    failure === "busy" ||
    $metadata?.httpStatusCode !== undefined ||
    typeof node === "string" ||
    code === "Timeout"
  );
}
