/**
 * Runs a function for a caller of Lambda.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { BodyBytes } from "../body-bytes.ts";
import { AwsError, type Operation } from "../service.ts";
import { functionPermissions, type LambdaContext, namedFunction } from "./context.ts";
import { demandMembers, notEmulated } from "./demand-members.ts";

type Input = Readonly<Record<string, unknown>>;

const MEMBERS = ["FunctionName", "InvocationType", "LogType", "Payload"];

const MEBIBYTE = 1_048_576;

interface InvocationType {
  /**
   * The largest payload, in bytes.
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  readonly limit: number;
  readonly invoke: (context: LambdaContext, arn: string, event: unknown) => unknown;
}

const TYPES: Readonly<Record<string, InvocationType>> = {
  RequestResponse: { limit: 6 * MEBIBYTE, invoke: run },
  Event: {
    limit: MEBIBYTE,
    invoke({ invoker }, arn, event) {
      invoker.queue(arn, event);
      return { StatusCode: 202 };
    },
  },
  DryRun: { limit: 6 * MEBIBYTE, invoke: () => ({ StatusCode: 204 }) },
};

export const invokeOperation = (context: LambdaContext): Operation => ({
  permissions: functionPermissions(context, "InvokeFunction"),
  run({ input }) {
    demandMembers(input, MEMBERS);
    if ((input["LogType"] ?? "None") !== "None")
      throw notEmulated(`LogType ${String(input["LogType"])}`);
    const { arn } = namedFunction(context, input);
    const type = typeOf(input);
    return type.invoke(context, arn, eventOf(input["Payload"] as BodyBytes, type.limit));
  },
});

/** A run that fails is a success of the call: the payload is the function's error. */
async function run({ invoker }: LambdaContext, arn: string, event: unknown) {
  const outcome = await invoker.run(arn, event);
  if (outcome === "throttled") throw throttled();
  return {
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    ...(outcome.isFunctionError ? { FunctionError: "Unhandled" } : {}),
    Payload: new BodyBytes(Buffer.from(JSON.stringify(outcome.payload))),
  };
}

/** @throws AwsError InvalidParameterValueException */
function typeOf({ InvocationType: name = "RequestResponse" }: Input): InvocationType {
  const found = Object.hasOwn(TYPES, String(name)) ? TYPES[String(name)] : undefined;
  if (found) return found;
  throw new AwsError(
    "InvalidParameterValueException",
    400,
    `InvocationType '${String(name)}' is not one of ${Object.keys(TYPES).join(", ")}.`,
  );
}

/**
 * No payload is an empty object.
 * @throws AwsError RequestTooLargeException, InvalidRequestContentException
 */
function eventOf({ bytes: payload }: BodyBytes, limit: number): unknown {
  if (payload.length > limit)
    throw new AwsError(
      "RequestTooLargeException",
      413,
      `${payload.length} byte payload is too large for the invocation type (limit ${limit} bytes)`,
    );
  if (payload.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      400,
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

const throttled = () =>
  new AwsError("TooManyRequestsException", 429, "Rate Exceeded.", {
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    Type: "User",
  });
