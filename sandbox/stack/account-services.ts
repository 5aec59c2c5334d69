/** The emulated AWS of both accounts and all regions on one port, and the engines that fire their schedules. */
import { createServer, type Server } from "node:http";
import type { CallRecord, Surroundings } from "../aws/dispatch.ts";
import { awsPort } from "../aws/port.ts";
import { behaviourControl } from "../aws/scheduler/behaviour-control.ts";
import { deliverToTarget } from "../aws/scheduler/deliver-to-target.ts";
import { SCHEDULES_CHANGED, startEngine } from "../aws/scheduler/engine.ts";
import { signalOf } from "../aws/sqs/signal.ts";
import type { Logs } from "../process/logs.ts";
import { GLOBAL_REGION, REGION, REGIONS } from "../world/account.ts";
import { type AccountEvents, accountEvents } from "./account-events.ts";
import { type CloudFormationAccounts, cloudFormationAccounts } from "./cloudformation-accounts.ts";
import {
  type RegionServices,
  type RegionServicesOptions,
  regionServices,
  schedulerMayAssume,
} from "./region-services.ts";

export interface AccountServicesOptions extends RegionServicesOptions {
  readonly trailDelaySeconds: number;
}

export interface AccountServices {
  readonly server: Server;
  /** CloudFormation by account and region, for what the sandbox itself deploys. */
  readonly cloudFormation: CloudFormationAccounts;
  /** Begins to deliver CloudTrail's records, functions among the targets. Answers what stops it. */
  readonly startEvents: AccountEvents["start"];
  /** Starts to fire schedules. Answers what stops it. */
  startScheduler(): () => void;
}

export function accountServices(options: AccountServicesOptions): AccountServices {
  const { state, behaviour, logs, faults, stacks } = options;
  const { eventRules, invoke } = stacks;
  const events = accountEvents({ ...options, eventRules, invoke, log: logs.say });
  const log = callLog(logs);
  const onCall = (record: CallRecord) => {
    log(record);
    events.record(record);
  };
  const around = (region: string): Surroundings => ({ iam: state.iam, region, onCall });
  const cloudFormation = cloudFormationAccounts(state, stacks);
  const emulated = new Map(REGIONS.map((region) => [region, regionServices(options, region)]));
  const servicesOf = (region: string, { targets, others }: RegionServices) => [
    ...[...targets, ...others, ...events.servicesIn(region)],
    cloudFormation.serviceIn(region),
  ];
  const services = Object.fromEntries(
    [...emulated].map(([region, all]) => [region, servicesOf(region, all)]),
  );
  const elsewhere = { ...services, [GLOBAL_REGION]: events.servicesIn(GLOBAL_REGION) };
  const port = awsPort({
    ...{ ...around(REGION), services: services[REGION] ?? [], elsewhere },
    faults: faults.take,
    unsigned: {
      "/_sandbox/faults": faults.serve,
      "/_sandbox/scheduler": behaviourControl(behaviour, () => {
        for (const { scheduler } of state.places) signalOf(scheduler, SCHEDULES_CHANGED).raise();
      }),
    },
  });
  return {
    server: createServer(port),
    cloudFormation,
    startEvents: events.start,
    startScheduler: () =>
      startEngines(options, (region) => ({
        around: around(region),
        services: emulated.get(region)?.targets ?? [],
      })),
  };
}

/**
 * Fires the schedules of every place. Answers what stops it.
 *
 * @param targetsIn what schedules of a region can call
 */
function startEngines(
  { state, behaviour, logs }: AccountServicesOptions,
  targetsIn: (region: string) => Pick<Parameters<typeof deliverToTarget>[0], "around" | "services">,
): () => void {
  const write = logs.openQuiet("scheduler");
  const mayAssume = schedulerMayAssume(state);
  const engines = state.places.map(({ scheduler, region }) =>
    startEngine({
      store: scheduler,
      deliver: deliverToTarget({ ...targetsIn(region), mayAssume }),
      behaviour,
      log: (event) => write(JSON.stringify(event)),
    }),
  );
  return () => {
    for (const engine of engines) engine.stop();
  };
}

/** Logs one line a call; calls that IAM denies also go to the sandbox's own log. */
function callLog(logs: Logs): (record: CallRecord) => void {
  const write = logs.openQuiet("aws-calls");
  return (record) => {
    const { output: _output, ...rest } = record;
    write(JSON.stringify(rest));
    if (record.errorCode?.startsWith("AccessDenied"))
      logs.say(`${record.service}:${record.operation}: ${record.errorMessage}`);
  };
}
