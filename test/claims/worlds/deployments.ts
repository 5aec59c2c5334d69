/** Deployments that are changed or deleted, with an API and clusters that answer as a world says. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { deploy } from "../../../cli/commands/deploy.ts";
import { destroy } from "../../../cli/commands/destroy.ts";
import { destroyAccount } from "../../../cli/commands/destroy-account.ts";
import type { ListedCluster } from "../../../cli/deployment/managed-entries.ts";
import { assemblyRecordFile, recordText } from "../../../shared/policy-file/assembly-record.ts";
import {
  brokerTemplate,
  complete,
  deployAll,
  fakeDeployment,
  roleTemplate,
} from "../../cli/deployment/fake-deployment.ts";
import { fakeApi, fakeTerminal, typist } from "../../cli/fake-terminal.ts";
import { idOf } from "../../cli/sample-requests.ts";
import { failureOf } from "./folder.ts";

const HUB = "111122223333";
const FAR_ACCOUNT = "999999999999";
const PROD = `arn:aws:eks:us-west-2:${HUB}:cluster/prod`;
const FAR = `arn:aws:eks:us-west-2:${FAR_ACCOUNT}:cluster/far`;
const GRANT = { id: idOf(1), requester: "alice", cluster: "far", clusterArn: FAR, state: "active" };
const DRAIN = { by: "carol", at: "2026-11-24T10:00:00.000Z", reason: "leaving", liftedBy: [] };

interface DeploymentWorld {
  /** Grants that the API lists. */
  readonly grants?: readonly (typeof GRANT)[];
  /** Principals whose entries carry the deployment's tag. */
  readonly tagged?: readonly string[];
}

export const A_GRANT_THERE: DeploymentWorld = { grants: [GRANT] };
export const AN_ENTRY_THERE: DeploymentWorld = { tagged: ["arn:aws:iam::999999999999:role/a"] };

const apiOf = ({ grants = [] }: DeploymentWorld) =>
  fakeApi(({ path: asked }) =>
    asked === "/v1/suspensions"
      ? { suspended: [], drain: DRAIN }
      : asked === "/v1/grants"
        ? { requests: grants }
        : grants[0],
  );

/** All that a command says until somebody answers no to its question, or until it fails. */
async function saidBefore(
  api: ReturnType<typeof fakeApi>,
  question: string,
  work: (context: ReturnType<typeof fakeTerminal>["context"]) => Promise<unknown>,
): Promise<string> {
  const person = typist();
  const terminal = fakeTerminal({ api, prompt: person.prompt, interactive: true });
  const failed = failureOf(work(terminal.context));
  await Promise.race([failed, person.answer(question, "n")]);
  return `${terminal.err()}${await failed}`;
}

/** `timelatch destroy`. @param withoutApi leaves the API out */
export async function destroying(world: DeploymentWorld, withoutApi?: true): Promise<string> {
  const at = fakeDeployment();
  deployAll(at.deployed);
  return saidBefore(apiOf(world), "Delete 3 stacks?", (context) =>
    destroy(context, at.folder, withoutApi ? { withoutApi } : {}, {
      ...at,
      entries: async (cluster) => ({ cluster, principals: world.tagged ?? [] }),
    }),
  );
}

/** `timelatch destroy` to its end. @param left principals with an entry once the stacks are deleted */
export async function destroyed(left: readonly string[]): Promise<string> {
  const at = fakeDeployment();
  deployAll(at.deployed);
  const terminal = fakeTerminal({ api: apiOf({}) });
  const entries = async (cluster: ListedCluster) => ({
    cluster,
    principals: at.deployed.size > 0 ? [] : left,
  });
  const work = destroy(terminal.context, at.folder, { yes: true }, { ...at, entries });
  return left.length > 0 ? failureOf(work) : work.then(() => terminal.out());
}

/** `timelatch destroy --account`. @param hasBroker whether its stack is there */
export async function destroyingAccount(world: DeploymentWorld, hasBroker = true): Promise<string> {
  const at = fakeDeployment();
  deployAll(at.deployed);
  if (!hasBroker) at.deployed.delete("Timelatch");
  (at.deployed as Map<string, object>).set(`TimelatchAccount-${FAR_ACCOUNT}`, {
    ...complete(roleTemplate("timelatch-grantor"), { isProtected: true }),
    at: { account: FAR_ACCOUNT, region: "us-west-2" },
  });
  const accounts = { [FAR_ACCOUNT]: ["us-west-2"] };
  writeFileSync(
    assemblyRecordFile(path.join(at.folder, "access.yaml")),
    recordText({ deployment: "timelatch", clusters: {}, groups: [], people: {}, accounts }),
  );
  return saidBefore(apiOf(world), "Delete 1 stack", (context) =>
    destroyAccount(
      context,
      at.folder,
      { account: FAR_ACCOUNT },
      {
        ...at,
        clusters: async () => [{ name: "far", arn: FAR }],
        entries: async (cluster) => ({ cluster, principals: world.tagged ?? [] }),
      },
    ),
  );
}

/** `timelatch deploy` where a retired cluster leaves. */
export async function deployingWithout(world: DeploymentWorld): Promise<string> {
  const at = fakeDeployment();
  deployAll(at.deployed);
  at.deployed.set(
    "Timelatch",
    complete(brokerTemplate({ [PROD]: "lends", [FAR]: "retired" }), {
      isProtected: true,
      outputs: { ApiUrl: "https://api.example.com" },
    }),
  );
  const terminal = fakeTerminal({ api: apiOf(world) });
  const failed = await deploy(terminal.context, at.folder, { yes: true }, at).then(
    () => "",
    (error: unknown) => failureOf(Promise.reject(error)),
  );
  return `${terminal.err()}${terminal.out()}${failed}`;
}
