/** Ways to each failure of the commands that deploy. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bootstrapKeys } from "../../../cli/aws/bootstrap-keys.ts";
import { deploy } from "../../../cli/commands/deploy.ts";
import { destroy } from "../../../cli/commands/destroy.ts";
import { type InitOptions, init } from "../../../cli/commands/init.ts";
import { readAccountClusters } from "../../../cli/deployment/account-clusters.ts";
import type { AssemblyStack } from "../../../cli/deployment/assembly.ts";
import { contextVariable } from "../../../cli/deployment/cdk-context.ts";
import { chosenClusters } from "../../../cli/deployment/chosen-clusters.ts";
import { notRead } from "../../../cli/deployment/deployed-stacks.ts";
import {
  executionFiles,
  writeExecutionFiles,
} from "../../../cli/deployment/execution/execution-files.ts";
import type { ReadEntries } from "../../../cli/deployment/managed-entries.ts";
import { writeNewFiles } from "../../../cli/deployment/new-files.ts";
import { demandDrained, demandNoEntries } from "../../../cli/deployment/nothing-lent.ts";
import { openWorkingFolder } from "../../../cli/deployment/working-folder.ts";
import {
  complete,
  deployAll,
  expectOfPolicy,
  type FakeDeployment,
  fakeDeployment,
  SPOKE,
} from "../deployment/fake-deployment.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";

/** With an AWS that nobody can reach. */
async function offline(work: () => Promise<unknown>): Promise<unknown> {
  const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", ...KEYS };
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
}

const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
const IDENTITY = { credentials: async () => ({ accessKeyId: "AKID", secretAccessKey: "secret" }) };
const STACK = { name: "Timelatch", account: "111122223333", region: "us-west-2" };
const ASSEMBLED: AssemblyStack = {
  ...STACK,
  deployRole: undefined,
  lookupRole: undefined,
  template: {},
  bytes: 0,
  isProtected: false,
  hasCode: false,
};
const ROLE = "arn:aws:iam::111122223333:role/cdk-hnb659fds-deploy-role-111122223333-us-west-2";

/** A deployment in which the CDK fails as it is played. */
const deploying = (at: FakeDeployment) =>
  deploy(fakeTerminal().context, path.relative(process.cwd(), at.folder), { yes: true }, at);

const ADDRESS = "https://api.example.com";
const GRANT = { id: idOf(1), requester: "alice", cluster: "prod", state: "ending" };
const ENTRY = {
  cluster: { name: "prod", arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" },
  principals: ["arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice"],
};

const brokerThat = ({
  drain = {},
  requests = [],
}: {
  drain?: null | object;
  requests?: object[];
}) =>
  fakeApi(({ path: at }) => (at === "/v1/suspensions" ? { suspended: [], drain } : { requests }));

/** Destroys what is deployed and drained. @param left principals with an entry, once the stacks are gone */
function destroying(played: Parameters<typeof fakeDeployment>[0], left: readonly string[]) {
  const at = fakeDeployment(played);
  deployAll(at.deployed);
  const { context } = fakeTerminal({ api: brokerThat({}) });
  const entries: ReadEntries = async (cluster) => ({
    cluster,
    principals: at.deployed.size > 0 ? [] : left,
  });
  return destroy(context, at.folder, { yes: true }, { ...at, entries });
}

const PLACE = { account: "111122223333", region: "us-west-2" };
const TWIN = "arn:aws:eks:us-west-2:444455556666:cluster/prod";

/** @param folderOf a folder for files, from the beginning of the tests on */
export function deploymentWays(folderOf: () => string): Readonly<Record<string, () => unknown>> {
  const place = (name: string) => path.relative(process.cwd(), path.join(folderOf(), name));
  const initIn = (name: string, options: InitOptions = {}) =>
    init(fakeTerminal().context, place(name), options);
  return {
    "a new deployment in a folder that has one": () => {
      mkdirSync(place("deployed"), { recursive: true });
      writeFileSync(path.join(place("deployed"), "access.yaml"), "");
      return initIn("deployed");
    },
    "a new deployment without its flags": () =>
      initIn("new", { ...PLACE, signIn: "oidc" } as InitOptions),
    "a new deployment with a flag that is none": () =>
      initIn("new", { account: "1111" } as InitOptions),
    "two clusters of one name": () => chosenClusters(["prod", TWIN], PLACE),
    "a folder that cannot be written into": () =>
      writeNewFiles("/dev/null/new", { "access.yaml": "" }),
    "an account that cannot be read": () => offline(() => readAccountClusters("us-west-2")),
    "a folder that is no deployment": () => openWorkingFolder(place("none")),
    "a deployment without its packages": () => {
      mkdirSync(place("bare"), { recursive: true });
      const text = 'version: 1\naccount: "111122223333"\nregion: us-west-2\n';
      writeFileSync(path.join(place("bare"), "timelatch.config.yaml"), text);
      return openWorkingFolder(place("bare"));
    },
    "a context of the CDK that is no JSON": () => {
      mkdirSync(place("context"), { recursive: true });
      writeFileSync(path.join(place("context"), "cdk.json"), "{");
      return contextVariable(place("context"), {});
    },
    "a resource of which nobody knows what CloudFormation calls": () =>
      executionFiles(
        [{ ...ASSEMBLED, template: { Resources: { A: { Type: "AWS::SNS::Topic" } } } }],
        {
          folder: "execution",
          deployment: "timelatch",
          deployer: STACK.account,
        },
      ),
    "policies for CloudFormation that cannot be written": () =>
      writeExecutionFiles(
        executionFiles([ASSEMBLED], {
          folder: "/dev/null/new",
          deployment: "timelatch",
          deployer: STACK.account,
        }),
      ),
    "stacks that cannot be synthesized": () =>
      deploying(fakeDeployment({ app: { code: 1, said: "Error: access.yaml:3:5 rules: No." } })),
    "a policy that does not decide as is expected": () => {
      const at = fakeDeployment();
      writeFileSync(path.join(at.folder, "access.test.yaml"), expectOfPolicy("allow: {}"));
      return deploying(at);
    },
    "a deployment that fails": () => deploying(fakeDeployment({ cdk: () => 1 })),
    "a stack whose first deployment failed, and that cannot be deleted": () => {
      const at = fakeDeployment();
      const left = { status: "ROLLBACK_FAILED", reason: "A bucket is not empty" };
      at.deployed.set(STACK.name, complete({}, left));
      const stacks = { ...at.stacks, remove: async () => undefined };
      return deploying({ ...at, stacks });
    },
    "a broker that has the schedule group itself": () => {
      const at = fakeDeployment();
      deployAll(at.deployed);
      const Group = { Type: "AWS::Scheduler::ScheduleGroup" };
      at.deployed.set(STACK.name, complete({ Resources: { Group } }));
      return deploying(at);
    },
    "a stack whose rollback failed": () => {
      const at = fakeDeployment();
      at.deployed.set(STACK.name, complete({}, { status: "UPDATE_ROLLBACK_FAILED" }));
      return deploying(at);
    },
    "accounts that nobody bootstrapped": () =>
      deploying(fakeDeployment({ unreachable: [SPOKE], unprepared: ["us-west-2"] })),
    "an account whose role cannot be assumed": () =>
      offline(() => bootstrapKeys(IDENTITY, { ...STACK, role: ROLE })),
    "a broker that still lends": () => demandDrained(brokerThat({ drain: null }), ADDRESS),
    "a grant that lives": () => demandDrained(brokerThat({ requests: [GRANT] }), ADDRESS),
    "another deployment's API": () => demandDrained(brokerThat({}), "https://other.example.com"),
    "an entry that lives": () => demandNoEntries([ENTRY]),
    "a stack that stays": () => destroying({ cdk: () => 1 }, []),
    "an entry that stays": () => destroying({}, [ENTRY.principals[0] ?? ""]),
    "a stack that CloudFormation does not answer about": () => {
      throw notRead({ ...STACK, deployRole: ROLE, lookupRole: undefined }, new Error("No."));
    },
  };
}
