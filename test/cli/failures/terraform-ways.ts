/** Ways to each failure of what is written for Terraform. */
import { protect } from "../../../cli/commands/protect.ts";
import { synth } from "../../../cli/commands/synth.ts";
import type { ReadEntries } from "../../../cli/deployment/managed-entries.ts";
import { deployAll, fakeDeployment, roleTemplate } from "../deployment/fake-deployment.ts";
import { fakeTerminal } from "../fake-terminal.ts";

const synthesizing = (at: ReturnType<typeof fakeDeployment>, out: string) =>
  synth(fakeTerminal().context, at.folder, { terraform: true, out }, at.run);

export const TERRAFORM_WAYS: Readonly<Record<string, () => unknown>> = {
  "a stack that the Terraform module does not have": () => {
    const template = roleTemplate("network");
    return synthesizing(
      fakeDeployment({ stacks: { Network: { account: "111122223333", template } } }),
      "/dev/null/new",
    );
  },
  "a folder for Terraform that cannot be written": () =>
    synthesizing(fakeDeployment(), "/dev/null/new"),
  "a stack to protect that is not there": () => {
    const at = fakeDeployment();
    deployAll(at.deployed);
    at.deployed.delete("TimelatchPeople-1");
    const entries: ReadEntries = async (cluster) => ({ cluster, principals: [] });
    return protect(fakeTerminal().context, at.folder, {}, { ...at, entries });
  },
};
