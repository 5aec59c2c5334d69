/**
 * The broker's account behind the AWS port: the roles, queues and groups of the synthesized
 * template, the sandbox's people and clusters, and clients that sign as their owners. Behind
 * DynamoDB's permissions stands no engine but an answer: the tests ask only about permissions.
 */
import { createServer } from "node:http";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { serviceMayAssume } from "../../../../lab/sandbox/aws/assume-role-decision.ts";
import { cloudTrailService } from "../../../../lab/sandbox/aws/cloudtrail/service.ts";
import { memoryHistory } from "../../../../lab/sandbox/aws/cloudtrail/state.ts";
import { cloudWatchService } from "../../../../lab/sandbox/aws/cloudwatch/service.ts";
import { dynamoDbService } from "../../../../lab/sandbox/aws/dynamodb/service.ts";
import { eksService } from "../../../../lab/sandbox/aws/eks/service.ts";
import { iamService } from "../../../../lab/sandbox/aws/iam/service.ts";
import type { IamState } from "../../../../lab/sandbox/aws/iam/state.ts";
import { declareKeys } from "../../../../lab/sandbox/aws/kms/declare-keys.ts";
import { kmsService } from "../../../../lab/sandbox/aws/kms/service.ts";
import { emptyKmsState } from "../../../../lab/sandbox/aws/kms/state.ts";
import { lambdaService } from "../../../../lab/sandbox/aws/lambda/service.ts";
import { emptyLambdaState } from "../../../../lab/sandbox/aws/lambda/state.ts";
import { logsService } from "../../../../lab/sandbox/aws/logs/service.ts";
import { awsPort } from "../../../../lab/sandbox/aws/port.ts";
import { declareBuckets } from "../../../../lab/sandbox/aws/s3/make-bucket.ts";
import { s3Service } from "../../../../lab/sandbox/aws/s3/service.ts";
import { emptyS3State, memoryBlobs } from "../../../../lab/sandbox/aws/s3/state.ts";
import { usualBehaviour } from "../../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { schedulerService } from "../../../../lab/sandbox/aws/scheduler/service.ts";
import { groupArn, initialSchedulerState } from "../../../../lab/sandbox/aws/scheduler/state.ts";
import type { Service } from "../../../../lab/sandbox/aws/service.ts";
import { declareQueue } from "../../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { sqsService } from "../../../../lab/sandbox/aws/sqs/service.ts";
import { emptySqsState } from "../../../../lab/sandbox/aws/sqs/state.ts";
import { ssmService } from "../../../../lab/sandbox/aws/ssm/service.ts";
import type { SsmState } from "../../../../lab/sandbox/aws/ssm/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { stsService } from "../../../../lab/sandbox/aws/sts/service.ts";
import { listen } from "../../../../lab/sandbox/process/network-ports.ts";
import { deployRoles } from "../../../../lab/sandbox/stack/deploy-roles.ts";
import { leaseSession } from "../../../../lab/sandbox/stack/function-sessions.ts";
import type { FunctionResource } from "../../../../lab/sandbox/template/stack.ts";
import { ACCOUNT, REGION } from "../../../../lab/sandbox/world/account.ts";
import { initialEks } from "../../../../lab/sandbox/world/initial-clusters.ts";
import { initialIam, profileCredential } from "../../../../lab/sandbox/world/people.ts";
import { broker, SAMPLE } from "../../../infra/broker.ts";
import { ownRolesOf } from "../world/own-roles.ts";
import { brokerStacks } from "./broker-stacks.ts";

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly eks: EKSClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

/** Every table of the broker has these keys; each of its indexes begins with an attribute named after it. */
const TABLE = {
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
};

/** Answers DescribeTable as the engine would, and everything else with nothing. */
const engineStandIn = () =>
  createServer((request, response) => {
    const describes = String(request.headers["x-amz-target"]).endsWith(".DescribeTable");
    request.resume();
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(describes ? { Table: TABLE } : {}));
  });

/** @param moreServices beside those that the broker calls, and those that say how it is deployed */
export async function brokerAccount(moreServices: readonly Service[] = []) {
  const now = new Date();
  const engine = engineStandIn();
  const engineUrl = `http://127.0.0.1:${await listen(engine, 0)}`;
  const reserved = createServer();
  const awsUrl = `http://127.0.0.1:${await listen(reserved, 0)}`;

  const stack = brokerStacks(broker(), { awsUrl, apiUrl: awsUrl }).both;
  const iam = memoryStore<IamState>(initialIam(now));
  const deployed = memoryStore({ roleArns: [] });
  deployRoles(iam, deployed, stack, now);
  deployRoles(iam, deployed, { roles: ownRolesOf(SAMPLE), managedPolicies: {} }, now);
  const address = { endpoint: "https://127.0.0.1", certificateAuthority: "" };
  const eks = memoryStore(initialEks(iam.state, () => address, now));
  const sqs = memoryStore(emptySqsState());
  for (const { name, arn, url, attributes, policies } of stack.queues)
    declareQueue(sqs, { name, arn, url, attributes, policies });
  const [s3, kms] = [memoryStore(emptyS3State()), memoryStore(emptyKmsState())];
  declareBuckets(s3, stack.buckets);
  declareKeys(kms, stack.kms.keys, stack.kms.aliases, now);
  const ssm = memoryStore<SsmState>({ parameters: {} });
  const scheduler = memoryStore(initialSchedulerState(ACCOUNT, REGION));
  const at = now.toISOString();
  for (const name of stack.scheduleGroups)
    scheduler.state.groups[name] = {
      name,
      arn: groupArn(REGION, ACCOUNT, name),
      creationDate: at,
      lastModificationDate: at,
      tags: {},
      requests: {},
    };
  const place = { account: ACCOUNT, region: REGION };
  reserved.on(
    "request",
    awsPort({
      iam,
      region: REGION,
      services: [
        dynamoDbService(engineUrl, place),
        eksService({ eks, iam, newCluster: () => address, updateSeconds: 0 }),
        iamService(iam),
        kmsService({ kms, iam, ...place }),
        s3Service({ s3, blobs: memoryBlobs(), iam, ...place }),
        // Every group is there, and empty.
        logsService({ ...place, events: () => [], queryMilliseconds: 0 }),
        schedulerService({
          scheduler,
          iam,
          ...place,
          mayAssume: (roleArn, context) =>
            serviceMayAssume(iam.state, roleArn, "scheduler.amazonaws.com", context),
          behaviour: usualBehaviour(),
        }),
        sqsService({ sqs, ...place, awsUrl }),
        ssmService({ ssm, ...place }),
        lambdaService({
          ...place,
          lambda: memoryStore(emptyLambdaState()),
          functions: () => stack.functions,
          eventSources: () => stack.eventSources,
          // Nothing runs.
          invoker: { run: () => Promise.reject(new Error("no run")), queue: () => undefined },
        }),
        cloudWatchService({ alarms: () => stack.alarms }),
        cloudTrailService(memoryHistory()),
        ...moreServices,
        stsService(iam),
      ],
    }),
  );

  const clients = (credentials: Keys): Clients => {
    const settings = { endpoint: awsUrl, region: REGION, credentials, maxAttempts: 1 };
    return {
      dynamodb: new DynamoDBClient(settings),
      eks: new EKSClient(settings),
      iam: new IAMClient(settings),
      kms: new KMSClient(settings),
      s3: new S3Client({ ...settings, forcePathStyle: true }),
      logs: new CloudWatchLogsClient(settings),
      scheduler: new SchedulerClient(settings),
      sqs: new SQSClient(settings),
      sts: new STSClient(settings),
    };
  };
  const keysOf = (from: Omit<Keys, "sessionToken"> & { readonly sessionToken?: string }): Keys => ({
    accessKeyId: from.accessKeyId,
    secretAccessKey: from.secretAccessKey,
    sessionToken: from.sessionToken ?? "",
  });
  const named = <Resource>(kind: string, found: Resource | undefined): Resource => {
    if (!found) throw new Error(`The template has no ${kind}.`);
    return found;
  };
  const roleArn = (part: string) =>
    named(
      `role ${part}`,
      stack.roles.find(({ name }) => name.includes(part)),
    ).arn;

  return {
    url: awsUrl,
    stack,
    ssm,
    personKeys: (name: string): Keys => keysOf(named(name, profileCredential(iam.state, name))),
    roleArn,
    tableName: (part: string) =>
      named(
        `table ${part}`,
        stack.tables.find(({ name }) => name.includes(part)),
      ).name,
    bucketName: () => named("bucket", stack.buckets[0]).name,
    keyId: () => named("key", stack.kms.keys[0]).id,
    queue: (part: string) =>
      named(
        `queue ${part}`,
        stack.queues.find(({ name }) => name.includes(part)),
      ),
    /** A session of a role, as the service hands it out that runs under it: Lambda, or Scheduler. */
    asRole: (part: string): Clients =>
      clients(
        keysOf(leaseSession(iam, { name: "own", roleArn: roleArn(part) } as FunctionResource)),
      ),
    asPerson: (name: string): Clients =>
      clients(keysOf(named(name, profileCredential(iam.state, name)))),
    /** The session that converge itself opens on a grantor role. */
    async asGrantor(converge: Clients, role: string): Promise<Clients> {
      const { Credentials } = await converge.sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
          RoleSessionName: "timelatch-grant-1",
          SourceIdentity: "alice",
        }),
      );
      const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
      return clients({
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      });
    },
    /**
     * The state that anybody could have changed: entries, roles, schedules, messages, objects and
     * keys.
     */
    snapshot: () =>
      JSON.stringify([eks.state, iam.state.roles, scheduler.state, sqs.state, s3.state, kms.state]),
    close() {
      for (const server of [engine, reserved]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

export type BrokerAccount = Awaited<ReturnType<typeof brokerAccount>>;
