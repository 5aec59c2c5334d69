import {
  type MemoryStack,
  memoryDeployedStacks,
} from "../../../lab/fakes/memory-deployed-stacks.ts";
import { deployedStacksContract } from "../../contracts/deployed-stacks.contract.ts";

deployedStacksContract("memoryDeployedStacks", async () => {
  const deployed = new Map<string, MemoryStack>();
  const here = {
    name: "Probe",
    account: "111122223333",
    region: "us-west-2",
    deployRole: undefined,
    lookupRole: undefined,
    versionParameter: "/bootstrap/version",
  };
  return {
    here,
    elsewhere: { ...here, region: "eu-west-1" },
    unreachable: { ...here, account: "999999999999" },
    unprepared: { ...here, region: "eu-north-1" },
    stacks: memoryDeployedStacks(deployed, ["999999999999"], ["eu-north-1"]),
    async deploy({ template: text, isProtected }) {
      const template = JSON.parse(text);
      const [[key = "", { Value = "" } = {}] = []] = Object.entries<{ Value?: string }>(
        template.Outputs,
      );
      deployed.set(here.name, {
        status: "CREATE_COMPLETE",
        isProtected,
        template,
        outputs: { [key]: Value },
        at: here,
      });
    },
    async fail(text) {
      const kept = [{ type: "AWS::SQS::Queue", name: "probe-kept" }];
      const failed = { status: "ROLLBACK_COMPLETE", isProtected: false, outputs: {}, kept };
      deployed.set(here.name, { ...failed, template: JSON.parse(text), at: here });
      return "probe-kept";
    },
    async remove() {
      deployed.delete(here.name);
    },
  };
});
