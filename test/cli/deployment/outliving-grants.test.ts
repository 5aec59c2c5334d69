/** `timelatch deploy` of a policy that would not lend the access that is lent. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deploy } from "../../../cli/commands/deploy.ts";
import { objectionOf } from "../../../cli/deployment/outliving-grants.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { brokerTemplate, complete, deployAll, fakeDeployment } from "./fake-deployment.ts";

const ADDRESS = "https://api.example.com";
const PROD = "arn:aws:eks:us-west-2:111122223333:cluster/prod";
const ALICE = "arn:aws:iam::111122223333:role/people/alice";

interface Terms {
  readonly person?: string;
  readonly arn?: string;
  readonly rule?: string;
  readonly lent?: string;
  readonly hours?: number;
}

/** A policy with one rule. */
const policyWith = ({
  person = "alice",
  arn = PROD,
  rule = "look",
  lent = "AmazonEKSViewPolicy",
  hours = 1,
}: Terms = {}): string => `version: 1
clusters:
  prod: { arn: "${arn}" }
people:
  ${person}: { email: ${person}@example.com, identities: { iam: ["${ALICE}"] }, principals: ["${ALICE}"] }
rules:
  - name: ${rule}
    who: { people: [${person}] }
    clusters: [prod]
    access: { policies: [${lent}], scope: cluster }
    duration: { max: ${hours}h }
    approval: none
`;

const AT = "2026-11-24T10:00:00.000Z";
const GRANT = {
  id: idOf(1),
  requester: "alice",
  cluster: "prod",
  clusterArn: PROD,
  principalArn: ALICE,
  rule: "look",
  state: "active",
  durationSeconds: 3_600,
  reason: "INC-4711 stuck rollout",
  createdAt: AT,
  startsAt: null,
  approvedAt: AT,
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
} as const;

const apiWith = (grants: readonly (typeof GRANT)[]) => ({
  ...fakeApi(({ path: asked }) => {
    if (asked === "/v1/suspensions") return { suspended: [], drain: null };
    if (asked === "/v1/grants") return { requests: grants };
    return grants.find(({ id }) => asked === `/v1/requests/${id}`);
  }),
  address: ADDRESS,
});

async function deployed(
  text: string,
  { api = apiWith([GRANT]), hash = "of before", json = false } = {},
) {
  const at = fakeDeployment();
  deployAll(at.deployed);
  at.deployed.set(
    "Timelatch",
    complete(brokerTemplate({ [PROD]: "lends" }, { ...parseAccessPolicy(text), hash }), {
      isProtected: true,
      outputs: { ApiUrl: ADDRESS },
    }),
  );
  writeFileSync(path.join(at.folder, "access.yaml"), text);
  const terminal = fakeTerminal({ api, ...(json ? { json: true as const } : {}) });
  await deploy(terminal.context, at.folder, { yes: true }, at);
  return { terminal, api, said: terminal.err().replace(/\s+/g, " ") };
}

describe("The objections of the next policy to a grant", () => {
  const objection = (terms: Terms) => objectionOf(parseAccessPolicy(policyWith(terms)), GRANT);

  it.each([
    ["a person who leaves", { person: "dave" }, "alice is not in the policy."],
    ["a rule that leaves", { rule: "see" }, "The policy has no rule look."],
    ["a rule that lends less", { lent: "AmazonEKSEditPolicy" }, "look lends AmazonEKSEditPolicy"],
    ["another cluster of its name", { arn: `${PROD}-2` }, "The name prod means another cluster."],
  ])("It names %s", (_, terms, said) => {
    expect(objection(terms)).toContain(said);
  });

  it("It objects to nothing that it would lend itself", () => {
    expect(objection({ hours: 2 })).toBeUndefined();
  });

  it("A shorter duration is an objection", () => {
    const text = policyWith().replace("max: 1h", "max: 30m");
    expect(objectionOf(parseAccessPolicy(text), GRANT)).toBe("look lends for at most 30m.");
  });
});

describe("timelatch deploy, where a policy lends less", () => {
  it("It names each grant that goes on, why, and how to end it, and deploys", async () => {
    const { said } = await deployed(policyWith({ rule: "see" }));
    expect(said).toContain(
      `This grant goes on until its end, although the new policy would not lend it: ${GRANT.id} alice on prod, active: The policy has no rule look. To end one: timelatch revoke ${GRANT.id}`,
    );
  });

  it("It names them with --json, and what keeps it from knowing them", async () => {
    const read = await deployed(policyWith({ rule: "see" }), { json: true });
    expect(JSON.parse(read.terminal.out())).toMatchObject({
      outliving: [{ id: GRANT.id, why: "The policy has no rule look." }],
    });
    const api = { ...apiWith([]), address: "https://other.example.com" };
    const unread = JSON.parse((await deployed(policyWith(), { api, json: true })).terminal.out());
    expect(unread.unread).toContain("is not that of this deployment");
    expect(unread).not.toHaveProperty("outliving");
  });

  it("It says nothing of grants that it would lend", async () => {
    const { said } = await deployed(policyWith());
    expect(said).not.toContain("goes on");
  });

  it("It asks no API where the policy stays as it is deployed", async () => {
    const text = policyWith({ rule: "see" });
    const { api } = await deployed(text, { hash: parseAccessPolicy(text).hash });
    expect(api.calls).toEqual([]);
  });

  it("It says that nobody knows, and deploys, where the API does not answer", async () => {
    const api = {
      ...fakeApi(() => {
        throw new Failure("unavailable", "no-answer", {
          what: "The API did not answer.",
          notDone: "",
          next: ["Next: try later."],
        });
      }),
      address: ADDRESS,
    };
    const { said } = await deployed(policyWith(), { api });
    expect(said).toContain(
      "Nobody knows which grants the new policy would not lend: The API did not answer. Each goes on until its end: timelatch grants",
    );
  });

  it("It does not ask another deployment's API", async () => {
    const api = { ...apiWith([GRANT]), address: "https://other.example.com" };
    const { said } = await deployed(policyWith({ rule: "see" }), { api });
    expect(said).toContain("Nobody knows");
    expect(api.calls).toEqual([]);
  });
});
