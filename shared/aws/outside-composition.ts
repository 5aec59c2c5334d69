/** Connects the ports of `outside` to AWS and to other services, as `composition-root.ts` does. */
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { OutsideConfig } from "../config.ts";
import { deploymentOf } from "../domain/values/deployment.ts";
import { madeOnce } from "../domain/values/made-once.ts";
import { type OutsideService, outsideTokenOf } from "../domain/values/outside-token.ts";
import { onCallSource } from "../outside/on-call-source.ts";
import { ticketSource } from "../outside/tickets/ticket-source.ts";
import type { OutsidePorts } from "../ports/function-ports.ts";
import { FEW_ATTEMPTS } from "./calls/client-settings.ts";
import { dynamoFactStore } from "./dynamodb/facts/dynamo-fact-store.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { lambdaFactWake } from "./lambda/lambda-fact-wake.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { ssmSecret } from "./ssm/secrets.ts";

export function outsidePorts(config: OutsideConfig): OutsidePorts {
  const policy = bundledPolicy();
  const ssm = new SSMClient(FEW_ATTEMPTS);
  const deployment = deploymentOf(policy);
  const token = (service: OutsideService) =>
    ssmSecret(ssm, outsideTokenOf(deployment, service), systemClock);
  const origin = config.outsideOrigin;
  return {
    source: onCallSource({ token, clock: systemClock, origin }),
    tickets: ticketSource({ token, clock: systemClock, origin }),
    wake: lambdaFactWake(
      madeOnce(() => new LambdaClient(FEW_ATTEMPTS)),
      config.ticketSweepFunction,
    ),
    facts: dynamoFactStore(tableClient(), config.factsTable),
    clock: systemClock,
    policy,
    settings: config.settings,
  };
}
