/** CloudFormation's own habits: by a scratch stack whose update fails, and by the stacks that are deployed. */
import { stackName } from "../../expected-names.ts";
import { type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { unlessAbsent } from "../refusal.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { PREFIX, type Thing } from "../thing.ts";
import { orUnsettled } from "./or-unsettled.ts";
import { executionPolicies, forwardRules, madeUpNames, stackSetNames } from "./stack-facts.ts";

export const stacks: Part = {
  name: "stacks",
  does: "lets an update of a scratch stack fail, and reads which template CloudFormation then answers; looks at names of the deployed stacks and their resources, and at the policies under which they were made",
  makes:
    "a stack of CloudFormation that has a handle to wait for and nothing else, and costs nothing",
  async play(stage): Promise<readonly Fact[]> {
    const names = [stackName(stage.deployed.name)];
    return [
      await rolledBack(stage),
      ...(await orUnsettled("made-up-names", async () => [await madeUpNames(stage)])),
      ...(await orUnsettled("stack-set-name", async () => [await stackSetNames(stage)])),
      ...(await orUnsettled("forward-rule", () => forwardRules(stage))),
      ...(await orUnsettled("execution-policies", () => executionPolicies(stage, names))),
    ];
  },
};

/** A handle is a URL, and no resource of any service. */
const HANDLE = { Handle: { Type: "AWS::CloudFormation::WaitConditionHandle" } };
/** Nobody signals, so it fails after a second. */
const WAIT = {
  Wait: {
    Type: "AWS::CloudFormation::WaitCondition",
    Properties: { Handle: { Ref: "Handle" }, Timeout: "1" },
  },
};

/** Whether GetTemplate answers the template that a stack went back to. */
async function rolledBack(stage: Stage): Promise<Fact> {
  const { account, region } = stage.deployed;
  const name = `${PREFIX}-${stage.run}-stack`;
  const thing: Thing = { kind: "stack", account, region, name };
  const made = await stage.journal.make(thing, () => changed(stage, name, "CREATE", HANDLE));
  if (made !== "CREATE_COMPLETE") return notMade(made);
  const began = stage.now();
  const after = await changed(stage, name, "UPDATE", { ...HANDLE, ...WAIT });
  if (after !== "UPDATE_ROLLBACK_COMPLETE") return notMade(after);
  const took = (stage.now() - began) / 1_000;
  const cloudFormation = await clientsAt(stage, stage.deployed).cloudFormation();
  const { TemplateBody: body = "{}" } = await cloudFormation.getTemplate({
    StackName: name,
    TemplateStage: "Original",
  });
  const found = Object.keys((JSON.parse(body) as { Resources?: object }).Resources ?? {});
  const isEarlier = !found.includes("Wait");
  return judged(isEarlier, "rolled-back-template", {
    says: redactable`an update was rolled back after ${seconds(took)}, and GetTemplate answers the ${isEarlier ? redactable`earlier` : redactable`failed`} template`,
    next: redactable`tell us: after an update that failed, timelatch deploy would call the stack deployed`,
    numbers: { tookSeconds: took, resources: found.length },
  });
}

/** A read may show the state from before. */
const ENDS = {
  CREATE: /^(?:CREATE|ROLLBACK)_(?:COMPLETE|FAILED)$/,
  UPDATE: /^UPDATE_(?:ROLLBACK_)?(?:COMPLETE|FAILED)$/,
} as const;

/** @returns the stack's status once it is at rest; undefined where that takes too long */
async function changed(
  stage: Stage,
  StackName: string,
  ChangeSetType: "CREATE" | "UPDATE",
  Resources: object,
): Promise<string | undefined> {
  const cloudFormation = await clientsAt(stage, stage.deployed).cloudFormation();
  const change = { StackName, ChangeSetName: `${PREFIX}-${ChangeSetType.toLowerCase()}` };
  await cloudFormation.createChangeSet({
    ...change,
    ChangeSetType,
    TemplateBody: JSON.stringify({ Resources }),
  });
  const ready = await stage.until(
    redactable`CloudFormation to compare the templates`,
    stage.pace.stackSeconds,
    async () => {
      const { Status } = await cloudFormation.describeChangeSet(change);
      return Status?.endsWith("_COMPLETE") ? Status : undefined;
    },
  );
  if (ready === undefined) return undefined;
  await cloudFormation.executeChangeSet(change);
  return stage.until(
    redactable`CloudFormation to change the scratch stack`,
    stage.pace.stackSeconds,
    async () => {
      const found = await unlessAbsent(() => cloudFormation.describeStacks({ StackName }));
      const { StackStatus: status = "" } = found?.Stacks?.[0] ?? {};
      return ENDS[ChangeSetType].test(status) ? status : undefined;
    },
  );
}

const notMade = (status: string | undefined): Fact =>
  unsettled(
    "rolled-back-template",
    redactable`the scratch stack came to ${status === undefined ? redactable`no end in time` : named("error", status)}`,
    redactable`read its events, and run it again: timelatch doctor --smoke --only stacks`,
  );
