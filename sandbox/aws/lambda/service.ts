import { AwsError, type Call, type Service } from "../service.ts";

/** A function as its stack declares it. */
interface ListedFunction {
  readonly name: string;
  readonly arn: string;
  readonly reservedConcurrency?: number;
}

interface LambdaContext {
  readonly functions: () => readonly ListedFunction[];
}

/** Of an account whose limit was never raised, and is not a new one's. */
const CONCURRENT_EXECUTIONS = 1_000;

/** What the account may use besides, in bytes. https://docs.aws.amazon.com/lambda/latest/api/API_AccountLimit.html */
const SIZES = {
  TotalCodeSize: 80_530_636_800,
  CodeSizeUnzipped: 262_144_000,
  CodeSizeZipped: 52_428_800,
} as const;

/** AWS Lambda's API over REST JSON: what says how much may run at once. */
export function lambdaService({ functions }: LambdaContext): Service {
  const named = (name: unknown) => functions().find((fn) => fn.name === name || fn.arn === name);
  return {
    name: "lambda",
    protocol: { kind: "rest-json", routes: ROUTES, errorMember: "Message" },
    operations: {
      GetAccountSettings: {
        permissions: () => [{ action: "lambda:GetAccountSettings", resource: "*" }],
        run: () => accountSettings(functions()),
      },
      GetFunctionConcurrency: {
        permissions: ({ FunctionName }) => [
          {
            action: "lambda:GetFunctionConcurrency",
            resource: named(FunctionName)?.arn ?? "*",
            skip: named(FunctionName) === undefined,
          },
        ],
        run: ({ input }: Call) => {
          const found = named(input["FunctionName"]);
          if (!found)
            throw new AwsError(
              "ResourceNotFoundException",
              404,
              `Function not found: ${String(input["FunctionName"])}`,
            );
          const reserved = found.reservedConcurrency;
          return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
        },
      },
    },
  };
}

const ROUTES = [
  { method: "GET", path: "/2016-08-19/account-settings", operation: "GetAccountSettings" },
  {
    method: "GET",
    path: "/2019-09-30/functions/{FunctionName}/concurrency",
    operation: "GetFunctionConcurrency",
  },
] as const;

function accountSettings(functions: readonly ListedFunction[]) {
  const reserved = functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0);
  return {
    AccountLimit: {
      ...SIZES,
      ConcurrentExecutions: CONCURRENT_EXECUTIONS,
      UnreservedConcurrentExecutions: CONCURRENT_EXECUTIONS - reserved,
    },
    AccountUsage: { FunctionCount: functions.length },
  };
}
