import { activityLogContract } from "../contracts/activity-log.contract.ts";
import { memoryActivityLog } from "./memory-activity-log.ts";

activityLogContract("memoryActivityLog", async (events) => {
  const log = memoryActivityLog();
  for (const [cluster, all] of Object.entries(events)) log.events.set(cluster, all);
  return log;
});
