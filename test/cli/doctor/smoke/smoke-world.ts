/**
 * The emulated AWS of both accounts with what the broker's stack has there, without the broker's own code. Schedules fire,
 * and CloudTrail delivers. `timelatch doctor --smoke` is run against it, in this process.
 */
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { vi } from "vitest";
import type { Api } from "../../../../cli/api/api-client.ts";
import { doctor } from "../../../../cli/commands/doctor.ts";
import type { SmokeInTest } from "../../../../cli/commands/doctor-smoke.ts";
import { Failure } from "../../../../cli/failures/failure.ts";
import { inRepository } from "../../../../infra/synth/repository.ts";
import { newStack } from "../../../../lab/sandbox/aws/cloudformation/new-stack.ts";
import { downRegions } from "../../../../lab/sandbox/aws/down-regions.ts";
import {
  engineClient,
  type GlobalTableProperties,
} from "../../../../lab/sandbox/aws/dynamodb/create-table.ts";
import { declareTable } from "../../../../lab/sandbox/aws/dynamodb/declare-table.ts";
import { faultTable } from "../../../../lab/sandbox/aws/faults.ts";
import type { Credential } from "../../../../lab/sandbox/aws/iam/state.ts";
import { usualBehaviour } from "../../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { groupArn } from "../../../../lab/sandbox/aws/scheduler/state.ts";
import { declareQueue } from "../../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { type Logs, openLogs } from "../../../../lab/sandbox/process/logs.ts";
import { listen } from "../../../../lab/sandbox/process/network-ports.ts";
import { homeOf } from "../../../../lab/sandbox/process/place-stores.ts";
import { openState, type SandboxState } from "../../../../lab/sandbox/process/state.ts";
import { accountServices } from "../../../../lab/sandbox/stack/account-services.ts";
import { deployRoles } from "../../../../lab/sandbox/stack/deploy-roles.ts";
import { type LiveStacks, liveStacks } from "../../../../lab/sandbox/stack/live-stacks.ts";
import { slackServer } from "../../../../lab/sandbox/stack/slack-server.ts";
import type { Stack } from "../../../../lab/sandbox/template/stack.ts";
import { ACCOUNT, HOME, REGION, REGIONS } from "../../../../lab/sandbox/world/account.ts";
import { profileCredential } from "../../../../lab/sandbox/world/people.ts";
import { declareSpokeAdmin } from "../../../../lab/sandbox/world/spoke-admin.ts";
import { broker } from "../../../infra/broker.ts";
import { brokerStacks } from "../../../lab/sandbox/stack/broker-stacks.ts";
import { emptyEngine } from "../../../worker-engine.ts";
import { fakeApi, fakeTerminal } from "../../fake-terminal.ts";

const NOTHING_RUNS = "http://127.0.0.1:9";

/** The actions of every alarm, as if timelatch.config.yaml named a topic. */
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:on-call`;
const TOPICS = { alarmActions: [TOPIC], okActions: [TOPIC] };

interface Given {
  readonly eksReadLagSeconds?: number;
  readonly iamLagSeconds?: number;
  /** Whether DynamoDB Local has the ledger's table. Otherwise there are no tables. */
  readonly hasTables?: boolean;
}

export async function smokeWorld({
  eksReadLagSeconds = 0,
  iamLagSeconds = 0,
  hasTables = false,
}: Given = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), "smoke-"));
  const state = await openState(path.join(dir, "state"), () => 1);
  declareSpokeAdmin(state.iam, new Date());
  const synthesized = broker();
  const { template } = synthesized;
  const stacks = brokerStacks(synthesized, { awsUrl: NOTHING_RUNS, apiUrl: NOTHING_RUNS });
  const stack = stacks.both;
  deployRoles(state.iam, state.deployed, stack, new Date());
  const home = homeOf(state);
  for (const queue of stack.queues) declareQueue(home.sqs, queue);
  const at = new Date().toISOString();
  home.scheduler.change((scheduler) => {
    for (const name of stack.scheduleGroups)
      scheduler.groups[name] = {
        name,
        arn: groupArn(REGION, ACCOUNT, name),
        tags: {},
        requests: {},
        creationDate: at,
        lastModificationDate: at,
      };
  });
  declareDeployed(state, "Timelatch", template, stacks.broker, at);
  declareDeployed(state, "TimelatchFuses", synthesized.fuses, stacks.fuses, at);
  const [logs, faults] = [openLogs(path.join(dir, "logs"), false), faultTable()];
  const engine = await (hasTables ? engineWith(state, stack) : noTables());
  const alarms = stack.alarms.map((alarm) => ({ ...alarm, ...TOPICS }));
  const { slack, slackUrl } = await listeningSlack(state, logs);
  const behaviour = { ...usualBehaviour(), jitterSeconds: 0 };
  const port = createServer();
  const url = `http://127.0.0.1:${await listen(port, 0)}`;
  const services = accountServices({
    state,
    behaviour,
    logs,
    faults,
    eksReadLagSeconds,
    iamLagSeconds,
    trailDelaySeconds: 0.2,
    minuteSeconds: 0.2,
    clusterUpdateSeconds: 1,
    regions: downRegions(REGIONS),
    engineUrl: engine.url,
    awsUrl: url,
    outsideUrl: url,
    clusters: () => {
      throw new Error("No cluster runs.");
    },
    stacks: {
      ...scratchStacks(state, logs, url),
      eventRules: () => [],
      functions: () => stack.functions,
      eventSources: () => [],
      hasApi: () => false,
      alarms: () => alarms,
    } as unknown as LiveStacks,
  });
  port.on("request", (...given) => services.server.emit("request", ...given));
  const stops = [services.startScheduler(), services.startEvents()];
  const folder = deploymentFolder(dir);
  return {
    state,
    home,
    stack,
    faults,
    behaviour,
    folder,
    url,
    template,
    alarms,
    slackApi: `${slackUrl}/api`,
    async close() {
      for (const stop of stops) stop();
      for (const server of [port, slack]) {
        server.closeAllConnections();
        server.close();
      }
      await engine.stop();
      logs.close();
      state.flush();
    },
  };
}

/** CloudFormation's engine for stacks that the test makes. They have no functions. */
const scratchStacks = (state: SandboxState, logs: Logs, awsUrl: string) =>
  liveStacks({
    state,
    logs,
    awsUrl,
    slackUrl: NOTHING_RUNS,
    outsideUrl: NOTHING_RUNS,
    engineUrl: NOTHING_RUNS,
    apiPort: 0,
    options: { minuteSeconds: 60, clockSeconds: {} },
    place: { awsUrl, apiUrl: NOTHING_RUNS },
    overlap: () => undefined,
    changed: () => undefined,
  });

/** Has CloudFormation know a stack as deployed and protected. */
function declareDeployed(
  state: SandboxState,
  name: string,
  template: object,
  { members }: Pick<Stack, "members">,
  at: string,
): void {
  state.cloudFormation.change(({ stacks }) => {
    const where = { cloudFormation: state.cloudFormation, ...HOME };
    stacks.push(
      Object.assign(newStack(where, name, at), {
        status: "CREATE_COMPLETE",
        isProtected: true,
        input: {
          template: JSON.stringify(template),
          parameters: {},
          capabilities: [],
          tags: [],
        },
        resources: members.map(({ logicalId, type, id }) => ({
          logicalId,
          type,
          physicalId: id,
          at,
          status: "CREATE_COMPLETE",
          isRetained: false,
        })),
      }),
    );
  });
}

const HOUR_MS = 3_600_000;

/** DynamoDB Local with the ledger's table, as the template declares it. */
async function engineWith(state: SandboxState, { tables }: Stack) {
  const url = await emptyEngine();
  const client = engineClient(url, REGION);
  for (const { name, properties } of tables)
    if (/ledger/i.test(name))
      await declareTable(
        client,
        state.dynamoDb,
        name,
        properties as unknown as GlobalTableProperties,
        Date.now() - HOUR_MS,
      );
  return { url, stop: async () => client.destroy() };
}

/** Stands for an engine without tables. */
async function noTables() {
  const server = createServer((request, response) => {
    const lists = String(request.headers["x-amz-target"]).endsWith(".ListTables");
    request.resume();
    response.writeHead(lists ? 200 : 400, { "content-type": "application/x-amz-json-1.0" });
    response.end(
      JSON.stringify(lists ? { TableNames: [] } : { __type: "x#ResourceNotFoundException" }),
    );
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  return { url, stop: async () => void server.close() };
}

/** Slack is told its own address before it listens there. */
async function listeningSlack(state: SandboxState, logs: Logs) {
  const reserved = createServer();
  const slackUrl = `http://127.0.0.1:${await listen(reserved, 0)}`;
  const { server } = slackServer({ state, logs, slackUrl, appUrl: NOTHING_RUNS });
  reserved.on("request", (...given) => server.emit("request", ...given));
  return { slack: reserved, slackUrl };
}

export type SmokeWorld = Awaited<ReturnType<typeof smokeWorld>>;

/** A folder as `timelatch init` writes it. */
function deploymentFolder(dir: string): string {
  writeFileSync(
    path.join(dir, "timelatch.config.yaml"),
    `version: 1\naccount: "${ACCOUNT}"\nregion: ${REGION}\n`,
  );
  cpSync(inRepository("access.yaml"), path.join(dir, "access.yaml"));
  return dir;
}

/** Has the clients of this process sign with this key. */
export function signWith(url: string, key: Credential | undefined): void {
  if (!key) throw new Error("Nobody has that key.");
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", key.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", key.secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", key.sessionToken ?? "");
}

export const asAdmin = ({ url, state }: SmokeWorld): void =>
  signWith(url, profileCredential(state.iam.state, "admin"));

/** The result of one run. */
export interface SmokeRun {
  readonly document: {
    readonly ok: boolean;
    readonly facts: readonly {
      readonly part: string;
      readonly fact: string;
      readonly verdict: string;
      readonly says: string;
      readonly next?: string;
      readonly numbers?: Readonly<Record<string, number>>;
    }[];
    readonly failed: readonly { readonly part: string; readonly says: string }[];
    readonly left: readonly string[];
  };
  readonly failure: Failure | undefined;
  readonly err: string;
}

type Options = Parameters<typeof doctor>[2];

/** The API to somebody who may not read findings. */
export const FORBIDDING = fakeApi(() => {
  throw new Failure("refused", "forbidden", { what: "No.", notDone: "", next: ["Ask."] });
});

/** Runs the command as somebody who reads its JSON would. */
export async function runSmoke(
  { folder, slackApi }: SmokeWorld,
  options: Options,
  inTest: SmokeInTest = {},
  api: Api = FORBIDDING,
): Promise<SmokeRun> {
  const terminal = fakeTerminal({
    json: true,
    piped: true,
    api,
    env: { TIMELATCH_SLACK_API: slackApi },
  });
  let failure: Failure | undefined;
  await doctor(terminal.context, folder, { yes: true, ...options }, inTest).catch((error) => {
    if (!(error instanceof Failure)) throw error;
    failure = error;
  });
  const out = terminal.out();
  return { document: JSON.parse(out || "{}"), failure, err: terminal.err() };
}

/** Everything of a smoke test that is still in the account. */
export function remains({ state }: SmokeWorld): readonly string[] {
  const names = [
    ...Object.keys(state.iam.state.roles),
    ...Object.keys(state.dynamoDb.state.tables),
    ...state.cloudFormation.state.stacks
      .filter(({ status }) => status !== "DELETE_COMPLETE")
      .map(({ name }) => name),
    ...state.places.flatMap(({ eks, scheduler, sqs }) => [
      ...Object.values(eks.state.clusters).flatMap(({ entries }) => Object.keys(entries)),
      ...Object.values(scheduler.state.schedules).map(({ name }) => name),
      ...Object.keys(sqs.state.queues),
    ]),
  ];
  return names.filter((name) => name.includes("timelatch-smoke"));
}
