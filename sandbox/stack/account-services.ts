/** The emulated AWS services of the account, on one port, and the engine that fires their schedules. */
import { createServer, type Server } from "node:http";
import { asAccount, byAccount, ownRoles } from "../aws/accounts.ts";
import { serviceMayAssume } from "../aws/assume-role-decision.ts";
import { cloudWatchService } from "../aws/cloudwatch/service.ts";
import type { CallRecord, Surroundings } from "../aws/dispatch.ts";
import { dynamoDbService } from "../aws/dynamodb/service.ts";
import { eksService } from "../aws/eks/service.ts";
import type { EksState } from "../aws/eks/state.ts";
import type { FaultTable } from "../aws/faults.ts";
import { iamService } from "../aws/iam/service.ts";
import { identityStoreService } from "../aws/identitystore/service.ts";
import { kmsService } from "../aws/kms/service.ts";
import { lambdaService } from "../aws/lambda/service.ts";
import { logsService } from "../aws/logs/service.ts";
import { awsPort } from "../aws/port.ts";
import { s3Service } from "../aws/s3/service.ts";
import type { Behaviour } from "../aws/scheduler/behaviour.ts";
import { behaviourControl } from "../aws/scheduler/behaviour-control.ts";
import { deliverToTarget } from "../aws/scheduler/deliver-to-target.ts";
import { SCHEDULES_CHANGED, startEngine } from "../aws/scheduler/engine.ts";
import { schedulerService } from "../aws/scheduler/service.ts";
import type { Caller, Service } from "../aws/service.ts";
import { sqsService } from "../aws/sqs/service.ts";
import { signalOf } from "../aws/sqs/signal.ts";
import { ssmService } from "../aws/ssm/service.ts";
import { ssoAdminService } from "../aws/sso-admin/service.ts";
import type { Store } from "../aws/store.ts";
import { stsService } from "../aws/sts/service.ts";
import type { Logs } from "../process/logs.ts";
import type { SandboxState } from "../process/state.ts";
import { ACCOUNT, REGION, SPOKE_ACCOUNT } from "../world/account.ts";
import type { Clusters } from "../world/clusters.ts";
import { IDENTITY_CENTER } from "../world/identity-center.ts";
import { type AccountEvents, accountEvents } from "./account-events.ts";
import { auditLogGroups } from "./audit-log-groups.ts";
import { type CloudFormationAccounts, cloudFormationAccounts } from "./cloudformation-accounts.ts";
import type { LiveStacks } from "./live-stacks.ts";

/** How long an update of a cluster takes: minutes in AWS, here just long enough to observe. */
const CLUSTER_UPDATE_SECONDS = 5;

export interface AccountServicesOptions {
  readonly state: SandboxState;
  /** Where DynamoDB Local listens. */
  readonly engineUrl: string;
  readonly awsUrl: string;
  readonly clusters: Clusters;
  /** Those of the second account. */
  readonly spokeClusters: Clusters;
  /** How well schedules keep time; `/_sandbox/scheduler` changes it while the sandbox runs. */
  readonly behaviour: Behaviour;
  readonly logs: Logs;
  readonly eksReadLagSeconds: number;
  readonly iamLagSeconds: number;
  /** The stacks: their rules, their functions, and what CloudFormation makes. */
  readonly stacks: LiveStacks;
  readonly faults: FaultTable;
  readonly trailDelaySeconds: number;
}

export interface AccountServices {
  readonly server: Server;
  /** CloudFormation by account, for what the sandbox itself deploys. */
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
  const around: Surroundings = { iam: state.iam, region: REGION, onCall };
  const { targets, others } = emulatedServices(options);
  const cloudFormation = cloudFormationAccounts(state, stacks);
  const port = awsPort({
    ...around,
    services: [...targets, ...others, ...events.services, cloudFormation.service],
    faults: faults.take,
    unsigned: {
      "/_sandbox/faults": faults.serve,
      "/_sandbox/scheduler": behaviourControl(behaviour, () => {
        for (const scheduler of Object.values(state.schedulers))
          signalOf(scheduler, SCHEDULES_CHANGED).raise();
      }),
    },
  });
  return {
    server: createServer(port),
    cloudFormation,
    startEvents: events.start,
    startScheduler() {
      const write = logs.openQuiet("scheduler");
      const mayAssume = schedulerMayAssume(state);
      const engines = Object.values(state.schedulers).map((store) =>
        startEngine({
          store,
          deliver: deliverToTarget({ around, services: targets, mayAssume }),
          behaviour,
          log: (event) => write(JSON.stringify(event)),
        }),
      );
      return () => {
        for (const engine of engines) engine.stop();
      };
    },
  };
}

/** The services that schedules can call, and the others. */
function emulatedServices(all: AccountServicesOptions) {
  const { state, engineUrl, awsUrl: _url, behaviour, logs, faults: _faults, ...options } = all;
  const { iam, ssm, kms, s3, blobs } = state;
  const place = { account: ACCOUNT, region: REGION };
  const lagSeconds = options.iamLagSeconds;
  const eksIn = (account: string, eks: Store<EksState>, clusters: Clusters) =>
    eksService({
      ...{ eks, iam: asAccount(iam, account), iamLagSeconds: lagSeconds },
      newCluster: (name) => clusters.newCluster(name),
      updateSeconds: CLUSTER_UPDATE_SECONDS,
      readLagSeconds: options.eksReadLagSeconds,
    });
  return {
    targets: [
      queues(all),
      byAccount({
        [ACCOUNT]: eksIn(ACCOUNT, state.eks, options.clusters),
        [SPOKE_ACCOUNT]: eksIn(SPOKE_ACCOUNT, state.spokeEks, options.spokeClusters),
      }),
    ],
    others: [
      stsService(iam),
      byAccount({
        [ACCOUNT]: iamService(ownRoles(iam, ACCOUNT), { lagSeconds }),
        [SPOKE_ACCOUNT]: iamService(ownRoles(iam, SPOKE_ACCOUNT), { lagSeconds }),
      }),
      schedulers(state, behaviour),
      byAccount({
        [ACCOUNT]: ssmService({ ssm, ...place }),
        [SPOKE_ACCOUNT]: ssmService({
          ssm: state.spokeSsm,
          region: REGION,
          account: SPOKE_ACCOUNT,
        }),
      }),
      byAccount({
        [ACCOUNT]: auditLogs(all, ACCOUNT, (cluster) => !isOfSpoke(state, cluster)),
        [SPOKE_ACCOUNT]: auditLogs(all, SPOKE_ACCOUNT, (cluster) => isOfSpoke(state, cluster)),
      }),
      lambdaService({ ...place, lambda: state.lambda, ...options.stacks }),
      cloudWatchService(options.stacks),
      s3Service({ s3, blobs, iam, account: ACCOUNT, region: REGION }),
      kmsService({ kms, iam, ...place }),
      identityStoreService({ directory: IDENTITY_CENTER, account: ACCOUNT }),
      ssoAdminService({ storeId: IDENTITY_CENTER.storeId, account: ACCOUNT }),
      dynamoDbService(engineUrl, place),
    ],
  };
}

/** SQS of each account. */
function queues({ state, awsUrl, faults }: AccountServicesOptions): Service {
  const { sqs, spokeSqs } = state;
  const shared = { region: REGION, awsUrl };
  return byAccount({
    [ACCOUNT]: sqsService({ ...shared, sqs, account: ACCOUNT, overlap: overlapOf(faults) }),
    [SPOKE_ACCOUNT]: sqsService({ ...shared, sqs: spokeSqs, account: SPOKE_ACCOUNT }),
  });
}

/** The audit logs of an account's clusters. A deleted cluster leaves its own. */
const auditLogs = (
  { logs }: AccountServicesOptions,
  account: string,
  isHere: (cluster: string) => boolean,
): Service => logsService({ account, region: REGION, events: auditLogGroups(logs.dir, isHere) });

const isOfSpoke = ({ spokeEks }: SandboxState, cluster: string): boolean =>
  Object.hasOwn(spokeEks.state.clusters, cluster);

/** EventBridge Scheduler of each account. */
function schedulers(state: SandboxState, behaviour: Behaviour): Service {
  const shared = {
    iam: state.iam,
    region: REGION,
    mayAssume: schedulerMayAssume(state),
    behaviour,
  };
  const services = Object.entries(state.schedulers).map(([account, scheduler]) => [
    account,
    schedulerService({ ...shared, account, scheduler }),
  ]);
  return byAccount(Object.fromEntries(services));
}

/** The fault `overlap`: after how many milliseconds SQS delivers a caller's messages again. */
export const overlapOf = (faults: FaultTable) => (caller: Caller) =>
  faults.takeOverlap({ service: "sqs", operation: "ReceiveMessage", caller });

/** Whether a role's trust policy lets EventBridge Scheduler assume it. */
const schedulerMayAssume =
  ({ iam }: SandboxState) =>
  (roleArn: string, context: Readonly<Record<string, string>>) =>
    serviceMayAssume(iam.state, roleArn, "scheduler.amazonaws.com", context);

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
