/** Starts everything that the stack declares, in the world around it. */

import { rmSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { httpApi } from "./api-gateway/http-api.ts";
import { AuthenticationRefusal } from "./aws/authentication-refusal.ts";
import { decide, serviceMayAssume } from "./aws/authorize.ts";
import type { CallRecord, Surroundings } from "./aws/dispatch.ts";
import {
  createTable,
  engineClient,
  type GlobalTableProperties,
} from "./aws/dynamodb/create-table.ts";
import { type LocalEngine, startLocalEngine } from "./aws/dynamodb/local-engine.ts";
import { dynamoDbService } from "./aws/dynamodb/service.ts";
import { eksService } from "./aws/eks/service.ts";
import { faultTable } from "./aws/faults.ts";
import { iamService } from "./aws/iam/service.ts";
import { authenticate, sessionArn } from "./aws/identities.ts";
import { awsPort } from "./aws/port.ts";
import type { Behaviour } from "./aws/scheduler/behaviour.ts";
import { behaviourControl } from "./aws/scheduler/behaviour-control.ts";
import { deliverToTarget } from "./aws/scheduler/deliver-to-target.ts";
import { startEngine } from "./aws/scheduler/engine.ts";
import { schedulerService } from "./aws/scheduler/service.ts";
import { groupArn } from "./aws/scheduler/state.ts";
import type { Caller, PermissionCheck } from "./aws/service.ts";
import type { SignedRequest } from "./aws/sigv4.ts";
import { declareQueue } from "./aws/sqs/declare-queue.ts";
import { openQueue } from "./aws/sqs/queue.ts";
import { sqsService } from "./aws/sqs/service.ts";
import { stsService } from "./aws/sts/service.ts";
import { startClusters } from "./clusters.ts";
import { deployRoles } from "./deploy-roles.ts";
import { startEventSource } from "./event-source.ts";
import { functionClocks } from "./function-clocks.ts";
import { endSessions, leaseSession } from "./function-sessions.ts";
import { awsCommand, writeKubeconfig } from "./kubernetes/kubeconfig.ts";
import { asyncInvoker } from "./lambda/async-invoke.ts";
import { type LambdaFunction, lambdaFunction } from "./lambda/lambda-function.ts";
import { type Logs, openLogs } from "./logs.ts";
import type { SandboxOptions } from "./options.ts";
import { choosePorts, listen } from "./ports.ts";
import { writeProfiles } from "./profiles.ts";
import { startRateRules } from "./rate-rules.ts";
import { startReaper } from "./reaper.ts";
import { openState, type SandboxState } from "./state.ts";
import { synthesize } from "./synthesize.ts";
import { loadAssembly } from "./template/assembly.ts";
import type { EventSourceResource, FunctionResource, Stack } from "./template/stack.ts";
import { loadStack } from "./template/stack.ts";
import { ACCOUNT, CLUSTERS, REGION } from "./world.ts";

/** Where the running sandbox is found: what `--json` prints. */
export interface SandboxAddresses {
  /** The broker's HTTP API, without `/v1`. */
  readonly apiUrl: string;
  /** Every AWS service on one port. */
  readonly awsUrl: string;
  readonly kubeconfig: string;
  readonly awsConfigFile: string;
  readonly awsCredentialsFile: string;
}

export interface Sandbox {
  readonly addresses: SandboxAddresses;
  /** Ends every process and writes the state down. */
  stop(): Promise<void>;
  /** Writes the state down at once: for an end that cannot wait. */
  flush(): void;
}

const STACK_NAME = "Timelatch";
/** More environments of one function than this are of no use to one machine. */
const MOST_ENVIRONMENTS = 4;
/** How long a change of a cluster takes: minutes in AWS, long enough here to be seen. */
const CLUSTER_UPDATE_SECONDS = 5;
/** What is under way has so long to end when the sandbox stops. */
const STOP_PATIENCE_MS = 4_000;

/** What belongs to a sandbox's past life; the synthesized stack is none of it. */
const FORGOTTEN = ["state", "dynamodb", "logs", "aws", "kubeconfig", "ports.json"];

const KUBERNETES_PORTS = CLUSTERS.map(({ name }) => `kubernetes-${name}` as const);

/** Functions run at most as often at once as they may, and no oftener than a machine bears. */
const concurrencyOf = (fn: FunctionResource, sources: readonly EventSourceResource[]): number => {
  const maximum = sources.find(({ functionArn }) => functionArn === fn.arn)?.maximumConcurrency;
  return Math.max(
    1,
    Math.min(
      fn.reservedConcurrency ?? MOST_ENVIRONMENTS,
      maximum ?? MOST_ENVIRONMENTS,
      MOST_ENVIRONMENTS,
    ),
  );
};

/** The caller of a request to the API; undefined where its signature does not hold. */
function apiCaller(state: SandboxState, request: SignedRequest): Caller | undefined {
  try {
    const { caller, signature } = authenticate(state.iam, request, new Date());
    return signature.service === "execute-api" && signature.region === REGION ? caller : undefined;
  } catch (error) {
    if (error instanceof AuthenticationRefusal) return undefined;
    throw error;
  }
}

const allows = async (state: SandboxState, caller: Caller, check: PermissionCheck) =>
  (await decide(state.iam.state, caller, check, new Date())) === "Allowed";

/** Lambda refuses a mapping whose function may not poll the queue (Developer Guide, "SQS permissions"). */
async function checkPollerRole(
  state: SandboxState,
  mapping: EventSourceResource,
  fn: FunctionResource,
): Promise<void> {
  const role = state.iam.state.roles[fn.roleArn];
  if (!role) throw new Error(`${fn.name} has no role ${fn.roleArn}.`);
  const caller: Caller = {
    arn: sessionArn(ACCOUNT, role.roleName, fn.name),
    principalArn: role.arn,
    accountId: ACCOUNT,
    userId: `${role.roleId}:${fn.name}`,
    accessKeyId: "",
  };
  for (const name of ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])
    if (!(await allows(state, caller, { action: `sqs:${name}`, resource: mapping.queueArn })))
      throw new Error(
        `${mapping.id}: the provided execution role does not have permissions to call ${name} on SQS: ${role.arn} on ${mapping.queueArn}.`,
      );
}

function declareScheduleGroups(state: SandboxState, names: readonly string[], now: Date): void {
  const at = now.toISOString();
  state.scheduler.change(({ groups }) => {
    for (const name of names)
      groups[name] ??= {
        name,
        arn: groupArn(REGION, ACCOUNT, name),
        creationDate: at,
        lastModificationDate: at,
        tags: {},
        requests: {},
      };
  });
}

async function createTables(engine: LocalEngine, stack: Stack): Promise<void> {
  const client = engineClient(engine.url, REGION);
  // The engine checks the members' types, and names what is wrong.
  for (const { name, properties } of stack.tables)
    await createTable(client, name, properties as unknown as GlobalTableProperties);
  client.destroy();
}

/** One line a call, for whoever asks what a function did; refusals are shown as well. */
function callLog(logs: Logs): (record: CallRecord) => void {
  const keep = logs.kept("aws-calls");
  return (record) => {
    const { output: _output, ...told } = record;
    keep(JSON.stringify(told));
    if (record.errorCode?.startsWith("AccessDenied"))
      logs.say(`${record.service}:${record.operation}: ${record.errorMessage}`);
  };
}

/**
 * Starts the sandbox. Rejects, with nothing left running, where something cannot be started.
 * @param progress told what is being done
 */
export async function startSandbox(
  options: SandboxOptions,
  progress: (line: string) => void,
): Promise<Sandbox> {
  const { dir, minuteSeconds } = options;
  if (options.fresh)
    for (const name of FORGOTTEN) rmSync(path.join(dir, name), { recursive: true, force: true });
  const logs = openLogs(path.join(dir, "logs"));
  /** What ends what was started, the last first. */
  const endings: (() => void | Promise<void>)[] = [() => logs.close()];
  const flushes: (() => void)[] = [];
  const flush = () => {
    for (const one of flushes) one();
  };
  const stop = async () => {
    for (const end of endings.toReversed()) await end();
    flush();
  };

  try {
    const ports = await choosePorts(path.join(dir, "ports.json"), [
      "aws",
      "api",
      "dynamodb",
      ...KUBERNETES_PORTS,
    ]);
    const awsUrl = `http://127.0.0.1:${ports.aws}`;
    const apiUrl = `http://127.0.0.1:${ports.api}`;

    progress("Starting DynamoDB Local");
    const [engine, assemblyDir, state] = await Promise.all([
      startLocalEngine({ port: ports.dynamodb, directory: path.join(dir, "dynamodb") }).then(
        (started) => {
          endings.push(() => started.stop());
          return started;
        },
      ),
      options.assembly ?? synthesize(dir, progress),
      openState(path.join(dir, "state"), (cluster) => {
        const port = ports[`kubernetes-${cluster}`];
        if (port === undefined) throw new Error(`No port was chosen for the cluster ${cluster}.`);
        return port;
      }),
    ]);
    flushes.push(() => state.flush());

    progress("Deploying the stack");
    const stack = loadStack(loadAssembly(assemblyDir, STACK_NAME), {
      account: ACCOUNT,
      region: REGION,
      stackName: STACK_NAME,
      awsUrl,
      apiUrl,
    });
    const now = new Date();
    const [clusters] = await Promise.all([
      startClusters({
        eks: state.eks,
        iam: state.iam,
        tls: state.tls,
        stateDir: state.dir,
        logDir: logs.dir,
        authorizerLagSeconds: options.authorizerLagSeconds,
        log: logs.say,
      }),
      createTables(engine, stack),
    ]);
    flushes.push(() => clusters.flush());
    endings.push(() => clusters.stop());
    deployRoles(state.iam, state.deployed, stack.roles, now);
    endSessions(state.iam, stack.functions);
    for (const { name, arn, url, attributes } of stack.queues)
      declareQueue(state.sqs, { name, arn, url, attributes });
    declareScheduleGroups(state, stack.scheduleGroups, now);

    const behaviour: Behaviour = {
      jitterSeconds: options.jitterSeconds,
      duplicateProbability: 0,
      lossProbability: 0,
      pastAt: options.pastAt,
    };
    const mayAssume = (roleArn: string, context: Readonly<Record<string, string>>) =>
      serviceMayAssume(state.iam.state, roleArn, "scheduler.amazonaws.com", context);
    const around: Surroundings = { iam: state.iam, region: REGION, onCall: callLog(logs) };
    const place = { account: ACCOUNT, region: REGION };
    const sqs = sqsService({ sqs: state.sqs, ...place, awsUrl });
    const eks = eksService({
      eks: state.eks,
      iam: state.iam,
      newCluster: clusters.newCluster,
      updateSeconds: CLUSTER_UPDATE_SECONDS,
    });
    const faults = faultTable();
    // The engine starts last; until then there is nothing to wake.
    let wakeScheduler = () => {};
    const awsServer = createServer(
      awsPort({
        ...around,
        services: [
          sqs,
          eks,
          stsService(state.iam),
          iamService(state.iam),
          schedulerService({
            scheduler: state.scheduler,
            iam: state.iam,
            ...place,
            mayAssume,
            behaviour,
          }),
          dynamoDbService(engine.url, place),
        ],
        faults: faults.take,
        unsigned: {
          "/_sandbox/faults": faults.serve,
          "/_sandbox/scheduler": behaviourControl(behaviour, () => wakeScheduler()),
        },
      }),
    );

    const clocks = functionClocks(stack.functions, options.clockSeconds);
    const reaper = startReaper();
    endings.push(() => reaper.close());
    const functions = new Map<string, LambdaFunction>(
      stack.functions.map((fn) => [
        fn.arn,
        lambdaFunction({
          fn,
          concurrency: concurrencyOf(fn, stack.eventSources),
          surroundings: { region: REGION, awsUrl },
          clockMs: clocks.get(fn.arn) ?? 0,
          reaper,
          lease: () => leaseSession(state.iam, fn),
          log: logs.shown(fn.name),
        }),
      ]),
    );
    const functionOf = (arn: string): LambdaFunction => {
      const fn = functions.get(arn);
      if (!fn) throw new Error(`The stack has no function ${arn}.`);
      return fn;
    };

    const servers = [awsServer];
    await listen(awsServer, ports.aws);
    if (stack.httpApi) {
      const apiServer = createServer(
        // The gateway answers for itself what Node would cut off.
        { maxHeaderSize: 64 * 1024 },
        httpApi({
          api: stack.httpApi,
          ...place,
          permissions: stack.permissions,
          functionOf,
          authenticate: (request) => apiCaller(state, request),
          allows: (caller, check) => allows(state, caller, check),
          log: logs.say,
        }),
      );
      servers.push(apiServer);
      await listen(apiServer, ports.api);
    }
    endings.push(() => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    });
    endings.push(async () => {
      await Promise.all([...functions.values()].map((fn) => fn.stop()));
    });

    const invoker = asyncInvoker(minuteSeconds, logs.say);
    endings.push(() => invoker.stop());
    const stopRules = startRateRules({
      rules: stack.rules,
      permissions: stack.permissions,
      functionOf,
      asyncInvoker: invoker,
      ...place,
      minuteSeconds,
      log: logs.say,
    });
    for (const mapping of stack.eventSources)
      await checkPollerRole(state, mapping, functionOf(mapping.functionArn).resource);
    const sources = stack.eventSources.map((mapping) => {
      const fn = functionOf(mapping.functionArn);
      return startEventSource({
        mapping,
        queue: openQueue(state.sqs, mapping.queueArn),
        fn,
        region: REGION,
        concurrency: concurrencyOf(fn.resource, stack.eventSources),
        log: logs.say,
      });
    });
    const keepEvent = logs.kept("scheduler");
    const scheduler = startEngine({
      store: state.scheduler,
      deliver: deliverToTarget({ around, services: [sqs, eks], mayAssume }),
      behaviour,
      log: (event) => keepEvent(JSON.stringify(event)),
    });
    wakeScheduler = scheduler.wake;
    endings.push(async () => {
      scheduler.stop();
      stopRules();
      await Promise.race([
        Promise.all(sources.map((source) => source.stop())),
        pause(STOP_PATIENCE_MS, undefined, { ref: false }),
      ]);
    });

    const profiles = writeProfiles(dir, state.iam.state, awsUrl);
    const kubeconfig = path.join(dir, "kubeconfig");
    writeKubeconfig(kubeconfig, {
      clusters: Object.values(state.eks.state.clusters).map(({ name, endpoint }) => ({
        name,
        server: endpoint,
        certificate: state.tls.certificate,
      })),
      command: awsCommand(),
      environment: {
        AWS_CONFIG_FILE: profiles.awsConfigFile,
        AWS_SHARED_CREDENTIALS_FILE: profiles.awsCredentialsFile,
      },
    });
    return { addresses: { apiUrl, awsUrl, kubeconfig, ...profiles }, stop, flush };
  } catch (error) {
    await stop();
    throw error;
  }
}
