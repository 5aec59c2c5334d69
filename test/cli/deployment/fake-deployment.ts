/** A working directory whose CDK app and CDK command are played, and a CloudFormation in memory. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Template } from "../../../cli/deployment/assembly.ts";
import type { DeployedStack, DeployedStacks } from "../../../cli/deployment/deployed-stacks.ts";
import type { NodeRun, RunNode } from "../../../cli/deployment/run-node.ts";
import { memoryDeployedStacks } from "../../../lab/fakes/memory-deployed-stacks.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";

const HUB = "111122223333";
export const SPOKE = "444455556666";
const PROD = `arn:aws:eks:us-west-2:${HUB}:cluster/prod`;

export const statement = (action: string, resource: unknown, more: object = {}) => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});

/** A template with one role, which has these statements. */
export const roleTemplate = (name: string, ...statements: readonly object[]): Template => ({
  Resources: {
    Role0A1B2C3D: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: name,
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { Service: "x.amazonaws.com" },
            },
          ],
        },
        Policies: [{ PolicyDocument: { Statement: statements } }],
      },
    },
  },
});

type Clusters = NonNullable<NonNullable<Template["Metadata"]>["AccessPolicy"]>["clusters"];

const POLICY = `version: 1
clusters:
  prod: { arn: "${PROD}" }
people:
  alice: { email: alice@example.com, identities: { iam: ["arn:aws:iam::${HUB}:role/people/alice"] } }
rules: []
`;

/**
 * With a function, by which the broker is known, a table that stays, and what it says of its policy.
 *
 * @param hash of the policy (default: that of {@link writePolicy})
 */
export function brokerTemplate(
  clusters: Clusters = { [PROD]: "lends" },
  { hash } = parseAccessPolicy(POLICY),
): Template {
  const { Resources } = roleTemplate("timelatch-converge", statement("sqs:SendMessage", "*"));
  return {
    Metadata: { AccessPolicy: { clusters, hash } },
    Resources: {
      ...Resources,
      Api0A1B2C3D: { Type: "AWS::Lambda::Function", Properties: {} },
      Audit0A1B2C3D: { Type: "AWS::DynamoDB::Table", Properties: {}, DeletionPolicy: "Retain" },
    },
  };
}

/** One expectation of such a policy, about alice. @param expected as YAML: `deny: {}` */
export const expectOfPolicy = (expected: string): string =>
  `version: 1\nexpectations:\n  - name: alice may look\n    who: alice\n    ask: { cluster: prod, policy: AmazonEKSViewPolicy, scope: cluster }\n    ${expected}\n`;

/** A policy with one cluster and alice, into the folder. */
export const writePolicy = (folder: string): void =>
  writeFileSync(path.join(folder, "access.yaml"), POLICY);

interface PlayedStack {
  readonly account: string;
  readonly template: Template;
  readonly after?: readonly string[];
  readonly isProtected?: true;
}

/** In no order: the broker needs the spoke's first, and people's need the broker's. */
export const STACKS: Readonly<Record<string, PlayedStack>> = {
  "TimelatchPeople-1": {
    account: HUB,
    template: roleTemplate("timelatch-person-alice", statement("eks:DescribeCluster", "*")),
    after: ["Timelatch"],
  },
  Timelatch: {
    account: HUB,
    template: brokerTemplate(),
    after: [`TimelatchAccount-${SPOKE}`],
    isProtected: true,
  },
  [`TimelatchAccount-${SPOKE}`]: {
    account: SPOKE,
    template: roleTemplate("timelatch-grantor", statement("eks:CreateAccessEntry", "*")),
    isProtected: true,
  },
};

export const ORDER = [`TimelatchAccount-${SPOKE}`, "Timelatch", "TimelatchPeople-1"];

const manifestOf = (stacks: Readonly<Record<string, PlayedStack>>) => ({
  artifacts: Object.fromEntries(
    Object.entries(stacks).map(([id, { account, after = [], isProtected = false }]) => [
      id,
      {
        type: "aws:cloudformation:stack",
        environment: `aws://${account}/us-west-2`,
        dependencies: after,
        properties: {
          templateFile: `${id}.template.json`,
          terminationProtection: isProtected,
          assumeRoleArn: `arn:\${AWS::Partition}:iam::${account}:role/cdk-deploy`,
          bootstrapStackVersionSsmParameter: "/bootstrap/version",
        },
      },
    ]),
  ),
});

export interface FakeDeployment {
  readonly folder: string;
  readonly run: RunNode;
  readonly stacks: DeployedStacks;
  /** Command lines of the CDK command and of the app, in order. */
  readonly ran: string[];
  /** As CloudFormation has them now. */
  readonly deployed: Map<string, DeployedStack>;
}

interface Played {
  /** The app's answer; without it, it makes the stacks. */
  readonly app?: { readonly code: number; readonly said: string };
  /** The stacks that the app makes; without them, {@link STACKS}. */
  readonly stacks?: typeof STACKS;
  /**
   * The CDK command's change of the stacks, and its exit code; without it, it deploys or deletes
   * all.
   */
  readonly cdk?: (deployed: Map<string, DeployedStack>, run: NodeRun) => number;
  /** Accounts that the caller's keys do not reach. */
  readonly unreachable?: readonly string[];
  /** Regions that nobody has bootstrapped. */
  readonly unprepared?: readonly string[];
}

export const complete = (template: Template, more: Partial<DeployedStack> = {}): DeployedStack => ({
  status: "CREATE_COMPLETE",
  isProtected: false,
  outputs: {},
  template,
  ...more,
});

const OUTPUTS = { ApiUrl: "https://api.example.com" };

/** Deploys every stack as the assembly has it. */
export function deployAll(deployed: Map<string, DeployedStack>): number {
  for (const [name, { template, isProtected = false }] of Object.entries(STACKS))
    deployed.set(
      name,
      complete(template, { isProtected, outputs: name === "Timelatch" ? OUTPUTS : {} }),
    );
  return 0;
}

export function fakeDeployment(played: Played = {}): FakeDeployment {
  const { app, cdk, unreachable, unprepared, stacks = STACKS } = played;
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-deploy-"));
  const write = (name: string, value: unknown) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    const text = typeof value === "string" ? value : JSON.stringify(value);
    writeFileSync(path.join(folder, name), text);
  };
  writePolicy(folder);
  write("timelatch.config.yaml", `version: 1\naccount: "${HUB}"\nregion: us-west-2\n`);
  for (const name of ["@timelatch/cdk", "aws-cdk"]) write(`node_modules/${name}/package.json`, {});
  const deployed = new Map<string, DeployedStack>();
  const ran: string[] = [];
  const synthesize = () => {
    write("cdk.out/manifest.json", manifestOf(stacks));
    for (const [id, { template }] of Object.entries(stacks))
      write(`cdk.out/${id}.template.json`, template);
  };
  return {
    folder,
    deployed,
    ran,
    run: async (run) => {
      const { script, args = [], hear } = run;
      ran.push([path.basename(script), ...args].join(" "));
      if (script === "app.mjs") {
        synthesize();
        return app ?? { code: 0, said: "" };
      }
      hear?.("cdk at work\n");
      const all = args[0] === "deploy" ? deployAll : deleteAll;
      return { code: (cdk ?? all)(deployed, run), said: "" };
    },
    stacks: memoryDeployedStacks(deployed, unreachable, unprepared),
  };
}

/** CloudFormation deletes no stack that is protected. */
function deleteAll(deployed: Map<string, DeployedStack>): number {
  const free = [...deployed].filter(([, { isProtected }]) => !isProtected);
  for (const [name] of free) deployed.delete(name);
  return deployed.size;
}
