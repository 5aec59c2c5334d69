/** How much may run at once: of a function, and in the account. */
import { AwsError, type Operation } from "../service.ts";
import { functionPermissions, type LambdaContext, namedFunction } from "./context.ts";
import { reservedConcurrencyOf } from "./state.ts";

/** The limit of an account that is not new, and whose limit was never raised. */
const CONCURRENT_EXECUTIONS = 1_000;

/**
 * The number that Lambda keeps for functions without a limit of their own (Developer Guide,
 * "Configuring reserved concurrency").
 */
const LEAST_UNRESERVED = 100;

/**
 * The further limits of the account, in bytes.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AccountLimit.html
 */
const SIZES = {
  TotalCodeSize: 80_530_636_800,
  CodeSizeUnzipped: 262_144_000,
  CodeSizeZipped: 52_428_800,
} as const;

export function concurrencyOperations(context: LambdaContext): Readonly<Record<string, Operation>> {
  const { lambda } = context;
  const store = (arn: string, most: number | null) =>
    lambda.change(({ reserved }) => {
      reserved[arn] = most;
    });
  const permissions = (action: string) => functionPermissions(context, action);
  return {
    GetAccountSettings: {
      permissions: () => [{ action: "lambda:GetAccountSettings", resource: "*" }],
      run: () => accountSettings(context),
    },
    GetFunctionConcurrency: {
      permissions: permissions("GetFunctionConcurrency"),
      run: ({ input }) => {
        const reserved = reservedConcurrencyOf(lambda.state, namedFunction(context, input));
        return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
      },
    },
    PutFunctionConcurrency: {
      permissions: permissions("PutFunctionConcurrency"),
      run: ({ input }) => {
        const { arn } = namedFunction(context, input);
        const most = unreserved(context, arn) - LEAST_UNRESERVED;
        const wanted = demandConcurrency(input["ReservedConcurrentExecutions"], most);
        store(arn, wanted);
        return { ReservedConcurrentExecutions: wanted };
      },
    },
    DeleteFunctionConcurrency: {
      permissions: permissions("DeleteFunctionConcurrency"),
      run: ({ input }) => {
        const { arn } = namedFunction(context, input);
        store(arn, null);
        return {};
      },
    },
  };
}

/** @throws AwsError InvalidParameterValueException for what is no number, or leaves others too little */
function demandConcurrency(value: unknown, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw new AwsError(
      "InvalidParameterValueException",
      400,
      "ReservedConcurrentExecutions must be a whole number of at least 0.",
    );
  if (value > most)
    throw new AwsError(
      "InvalidParameterValueException",
      400,
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
    );
  return value;
}

/** The concurrency that functions have not reserved, apart from `except`, a function's ARN. */
function unreserved({ functions, lambda }: LambdaContext, except?: string): number {
  const taken = functions()
    .filter(({ arn }) => arn !== except)
    .map((fn) => reservedConcurrencyOf(lambda.state, fn) ?? 0);
  return taken.reduce((left, one) => left - one, CONCURRENT_EXECUTIONS);
}

const accountSettings = (context: LambdaContext) => ({
  AccountLimit: {
    ...SIZES,
    ConcurrentExecutions: CONCURRENT_EXECUTIONS,
    UnreservedConcurrentExecutions: unreserved(context),
  },
  AccountUsage: { FunctionCount: context.functions().length },
});
