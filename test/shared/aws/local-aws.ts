import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { vi } from "vitest";
import type { CallRecord } from "../../../lab/sandbox/aws/dispatch.ts";
import { eksService } from "../../../lab/sandbox/aws/eks/service.ts";
import type { EksState } from "../../../lab/sandbox/aws/eks/state.ts";
import type { CallFault } from "../../../lab/sandbox/aws/fault-kinds.ts";
import type { FaultableCall } from "../../../lab/sandbox/aws/faults.ts";
import { iamService } from "../../../lab/sandbox/aws/iam/service.ts";
import { usualBehaviour } from "../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { schedulerService } from "../../../lab/sandbox/aws/scheduler/service.ts";
import { initialSchedulerState } from "../../../lab/sandbox/aws/scheduler/state.ts";
import { declareQueue } from "../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { sqsService } from "../../../lab/sandbox/aws/sqs/service.ts";
import { emptySqsState, type SqsState } from "../../../lab/sandbox/aws/sqs/state.ts";
import { memoryStore, type Store } from "../../../lab/sandbox/aws/store.ts";
import { stsService } from "../../../lab/sandbox/aws/sts/service.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
  trust,
} from "../../lab/sandbox/aws/iam-world.ts";

const converge = role("converge", { policy: document(statement("*")) });
const byConverge = trust({ AWS: converge.arn }, ["sts:AssumeRole", "sts:SetSourceIdentity"]);
/** May do everything except set groups, as in the account. Only the other grantor may. */
const grantor = role("timelatch-grantor", {
  trust: byConverge,
  policy: document(statement("*"), {
    ...statement("eks:UpdateAccessEntry"),
    Effect: "Deny",
  }),
});
const groupsGrantor = role("timelatch-grantor-groups", {
  trust: byConverge,
  policy: document(statement(["eks:*", "iam:GetRole"])),
});
/** The grantor of a second deployment. */
const betaGrantor = role("beta-grantor", { trust: byConverge, policy: document(statement("*")) });
const alice = role("alice", { path: "/people/" });
const scheduler = role("schedules", {
  trust: trust({ Service: "scheduler.amazonaws.com" }, "sts:AssumeRole"),
});
/** The role that fuses name in the broker's own account. */
const fuses = role("timelatch-fuse", {
  trust: trust({ Service: "scheduler.amazonaws.com" }, "sts:AssumeRole"),
});

export const QUEUE = {
  name: "timelatch-converge.fifo",
  arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:timelatch-converge.fifo`,
};
export const SCHEDULE_GROUP = "timelatch";
export const SCHEDULER_ROLE = scheduler.arn;
export const ALICE_ID = alice.roleId;
const CREATED = "2026-11-01T00:00:00.000Z";

/** The sandbox's AWS with the cluster `prod`, `legacy` in CONFIG_MAP, and the role `alice`. */
export async function localAws() {
  const iam = iamStore(converge, grantor, groupsGrantor, betaGrantor, alice, scheduler, fuses);
  const eks = memoryStore<EksState>({
    accountId: ACCOUNT,
    region: REGION,
    clusters: { prod: cluster("prod", "API"), legacy: cluster("legacy", "CONFIG_MAP") },
  });
  const sqs = memoryStore(emptySqsState());
  const schedules = memoryStore(initialSchedulerState(ACCOUNT, REGION));
  const strikes: ((call: FaultableCall) => CallFault | undefined)[] = [];
  const calls: CallRecord[] = [];
  // The SQS service needs its own address, which is known once the port listens.
  const services = [
    eksService({
      eks,
      iam,
      newCluster: () => ({ endpoint: "https://unused.example", certificateAuthority: "Q0E=" }),
      updateSeconds: 0,
    }),
    iamService(iam),
    stsService(iam),
    schedulerService({
      scheduler: schedules,
      iam,
      account: ACCOUNT,
      region: REGION,
      mayAssume: () => true,
      behaviour: usualBehaviour(),
    }),
    sqsService({ sqs, account: ACCOUNT, region: REGION, awsUrl: "http://127.0.0.1" }),
  ];
  const port = await listen({
    services,
    iam,
    faults: (call) => strikes.map((strike) => strike(call)).find((fault) => fault !== undefined),
    onCall: (record) => calls.push(record),
  });
  vi.stubEnv("AWS_ENDPOINT_URL", port.url);
  declare(sqs, port.url);
  const config = clientConfig(port.url, converge);
  return {
    eks,
    iam,
    sqs,
    schedules,
    calls,
    /** Called before each call to choose a fault. */
    strikes,
    queueUrl: `${port.url}/${ACCOUNT}/${QUEUE.name}`,
    clients: {
      sts: new STSClient(config),
      scheduler: new SchedulerClient(config),
      sqs: new SQSClient(config),
    },
    stop: async () => {
      vi.unstubAllEnvs();
      await port.close();
    },
  };
}

export type LocalAws = Awaited<ReturnType<typeof localAws>>;

const cluster = (
  name: string,
  authenticationMode: "API" | "CONFIG_MAP",
): EksState["clusters"][string] => ({
  name,
  arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`,
  createdAt: CREATED,
  version: "1.34",
  platformVersion: "eks.1",
  status: "ACTIVE",
  authenticationMode,
  bootstrapClusterCreatorAdminPermissions: false,
  endpoint: "https://unused.example",
  certificateAuthority: "Q0E=",
  tags: {},
  entries: {},
  updates: {},
});

function declare(sqs: Store<SqsState>, url: string): void {
  declareQueue(sqs, {
    ...QUEUE,
    url: `${url}/${ACCOUNT}/${QUEUE.name}`,
    attributes: { FifoQueue: true, ContentBasedDeduplication: true },
  });
}
