/** Clients of AWS, by account and region: each is loaded when a part of the smoke test needs it. */
import type { CloudTrail } from "@aws-sdk/client-cloudtrail";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { EKS } from "@aws-sdk/client-eks";
import type { IAM } from "@aws-sdk/client-iam";
import type { Scheduler } from "@aws-sdk/client-scheduler";
import type { SightOptions } from "./sight-options.ts";

/** Of one account and region. IAM's are those of the account. */
export interface SmokeClients {
  cloudTrail(): Promise<CloudTrail>;
  cloudWatch(): Promise<CloudWatch>;
  eks(): Promise<EKS>;
  iam(): Promise<IAM>;
  scheduler(): Promise<Scheduler>;
}

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

/** @param gate for tests: what each call passes through */
export function smokeClients(options: SightOptions, gate?: Gate): SmokeClients {
  const made = new Map<string, Promise<unknown>>();
  const once = <Client>(name: string, load: () => Promise<Client>): Promise<Client> => {
    const known = made.get(name) ?? load().then((client) => gated(client, gate));
    made.set(name, known);
    return known as Promise<Client>;
  };
  return {
    cloudTrail: () =>
      once("cloudTrail", async () => {
        const { CloudTrail } = await import("@aws-sdk/client-cloudtrail");
        return new CloudTrail(options);
      }),
    cloudWatch: () =>
      once("cloudWatch", async () => {
        const { CloudWatch } = await import("@aws-sdk/client-cloudwatch");
        return new CloudWatch(options);
      }),
    eks: () =>
      once("eks", async () => {
        const { EKS } = await import("@aws-sdk/client-eks");
        return new EKS(options);
      }),
    iam: () =>
      once("iam", async () => {
        const { IAM } = await import("@aws-sdk/client-iam");
        return new IAM(options);
      }),
    scheduler: () =>
      once("scheduler", async () => {
        const { Scheduler } = await import("@aws-sdk/client-scheduler");
        return new Scheduler(options);
      }),
  };
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
