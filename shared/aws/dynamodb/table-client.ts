import { types } from "node:util";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { BrokerError } from "../../domain/values/errors.ts";
import { classifyFailure } from "../calls/classify-failure.ts";
import { FEW_ATTEMPTS } from "../calls/client-settings.ts";

/**
 * The client of both tables. Undefined members are left out, as in JSON. If DynamoDB is too busy,
 * down or unreachable, a call fails as `dependency-unavailable`: it passes, and is nobody's
 * mistake. Refusals keep DynamoDB's names.
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
    // Outermost, so it runs after the client's own attempts.
    { name: "unavailableMiddleware", step: "initialize", priority: "high" },
  );
  return documentClient(client);
}

/** Between items and JavaScript. */
const TRANSLATION = {
  marshallOptions: { removeUndefinedValues: true },
  // The SDK throws on a number beyond 2^53. A forged record with one must not fail a whole query.
  unmarshallOptions: { wrapNumbers: Number },
};

/** The client with items as JavaScript can hold them, whatever others wrote. */
export function documentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      makeItemsPlain(answer.output);
      return answer;
    },
    // Outside of the translation.
    { name: "plainItemsMiddleware", step: "initialize", priority: "high" },
  );
  return DynamoDBDocumentClient.from(client, TRANSLATION);
}

const unavailable = (cause: unknown) =>
  new BrokerError(
    "dependency-unavailable",
    "The table does not answer. The call may or may not have been done; try again in a few seconds.",
    {},
    { cause },
  );

/**
 * DynamoDB's errors with status 400 that mean it is busy.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const BUSY: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "TransactionInProgressException",
]);

function isPassing(error: unknown): boolean {
  const { failure, code } = classifyFailure(error);
  if (failure === "refused") return BUSY.has(code);
  // Without an answer, only errors that Node or the SDK name as such are network errors, not bugs.
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

/**
 * Undoes what two names do to a map that the SDK translated. `__proto__` becomes the map's prototype: each read of the
 * map then finds its fields, and each copy lacks them. By `constructor` the SDK tells what it writes, and throws. So it
 * does for a number beyond 2^53. The broker writes none of the three. All are dropped, so what depends on them counts as missing.
 *
 * @param value changed in place, with all that is in it
 * @param isItem whose own attributes keep such a number: nobody writes them back, and who reads them looks at each
 */
function makePlain(value: unknown, isItem = false): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      if (isTooLarge(each)) value[index] = null;
      else makePlain(each);
    }
  }
  // A prototype may be of any kind, so nothing is asked that it can answer.
  if (Array.isArray(value) || ArrayBuffer.isView(value) || types.isSet(value)) return;
  if (Object.getPrototypeOf(value) !== Object.prototype)
    Object.setPrototypeOf(value, Object.prototype);
  if (Object.hasOwn(value, "constructor")) Reflect.deleteProperty(value, "constructor");
  for (const [name, each] of Object.entries(value)) {
    if (isTooLarge(each) && !isItem) Reflect.deleteProperty(value, name);
    else makePlain(each);
  }
}

/** Whether the SDK throws where it writes the value: it takes no number that JavaScript does not count with. */
const isTooLarge = (value: unknown): boolean =>
  types.isSet(value)
    ? [...value].some(isTooLarge)
    : typeof value === "number" && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER);

/** The members of DynamoDB's answers that hold items. */
interface Answer {
  readonly Item?: unknown;
  readonly Attributes?: unknown;
  readonly Items?: readonly unknown[];
  /** A transaction's: an answer each. A batch's: lists of items by table. */
  readonly Responses?: readonly { readonly Item?: unknown }[] | Readonly<Record<string, unknown[]>>;
}

/** Makes the items of an answer plain. @param output what the SDK returns for a command */
function makeItemsPlain(output: object): void {
  const { Item, Attributes, Items = [], Responses = [] }: Answer = output;
  const more = Array.isArray(Responses)
    ? Responses.map((each) => each.Item)
    : Object.values(Responses).flat();
  for (const item of [Item, Attributes, ...Items, ...more]) makePlain(item, true);
}
