/** Ways to each failure of `timelatch kubeconfig` and `timelatch token`. */
import { roleSession } from "../../../cli/aws/role-session.ts";
import { exec } from "../../../cli/commands/exec.ts";
import { describeCluster, kubeconfig } from "../../../cli/commands/kubeconfig.ts";
import { token } from "../../../cli/commands/token.ts";
import { parseRoleArn } from "../../../cli/config/role-arn.ts";
import { withContexts } from "../../../cli/kubernetes/kubeconfig-file.ts";
import { clusterNamed } from "../../../cli/kubernetes/lent-cluster.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { LENT } from "../sample-access.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const ROLE = LENT.principals[0] ?? "";

const CONTEXT = {
  context: "timelatch-prod",
  server: "https://prod.example.com",
  certificateAuthority: "",
  args: [],
  env: {},
};

/** With an AWS that nobody can reach. */
async function offline(run: () => Promise<unknown>): Promise<unknown> {
  process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
  try {
    return await run();
  } finally {
    delete process.env["AWS_ENDPOINT_URL"];
  }
}

const withoutRules = fakeTerminal({
  api: fakeApi(() => ({ ...LENT, clusters: [], rules: [] })),
}).context;

export const KUBERNETES_WAYS: Readonly<Record<string, () => unknown>> = {
  "a cluster of no rule of one's own": () => clusterNamed(LENT, "prood"),
  "several roles in a cluster's account": () =>
    clusterNamed({ ...LENT, principals: [ROLE, `${ROLE}-2`] }, "prod"),
  "a role that is not one's own": () => clusterNamed(LENT, "prod", `${ROLE}-2`),
  "no cluster of one's own": () => kubeconfig(withoutRules, undefined, {}),
  "a program that is not there": () => exec(withoutRules, "prod", ["nosuch-program"], {}),
  "a role's ARN that is none": () => parseRoleArn("alice"),
  "a cluster's ARN that is none": () =>
    token(fakeTerminal().context, { cluster: "prod", arn: "prod" }),
  "a kubeconfig that is none": () =>
    withContexts("clusters: x", [CONTEXT], "/home/alice/.kube/config"),
  "a role that cannot be assumed": () =>
    offline(() =>
      roleSession({ roleArn: ROLE, region: "us-west-2", source: async () => KEYS, env: {} }),
    ),
  "a cluster that EKS does not describe": () =>
    offline(() => describeCluster({ name: "prod", region: "us-west-2" }, KEYS)),
};
