/**
 * The emulated AWS of both accounts with what the broker's stack has there, without the broker's own code. Schedules fire,
 * and CloudTrail delivers. `timelatch doctor --smoke` is run against it, in this process.
 */
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { vi } from "vitest";
import type { Api } from "../../../../cli/api/api-client.ts";
import { doctor } from "../../../../cli/commands/doctor.ts";
import type { SmokeInTest } from "../../../../cli/commands/doctor-smoke.ts";
import { Failure } from "../../../../cli/failures/failure.ts";
import { inRepository } from "../../../../infra/synth/repository.ts";
import { newStack } from "../../../../sandbox/aws/cloudformation/new-stack.ts";
import { faultTable } from "../../../../sandbox/aws/faults.ts";
import type { Credential } from "../../../../sandbox/aws/iam/state.ts";
import { usualBehaviour } from "../../../../sandbox/aws/scheduler/behaviour.ts";
import { groupArn } from "../../../../sandbox/aws/scheduler/state.ts";
import { declareQueue } from "../../../../sandbox/aws/sqs/declare-queue.ts";
import { openLogs } from "../../../../sandbox/process/logs.ts";
import { listen } from "../../../../sandbox/process/network-ports.ts";
import { homeOf } from "../../../../sandbox/process/place-stores.ts";
import { openState } from "../../../../sandbox/process/state.ts";
import { accountServices } from "../../../../sandbox/stack/account-services.ts";
import { deployRoles } from "../../../../sandbox/stack/deploy-roles.ts";
import type { LiveStacks } from "../../../../sandbox/stack/live-stacks.ts";
import { loadStack } from "../../../../sandbox/template/load-stack.ts";
import { ACCOUNT, HOME, REGION } from "../../../../sandbox/world/account.ts";
import { profileCredential } from "../../../../sandbox/world/people.ts";
import { declareSpokeAdmin } from "../../../../sandbox/world/spoke-admin.ts";
import { broker } from "../../../infra/broker.ts";
import { fakeApi, fakeTerminal } from "../../fake-terminal.ts";

const NOTHING_RUNS = "http://127.0.0.1:9";

interface Given {
  readonly eksReadLagSeconds?: number;
  readonly iamLagSeconds?: number;
}

export async function smokeWorld({ eksReadLagSeconds = 0, iamLagSeconds = 0 }: Given = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), "smoke-"));
  const state = await openState(path.join(dir, "state"), () => 1);
  declareSpokeAdmin(state.iam, new Date());
  const { template } = broker();
  const stack = loadStack(
    { stackName: "Timelatch", template, assetDir: () => "/not-run" },
    { ...HOME, stackName: "Timelatch", awsUrl: NOTHING_RUNS, apiUrl: NOTHING_RUNS },
  );
  deployRoles(state.iam, state.deployed, stack, new Date());
  const home = homeOf(state);
  for (const queue of stack.queues) declareQueue(home.sqs, queue);
  const at = new Date().toISOString();
  home.scheduler.change((scheduler) => {
    for (const name of stack.scheduleGroups)
      scheduler.groups[name] = {
        ...{ name, arn: groupArn(REGION, ACCOUNT, name), tags: {}, requests: {} },
        ...{ creationDate: at, lastModificationDate: at },
      };
  });
  state.cloudFormation.change(({ stacks }) => {
    const where = { cloudFormation: state.cloudFormation, ...HOME };
    stacks.push(
      Object.assign(newStack(where, "Timelatch", at), {
        ...{ status: "CREATE_COMPLETE", isProtected: true },
        input: {
          template: JSON.stringify(template),
          ...{ parameters: {}, capabilities: [], tags: [] },
        },
        resources: stack.members.map(({ logicalId, type, id }) => ({
          ...{ logicalId, type, physicalId: id, at, status: "CREATE_COMPLETE", isRetained: false },
        })),
      }),
    );
  });
  const [logs, faults] = [openLogs(path.join(dir, "logs"), false), faultTable()];
  const behaviour = { ...usualBehaviour(), jitterSeconds: 0 };
  const services = accountServices({
    ...{ state, behaviour, logs, faults, eksReadLagSeconds, iamLagSeconds, trailDelaySeconds: 0.2 },
    ...{ engineUrl: NOTHING_RUNS, awsUrl: NOTHING_RUNS },
    clusters: () => {
      throw new Error("No cluster runs.");
    },
    stacks: {
      ...{ eventRules: () => [], functions: () => [], eventSources: () => [], hasApi: () => false },
      alarms: () => stack.alarms,
    } as unknown as LiveStacks,
  });
  const url = `http://127.0.0.1:${await listen(services.server, 0)}`;
  const stops = [services.startScheduler(), services.startEvents()];
  const folder = deploymentFolder(dir);
  return {
    ...{ state, home, stack, faults, behaviour, folder, url, template },
    async close() {
      for (const stop of stops) stop();
      services.server.closeAllConnections();
      services.server.close();
      logs.close();
      state.flush();
    },
  };
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

/** Has the clients of this process sign as whoever has the key. */
export function signWith(url: string, key: Credential | undefined): void {
  if (!key) throw new Error("Nobody has that key.");
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", key.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", key.secretAccessKey);
  vi.stubEnv("AWS_SESSION_TOKEN", key.sessionToken ?? "");
}

export const asAdmin = ({ url, state }: SmokeWorld): void =>
  signWith(url, profileCredential(state.iam.state, "admin"));

/** What one run came to. */
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
  throw new Failure("refused", "forbidden", { happened: "No.", undone: "", next: ["Ask."] });
});

/** Runs the command as somebody who reads its JSON would. */
export async function runSmoke(
  { folder }: SmokeWorld,
  options: Options,
  inTest: SmokeInTest = {},
  api: Api = FORBIDDING,
): Promise<SmokeRun> {
  const terminal = fakeTerminal({ json: true, piped: true, api });
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
    ...state.places.flatMap(({ eks, scheduler, sqs }) => [
      ...Object.values(eks.state.clusters).flatMap(({ entries }) => Object.keys(entries)),
      ...Object.values(scheduler.state.schedules).map(({ name }) => name),
      ...Object.keys(sqs.state.queues),
    ]),
  ];
  return names.filter((name) => name.includes("timelatch-smoke"));
}
