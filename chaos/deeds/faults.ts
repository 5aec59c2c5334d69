/** Sets faults in the sandbox. Each one ends by itself. */
import { setTimeout as pause } from "node:timers/promises";
import type { ActionOf } from "../plan/action.ts";
import { RECOVERY_SECONDS, RERUN_SECONDS } from "../stage/disturbance.ts";
import type { Stage } from "../stage/stage.ts";

const PATIENCE_MS = 10_000;

/** @throws Error where the sandbox refused, or did not answer */
async function tellSandbox(url: string, method: string, body?: object): Promise<void> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
}

/**
 * How much longer than its margin a removal may take after a fault, in seconds. The margin covers all that are not
 * here: they hold up one call, or none that removes.
 */
function holdsUp({ service, kind, count }: ActionOf<"aws-fault">["rule"]): number | undefined {
  if (service === "eks" && (kind === "drop" || kind === "late")) return RERUN_SECONDS;
  // More than the attempts of one call: a run fails, and perhaps the next one.
  if (service === "dynamodb" && Number(count) > ATTEMPTS) return RECOVERY_SECONDS;
  return undefined;
}

/** How often the SDK tries a call. */
const ATTEMPTS = 3;

export async function awsFault(
  stage: Stage,
  { rule, seconds }: ActionOf<"aws-fault">,
): Promise<string> {
  const from = Date.now();
  const holdsUpSeconds = holdsUp(rule);
  if (holdsUpSeconds !== undefined)
    stage.disturbances.push({
      ...{ from, to: from + seconds * 1_000, holdsUpSeconds },
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

/** What Scheduler does when nothing is wrong with it. */
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
  await tellSandbox(`${addresses.awsUrl}/_sandbox/scheduler`, "PUT", PUNCTUAL);
}
