/** Ways to each failure where a place leaves the policy. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { deploy } from "../../../cli/commands/deploy.ts";
import { destroy } from "../../../cli/commands/destroy.ts";
import { destroyAccount } from "../../../cli/commands/destroy-account.ts";
import { policyDiff } from "../../../cli/commands/policy-diff.ts";
import { recordText } from "../../../shared/policy-file/assembly-record.ts";
import {
  brokerTemplate,
  complete,
  deployAll,
  type FakeDeployment,
  fakeDeployment,
  SPOKE,
} from "../deployment/fake-deployment.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { editedSample, SAMPLE } from "../policy/policy-folder.ts";
import { idOf } from "../sample-requests.ts";

const LEFT = "999999999999";
const FAR = `arn:aws:eks:us-west-2:${LEFT}:cluster/far`;
const OWN = `TimelatchAccount-${LEFT}`;
const GRANT = {
  id: idOf(1),
  requester: "alice",
  cluster: "far",
  clusterArn: FAR,
  state: "ending",
};

const apiThat = (...requests: readonly object[]) =>
  fakeApi(({ path: asked }) =>
    asked === "/v1/suspensions"
      ? { suspended: [], drain: null }
      : asked === "/v1/grants"
        ? { requests }
        : requests[0],
  );

/** A deployment whose broker has a cluster that the policy has no more; its stacks are on record. */
function leftBehind(far?: "lends" | "retired", regions = ["us-west-2"]): FakeDeployment {
  const at = fakeDeployment();
  deployAll(at.deployed);
  const outputs = { ApiUrl: "https://api.example.com" };
  at.deployed.set("Timelatch", complete(brokerTemplate(far ? { [FAR]: far } : {}), { outputs }));
  at.deployed.set(OWN, complete({}, { isProtected: true }));
  const accounts = { [LEFT]: regions, [SPOKE]: ["us-west-2"] };
  const record = { deployment: "timelatch", clusters: {}, groups: [], people: {}, accounts };
  writeFileSync(path.join(at.folder, "access.stacks.json"), recordText(record));
  return at;
}

const deploying = (at: FakeDeployment, drain?: true) =>
  deploy(
    fakeTerminal({ api: apiThat(GRANT) }).context,
    path.relative(process.cwd(), at.folder),
    { yes: true, ...(drain ? { drain } : {}) },
    { ...at, pause: async () => undefined },
  );

const destroying = (at: FakeDeployment, account = LEFT, ...grants: readonly object[]) =>
  destroyAccount(
    fakeTerminal({ api: apiThat(...grants) }).context,
    path.relative(process.cwd(), at.folder),
    { yes: true, account },
    {
      ...at,
      clusters: async () => [],
      entries: async (cluster) => ({ cluster, principals: [] }),
    },
  );

/** @param folderOf a folder for files, from the beginning of the tests on */
export function departureWays(folderOf: () => string): Readonly<Record<string, () => unknown>> {
  const file = (name: string, content: string) => {
    const place = path.relative(process.cwd(), path.join(folderOf(), name));
    writeFileSync(place, content);
    return place;
  };
  return {
    "a change of a policy that synthesis refuses": () =>
      policyDiff(
        fakeTerminal().context,
        file("lending.yaml", SAMPLE),
        file("moved.yaml", editedSample(["cluster/legacy", "cluster/new"])),
        {},
      ),
    "a deployment that takes out a cluster that lends": () => deploying(leftBehind("lends")),
    "a deployment that takes out a cluster with a grant": () => deploying(leftBehind("retired")),
    "a grant that does not end before a deployment": () => deploying(leftBehind("retired"), true),
    "stacks of an account that left before": () => {
      const at = leftBehind();
      const entries = async () => ({ cluster: { name: "", arn: "" }, principals: [] });
      return destroy(fakeTerminal().context, at.folder, { yes: true }, { ...at, entries });
    },
    "an account of which nothing is on record": () => destroying(leftBehind(), "888888888888"),
    "an account that the policy has": () => destroying(leftBehind(), SPOKE),
    "an account that the deployed broker has": () => destroying(leftBehind("retired")),
    "an account with a grant": () => destroying(leftBehind(), LEFT, GRANT),
    "a stack of an account that stays": () => {
      const at = leftBehind();
      return destroying({ ...at, stacks: { ...at.stacks, remove: async () => undefined } });
    },
  };
}
