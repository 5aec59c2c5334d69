/** Access that people may ask for, and previews of requests. */
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, BOB, PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import { ASK, edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { DOCUMENTED_RULES } from "../../../../shared/domain/policy/permits.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import type { DryAsk } from "../../../../shared/domain/requests/ask.ts";
import { listAccess } from "../../../../shared/usecases/requests/list-access.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";

const wholeCluster = (policy: string) => ({ policy, scope: { type: "cluster" } }) as const;

const withRules = (change: (rule: Rule) => Partial<Rule>): AccessPolicy => {
  const policy = aPolicy();
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, ...change(rule) })) };
};
const withPeople = (people: Readonly<Record<string, object>>): AccessPolicy => {
  const policy = aPolicy();
  const changed = Object.entries(policy.people).map(
    ([name, person]) => [name, { ...person, ...people[name] }] as const,
  );
  return { ...policy, people: Object.fromEntries(changed) };
};

function previewed(over: Partial<DryAsk> = {}, by = "alice", broker = memoryBroker()) {
  return previewRequest(broker.front, broker.actor(by), { ...ASK, ...over });
}
async function warnings(...args: Parameters<typeof previewed>): Promise<readonly string[]> {
  const preview = await previewed(...args);
  if (!preview.allowed) throw new Error(preview.detail);
  return preview.warnings.map(({ code }) => code);
}

describe("A preview", () => {
  it("It says which grants lend all or a part of it already, and until when", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const detail = async (...namespaces: readonly string[]) => {
      const preview = await previewed({ access: edit(...namespaces) }, "alice", broker);
      if (!preview.allowed) throw new Error(preview.detail);
      return preview.warnings.find(({ code }) => code === "already-there")?.detail;
    };
    const by = `by grant ${grant.id} until ${grant.revokeAt}.`;
    expect(await detail("payments-api")).toBe(`All of it is lent already, ${by}`);
    expect(await detail("payments-api", "payments-web")).toBe(
      `A part of it is lent already, ${by}`,
    );
    expect(await detail("payments-web")).toBeUndefined();
    await broker.end(grant, "return");
    expect(await detail("payments-api")).toBeUndefined();
  });

  it.each([
    ["any", { minLength: 1, ticket: null }, "A request needs a reason."],
    [
      "a long one with a ticket",
      { minLength: 10, ticket: "INC-[0-9]+" },
      "A request needs a reason of at least 10 characters, with a ticket that matches INC-[0-9]+.",
    ],
  ])("Without a reason it decides as with one that suits: %s", async (_which, reason, detail) => {
    const broker = memoryBroker({ policy: withRules(() => ({ reason })) });
    const preview = await previewed({ reason: null }, "alice", broker);
    expect(preview).toMatchObject({ allowed: true, rule: { name: "payments-edit" } });
    expect(preview).toHaveProperty("warnings[0]", { code: "reason-missing", detail });
    const given = await warnings({ reason: "INC-4711 stuck rollout" }, "alice", broker);
    expect(given).not.toContain("reason-missing");
    expect(await previewed({ reason: "-", access: wholeCluster("X") })).toMatchObject({
      allowed: false,
    });
  });

  it("A preview lists who could approve, without the requester and holders of the principal", async () => {
    expect(await previewed()).toMatchObject({
      allowed: true,
      rule: { name: "payments-edit" },
      principalArn: ALICE,
      durationSeconds: 3_600,
      requirements: [{ groups: ["payments-leads"], count: 1, people: ["bob"] }],
    });
    const held = withPeople({ bob: { principals: [BOB, ALICE] } });
    const shared = {
      ...held,
      rules: held.rules.map((rule) => ({ ...rule, sharedPrincipals: true })),
    };
    const broker = memoryBroker({ policy: shared });
    expect(await previewed({}, "alice", broker)).toMatchObject({ requirements: [{ people: [] }] });
    const codes = await warnings({}, "alice", broker);
    expect(codes).toEqual(expect.arrayContaining(["shared-principal", "too-few-approvers"]));
  });

  it("A preview stores nothing, counts nothing and wakes nobody", async () => {
    const broker = memoryBroker({ settings: { requestsPerWindow: 0 } });
    const preview = await previewed({}, "alice", broker);
    expect(preview.allowed).toBe(true);
    expect(broker.tables.requests.size + broker.tables.windows.size).toBe(0);
    expect(broker.queue.sent).toEqual([]);
  });

  it("A preview says what the access permits, with the date of AWS's documentation", async () => {
    const preview = await previewed();
    if (!preview.allowed) throw new Error(preview.detail);
    expect(preview.permits).toMatchObject({
      summary: "AmazonEKSEditPolicy in payments-api",
      asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      source: expect.stringContaining("docs.aws.amazon.com"),
    });
    const pods = preview.permits.rules?.filter(({ resources }) => resources.includes("pods/exec"));
    expect(pods?.flatMap(({ verbs }) => verbs)).toContain("create");
  });

  it("A preview does not guess unpublished permissions", async () => {
    const policy = withRules(() => ({
      access: { policies: ["AmazonEKSACKPolicy"], scope: "cluster" },
    }));
    const broker = memoryBroker({ policy });
    const preview = await previewed(
      { access: wholeCluster("AmazonEKSACKPolicy") },
      "alice",
      broker,
    );
    expect(preview).toMatchObject({
      permits: { rules: null, note: expect.stringContaining("AWS does not publish") },
    });
  });

  it.each<[string, Partial<DryAsk>, string, readonly string[]]>([
    ["for an edit", {}, "alice", ["leaves-things-behind", "open-streams"]],
    [
      "for view on all of staging",
      { cluster: "staging", access: wholeCluster("AmazonEKSViewPolicy") },
      "alice",
      ["whole-cluster", "open-streams", "starts-at-once"],
    ],
    [
      "for groups",
      { cluster: "staging", access: { groups: ["eks-admins"] } },
      "alice",
      ["open-streams", "groups-unknown"],
    ],
    [
      "for break-glass",
      { access: wholeCluster("AmazonEKSClusterAdminPolicy"), durationSeconds: 600 },
      "carol",
      ["whole-cluster", "leaves-things-behind", "open-streams", "starts-at-once", "break-glass"],
    ],
  ])("A preview has the right warnings %s", async (_what, over, by, codes) => {
    expect(await warnings(over, by)).toEqual(codes);
  });

  it("A preview warns about a wildcard if a rule lends one", async () => {
    const policy = withRules(({ access }) =>
      "namespaces" in access ? { access: { ...access, wildcards: true } } : {},
    );
    const broker = memoryBroker({ policy });
    expect(await warnings({ access: edit("payments-*") }, "alice", broker)).toContain("wildcard");
  });

  it("A preview warns if the entry would override aws-auth", async () => {
    const broker = memoryBroker();
    const look = (authenticationMode: "API" | "API_AND_CONFIG_MAP") =>
      broker.front.clusters.save({
        clusterArn: PROD.arn,
        description: { createdAt: "2026-01-01T00:00:00.000Z", authenticationMode },
        checkedAt: broker.clock.now(),
      });
    await look("API");
    expect(await warnings({}, "alice", broker)).not.toContain("overrides-aws-auth");
    await look("API_AND_CONFIG_MAP");
    expect(await warnings({}, "alice", broker)).toContain("overrides-aws-auth");
  });

  it("A preview refuses with the same words as the request", async () => {
    for (const over of [
      { durationSeconds: 5 * 3_600 },
      { access: edit("kube-system") },
      { reason: "short" },
      { cluster: "nowhere" },
      { rule: "break-glass" },
      { principalArn: BOB },
      { startsAt: "2020-01-01T00:00:00.000Z" },
    ]) {
      const broker = memoryBroker();
      const preview = await previewed(over, "alice", broker);
      if (preview.allowed) throw new Error("It was allowed.");
      const { code, detail: message, facts } = preview;
      await expect(broker.ask({ ...ASK, ...over })).rejects.toMatchObject({
        code,
        message,
        facts,
      });
    }
  });

  it("A preview lists every objection of every rule that applies to the asker, and of no other", async () => {
    const preview = await previewed({ durationSeconds: 5 * 3_600, reason: "x" });
    if (preview.allowed) throw new Error("It was allowed.");
    const codesByRule = Object.fromEntries(
      (preview.facts.refusals ?? []).map(({ rule, objections }) => [
        rule,
        objections.map(({ code }) => code),
      ]),
    );
    expect(codesByRule["payments-edit"]).toEqual(["too-long", "reason-too-short"]);
    expect(Object.keys(codesByRule).sort()).toEqual([
      "payments-edit",
      "staging-groups",
      "view-staging",
    ]);
  });

  it("A preview treats a rule for others as one that does not exist", async () => {
    const [others, none] = await Promise.all([
      previewed({ rule: "break-glass" }),
      previewed({ rule: "no-such-rule" }),
    ]);
    expect(JSON.stringify(others).replace("break-glass", "?")).toBe(
      JSON.stringify(none).replace("no-such-rule", "?"),
    );
  });
  it("A preview treats a cluster for others as one that does not exist", async () => {
    const policy = { ...aPolicy() };
    const secret = {
      ...policy,
      clusters: { ...policy.clusters, secret: { arn: STAGING.arn, retired: false } },
    };
    const broker = memoryBroker({ policy: secret });
    const [others, none] = await Promise.all([
      previewed({ cluster: "secret" }, "alice", broker),
      previewed({ cluster: "nothing" }, "alice", broker),
    ]);
    expect(JSON.stringify(others).replace("secret", "?")).toBe(
      JSON.stringify(none).replace("nothing", "?"),
    );
  });
  it("A preview names the other holders of a principal only to its holders", async () => {
    const role = "arn:aws:iam::111122223333:role/shared";
    const policy = withPeople({ bob: { principals: [role] }, carol: { principals: [role] } });
    const preview = await previewed({ principalArn: role }, "alice", memoryBroker({ policy }));
    expect(JSON.stringify(preview)).not.toMatch(/bob|carol/);
  });
  it("The broker's own roles get no access, whatever the policy says", async () => {
    const role = "arn:aws:iam::111122223333:role/timelatch-grantor";
    const policy = withPeople({ alice: { principals: [role] } });
    const preview = await previewed({}, "alice", memoryBroker({ policy }));
    expect(JSON.stringify(preview)).toContain("principal-reserved");
  });
});

describe("The list of what a person may ask for", () => {
  const own = (by: string, policy = aPolicy()) => {
    const broker = memoryBroker({ policy });
    return listAccess(broker.front, broker.actor(by));
  };

  it("The list of access contains the rules that apply to a person, with their own principals", () => {
    expect(own("alice").map(({ rule }) => rule.name)).toEqual([
      "payments-edit",
      "view-staging",
      "staging-groups",
    ]);
    expect(own("alice")[0]).toMatchObject({
      clusters: ["prod"],
      principals: [ALICE],
      requirements: [{ people: ["bob"] }],
    });
    expect(own("bob").map(({ rule }) => rule.name)).toEqual(["view-staging"]);
  });

  it("The list of access leaves out retired clusters and principals in other accounts", () => {
    const policy = aPolicy();
    const retired = { ...policy.clusters, prod: { arn: PROD.arn, retired: true } };
    const names = (by: AccessPolicy) => own("alice", by).map(({ rule }) => rule.name);
    expect(names(policy)).toEqual(["payments-edit", "view-staging", "staging-groups"]);
    expect(names({ ...policy, clusters: retired })).toEqual(["view-staging", "staging-groups"]);
    const role = "arn:aws:iam::999988887777:role/alice";
    expect(names(withPeople({ alice: { principals: [role] } }))).toEqual([]);
    const both = withPeople({ alice: { principals: [role, ALICE] } });
    expect(own("alice", both)[0]).toMatchObject({ clusters: ["prod"], principals: [ALICE] });
  });

  it("The list of access leaves out a principal that two people hold, unless the rule lends to it", () => {
    const shared = withPeople({ bob: { principals: [ALICE] } });
    expect(own("alice", shared)).toEqual([]);
    const rules = shared.rules.map((rule) => ({
      ...rule,
      sharedPrincipals: rule.name === "view-staging",
    }));
    expect(own("alice", { ...shared, rules })).toMatchObject([
      { rule: { name: "view-staging" }, principals: [ALICE] },
    ]);
  });

  it("The list of access leaves the asker out of the approvers", () => {
    const approvers = own("carol").find(({ rule }) => rule.name === "staging-groups");
    expect(approvers?.requirements).toMatchObject([{ people: ["bob"] }]);
    const lenient = own(
      "carol",
      withRules(() => ({ approverMayHoldPrincipal: true })),
    ).find(({ rule }) => rule.name === "staging-groups");
    expect(lenient?.requirements).toMatchObject([{ people: ["bob"] }]);
  });
});

describe("The documented rules", () => {
  it("The documented rules name verbs and resources of every policy", () => {
    expect(Object.keys(DOCUMENTED_RULES).sort()).toEqual([
      "AmazonEKSAdminPolicy",
      "AmazonEKSAdminViewPolicy",
      "AmazonEKSClusterAdminPolicy",
      "AmazonEKSEditPolicy",
      "AmazonEKSSecretReaderPolicy",
      "AmazonEKSViewPolicy",
    ]);
    for (const rules of Object.values(DOCUMENTED_RULES))
      for (const { apiGroups, resources, nonResourceURLs, verbs } of rules) {
        expect(verbs.length).toBeGreaterThan(0);
        expect(apiGroups.length > 0).toBe(resources.length > 0);
        expect(resources.length + nonResourceURLs.length).toBeGreaterThan(0);
      }
  });
});

describe("A person's requests", () => {
  it("A person's requests are counted, even refused ones, and limited per window", async () => {
    const broker = memoryBroker({ settings: { requestsPerWindow: 2, requestWindowSeconds: 600 } });
    broker.clock.set("2026-11-24T10:03:20.500Z");
    await broker.ask();
    await expect(broker.ask()).rejects.toMatchObject({ code: "duplicate-request" });
    await expect(broker.ask({ access: edit("payments-b") })).rejects.toMatchObject({
      code: "rate-limited",
      facts: { retryAfterSeconds: 400 },
    });
    await expect(
      broker.ask({ cluster: "staging", access: wholeCluster("AmazonEKSViewPolicy") }, "bob"),
    ).resolves.toMatchObject({ requester: "bob" });
    broker.clock.advance(400);
    await expect(broker.ask({ access: edit("payments-b") })).resolves.toMatchObject({
      state: "pending",
    });
  });

  it("A person may use break-glass while the same access is pending under another rule", async () => {
    const policy = aPolicy();
    const slow: Rule = {
      ...(policy.rules.find(({ name }) => name === "break-glass") as Rule),
      name: "slow",
      breakGlass: false,
      approval: [{ groups: ["payments-leads"], count: 1 }],
    };
    const broker = memoryBroker({ policy: { ...policy, rules: [...policy.rules, slow] } });
    const access = wholeCluster("AmazonEKSClusterAdminPolicy");
    const ask = { access, durationSeconds: 600 };
    const waiting = await broker.ask(ask, "carol");
    expect(waiting).toMatchObject({ rule: "slow", state: "pending" });
    await expect(broker.ask({ ...ask, rule: "break-glass" }, "carol")).resolves.toMatchObject({
      state: "approved",
    });
    await expect(broker.ask(ask, "carol")).rejects.toMatchObject({ code: "duplicate-request" });
  });
});

describe("Rights on a request", () => {
  it("An approver who has left the group can no longer decide", async () => {
    const broker = memoryBroker();
    const request = await broker.ask();
    const left = memoryBroker({ policy: withPeople({ bob: { groups: [] } }) });
    left.tables.requests.set(request.id, request);
    await expect(left.approve(request)).rejects.toMatchObject({ code: "request-not-found" });
  });

  it("A holder of the principal cannot approve, unless the rule allows it", async () => {
    const held = withPeople({ bob: { principals: [BOB, ALICE] } });
    const lend = (rule: Partial<Rule>) =>
      memoryBroker({
        policy: {
          ...held,
          rules: held.rules.map((each) => ({ ...each, sharedPrincipals: true, ...rule })),
        },
      });
    const strict = lend({});
    await expect(strict.approve(await strict.ask())).rejects.toMatchObject({ code: "forbidden" });
    const lenient = lend({ approverMayHoldPrincipal: true });
    await expect(lenient.approve(await lenient.ask())).resolves.toMatchObject({
      state: "approved",
    });
  });
});
