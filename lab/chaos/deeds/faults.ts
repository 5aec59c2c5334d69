/** Sets faults in the sandbox. Each one ends by itself. */
import { setTimeout as pause } from "node:timers/promises";
import type { ActionOf } from "../plan/action.ts";
import { heldUpAt, holdsUp } from "../plan/holds-up.ts";
import type { Stage } from "../stage/stage.ts";
import { tellSandbox } from "../stage/tell-sandbox.ts";

export async function awsFault(
  stage: Stage,
  { rule, seconds }: Pick<ActionOf<"aws-fault">, "rule" | "seconds">,
): Promise<string> {
  const from = Date.now();
  const holdsUpSeconds = holdsUp(rule);
  if (holdsUpSeconds !== undefined)
    stage.disturbances.push({
      from,
      to: from + seconds * 1_000,
      holdsUpSeconds,
      ...heldUpAt(rule),
      what: `${rule["service"]} ${rule["operation"] ?? "calls"}: ${rule["kind"]}`,
    });
  const url = `${stage.addresses.awsUrl}/_sandbox/faults`;
  await tellSandbox(url, "POST", { ...rule, seconds });
  return "set";
}

/** Slack's faults have no end of their own where `seconds` means something else: then a count ends them. */
export async function slackFault(
  stage: Stage,
  { rule, seconds }: ActionOf<"slack-fault">,
): Promise<string> {
  const url = `${stage.addresses.slackUrl}/_sandbox/faults`;
  await tellSandbox(url, "POST", { seconds, ...rule });
  return "set";
}

/** Scheduler's behaviour without a fault. */
const PUNCTUAL = { duplicateProbability: 0, lossProbability: 0, jitterSeconds: 0 };

export async function schedules(
  stage: Stage,
  { behaviour, seconds }: ActionOf<"schedules">,
): Promise<string> {
  const url = `${stage.addresses.awsUrl}/_sandbox/scheduler`;
  await tellSandbox(url, "PUT", behaviour);
  await pause(seconds * 1_000);
  const again = Object.fromEntries(Object.keys(behaviour).map((name) => [name, 0]));
  await tellSandbox(url, "PUT", again);
  return "set, and put back";
}

/** Ends every fault that is left. */
export async function clearFaults({ addresses }: Stage): Promise<void> {
  await tellSandbox(`${addresses.awsUrl}/_sandbox/faults`, "DELETE");
  await tellSandbox(`${addresses.slackUrl}/_sandbox/faults`, "DELETE");
  await tellSandbox(`${addresses.outsideUrl}/_sandbox/faults`, "DELETE");
  await tellSandbox(`${addresses.awsUrl}/_sandbox/scheduler`, "PUT", PUNCTUAL);
}
