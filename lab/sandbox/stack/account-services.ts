/** The emulated AWS of both accounts and all regions on one port, and the engines that fire their schedules. */
import { createServer, type Server } from "node:http";
import { type FailingEngine, failingEngine } from "../aws/cloudformation/failing-engine.ts";
import type { CallRecord, Surroundings } from "../aws/dispatch.ts";
import type { DownRegions } from "../aws/down-regions.ts";
import { SOURCES_CHANGED } from "../aws/lambda/state.ts";
import { type AwsPortOptions, awsPort } from "../aws/port.ts";
import { behaviourControl } from "../aws/scheduler/behaviour-control.ts";
import { deliverToTarget } from "../aws/scheduler/deliver-to-target.ts";
import { SCHEDULES_CHANGED, startEngine } from "../aws/scheduler/engine.ts";
import { sesControl } from "../aws/ses/control.ts";
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

export interface AccountServicesOptions extends Omit<RegionServicesOptions, "onMailEvent"> {
  readonly trailDelaySeconds: number;
  /** Regions that are down; `/_sandbox/regions` says which. */
  readonly regions: DownRegions;
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
  const { state, logs, faults, stacks, regions } = options;
  const { eventRules, invoke } = stacks;
  const events = accountEvents({ ...options, eventRules, invoke, log: logs.say });
  const log = callLog(logs);
  const onCall = (record: CallRecord) => {
    log(record);
    events.record(record);
  };
  const around = (region: string): Surroundings => ({ iam: state.iam, region, onCall });
  const engine = failingEngine(stacks, state.cloudFormation);
  const cloudFormation = cloudFormationAccounts(state, engine);
  const withMail = { ...options, onMailEvent: events.onDefaultBus };
  const emulated = new Map(REGIONS.map((region) => [region, regionServices(withMail, region)]));
  const servicesOf = (region: string, { targets, others }: RegionServices) => [
    ...[...targets, ...others, ...events.servicesIn(region)],
    cloudFormation.serviceIn(region),
  ];
  const services = Object.fromEntries(
    [...emulated].map(([region, all]) => [region, servicesOf(region, all)]),
  );
  const elsewhere = { ...services, [GLOBAL_REGION]: events.servicesIn(GLOBAL_REGION) };
  const port = awsPort({
    ...around(REGION),
    services: services[REGION] ?? [],
    elsewhere,
    faults: faults.take,
    isDown: regions.isDown,
    unsigned: ownPaths(options, engine),
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

/** The paths without a signature, on which tests and people say how things go wrong. */
function ownPaths(
  { state, behaviour, faults, regions }: AccountServicesOptions,
  stackFaults: Pick<FailingEngine, "serve">,
): NonNullable<AwsPortOptions["unsigned"]> {
  const schedulesChanged = () => {
    for (const { scheduler } of state.places) signalOf(scheduler, SCHEDULES_CHANGED).raise();
  };
  regions.listen(() => {
    schedulesChanged();
    signalOf(state.lambda, SOURCES_CHANGED).raise();
  });
  return {
    "/_sandbox/faults": faults.serve,
    "/_sandbox/scheduler": behaviourControl(behaviour, schedulesChanged),
    "/_sandbox/ses": sesControl(state.ses),
    "/_sandbox/regions": regions.serve,
    "/_sandbox/stacks": stackFaults.serve,
  };
}

/**
 * Fires the schedules of every place. Answers what stops it.
 *
 * @param targetsIn what schedules of a region can call
 */
function startEngines(
  { state, behaviour, logs, regions }: AccountServicesOptions,
  targetsIn: (region: string) => Pick<Parameters<typeof deliverToTarget>[0], "around" | "services">,
): () => void {
  const write = logs.openQuiet("scheduler");
  const mayAssume = schedulerMayAssume(state);
  const engines = state.places.map(({ scheduler, region }) =>
    startEngine({
      store: scheduler,
      deliver: deliverToTarget({ ...targetsIn(region), mayAssume }),
      behaviour,
      isDown: () => regions.isDown(region),
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
