/** Starts the accounts, and deploys what they run. */
import path from "node:path";
import { downRegions } from "../aws/down-regions.ts";
import { sharedEngineUrl, startLocalEngine } from "../aws/dynamodb/local-engine.ts";
import { faultTable } from "../aws/faults.ts";
import { type Behaviour, usualBehaviour } from "../aws/scheduler/behaviour.ts";
import { writeClientFiles } from "../process/client-files.ts";
import { emptyFolder } from "../process/folder.ts";
import { type Lifetime, lifetime } from "../process/lifetime.ts";
import { type Logs, openLogs } from "../process/logs.ts";
import { choosePorts, type NetworkPorts, serve } from "../process/network-ports.ts";
import type { SandboxOptions } from "../process/options.ts";
import type { PersonVariables } from "../process/person-variables.ts";
import { openState, type SandboxState } from "../process/state.ts";
import { synthesize } from "../process/synthesize.ts";

import { REGION, REGIONS } from "../world/account.ts";
import { CLUSTERS, FAR_CLUSTERS } from "../world/initial-clusters.ts";
import { declareSignIns } from "../world/sign-ins.ts";
import { declareSpokeAdmin } from "../world/spoke-admin.ts";
import { accountServices } from "./account-services.ts";
import { liveStacks } from "./live-stacks.ts";
import { outsideServer } from "./outside-server.ts";
import { type PlaceClusters, startPlaceClusters } from "./place-clusters.ts";
import { overlapOf } from "./region-services.ts";
import { slackServer } from "./slack-server.ts";
import { startStacks } from "./start-stacks.ts";

/** The addresses of a running sandbox: what `--json` prints. */
export interface SandboxAddresses {
  /** The broker's HTTP API, without `/v1`. */
  readonly apiUrl: string;
  /** Every AWS service on one port. */
  readonly awsUrl: string;
  /** The emulated Slack: its Web API is below `/api`. */
  readonly slackUrl: string;
  /** The emulated services that say who is on call, each below its host. */
  readonly outsideUrl: string;
  /** Slack's page for a browser, with its token. */
  readonly slackPageUrl: string;
  /** The secret with which Slack signs its calls of the functions. */
  readonly slackSigningSecret: string;
  readonly kubeconfig: string;
  readonly awsConfigFile: string;
  readonly awsCredentialsFile: string;
  /** The environment of each person: profile, kubeconfig and role. */
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
const KUBERNETES_PORTS = [...CLUSTERS, ...FAR_CLUSTERS].map(
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

const PORTS = ["aws", "api", "dynamodb", "slack", "outside", ...KUBERNETES_PORTS] as const;

const portsIn = (dir: string) => choosePorts(path.join(dir, "ports.json"), PORTS);

/** Starts the parts one after another, since each needs the ones before. */
async function startWithin(
  life: Lifetime,
  options: SandboxOptions,
  logs: Logs,
  progress: (line: string) => void,
): Promise<SandboxAddresses> {
  const ports = await portsIn(options.dir);
  const urls = urlsOf(ports);
  const { awsUrl, apiUrl, slackUrl, outsideUrl } = urls;

  progress("Starting DynamoDB Local");
  const [engineUrl, assemblyDir, [state, clusters]] = await Promise.all([
    timed(logs, "DynamoDB Local", startDynamoDb(life, options.dir, ports.dynamodb)),
    timed(logs, "The assembly", assemblyOf(options, progress)),
    timed(logs, "Accounts and clusters", openAccounts(life, options, logs, ports)),
  ]);

  const faults = faultTable();
  const regions = downRegions(REGIONS);
  const writeFiles = () =>
    writeClientFiles(options.dir, state, stacks.hasApi() ? urls : { awsUrl, outsideUrl });
  const stacks = liveStacks({
    ...{ state, logs, options, awsUrl, slackUrl, outsideUrl, engineUrl, apiPort: ports.api },
    place: { awsUrl, apiUrl },
    overlap: overlapOf(faults),
    isDown: () => regions.isDown(REGION),
    changed: writeFiles,
  });
  const services = accountServices({
    ...{ state, engineUrl, awsUrl, outsideUrl, clusters, logs, faults, stacks, regions },
    behaviour: initialBehaviour(options),
    eksReadLagSeconds: options.eksReadLagSeconds,
    iamLagSeconds: options.iamLagSeconds,
    minuteSeconds: options.minuteSeconds,
    trailDelaySeconds: options.trailDelaySeconds,
  });
  await serve(life, services.server, ports.aws);
  const slack = slackServer({ state, logs, slackUrl, appUrl: apiUrl });
  await serve(life, slack.server, ports.slack);
  await serve(life, outsideServer({ state, logs, outsideUrl }), ports.outside);

  life.endsWith(() => stacks.stop());
  if (assemblyDir !== undefined) progress("Deploying the stacks");
  const deployed = startStacks(services.cloudFormation, state, assemblyDir, STACK_NAME);
  await timed(logs, "The deployment", deployed);
  life.endsWith(services.startScheduler());
  life.endsWith(services.startEvents());
  return { apiUrl, awsUrl, slackUrl, outsideUrl, ...slack.addresses, ...writeFiles() };
}

const urlsOf = ({ aws, api, slack, outside }: Awaited<ReturnType<typeof portsIn>>) => ({
  awsUrl: `http://127.0.0.1:${aws}`,
  apiUrl: `http://127.0.0.1:${api}`,
  slackUrl: `http://127.0.0.1:${slack}`,
  outsideUrl: `http://127.0.0.1:${outside}`,
});

/** Logs how long a part of the start took. `--verbose` copies that to the terminal. */
async function timed<Part>(logs: Logs, name: string, part: Promise<Part>): Promise<Part> {
  const began = performance.now();
  const made = await part;
  logs.say(`${name} took ${((performance.now() - began) / 1_000).toFixed(1)} s.`);
  return made;
}

/** The accounts as they were, with their people and clusters. */
async function openAccounts(
  life: Lifetime,
  options: SandboxOptions,
  logs: Logs,
  ports: NetworkPorts,
): Promise<readonly [SandboxState, PlaceClusters]> {
  const state = await openState(
    path.join(options.dir, "state"),
    clusterPortIn(ports),
    options.empty,
  );
  life.keepsBy(() => state.flush());
  declareSignIns(state.iam, options.userIds, new Date());
  declareSpokeAdmin(state.iam, new Date());
  return [state, await startPlaceClusters(life, options, state, logs)];
}

/** The assembly to deploy; undefined if that is left to an operator. */
async function assemblyOf(
  { dir, empty, assembly, eksReadLagSeconds }: SandboxOptions,
  progress: (line: string) => void,
): Promise<string | undefined> {
  if (empty) return undefined;
  return assembly ?? synthesize(dir, eksReadLagSeconds, progress);
}

/** Answers the engine's URL. Tests let their sandboxes share one, since a start of Java takes seconds. */
async function startDynamoDb(life: Lifetime, dir: string, port: number): Promise<string> {
  const directory = path.join(dir, "dynamodb");
  const shared = process.env["TIMELATCH_DYNAMODB"];
  if (shared) return sharedEngineUrl(shared, directory);
  const engine = await startLocalEngine({ port, directory });
  life.endsWith(() => engine.stop());
  return engine.url;
}

const initialBehaviour = (options: SandboxOptions): Behaviour => {
  const { jitterSeconds, lossProbability, pastAt } = options;
  return { ...usualBehaviour(), jitterSeconds, lossProbability, pastAt };
};

const clusterPortIn = (ports: NetworkPorts) => (cluster: string) => {
  const port = ports[`kubernetes-${cluster}`];
  if (port === undefined) throw new Error(`No port was chosen for the cluster ${cluster}.`);
  return port;
};
