/** EventBridge Scheduler of another account or region, with the broker's group, behind a port of its own. */
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { usualBehaviour } from "../../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { schedulerService } from "../../../../lab/sandbox/aws/scheduler/service.ts";
import {
  initialSchedulerState,
  type SchedulerState,
} from "../../../../lab/sandbox/aws/scheduler/state.ts";
import { memoryStore, type Store } from "../../../../lab/sandbox/aws/store.ts";
import {
  clientConfig,
  document,
  iamStore,
  listen,
  role,
  statement,
} from "../../../lab/sandbox/aws/iam-world.ts";
import { SCHEDULE_GROUP } from "../local-aws.ts";

export type RemoteScheduler = Awaited<ReturnType<typeof remoteScheduler>>;

/** The caller is of the account. */
const inAccount = (account: string, name: string) => {
  const made = role(name, { policy: document(statement("*")) });
  return { ...made, arn: `arn:aws:iam::${account}:role/${name}` };
};

export async function remoteScheduler({
  account,
  region,
}: {
  readonly account: string;
  readonly region: string;
}) {
  const place = { account, region };
  const scheduler = memoryStore(initialSchedulerState(account, region));
  addScheduleGroup(scheduler);
  const grantor = inAccount(account, "timelatch-grantor");
  // It is passed to Scheduler, so it must be there.
  const iam = iamStore(grantor, inAccount(account, "timelatch-fuse"));
  const behaviour = usualBehaviour();
  const service = schedulerService({ scheduler, iam, ...place, mayAssume: () => true, behaviour });
  const port = await listen({ services: [service], iam, region });
  return {
    place,
    schedules: scheduler,
    client: new SchedulerClient(clientConfig(port.url, grantor, region)),
    /** Role, name and source identity of each session that was used. */
    sessions: [] as string[],
    close: port.close,
  };
}

export function addScheduleGroup(scheduler: Store<SchedulerState>): void {
  scheduler.change(({ groups }) => {
    const { default: usual } = groups;
    if (usual)
      groups[SCHEDULE_GROUP] = {
        ...usual,
        name: SCHEDULE_GROUP,
        arn: usual.arn.replace("/default", `/${SCHEDULE_GROUP}`),
      };
  });
}
