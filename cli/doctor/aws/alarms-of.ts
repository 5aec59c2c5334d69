import type { AlarmSight } from "../sights.ts";
import { readingAlways } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** The alarms of an account and region whose names begin so. */
export async function alarmsOf(
  options: SightOptions,
  prefix: string,
): Promise<readonly AlarmSight[]> {
  const { CloudWatchClient, paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatchClient(options);
  return readingAlways("the alarms", async () => {
    const alarms: AlarmSight[] = [];
    const pages = paginateDescribeAlarms({ client }, { AlarmNamePrefix: prefix });
    for await (const { MetricAlarms = [] } of pages)
      for (const { AlarmName, StateValue, AlarmActions = [], ActionsEnabled } of MetricAlarms)
        alarms.push({
          name: AlarmName ?? "",
          state: StateValue ?? "",
          actions: ActionsEnabled === false ? 0 : AlarmActions.length,
        });
    return alarms;
  });
}
