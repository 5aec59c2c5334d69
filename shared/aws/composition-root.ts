/** The composition root: the only place that connects ports to AWS. Called once per module load. */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type {
  ConvergeConfig,
  CorrelateConfig,
  FrontConfig,
  NotifyConfig,
  SlackConfig,
} from "../config.ts";
import { deploymentOf, externalIdOf } from "../domain/values/deployment.ts";
import type {
  ApiPorts,
  ConvergePorts,
  CorrelatePorts,
  FrontPorts,
  LateStandingPorts,
  NoticeWake,
  NotifyPorts,
  SweepPorts,
} from "../ports/function-ports.ts";
import type { MessageHold } from "../ports/message-hold.ts";
import type { SlackFrontPorts } from "../slack/front/answer-call.ts";
import { slackPeople } from "../slack/slack-people.ts";
import { slackWebApi } from "../slack/slack-web-api.ts";
import { signingSecrets } from "../slack/verify-signature.ts";
import { FEW_ATTEMPTS, ONE_ATTEMPT } from "./calls/client-settings.ts";
import { remoteCredentials } from "./calls/remote-credentials.ts";
import { cloudTrailLookup } from "./cloudtrail/cloudtrail-lookup.ts";
import { dynamoCircuitStore, dynamoClusterFactsStore } from "./dynamodb/dynamo-cluster-stores.ts";
import { dynamoCursorKeys } from "./dynamodb/dynamo-cursor-keys.ts";
import { dynamoActivity } from "./dynamodb/evidence/dynamo-evidence-records.ts";
import { callsOfDeployment } from "./dynamodb/evidence/dynamo-evidence-store.ts";
import { dynamoLedgerStore } from "./dynamodb/ledger/dynamo-ledger-store.ts";
import { dynamoStopCopyStore } from "./dynamodb/ledger/dynamo-stop-copy-store.ts";
import {
  delegationStore,
  evidenceStore,
  requestStore,
  stopStore,
} from "./dynamodb/request-stores.ts";
import { dynamoBindingStore } from "./dynamodb/requests/dynamo-binding-store.ts";
import { dynamoMessagePlaces } from "./dynamodb/requests/dynamo-message-places.ts";
import { dynamoNoticeStore } from "./dynamodb/requests/dynamo-notice-store.ts";
import { dynamoSendPace } from "./dynamodb/requests/dynamo-send-pace.ts";
import { dynamoStandingStore } from "./dynamodb/standing/dynamo-standing-store.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { eksAccessEntries } from "./eks/eks-access-entries.ts";
import { grantorSessions } from "./eks/grantor-sessions.ts";
import { eventBridgeEventBus } from "./eventbridge/eventbridge-event-bus.ts";
import { factsIn, outsideQueue } from "./fact-ports.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { systemPause } from "./machine/system-pause.ts";
import { systemRandom } from "./machine/system-random.ts";
import { uuidIds } from "./machine/uuid-ids.ts";
import { noticeMedia } from "./notice-media.ts";
import { schedulerSchedules } from "./scheduler/scheduler-schedules.ts";
import { noticeWaker } from "./sqs/notice-waker.ts";
import { convergeQueue, notifyQueue } from "./sqs/queues.ts";
import { type MessageDelay, sqsMessageDelay } from "./sqs/sqs-message-delay.ts";
import { sqsMessageHold } from "./sqs/sqs-message-hold.ts";
import { ssmSecret } from "./ssm/secrets.ts";

const MACHINE = { clock: systemClock, random: systemRandom };

/** The ports of `api`. */
export function apiPorts(config: FrontConfig): ApiPorts & NoticeWake {
  const client = tableClient();
  const waker = noticeWaker(notifyQueue(config));
  return {
    ...frontPortsOn(client, config, waker),
    cursorKeys: dynamoCursorKeys(client, config.requestsTable, systemRandom),
    notices: dynamoNoticeStore(client, config.requestsTable, systemRandom),
    standing: dynamoStandingStore(client, config.requestsTable),
    evidence: waker.findings(evidenceStore(client, config)),
    activity: dynamoActivity(client, config.auditTable, systemRandom),
  };
}

/** Slack gives three seconds for an answer, and two may go to the call that shows it. */
const MEMBERSHIP_MS = 700;

/** The ports of `slack`. */
export function slackPorts(config: SlackConfig): SlackFrontPorts & NoticeWake {
  const ssm = new SSMClient(FEW_ATTEMPTS);
  const token = ssmSecret(ssm, config.slackBotTokenParameter, systemClock);
  const signing = ssmSecret(ssm, config.slackSigningSecretParameter, systemClock);
  const [client, api] = [tableClient(), { token, baseUrl: config.slackApiUrl }];
  const front = frontPortsOn(client, config);
  const people = slackWebApi({ ...api, timeoutMs: MEMBERSHIP_MS });
  return {
    ...front,
    activity: dynamoActivity(client, config.auditTable, systemRandom),
    web: slackWebApi(api),
    places: dynamoMessagePlaces(client, config.requestsTable, MACHINE),
    standing: dynamoStandingStore(client, config.requestsTable),
    people: slackPeople(people, front.policy.slack?.teams ?? [], systemClock),
    signingSecrets: async () => signingSecrets(await signing.read()),
  };
}

/** The ports of `sweep`, and of `ticket-sweep`. */
export function sweepPorts(
  config: FrontConfig,
): SweepPorts & NoticeWake & Pick<LateStandingPorts, "standing"> {
  const client = tableClient();
  return {
    ...frontPortsOn(client, config),
    bindings: dynamoBindingStore(client, config.requestsTable, MACHINE),
    notices: dynamoNoticeStore(client, config.requestsTable, systemRandom),
    standing: dynamoStandingStore(client, config.requestsTable),
    notifyQueue: notifyQueue(config),
  };
}

/** The ports of `notify`. */
export function notifyPorts(config: NotifyConfig): NotifyPorts {
  const client = tableClient();
  const ports = { policy: bundledPolicy(), ...MACHINE, pause: systemPause };
  return {
    ...ports,
    requests: requestStore(client, config),
    findings: evidenceStore(client, config),
    delegations: delegationStore(client, config),
    stops: stopStore(client, config),
    bus: eventBridgeEventBus(new EventBridgeClient(FEW_ATTEMPTS), config.eventBusName),
    ids: uuidIds,
    ...noticeMedia(ports, config, {
      notices: dynamoNoticeStore(client, config.requestsTable, systemRandom),
      pace: dynamoSendPace(client, config.requestsTable, MACHINE),
      places: dynamoMessagePlaces(client, config.requestsTable, MACHINE),
    }),
  };
}

/**
 * The ports of `converge`.
 * @param deadline milliseconds left in the run
 * @param over aborted when the run is over
 */
export function convergePorts(
  config: ConvergeConfig,
  deadline: () => number,
  over?: () => AbortSignal,
): ConvergePorts & NoticeWake {
  const { settings, requestsTable } = config;
  const policy = bundledPolicy();
  const deployment = deploymentOf(policy);
  const client = tableClient();
  const waker = noticeWaker(notifyQueue(config));
  const limits = { deadline, reserveMs: settings.reserveSeconds * 1_000 };
  const options = { ...MACHINE, ...limits, ...(over ? { over } : {}) };
  const externalId = externalIdOf(deployment, config.schedules.brokerAccount);
  const sessions = grantorSessions(new STSClient(ONE_ATTEMPT), options, { deployment, externalId });
  return {
    requests: waker.requests(requestStore(client, config)),
    delegations: delegationStore(client, config),
    wakeNotify: waker.wakeNotify,
    bindings: dynamoBindingStore(client, requestsTable, MACHINE),
    ledgers: dynamoLedgerStore(client, config.ledgerTable, MACHINE),
    clusters: dynamoClusterFactsStore(client, requestsTable),
    circuits: dynamoCircuitStore(client, config.ledgerTable),
    stops: stopStore(client, config),
    stopCopy: dynamoStopCopyStore(client, config.ledgerTable),
    facts: factsIn(client, config),
    outside: outsideQueue(config),
    evidence: callsOfDeployment(evidenceStore(client, config), deployment),
    entries: eksAccessEntries(sessions, options, deployment),
    schedules: schedulerSchedules(
      { client: new SchedulerClient(ONE_ATTEMPT), sessions },
      { ...config.schedules, deployment },
      options,
    ),
    queue: convergeQueue(config),
    ...MACHINE,
    ids: uuidIds,
    policy,
    settings,
  };
}

/** The ports of `correlate`. */
export function correlatePorts(config: CorrelateConfig): CorrelatePorts & NoticeWake {
  const client = tableClient();
  const waker = noticeWaker(notifyQueue(config));
  const policy = bundledPolicy();
  const reader = { ...config, kind: "correlate", deployment: deploymentOf(policy) } as const;
  return {
    requests: requestStore(client, config),
    evidence: waker.findings(evidenceStore(client, config)),
    wakeNotify: waker.wakeNotify,
    clock: systemClock,
    policy,
    settings: config.settings,
    fuseRoleArn: config.fuseRoleArn,
    lookup: cloudTrailLookup(ONE_ATTEMPT, remoteCredentials(new STSClient(ONE_ATTEMPT), reader)),
    pause: systemPause,
  };
}

/** Hides messages of correlate's queue. */
export const messageDelay = ({ evidenceQueueUrl }: CorrelateConfig): MessageDelay =>
  sqsMessageDelay(new SQSClient(FEW_ATTEMPTS), evidenceQueueUrl);

/** Makes the hold on a received message, by its receipt handle. */
export function messageHolds(config: ConvergeConfig): (receiptHandle: string) => MessageHold {
  // One attempt: a run has only seconds, and goes on if the queue does not answer.
  const client = new SQSClient(ONE_ATTEMPT);
  const { convergeQueueUrl: queueUrl, convergeVisibilitySeconds: visibilitySeconds } = config;
  return (receiptHandle) => sqsMessageHold(client, { queueUrl, receiptHandle, visibilitySeconds });
}

const frontPortsOn = (
  client: DynamoDBDocumentClient,
  config: FrontConfig,
  waker = noticeWaker(notifyQueue(config)),
): FrontPorts & NoticeWake => ({
  requests: waker.requests(requestStore(client, config)),
  delegations: waker.delegations(delegationStore(client, config)),
  wakeNotify: waker.wakeNotify,
  queue: convergeQueue(config),
  clusters: dynamoClusterFactsStore(client, config.requestsTable),
  stops: waker.stops(stopStore(client, config)),
  facts: factsIn(client, config),
  outside: outsideQueue(config),
  clock: systemClock,
  ids: uuidIds,
  policy: bundledPolicy(),
  settings: config.settings,
});
