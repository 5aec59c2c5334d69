import { reading } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** The state of a group of schedules. */
export async function scheduleGroupOf(
  options: SightOptions,
  name: string,
): Promise<string | undefined> {
  const { GetScheduleGroupCommand, SchedulerClient } = await import("@aws-sdk/client-scheduler");
  const client = new SchedulerClient(options);
  const found = await reading(
    `the schedule group ${name}`,
    () => client.send(new GetScheduleGroupCommand({ Name: name })),
    ["ResourceNotFoundException"],
  );
  return found?.State;
}
