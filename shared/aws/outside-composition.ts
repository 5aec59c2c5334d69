/** Connects the ports of `outside` to AWS and to other services, as `composition-root.ts` does. */
import { SSMClient } from "@aws-sdk/client-ssm";
import type { OutsideConfig } from "../config.ts";
import { deploymentOf } from "../domain/values/deployment.ts";
import { outsideTokenOf } from "../domain/values/outside-token.ts";
import { onCallSource } from "../outside/on-call-source.ts";
import type { OutsidePorts } from "../ports/function-ports.ts";
import { FEW_ATTEMPTS } from "./calls/client-settings.ts";
import { dynamoFactStore } from "./dynamodb/facts/dynamo-fact-store.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { ssmSecret } from "./ssm/secrets.ts";

export function outsidePorts(config: OutsideConfig): OutsidePorts {
  const policy = bundledPolicy();
  const ssm = new SSMClient(FEW_ATTEMPTS);
  const deployment = deploymentOf(policy);
  return {
    source: onCallSource({
      token: (service) => ssmSecret(ssm, outsideTokenOf(deployment, service), systemClock),
      clock: systemClock,
      origin: config.outsideOrigin,
    }),
    facts: dynamoFactStore(tableClient(), config.factsTable),
    clock: systemClock,
    policy,
    settings: config.settings,
  };
}
