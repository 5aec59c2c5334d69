import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type { FactWake } from "../../ports/fact-wake.ts";

/**
 * Starts ticket-sweep, and waits for no result of its run. Lambda queues the event, so that outside goes on with others.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 *
 * @param functionName undefined where `access.yaml` names no tracker of tickets
 */
export const lambdaFactWake = (
  client: () => LambdaClient,
  functionName: string | undefined,
): FactWake => ({
  async ticketsRead(keys) {
    if (functionName === undefined) return;
    const Payload = JSON.stringify({ tickets: keys.toSorted() });
    await client().send(
      new InvokeCommand({ FunctionName: functionName, InvocationType: "Event", Payload }),
    );
  },
});
