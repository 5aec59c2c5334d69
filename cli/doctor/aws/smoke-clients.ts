/** Clients of AWS, by account and region: each is loaded when a part of the smoke test needs it. */
import type { SightOptions } from "./sight-options.ts";

type Load<Client> = (options: Options) => Promise<Client>;

/** Each service's client is loaded when somebody asks for it. */
const LOADERS = {
  cloudFormation: async (options: Options) =>
    new (await import("@aws-sdk/client-cloudformation")).CloudFormation(options),
  cloudTrail: async (options: Options) =>
    new (await import("@aws-sdk/client-cloudtrail")).CloudTrail(options),
  cloudWatch: async (options: Options) =>
    new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(options),
  dynamoDb: async (options: Options) =>
    new (await import("@aws-sdk/client-dynamodb")).DynamoDB(options),
  eks: async (options: Options) => new (await import("@aws-sdk/client-eks")).EKS(options),
  iam: async (options: Options) => new (await import("@aws-sdk/client-iam")).IAM(options),
  lambda: async (options: Options) => new (await import("@aws-sdk/client-lambda")).Lambda(options),
  logs: async (options: Options) =>
    new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(options),
  scheduler: async (options: Options) =>
    new (await import("@aws-sdk/client-scheduler")).Scheduler(options),
  ses: async (options: Options) => new (await import("@aws-sdk/client-sesv2")).SESv2(options),
  sqs: async (options: Options) => new (await import("@aws-sdk/client-sqs")).SQS(options),
  ssm: async (options: Options) => new (await import("@aws-sdk/client-ssm")).SSM(options),
  sts: async (options: Options) => new (await import("@aws-sdk/client-sts")).STS(options),
};

/** Reads of one account and region. IAM has no region, so its part is the account's. */
export type SmokeClients = {
  readonly [Service in keyof typeof LOADERS]: () => ReturnType<(typeof LOADERS)[Service]>;
};

/** Lets each call through, or not: given the name of its command. */
export type Gate = <Answer>(command: string, send: () => Promise<Answer>) => Promise<Answer>;

/** The part of a client that `gated` needs. */
interface Stacked {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { readonly step: "initialize"; readonly name: string },
    ): void;
  };
}

/** The keys of a session, as STS answers them. */
export interface SessionKeys {
  readonly AccessKeyId: string | undefined;
  readonly SecretAccessKey: string | undefined;
  readonly SessionToken: string | undefined;
}

/** Clients that sign with the keys of a session. */
export const sessionClients = (
  region: string,
  { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" }: SessionKeys,
  gate: Gate,
): SmokeClients =>
  smokeClients(
    {
      region,
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      },
    },
    gate,
  );

interface Options extends SightOptions {
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** @param gate for tests: what each call passes through */
export function smokeClients(options: Options, gate?: Gate): SmokeClients {
  const made = new Map<string, Promise<unknown>>();
  const once = (name: string, load: Load<unknown>) => () => {
    const known = made.get(name) ?? load(options).then((client) => gated(client, gate));
    made.set(name, known);
    return known;
  };
  const entries = Object.entries(LOADERS).map(([name, load]) => [name, once(name, load)]);
  return Object.fromEntries(entries) as unknown as SmokeClients;
}

function gated<Client>(client: Client, gate: Gate | undefined): Client {
  if (gate)
    (client as Stacked).middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) =>
          gate(commandName, () => next(args)),
      { step: "initialize", name: "timelatchGate" },
    );
  return client;
}
