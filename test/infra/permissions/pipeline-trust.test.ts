/** The trust policies of docs/agents.md: only the workflow that they name becomes the machine. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { serviceMayAssume } from "../../../lab/sandbox/aws/assume-role-decision.ts";
import { ACCOUNT } from "../broker.ts";

const PAGE = readFileSync(path.resolve(import.meta.dirname, "../../../docs/agents.md"), "utf8");
const GITHUB = "token.actions.githubusercontent.com";

const [, TRUST = ""] = /^```json\n(\{\n {2}"Effect": "Allow",\n[\s\S]*?)^```/m.exec(PAGE) ?? [];
const STATEMENT = JSON.parse(TRUST) as object;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/pipelines/deploy-bot`;

/** Whether a token of a provider may take the role. The evaluation takes any principal of the trust policy. */
function mayTake(
  claims: Readonly<Record<string, string>>,
  provider = GITHUB,
  statement: object = STATEMENT,
): boolean {
  const role = {
    kind: "role",
    arn: ROLE,
    roleName: "deploy-bot",
    path: "/pipelines/",
    roleId: "AROAEXAMPLE",
    createDate: "2026-11-01T00:00:00.000Z",
    policies: {},
    maxSessionDuration: 3600,
    assumeRolePolicyDocument: { Version: "2012-10-17", Statement: [statement] },
  } as const;
  return serviceMayAssume(
    { accountId: ACCOUNT, roles: { [ROLE]: role }, credentials: {} },
    ROLE,
    `arn:aws:iam::${ACCOUNT}:oidc-provider/${provider}`,
    Object.fromEntries(
      Object.entries(claims).map(([name, value]) => [`${provider}:${name}`, value]),
    ),
    "sts:AssumeRoleWithWebIdentity",
  );
}

const OWN = { aud: "sts.amazonaws.com", sub: "repo:example/payments:environment:production" };

/** The subject that the page has for GitLab. */
const [, GITLAB_SUB = ""] = /`sub` is `(project_path:[^`]+)`/.exec(PAGE) ?? [];
const GITLAB = "gitlab.example.com";

describe("The role of a pipeline", () => {
  it("The workflow of its repository takes it in its environment", () => {
    expect(mayTake(OWN)).toBe(true);
  });

  it.each([
    ["another environment", { ...OWN, sub: "repo:example/payments:environment:staging" }],
    ["a pull request", { ...OWN, sub: "repo:example/payments:pull_request" }],
    [
      "a branch without an environment",
      { ...OWN, sub: "repo:example/payments:ref:refs/heads/main" },
    ],
    ["another repository", { ...OWN, sub: "repo:example/other:environment:production" }],
    [
      "a repository whose name goes on",
      { ...OWN, sub: "repo:example/payments-x:environment:production" },
    ],
    ["another owner", { ...OWN, sub: "repo:examples/payments:environment:production" }],
    ["a token for somebody else", { ...OWN, aud: "https://github.com/example" }],
    ["a token without an audience", { sub: OWN.sub }],
  ])("Nobody takes it with %s", (_what, claims) => {
    expect(mayTake(claims as Readonly<Record<string, string>>)).toBe(false);
  });

  it("A token of another provider with the same claims does not take it", () => {
    expect(mayTake(OWN, "gitlab.example.com")).toBe(false);
  });

  it("With a wildcard every repository of the organisation would take it, as the page says", () => {
    const wide = {
      ...STATEMENT,
      Condition: { StringLike: { [`${GITHUB}:sub`]: "repo:example/*" } },
    };
    const other = { ...OWN, sub: "repo:example/other:pull_request" };
    expect(mayTake(other, GITHUB, wide)).toBe(true);
  });

  it("At GitLab the project's branch takes it, and no other branch, tag or project", () => {
    const statement = {
      ...STATEMENT,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITLAB}` },
      Condition: {
        StringEquals: { [`${GITLAB}:aud`]: "timelatch", [`${GITLAB}:sub`]: GITLAB_SUB },
      },
    };
    const may = (sub: string) => mayTake({ aud: "timelatch", sub }, GITLAB, statement);
    expect(may("project_path:example/payments:ref_type:branch:ref:main")).toBe(true);
    for (const sub of [
      "project_path:example/payments:ref_type:branch:ref:mainly",
      "project_path:example/payments:ref_type:tag:ref:main",
      "project_path:example/other:ref_type:branch:ref:main",
    ])
      expect([sub, may(sub)]).toEqual([sub, false]);
  });
});
