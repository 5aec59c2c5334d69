import { memoryActivityLog } from "../../../lab/fakes/memory-activity-log.ts";
import { activityLogContract } from "../../contracts/activity-log.contract.ts";

activityLogContract("memoryActivityLog", async (events) => {
  const log = memoryActivityLog();
  for (const [cluster, all] of Object.entries(events)) log.events.set(cluster, all);
  return log;
});
