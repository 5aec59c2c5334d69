/** The schedule of the sandbox's PagerDuty, as the demo sets it. */
import type { SandboxAddresses } from "../stack/start.ts";
import { SCHEDULE } from "./demo-policy.ts";
import { StepFailed } from "./steps.ts";

export interface OnCallDesk {
  /** Carol's shift ends now, and dave's begins. It is her week by the schedule itself. */
  handOver(): Promise<void>;
}

export const onCallDesk = ({ outsideUrl }: SandboxAddresses, signal: AbortSignal): OnCallDesk => ({
  async handOver() {
    const response = await fetch(`${outsideUrl}/_sandbox/on-call`, {
      method: "POST",
      body: JSON.stringify({ schedule: SCHEDULE.id, shifts: [{ person: SCHEDULE.dave }] }),
      signal,
    });
    if (!response.ok) throw new StepFailed(`PagerDuty's schedule answered ${response.status}`);
  },
});
