/** Deployments over two accounts and two regions, broken off at every resource, and repeated to the end. */
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { AssemblyStack } from "../../cli/deployment/assembly.ts";
import { deleteFailed, failedCreations } from "../../cli/deployment/failed-creations.ts";
import type { Person } from "../../shared/domain/policy/policy.ts";
import {
  type PaperAccounts,
  type PaperState,
  paperAccounts,
} from "../lab/sandbox/stack/paper-accounts.ts";
import {
  bootstrapOnPaper,
  deployOnPaper,
  PaperCdkError,
  stackNow,
} from "../lab/sandbox/stack/paper-cdk.ts";
import { paperDeployedStacks } from "../lab/sandbox/stack/paper-deployed-stacks.ts";
import { ACCOUNT as HUB } from "./broker.ts";
import { beforeTheOrder } from "./former-order.ts";
import { assembledStacks, FAR, SPOKE, twoAccounts } from "./two-accounts.ts";

const STACKS = assembledStacks();

const ERIN = "906701d9d2-0a1b2c3d-1111-2222-3333-00000000e419";
/** Somebody who signs in as this person does. */
const newcomer = (like: Person | undefined) => ({
  ...like,
  email: "erin@example.com",
  personalRole: "timelatch-person-erin",
  identities: { identityCenter: { userId: ERIN, userName: "erin@example.com" } },
  principals: like?.principals.map((arn) => arn.replace("-alice", "-erin")),
});

/** One cluster more in each account, and somebody who is new. */
const CHANGED = assembledStacks(
  twoAccounts(({ clusters, people }) => {
    for (const [name, account] of Object.entries({ more: SPOKE, most: HUB }))
      Object.assign(clusters, {
        [name]: { arn: `arn:aws:eks:${FAR}:${account}:cluster/${name}`, retired: false },
      });
    Object.assign(people, { erin: newcomer(people["alice"]) });
  }),
);

/** With the roles of CDK's bootstrap, and those that people sign in with. */
function accountsBefore(): PaperState {
  const accounts = paperAccounts();
  bootstrapOnPaper(accounts, [HUB, SPOKE]);
  return accounts.state;
}

/** As `timelatch deploy` does: first it deletes what never was made. */
async function deployAll(accounts: PaperAccounts, stacks: readonly AssemblyStack[]): Promise<void> {
  const deployed = paperDeployedStacks(accounts);
  await deleteFailed(await failedCreations(stacks, deployed), deployed);
  for (const stack of stacks) await deployOnPaper(accounts, stack);
}

/** Why the deployment of a stack stops; undefined where it does not. */
async function stopOf(accounts: PaperAccounts, stack: AssemblyStack): Promise<string | undefined> {
  try {
    await deployOnPaper(accounts, stack);
    return undefined;
  } catch (error) {
    if (error instanceof PaperCdkError) return error.message;
    throw error;
  }
}

const statuses = (accounts: PaperAccounts, stacks: readonly AssemblyStack[]) =>
  new Set(stacks.map((stack) => stackNow(accounts, stack)?.status));

/**
 * The resources that a deployment touches: new ones, and changed ones. @param before the template
 * as it was; undefined for a new stack
 */
function changedIds({ template: { Resources: now = {} } }: AssemblyStack, before = "{}") {
  const { Resources: old = {} } = JSON.parse(before) as AssemblyStack["template"];
  return Object.keys(now).filter((id) => !isDeepStrictEqual(now[id], old[id]));
}

/**
 * The resources of each stack. Names that CloudFormation makes up differ in each stack of a name.
 */
const things = ({ cloudFormation }: PaperAccounts) =>
  new Set(
    cloudFormation.state.stacks.flatMap(({ name, resources }) =>
      resources.map(({ logicalId, type }) => `${name} ${logicalId} ${type}`),
    ),
  );

/** Tables that no stack has: a failed first deployment leaves them. */
function leftovers(accounts: PaperAccounts): readonly string[] {
  const owned = accounts.cloudFormation.state.stacks.flatMap(({ resources }) =>
    resources.map(({ type, physicalId }) => `${type} ${physicalId}`),
  );
  return accounts.state.resources
    .map((key) => key.split(" ").slice(2).join(" "))
    .filter((key) => !owned.includes(key));
}

/**
 * Deploys what comes before each stack, breaks that stack off at each of its resources, and repeats the deployment.
 *
 * @param judge what is looked at between the two, and after the second
 */
async function breakOffEverywhere(
  from: PaperState,
  stacks: readonly AssemblyStack[],
  at: number,
  judge: (accounts: PaperAccounts, when: "broken" | "repeated") => void,
): Promise<void> {
  const stack = stacks[at];
  if (!stack) throw new Error(`There is no stack ${at}.`);
  const before = paperAccounts(from);
  for (const one of stacks.slice(0, at)) await deployOnPaper(before, one);
  const deployed = stackNow(before, stack)?.input?.template;
  for (const logicalId of changedIds(stack, deployed)) {
    const accounts = paperAccounts(before.state);
    accounts.breakOffAt({ stack: stack.name, logicalId });
    expect(await stopOf(accounts, stack)).toContain(`${logicalId}: Broken off.`);
    judge(accounts, "broken");
    accounts.breakOffAt(undefined);
    await deployAll(accounts, stacks);
    judge(accounts, "repeated");
  }
}

let first: PaperAccounts;
beforeAll(async () => {
  first = paperAccounts(accountsBefore());
  await deployAll(first, STACKS);
});

const NAMES = STACKS.map(({ name }, at) => [name, at] as const);

describe("A first deployment over two accounts and two regions of each", () => {
  it("AWS would make every stack in its turn", () => {
    expect(statuses(first, STACKS)).toEqual(new Set(["CREATE_COMPLETE"]));
    expect(leftovers(first).filter((key) => !key.includes("cdk-exec"))).toEqual([]);
  });

  it.each(NAMES)(
    "%s may fail at each resource, and the next deployment makes everything",
    async (_name, at) => {
      const stack = STACKS[at];
      await breakOffEverywhere(accountsBefore(), STACKS, at, (accounts, when) => {
        if (when === "broken")
          expect(stack && stackNow(accounts, stack)?.status).toBe("ROLLBACK_COMPLETE");
        else {
          expect(statuses(accounts, STACKS)).toEqual(new Set(["CREATE_COMPLETE"]));
          expect(things(accounts)).toEqual(things(first));
        }
        // Tables are protected from deletion, and empty. Nothing else stays.
        for (const left of leftovers(accounts))
          expect(left).toMatch(/^AWS::DynamoDB::GlobalTable /);
      });
    },
  );
});

/** Each stack that a deployment of `after` makes or changes, by its name. */
const touched = (before: readonly AssemblyStack[], after: readonly AssemblyStack[]) =>
  after.flatMap((stack, at) => {
    const old = before.find(({ name }) => name === stack.name);
    return changedIds(stack, JSON.stringify(old?.template ?? {})).length > 0 || isCut(old, stack)
      ? [[stack.name, at] as const]
      : [];
  });

/** Whether the stack loses something. */
const isCut = (old: AssemblyStack | undefined, { template }: AssemblyStack) =>
  Object.keys(old?.template.Resources ?? {}).some((id) => !template.Resources?.[id]);

describe("A change of a deployment", () => {
  const changing = touched(STACKS, CHANGED);

  it("It changes each account's roles, and people's", () => {
    expect(changing.map(([name]) => name)).toEqual([
      "TimelatchAccount-444455556666",
      "Timelatch",
      "TimelatchPeople-1",
    ]);
  });

  it.each(changing)(
    "%s may fail at each resource that changes, and the next deployment makes it",
    async (_name, at) => {
      const accounts = paperAccounts(first.state);
      await deployAll(accounts, CHANGED);
      const stack = CHANGED[at];
      await breakOffEverywhere(first.state, CHANGED, at, (broken, when) => {
        if (when === "broken")
          expect(stack && stackNow(broken, stack)?.status).toBe("UPDATE_ROLLBACK_COMPLETE");
        else expect(things(broken)).toEqual(things(accounts));
        expect(leftovers(broken)).toEqual([]);
      });
    },
  );
});

describe("The order of an earlier release, in which rules came before what they name", () => {
  const FORMER = beforeTheOrder(STACKS);
  const changing = touched(FORMER, STACKS);

  it.each([
    ["TimelatchAccount-444455556666", "AccessDeniedException"],
    ["TimelatchAccount-111122223333-eu-west-1", "cannot be assumed by principal"],
  ])("AWS refuses the first deployment of %s", async (name, reason) => {
    const stack = FORMER.find((one) => one.name === name);
    expect(stack && (await stopOf(paperAccounts(accountsBefore()), stack))).toContain(reason);
  });

  it("Every stack changes but people's and that of the broker's fuses", () => {
    expect(changing.map(([name]) => name)).toEqual(
      STACKS.map(({ name }) => name).filter((name) => !/^Timelatch(?:People|Fuses)/.test(name)),
    );
  });

  /** The state in which it succeeded all the same. */
  async function formerly(): Promise<PaperState> {
    const accounts = paperAccounts(accountsBefore());
    accounts.beStrict(false);
    for (const stack of FORMER) await deployOnPaper(accounts, stack);
    return accounts.state;
  }

  it.each(changing)(
    "%s may fail at each resource on the way to the new order, and the next deployment ends well",
    async (_name, at) => {
      await breakOffEverywhere(await formerly(), STACKS, at, (accounts, when) => {
        if (when === "repeated") {
          expect(things(accounts)).toEqual(things(first));
          expect(leftovers(accounts)).toEqual([]);
        }
      });
    },
  );

  it("A deployment that ends after any stack is repeated to the end", async () => {
    for (const count of STACKS.keys()) {
      const accounts = paperAccounts(await formerly());
      await deployAll(accounts, STACKS.slice(0, count));
      await deployAll(accounts, STACKS);
      expect(things(accounts)).toEqual(things(first));
    }
  });
});
