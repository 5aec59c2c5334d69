/** `timelatch deploy` tests the policy before all else. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deploy } from "../../../cli/commands/deploy.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { expectOfPolicy, fakeDeployment } from "./fake-deployment.ts";

const YES = { yes: true } as const;

/** Alice looks at prod without asking anybody. */
const LOOKING = `rules:
  - name: view
    who: { people: [alice] }
    clusters: [prod]
    access: { policies: [AmazonEKSViewPolicy], scope: cluster }
    duration: { max: 1h }
    approval: none
`;

/** A working directory with a policy that lends nothing, and what is expected of it. */
function deployment(expectations?: string) {
  const at = fakeDeployment();
  if (expectations !== undefined)
    writeFileSync(path.join(at.folder, "access.test.yaml"), expectations);
  return at;
}

describe("timelatch deploy, and what is expected of the policy", () => {
  it("A policy that does not decide as is expected is not synthesized, and each expectation is named", async () => {
    const at = deployment(expectOfPolicy("allow: { rule: view }"));
    const { context } = fakeTerminal({ json: true });
    const failure = await deploy(context, at.folder, YES, at).catch((error: unknown) => error);
    if (!(failure instanceof Failure)) throw new Error("It was deployed.");
    expect(failure).toMatchObject({ exit: "faulty", code: "policy-unexpected" });
    expect(failure.message).toContain("access.test.yaml: 1 of 1 expectation does not hold.");
    expect(failure.text.findings).toEqual([
      expect.stringMatching(/access\.test\.yaml:3:5: "alice may look" does not hold\. /),
    ]);
    expect(failure.text.next?.join("\n")).toContain("timelatch deploy --without-policy-test");
    expect(failure.text.facts).toMatchObject({ expectations: [{ holds: false }] });
    expect(at.ran).toEqual([]);
  });

  it("A policy that breaks a claim is not synthesized, and says who suffices", async () => {
    const at = deployment(
      "version: 1\nnever:\n  - name: nobody looks alone\n    reach: { cluster: prod }\n    people: 1\n",
    );
    const file = path.join(at.folder, "access.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("rules: []\n", LOOKING));
    const { context } = fakeTerminal({ json: true });
    const failure = await deploy(context, at.folder, YES, at).catch((error: unknown) => error);
    if (!(failure instanceof Failure)) throw new Error("It was deployed.");
    expect(failure).toMatchObject({ exit: "faulty", code: "policy-unexpected" });
    expect(failure.message).toContain("access.test.yaml: 1 of 1 claim does not hold.");
    expect(failure.text.findings).toEqual([
      expect.stringMatching(
        /access\.test\.yaml:3:5: "nobody looks alone" does not hold\. alice suffices: alice gets AmazonEKSViewPolicy on all of prod, by view\./,
      ),
    ]);
    expect(failure.text.facts).toMatchObject({ claims: [{ holds: false }] });
    expect(at.ran).toEqual([]);
  });

  it("--without-policy-test deploys it all the same", async () => {
    const at = deployment(expectOfPolicy("allow: { rule: view }"));
    const { context } = fakeTerminal();
    await deploy(context, at.folder, { ...YES, withoutPolicyTest: true }, at);
    expect(at.ran).toHaveLength(2);
  });

  it("A policy that decides as is expected is deployed, and says so", async () => {
    const [at, terminal] = [deployment(expectOfPolicy("deny: {}")), fakeTerminal()];
    await deploy(terminal.context, at.folder, YES, at);
    expect(terminal.err()).toContain("access.test.yaml: 1 expectation holds.\n");
    expect(at.ran).toHaveLength(2);
  });

  it("Expectations that are not sound deploy nothing", async () => {
    const at = deployment("version: 2\n");
    const done = deploy(fakeTerminal().context, at.folder, YES, at);
    await expect(done).rejects.toMatchObject({ exit: "faulty", code: "policy-unsound" });
    expect(at.ran).toEqual([]);
  });

  it("Without expectations there is nothing to test", async () => {
    const at = deployment();
    await deploy(fakeTerminal().context, at.folder, YES, at);
    expect(at.ran).toHaveLength(2);
  });
});
