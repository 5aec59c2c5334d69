/** The emulated AWS services of one region, of both accounts. */
import { asAccount, byAccount, ownRoles, regionOf } from "../aws/accounts.ts";
import { serviceMayAssume } from "../aws/assume-role-decision.ts";
import { cloudWatchService } from "../aws/cloudwatch/service.ts";
import { dynamoDbService } from "../aws/dynamodb/service.ts";
import { eksService } from "../aws/eks/service.ts";
import type { BusEvent } from "../aws/eventbridge/state.ts";
import type { FaultTable } from "../aws/faults.ts";
import { iamService } from "../aws/iam/service.ts";
import { identityStoreService } from "../aws/identitystore/service.ts";
import { kmsService } from "../aws/kms/service.ts";
import { lambdaService } from "../aws/lambda/service.ts";
import { logsService } from "../aws/logs/service.ts";
import { s3Service } from "../aws/s3/service.ts";
import type { Behaviour } from "../aws/scheduler/behaviour.ts";
import { schedulerService } from "../aws/scheduler/service.ts";
import type { Caller, Service } from "../aws/service.ts";
import { sesService } from "../aws/ses/service.ts";
import { sqsService } from "../aws/sqs/service.ts";
import { ssmService } from "../aws/ssm/service.ts";
import { ssoAdminService } from "../aws/sso-admin/service.ts";
import { stsService } from "../aws/sts/service.ts";
import type { Logs } from "../process/logs.ts";
import type { PlaceStores } from "../process/place-stores.ts";
import type { SandboxState } from "../process/state.ts";
import { ACCOUNT, ACCOUNTS, HOME, isSamePlace } from "../world/account.ts";
import { IDENTITY_CENTER } from "../world/identity-center.ts";
import { accessLogGroups } from "./access-log-groups.ts";
import { auditLogGroups } from "./audit-log-groups.ts";
import type { LiveStacks } from "./live-stacks.ts";
import type { PlaceClusters } from "./place-clusters.ts";

/** How long an update of a cluster takes, if nobody says it: minutes in AWS, here just long enough to observe. */
const CLUSTER_UPDATE_SECONDS = 8;

export interface RegionServicesOptions {
  readonly state: SandboxState;
  /** The address of DynamoDB Local. */
  readonly engineUrl: string;
  readonly awsUrl: string;
  /** Where the issuers of web identity tokens are, each below its host. */
  readonly outsideUrl: string;
  readonly clusters: PlaceClusters;
  /** How well schedules keep time; `/_sandbox/scheduler` changes it while the sandbox runs. */
  readonly behaviour: Behaviour;
  readonly logs: Logs;
  readonly eksReadLagSeconds: number;
  readonly iamLagSeconds: number;
  /** How long an update of a cluster takes; absent: long enough to observe. */
  readonly clusterUpdateSeconds?: number;
  /** How long a minute of rules, and of an alarm's period, lasts. */
  readonly minuteSeconds?: number;
  /** The stacks: their rules, their functions, and what CloudFormation makes. */
  readonly stacks: LiveStacks;
  readonly faults: FaultTable;
  /** Hands what became of an e-mail to the broker's default bus. */
  readonly onMailEvent: (event: BusEvent) => void;
}

export interface RegionServices {
  /** Those that schedules can call. */
  readonly targets: readonly Service[];
  readonly others: readonly (Service | ReturnType<typeof dynamoDbService>)[];
}

/**
 * Services that only the broker needs are in its region. The port refuses them in another region by
 * name.
 */
export function regionServices(options: RegionServicesOptions, region: string): RegionServices {
  const { state, stacks, minuteSeconds } = options;
  const { iam, s3, blobs } = state;
  const ofEach = (serviceAt: (place: PlaceStores) => Service): Service => {
    const here = state.places.filter((place) => place.region === region);
    return byAccount(Object.fromEntries(here.map((place) => [place.account, serviceAt(place)])));
  };
  const others = [
    stsService(iam, options.outsideUrl),
    iamOfAccounts(options),
    ofEach((place) => schedulerAt(options, place)),
    ofEach(({ ssm, account }) => ssmService({ ssm, account, region })),
    ofEach((place) => logsAt(options, place)),
    cloudWatchService({
      region,
      accounts: ACCOUNTS,
      ...(minuteSeconds && { minuteSeconds }),
      alarms: () => stacks.alarms().filter(({ arn }) => regionOf(arn) === region),
    }),
    s3Service({ s3, blobs, iam, account: ACCOUNT, region }),
  ];
  return {
    targets: [
      ofEach((place) => queuesAt(options, place)),
      ofEach((place) => eksAt(options, place)),
    ],
    others: region === HOME.region ? [...others, ...brokerServices(options)] : others,
  };
}

/** The services that only the broker, its operators and auditors need. */
const brokerServices = (options: RegionServicesOptions) => [
  keysOf(options),
  ...ownServices(options),
];

/** An auditor has keys in the other account. */
const keysOf = ({ state: { kms, iam } }: RegionServicesOptions): Service =>
  byAccount(
    Object.fromEntries(
      ACCOUNTS.map((account) => [account, kmsService({ kms, iam, account, region: HOME.region })]),
    ),
  );

const ownServices = ({ state, stacks, engineUrl, onMailEvent }: RegionServicesOptions) => [
  lambdaService({ ...HOME, lambda: state.lambda, ...stacks }),
  sesService({ ses: state.ses, ...HOME, onEvent: onMailEvent }),
  identityStoreService({ directory: IDENTITY_CENTER, account: ACCOUNT }),
  ssoAdminService({ storeId: IDENTITY_CENTER.storeId, account: ACCOUNT }),
  dynamoDbService(engineUrl, HOME, { tables: state.dynamoDb }),
];

const iamOfAccounts = ({ state: { iam }, iamLagSeconds }: RegionServicesOptions): Service =>
  byAccount(
    Object.fromEntries(
      ACCOUNTS.map((account) => [
        account,
        iamService(ownRoles(iam, account), { lagSeconds: iamLagSeconds }),
      ]),
    ),
  );

const eksAt = (
  {
    state,
    clusters,
    iamLagSeconds,
    eksReadLagSeconds,
    clusterUpdateSeconds = CLUSTER_UPDATE_SECONDS,
  }: RegionServicesOptions,
  place: PlaceStores,
): Service =>
  eksService({
    eks: place.eks,
    iam: asAccount(state.iam, place.account),
    iamLagSeconds,
    newCluster: (name) => clusters(place).newCluster(name),
    updateSeconds: clusterUpdateSeconds,
    readLagSeconds: eksReadLagSeconds,
  });

/** Only the broker's queues have event sources, whose messages a fault gives out again. */
const queuesAt = (
  { awsUrl, faults }: RegionServicesOptions,
  { sqs, account, region }: PlaceStores,
): Service =>
  sqsService({
    sqs,
    account,
    region,
    awsUrl,
    ...(isSamePlace({ account, region }, HOME) ? { overlap: overlapOf(faults) } : {}),
  });

const schedulerAt = (
  { state, behaviour }: RegionServicesOptions,
  { scheduler, account, region }: PlaceStores,
): Service => {
  const mayAssume = schedulerMayAssume(state);
  return schedulerService({ iam: state.iam, scheduler, account, region, mayAssume, behaviour });
};

/** The audit logs of the place's clusters, and the API's access log. A deleted cluster leaves its own to the broker's place. */
function logsAt(
  { state: { places }, logs }: RegionServicesOptions,
  { account, region }: PlaceStores,
): Service {
  const isHere = (cluster: string) => {
    const owner = places.find(({ eks }) => Object.hasOwn(eks.state.clusters, cluster)) ?? HOME;
    return isSamePlace(owner, { account, region });
  };
  const auditLogs = auditLogGroups(logs.dir, isHere);
  const accessLogs = accessLogGroups(logs.dir);
  const isHome = isSamePlace({ account, region }, HOME);
  const events = (group: string) => auditLogs(group) ?? (isHome ? accessLogs(group) : undefined);
  return logsService({ account, region, events });
}

/** The fault `overlap`: after how many milliseconds SQS delivers a caller's messages again. */
export const overlapOf = (faults: FaultTable) => (caller: Caller) =>
  faults.takeOverlap({ service: "sqs", operation: "ReceiveMessage", caller });

/** Whether a role's trust policy lets EventBridge Scheduler assume it. */
export const schedulerMayAssume =
  ({ iam }: SandboxState) =>
  (roleArn: string, context: Readonly<Record<string, string>>) =>
    serviceMayAssume(iam.state, roleArn, "scheduler.amazonaws.com", context);
