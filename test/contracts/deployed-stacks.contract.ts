import { expect, it } from "vitest";
import type { StackPlace } from "../../cli/deployment/assembly.ts";
import type { DeployedStack, DeployedStacks } from "../../cli/deployment/deployed-stacks.ts";
import type { Failure } from "../../cli/failures/failure.ts";

/** A stack that somebody deployed, with one output. */
interface GivenStack {
  /** JSON. */
  readonly template: string;
  readonly isProtected: boolean;
}

export interface DeployedStacksUnderTest {
  readonly stacks: DeployedStacks;
  /** An account and region that `stacks` can reach, twice, and one that it cannot. */
  readonly here: StackPlace;
  readonly elsewhere: StackPlace;
  readonly unreachable: StackPlace;
  /** A place that can be reached, and that nobody has bootstrapped. */
  readonly unprepared: StackPlace;
  /** Deploys a stack `here`. */
  readonly deploy: (stack: GivenStack) => Promise<void>;
  /** Has a stack fail `here` while it is made. Answers the name of the queue that it retains. */
  readonly fail: (template: string) => Promise<string>;
  /** Deletes it. */
  readonly remove: () => Promise<void>;
}

/** A template with a role and an output. Its order of members is not that of the alphabet. */
const TEMPLATE = {
  Resources: {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Principal: { Service: "scheduler.amazonaws.com" },
              Effect: "Allow",
              Action: "sts:AssumeRole",
            },
          ],
        },
      },
    },
  },
  Outputs: { ApiUrl: { Value: "https://api.example.com" } },
};
const GIVEN: GivenStack = { template: JSON.stringify(TEMPLATE, null, 1), isProtected: false };

const failureOf = async (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.fail("It did not fail."),
    (error) => error,
  );

/** A queue that is retained, and a role that IAM refuses. */
const FAILING = JSON.stringify({
  Resources: {
    Kept: { Type: "AWS::SQS::Queue", DeletionPolicy: "Retain" },
    Gone: { Type: "AWS::SQS::Queue", DeletionPolicy: "RetainExceptOnCreate" },
    Role: {
      Type: "AWS::IAM::Role",
      DependsOn: ["Kept", "Gone"],
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Principal: { AWS: "arn:aws:iam::999999999999:role/nobody" },
              Effect: "Allow",
              Action: "sts:AssumeRole",
            },
          ],
        },
      },
    },
  },
});

/** The promises of everything that stands for CloudFormation in the command. */
export function deployedStacksContract(
  name: string,
  make: () => Promise<DeployedStacksUnderTest>,
): void {
  const withStack = async (given: Partial<GivenStack> = {}) => {
    const under = await make();
    await under.deploy({ ...GIVEN, ...given });
    return under;
  };

  it(`${name} knows no stack that was never deployed`, async () => {
    const { stacks, here } = await make();
    expect(await stacks.read(here)).toBeUndefined();
  });

  it(`${name} shows a stack with its template, outputs and status`, async () => {
    const { stacks, here } = await withStack();
    const expected: DeployedStack = {
      status: "CREATE_COMPLETE",
      isProtected: false,
      template: TEMPLATE,
      outputs: { ApiUrl: "https://api.example.com" },
    };
    expect(await stacks.read(here)).toEqual(expected);
  });

  it(`${name} shows a stack only in its own account and region`, async () => {
    const { stacks, elsewhere } = await withStack();
    expect(await stacks.read(elsewhere)).toBeUndefined();
  });

  it(`${name} shows a stack no more once it is deleted`, async () => {
    const { stacks, here, remove } = await withStack();
    await remove();
    expect(await stacks.read(here)).toBeUndefined();
  });

  it(`${name} switches termination protection on and off, and changes nothing else`, async () => {
    const { stacks, here } = await withStack();
    const before = await stacks.read(here);
    for (const isProtected of [true, true, false]) {
      await stacks.protect(here, isProtected);
      expect(await stacks.read(here)).toEqual({ ...before, isProtected });
    }
  });

  it(`${name} shows the protection that a stack was deployed with`, async () => {
    const { stacks, here } = await withStack({ isProtected: true });
    expect(await stacks.read(here)).toMatchObject({ isProtected: true });
  });

  it(`${name} refuses to protect a stack that is not there, and says which`, async () => {
    const { stacks, here } = await make();
    const failure = await failureOf(stacks.protect(here, true));
    expect(failure).toMatchObject({ exit: "refused", code: "stack-unread" });
    expect(failure.message).toContain(`${here.name} in ${here.region} of ${here.account}`);
  });

  it(`${name} deletes a stack once it is not protected, and one that is not there counts as deleted`, async () => {
    const { stacks, here } = await withStack({ isProtected: true });
    const failure = await failureOf(stacks.remove(here));
    expect(failure).toMatchObject({ exit: "refused", code: "stack-unread" });
    expect(failure.message).toContain("TerminationProtection is enabled");
    expect(await stacks.read(here)).toMatchObject({ isProtected: true });
    await stacks.protect(here, false);
    for (const _ of [1, 2]) {
      await stacks.remove(here);
      expect(await stacks.read(here)).toBeUndefined();
    }
  });

  it(`${name} names what stays of a stack that could not be made, and nothing of one that was`, async () => {
    const { stacks, here, fail } = await make();
    const kept = await fail(FAILING);
    expect(await stacks.read(here)).toMatchObject({ status: "ROLLBACK_COMPLETE", outputs: {} });
    expect(await stacks.kept(here)).toEqual([{ type: "AWS::SQS::Queue", name: kept }]);
    const whole = await withStack();
    expect(await whole.stacks.kept(whole.here)).toEqual([]);
  });

  it(`${name} refuses to read where the account cannot be reached, which is not that there is no stack`, async () => {
    const { stacks, unreachable } = await make();
    const failure = await failureOf(stacks.read(unreachable));
    expect(failure).toMatchObject({ exit: "refused", code: "account-unreached" });
    expect(failure.message).toContain(`Account ${unreachable.account} cannot be reached`);
  });

  it(`${name} knows nothing against a place that is prepared for the CDK`, async () => {
    const { stacks, here } = await make();
    expect(await stacks.hindrance(here)).toBeUndefined();
  });

  it(`${name} says why nothing can be deployed where the account cannot be reached`, async () => {
    const { stacks, unreachable } = await make();
    expect(await stacks.hindrance(unreachable)).toContain(
      `Account ${unreachable.account} cannot be reached`,
    );
  });

  it(`${name} says which parameter a place lacks that is not prepared for the CDK`, async () => {
    const { stacks, unprepared } = await make();
    expect(await stacks.hindrance(unprepared)).toBe(
      `Parameter Store has no ${unprepared.versionParameter}.`,
    );
    const { versionParameter: _none, ...unversioned } = unprepared;
    expect(await stacks.hindrance(unversioned)).toBeUndefined();
  });
}
