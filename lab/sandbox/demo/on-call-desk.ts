/** The schedule of the sandbox's PagerDuty, as the demo sets it, and Timelatch's looks at it. */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { fromIni } from "@aws-sdk/credential-providers";
import type { SandboxAddresses } from "../stack/start.ts";
import { REGION } from "../world/account.ts";
import { ADMIN } from "../world/people.ts";
import { SCHEDULE } from "./demo-policy.ts";
import { StepFailed } from "./steps.ts";

export interface OnCallDesk {
  /** Carol is on call for so many seconds, and Timelatch knows it. @returns when her shift ends, in milliseconds */
  carolIsOn(seconds: number): Promise<number>;
  /** Timelatch looks at the schedule now, as it does by itself once a minute. */
  look(): Promise<void>;
}

export function onCallDesk(addresses: SandboxAddresses, signal: AbortSignal): OnCallDesk {
  const { awsUrl, awsConfigFile, awsCredentialsFile, outsideUrl } = addresses;
  const credentials = fromIni({
    profile: ADMIN,
    filepath: awsCredentialsFile,
    configFilepath: awsConfigFile,
    clientConfig: { endpoint: awsUrl, region: REGION },
  });
  const lambda = new LambdaClient({ endpoint: awsUrl, region: REGION, credentials });
  const look = async () => {
    await lambda.send(new InvokeCommand({ FunctionName: "timelatch-outside" }), {
      abortSignal: signal,
    });
  };
  return {
    look,
    async carolIsOn(seconds) {
      const end = Date.now() + seconds * 1_000;
      const shifts = [
        { person: SCHEDULE.carol, end: new Date(end).toISOString() },
        { person: SCHEDULE.next, start: new Date(end).toISOString() },
      ];
      const response = await fetch(`${outsideUrl}/_sandbox/on-call`, {
        method: "POST",
        body: JSON.stringify({ schedule: SCHEDULE.id, shifts }),
        signal,
      });
      if (!response.ok) throw new StepFailed(`PagerDuty's schedule answered ${response.status}`);
      await look();
      return end;
    },
  };
}
