/** `timelatch deploy` where the folder names other tables than the deployed broker has, with a CDK that is played. */
import { describe, expect, it } from "vitest";
import { type DeployOptions, deploy } from "../../../cli/commands/deploy.ts";
import type { Template } from "../../../cli/deployment/assembly.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { brokerTemplate, complete, deployAll, fakeDeployment, STACKS } from "./fake-deployment.ts";

type Tables = Readonly<Record<"REQUESTS_TABLE" | "AUDIT_TABLE" | "LEDGER_TABLE", unknown>>;

const OWN: Tables = {
  REQUESTS_TABLE: { Ref: "Requests0" },
  AUDIT_TABLE: { Ref: "Audit0" },
  LEDGER_TABLE: { Ref: "Ledger0" },
};
const RESTORED: Tables = { ...OWN, REQUESTS_TABLE: "requests-1", LEDGER_TABLE: "ledger-1" };
const API = "https://api.example.com";

function withTables(Variables: Tables): Template {
  const template = brokerTemplate();
  const Api0A1B2C3D = {
    Type: "AWS::Lambda::Function",
    Properties: { Environment: { Variables } },
  };
  return { ...template, Resources: { ...template.Resources, Api0A1B2C3D } };
}

const apiWith = (drain: object | null, requests: readonly object[], address = API) => ({
  ...fakeApi(({ path }) => (path === "/v1/suspensions" ? { suspended: [], drain } : { requests })),
  address,
});
const GRANT = { id: idOf(1), requester: "alice", cluster: "prod", state: "active" };

/** Deploys over a broker with these tables. @returns how it failed, and whether it deployed */
async function deploying(
  was: Tables,
  is: Tables,
  api = apiWith(null, [GRANT]),
  options: DeployOptions = {},
) {
  const broker = { ...STACKS["Timelatch"], account: "111122223333", template: withTables(is) };
  const has = (template: Template) => complete(template, { outputs: { ApiUrl: API } });
  const at = fakeDeployment({
    stacks: { ...STACKS, Timelatch: broker },
    cdk: (deployed) => {
      deployed.set("Timelatch", has(withTables(is)));
      return 0;
    },
  });
  deployAll(at.deployed);
  at.deployed.set("Timelatch", has(withTables(was)));
  const { context } = fakeTerminal({ api });
  const refused = await deploy(context, at.folder, { yes: true, ...options }, at).then(
    () => undefined,
    (error: unknown) => error,
  );
  const isDeployed = at.ran.some((line) => line.startsWith("cdk deploy"));
  if (refused !== undefined && !(refused instanceof Failure)) throw refused;
  return { refused, isDeployed };
}

describe("timelatch deploy, where ledger and requests table both become others", () => {
  it.each([
    ["were restored, each by a run of its own", OWN, RESTORED],
    ["are those of the stack again, since the folder names none", RESTORED, OWN],
    ["were restored again", RESTORED, { ...RESTORED, REQUESTS_TABLE: "r-2", LEDGER_TABLE: "l-2" }],
  ])("They %s: it refuses while something is lent", async (_, was, is) => {
    const { refused, isDeployed } = await deploying(was, is, apiWith({}, [GRANT]));
    expect(refused).toMatchObject({ exit: "conflict", code: "restored-undrained" });
    expect(refused?.text.what).toContain("1 grant has not ended yet");
    expect(isDeployed).toBe(false);
  });

  it("It refuses while the broker is not drained, and where another API answers", async () => {
    const { refused, isDeployed } = await deploying(OWN, RESTORED, apiWith(null, []));
    expect(refused?.text.what).toContain("The broker is not drained");
    expect(isDeployed).toBe(false);
    const other = await deploying(OWN, RESTORED, apiWith({}, [], "https://other.example.com"));
    expect(other.refused?.text.what).toContain("is not that of this deployment");
    expect(other.isDeployed).toBe(false);
  });

  it("It deploys once nothing is lent, and where somebody says so", async () => {
    expect(await deploying(OWN, RESTORED, apiWith({}, []))).toMatchObject({ isDeployed: true });
    const said = await deploying(OWN, RESTORED, apiWith(null, [GRANT]), { undrained: true });
    expect(said).toMatchObject({ refused: undefined, isDeployed: true });
  });

  it.each([
    ["the same tables as before", RESTORED, RESTORED],
    ["another ledger only", OWN, { ...OWN, LEDGER_TABLE: "ledger-1" }],
    ["another requests table only", OWN, { ...OWN, REQUESTS_TABLE: "requests-1" }],
  ])("It deploys %s without a question: the other one knows", async (_, was, is) => {
    expect(await deploying(was, is)).toMatchObject({ refused: undefined, isDeployed: true });
  });
});
