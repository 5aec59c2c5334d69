/** Whether all functions have one version of their runtime, which brings the rules of time zones. */
import { stackName } from "../../expected-names.ts";
import { type Fact, judged, unsettled } from "../fact.ts";
import { redactable } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";

/** Lambda updates runtimes function by function, so they may differ for some days. */
export async function runtimes(stage: Stage): Promise<Fact> {
  const { deployed, sights } = stage;
  const contents = await sights.broker.stackContents(stackName(deployed.name), deployed.region);
  const lambda = await clientsAt(stage, deployed).lambda();
  const versions: (string | undefined)[] = [];
  for (const [id, { Type }] of Object.entries(contents?.template.Resources ?? {})) {
    const FunctionName = contents?.resources.get(id);
    if (Type !== "AWS::Lambda::Function" || FunctionName === undefined) continue;
    const { RuntimeVersionConfig } = await lambda.getFunctionConfiguration({ FunctionName });
    versions.push(RuntimeVersionConfig?.RuntimeVersionArn);
  }
  const numbers = { functions: versions.length, versions: new Set(versions).size };
  if (versions.length === 0 || versions.includes(undefined))
    return unsettled(
      "runtimes",
      redactable`Lambda does not say the version of the runtime of each of ${versions.length} functions`,
      redactable`run it again: timelatch doctor --smoke --only deployment`,
      numbers,
    );
  return judged(numbers.versions === 1, "runtimes", {
    says: redactable`${numbers.functions} functions have ${numbers.versions} version${numbers.versions === 1 ? redactable`` : redactable`s`} of their runtime`,
    next: redactable`look again in some days: Lambda updates functions one by one, and near a change of the clocks two may judge hours differently`,
    numbers,
  });
}
