import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../shared/policy-file/yaml/file-fault.ts";

const SAMPLE = readFileSync("access.yaml", "utf8");
const named = (deployment: string) =>
  SAMPLE.replace("version: 1\n", `version: 1\ndeployment: ${deployment}\n`);

function faultOf(deployment: string): unknown {
  try {
    parseAccessPolicy(named(deployment));
    return undefined;
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults;
  }
}
const LINE = named("x").split("\n").indexOf("deployment: x") + 1;

describe("The key deployment of access.yaml", () => {
  it("The default's name changes nothing, not even the hash", () => {
    expect(parseAccessPolicy(named("timelatch"))).toEqual(parseAccessPolicy(SAMPLE));
  });

  it("Another name is in the policy and changes its hash", () => {
    const policy = parseAccessPolicy(named("beta"));
    expect(policy.deployment).toBe("beta");
    expect(policy.hash).not.toBe(parseAccessPolicy(SAMPLE).hash);
  });

  it("A personal role has the deployment's name and path, and nobody else may name such a role", () => {
    const text = (arn: string) =>
      JSON.stringify({
        version: 1,
        deployment: "beta",
        clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } },
        people: {
          alice: {
            email: "a@b.c",
            groups: ["dev"],
            identities: {
              identityCenter: { userId: "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666" },
            },
          },
          bob: { email: "b@b.c", identities: {}, principals: [arn] },
        },
        rules: [
          {
            name: "view",
            who: { groups: ["dev"] },
            clusters: ["prod"],
            access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
            duration: { max: "1h" },
            approval: "none",
          },
        ],
      });
    const role = (path: string) => `arn:aws:iam::111122223333:role/${path}`;
    expect(parseAccessPolicy(text(role("bob"))).people["alice"]?.principals).toEqual([
      role("beta/people/beta-person-alice"),
    ]);
    for (const reserved of ["beta-person-x", "Beta-Person-x", "beta/people/x"])
      expect(() => parseAccessPolicy(text(role(reserved)))).toThrow(
        "Timelatch makes the roles called beta-person-… and those under /beta/people/",
      );
  });

  it.each([
    [
      "Beta",
      "Write a lower-case name: letters and digits with hyphens between them, a letter first.",
    ],
    [
      "be--ta",
      "Write a lower-case name: letters and digits with hyphens between them, a letter first.",
    ],
    ["productive", "Write at most 9 characters, since names of roles begin with it."],
    [
      "a-person",
      "Write a name that does not end in -person: names of personal roles have it within.",
    ],
  ])("The name %s is refused with its line", (name, detail) => {
    expect(faultOf(name)).toEqual([
      expect.objectContaining({ path: "deployment", line: LINE, detail }),
    ]);
  });
});
