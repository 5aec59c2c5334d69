/** Starts everything that the stack declares, and the account that it runs in. */
import type { Server } from "node:http";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startLocalEngine } from "../aws/dynamodb/local-engine.ts";
import type { Behaviour } from "../aws/scheduler/behaviour.ts";
import { asyncInvoker } from "../lambda/async-invoke.ts";
import { writeClientFiles } from "../process/client-files.ts";
import { writeEnvironmentFile } from "../process/environment-file.ts";
import { emptyFolder } from "../process/folder.ts";
import { type Lifetime, lifetime } from "../process/lifetime.ts";
import { type Logs, openLogs } from "../process/logs.ts";
import { choosePorts, listen, type NetworkPorts } from "../process/network-ports.ts";
import type { SandboxOptions } from "../process/options.ts";
import type { PersonVariables } from "../process/person-variables.ts";
import { openState, type SandboxState } from "../process/state.ts";
import { synthesize } from "../process/synthesize.ts";
import type { Stack } from "../template/stack.ts";
import { ACCOUNT, REGION } from "../world/account.ts";
import { CLUSTERS, SPOKE_CLUSTERS } from "../world/initial-clusters.ts";
import { declareSignIns } from "../world/sign-ins.ts";
import { startAccountClusters } from "./account-clusters.ts";
import { ruleInvoker } from "./account-events.ts";
import { type AccountServices, accountServices } from "./account-services.ts";
import { apiServer } from "./api-server.ts";
import { deployStack } from "./deploy-stack.ts";
import { startEventSources } from "./event-sources.ts";
import { startRateRules } from "./rate-rules.ts";
import { readStacks } from "./read-stacks.ts";
import { slackServer } from "./slack-server.ts";
import { stackFunctions } from "./stack-functions.ts";

/** The addresses of a running sandbox: what `--json` prints. */
export interface SandboxAddresses {
  /** The broker's HTTP API, without `/v1`. */
  readonly apiUrl: string;
  /** Every AWS service on one port. */
  readonly awsUrl: string;
  /** The emulated Slack: its Web API is below `/api`. */
  readonly slackUrl: string;
  /** Slack's page for a browser, with its token. */
  readonly slackPageUrl: string;
  /** What Slack signs with towards the functions. */
  readonly slackSigningSecret: string;
  readonly kubeconfig: string;
  readonly awsConfigFile: string;
  readonly awsCredentialsFile: string;
  /** What each person has in their environment: profile, kubeconfig and role. */
  readonly people: PersonVariables;
}

export interface Sandbox {
  readonly addresses: SandboxAddresses;
  /** Stops every process and saves the state. */
  stop(): Promise<void>;
  /** Saves the state at once, without stopping anything. */
  flush(): void;
}

const STACK_NAME = "Timelatch";
/** How long running invocations may take to end when the sandbox stops. */
const STOP_PATIENCE_MS = 4_000;

/** Where the `timelatch` command is. */
const COMMAND_FOLDER = path.resolve(import.meta.dirname, "../../cli");

const KUBERNETES_PORTS = [...CLUSTERS, ...SPOKE_CLUSTERS].map(
  ({ name }) => `kubernetes-${name}` as const,
);

/**
 * Starts the sandbox in a folder that is claimed and locked. Rejects, with nothing left running,
 * where something cannot be started.
 * @param progress called with each line of progress
 */
export async function startSandbox(
  options: SandboxOptions,
  progress: (line: string) => void,
): Promise<Sandbox> {
  const { dir } = options;
  if (options.fresh) emptyFolder(dir);
  const life = lifetime();
  const logs = openLogs(path.join(dir, "logs"), options.verbose);
  life.endsWith(() => logs.close());
  try {
    const addresses = await startWithin(life, options, logs, progress);
    return { addresses, stop: life.stop, flush: life.flush };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

const PORTS = ["aws", "api", "dynamodb", "slack", ...KUBERNETES_PORTS] as const;

/** What is started one after another, and needs what was started before. */
async function startWithin(
  life: Lifetime,
  options: SandboxOptions,
  logs: Logs,
  progress: (line: string) => void,
): Promise<SandboxAddresses> {
  const { dir } = options;
  const ports = await choosePorts(path.join(dir, "ports.json"), PORTS);
  const awsUrl = `http://127.0.0.1:${ports.aws}`;
  const apiUrl = `http://127.0.0.1:${ports.api}`;
  const slackUrl = `http://127.0.0.1:${ports.slack}`;

  progress("Starting DynamoDB Local");
  const [engineUrl, assemblyDir, state] = await Promise.all([
    startDynamoDb(life, dir, ports.dynamodb),
    options.assembly ?? synthesize(dir, options.eksReadLagSeconds, progress),
    openState(path.join(dir, "state"), clusterPortIn(ports)),
  ]);
  life.keepsBy(() => state.flush());
  declareSignIns(state.iam, options.userIds, new Date());

  progress("Deploying the stack");
  const place = { account: ACCOUNT, region: REGION, stackName: STACK_NAME, awsUrl, apiUrl };
  const { stack, roles } = readStacks(assemblyDir, place, rolesBefore(state));
  const [clusters] = await Promise.all([
    startAccountClusters(life, options, state, logs),
    deployStack(stack, roles, state, engineUrl),
  ]);
  const services = accountServices({
    ...{ state, engineUrl, awsUrl, ...clusters, logs },
    behaviour: initialBehaviour(options),
    eksReadLagSeconds: options.eksReadLagSeconds,
    iamLagSeconds: options.iamLagSeconds,
    eventRules: stack.eventRules,
    trailDelaySeconds: options.trailDelaySeconds,
  });
  await serve(life, services.server, ports.aws);
  const slack = slackServer({ state, logs, slackUrl, appUrl: apiUrl });
  await serve(life, slack.server, ports.slack);
  const apiPort = ports.api;
  await startBroker(life, options, { stack, state, logs, services, awsUrl, slackUrl, apiPort });

  const files = writeClientFiles(dir, state, awsUrl);
  writeEnvironmentFile(dir, { apiUrl, ...files, commandFolder: COMMAND_FOLDER });
  return { apiUrl, awsUrl, slackUrl, ...slack.addresses, ...files };
}

/** Answers the engine's URL. */
async function startDynamoDb(life: Lifetime, dir: string, port: number): Promise<string> {
  const engine = await startLocalEngine({ port, directory: path.join(dir, "dynamodb") });
  life.endsWith(() => engine.stop());
  return engine.url;
}

/** Of earlier deployments, a role may have left. */
const rolesBefore = ({ iam, deployed }: SandboxState): readonly string[] =>
  Object.keys(iam.state.roles).filter((arn) => !deployed.state.roleArns.includes(arn));

const initialBehaviour = ({ jitterSeconds, pastAt }: SandboxOptions): Behaviour => ({
  ...{ jitterSeconds, pastAt, duplicateProbability: 0, lossProbability: 0 },
});

interface BrokerParts {
  readonly stack: Stack;
  readonly state: SandboxState;
  readonly logs: Logs;
  readonly services: AccountServices;
  readonly awsUrl: string;
  readonly slackUrl: string;
  readonly apiPort: number;
}

/** Starts the stack's functions, and everything that invokes them. */
async function startBroker(
  life: Lifetime,
  { minuteSeconds, clockSeconds }: SandboxOptions,
  { stack, state, logs, services, awsUrl, slackUrl, apiPort }: BrokerParts,
): Promise<void> {
  const log = logs.say;
  const slackApiUrl = `${slackUrl}/api`;
  const functions = stackFunctions({ stack, state, awsUrl, slackApiUrl, clockSeconds, logs });
  if (stack.httpApi)
    await serve(life, apiServer(stack.httpApi, { stack, state, functions, log }), apiPort);
  life.endsWith(() => functions.stop());

  const invoker = asyncInvoker(minuteSeconds, log);
  life.endsWith(() => invoker.stop());
  const stopRules = startRateRules({
    rules: stack.rules,
    permissions: stack.permissions,
    functionOf: functions.of,
    asyncInvoker: invoker,
    account: ACCOUNT,
    region: REGION,
    minuteSeconds,
    log,
  });
  const stopSources = await startEventSources({
    ...{ stack, state, functions, log },
    overlap: services.overlap,
  });
  const stopScheduler = services.startScheduler();
  const stopEvents = services.startEvents(ruleInvoker(stack.permissions, functions.of, invoker));
  life.endsWith(async () => {
    stopScheduler();
    stopEvents();
    stopRules();
    await Promise.race([stopSources(), pause(STOP_PATIENCE_MS, undefined, { ref: false })]);
  });
}

const clusterPortIn = (ports: NetworkPorts) => (cluster: string) => {
  const port = ports[`kubernetes-${cluster}`];
  if (port === undefined) throw new Error(`No port was chosen for the cluster ${cluster}.`);
  return port;
};

async function serve(life: Lifetime, server: Server, port: number): Promise<void> {
  await listen(server, port);
  life.endsWith(() => {
    server.close();
    server.closeAllConnections();
  });
}
