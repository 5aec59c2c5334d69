/** A smoke test against an API and an EKS that answer as a script says. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PARTS } from "../../../../../cli/doctor/smoke/part-list.ts";
import { chosenAccess } from "../../../../../cli/doctor/smoke/parts/chosen-access.ts";
import { lendView } from "../../../../../cli/doctor/smoke/parts/lend-view.ts";
import type { EntrySight } from "../../../../../cli/doctor/smoke/parts/smoke-sight.ts";
import { shown } from "../../../../../cli/doctor/smoke/report/redactable.ts";
import { FACTS } from "../../../../../cli/doctor/smoke/settled-facts.ts";
import { inRepository } from "../../../../../infra/synth/repository.ts";
import type { AccessAnswer } from "../../../../../shared/http/contract/access-answer.ts";
import { ACCOUNT, SAMPLE } from "../../../../infra/broker.ts";
import { fakeApi, fakeTerminal } from "../../../fake-terminal.ts";
import { EDIT_RULE } from "../../../sample-access.ts";
import { activated, answerTo, approved, asked } from "../../../sample-requests.ts";

const NOW = "2026-11-24T10:05:00.000Z";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/timelatch/people/timelatch-person-alice`;
const PROD = `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod`;
const LENT: AccessAnswer = {
  person: "alice",
  principals: [ROLE],
  clusters: [{ name: "prod", arn: PROD }],
  rules: [EDIT_RULE],
};
const VIEW = [{ name: "AmazonEKSViewPolicy", namespaces: ["payments-timelatch-smoke"] }];
const OURS: EntrySight = { isOurs: true, policies: VIEW };

/** @param entries what EKS shows before, during and after */
async function smoke(
  entries: readonly (EntrySight | undefined)[],
  {
    lent = LENT,
    pending = false,
    cluster = "prod",
    signsAsOwnRole = true,
    piped = false,
    createdAt = NOW,
  } = {},
) {
  const active = answerTo(activated(approved(asked())));
  const over = { ...active, state: "ended", endedAt: "2026-11-24T11:01:45.000Z" };
  const states = [...(pending ? [active] : []), over];
  const api = fakeApi(({ method, path }) => {
    if (path === "/v1/access") return lent;
    if (method === "POST") return { ...(pending ? answerTo(asked()) : active), createdAt };
    return states.shift();
  });
  const terminal = fakeTerminal({ api, piped });
  const left = [...entries];
  const facts = await lendView({
    context: terminal.context,
    api,
    policy: SAMPLE,
    account: ACCOUNT,
    cluster,
    signsAsOwnRole,
    reason: "INC-4711 smoke test of the deployment",
    sight: { entry: async () => left.shift() },
  });
  const found = facts.map((fact) => ({ ...fact, says: shown(fact.says) }));
  return { found, calls: api.calls, err: terminal.err() };
}

describe("A smoke test", () => {
  it("Asks for View for five minutes, and finds it on EKS until its end", async () => {
    const { found, calls, err } = await smoke([undefined, OURS, undefined], { pending: true });
    expect(calls.find(({ method }) => method === "POST")?.body).toEqual({
      cluster: "prod",
      duration: "5m",
      rule: "payments-edit",
      principalArn: ROLE,
      access: {
        policy: "AmazonEKSViewPolicy",
        scope: { type: "namespace", namespaces: ["payments-timelatch-smoke"] },
      },
      reason: "INC-4711 smoke test of the deployment",
    });
    const settled = found.filter(({ fact }) => fact !== "zones");
    expect(new Set(settled.map(({ verdict }) => verdict))).toEqual(new Set(["holds"]));
    expect(found.find(({ fact }) => fact === "grant-removed")?.says).toMatch(
      /^EKS shows it no longer\. A read proved the end /,
    );
    expect(err).toMatch(/Somebody else approves it: .*bob/);
  });

  it.each(["2026-11-24T10:04:54.000Z", "2026-11-24T10:05:06.000Z"])(
    "Finds a clock of Lambda that is six seconds off: %s",
    async (createdAt) => {
      const { found } = await smoke([undefined, OURS, undefined], { createdAt });
      expect(found.find(({ fact }) => fact === "lambda-clock")).toMatchObject({
        verdict: "contradicted",
        says: "Lambda's clock was at most 6 s from this machine's",
      });
    },
  );

  it.each([
    [true, "holds"],
    [false, "contradicted"],
  ])(
    "Compares the hours of rules with what Lambda says of them: open %s %s",
    async (isOpen, verdict) => {
      // A Tuesday, 10:05 in UTC.
      const hours = { days: ["tue"], from: "10:00", to: "11:00", timezone: "UTC" };
      const rule = { ...EDIT_RULE, hours: { ...hours, isOpen, opensAt: null } };
      const lent = { ...LENT, rules: [EDIT_RULE, rule] } as unknown as AccessAnswer;
      const { found } = await smoke([undefined, OURS, undefined], { lent });
      expect(found.find(({ fact }) => fact === "zones")?.verdict).toBe(verdict);
    },
  );

  it("Gives back what it has where EKS cannot be read", async () => {
    const active = answerTo(activated(approved(asked())));
    const api = fakeApi(({ path }) => (path === "/v1/access" ? LENT : active));
    const { context } = fakeTerminal({ api, piped: true });
    let reads = 0;
    const lost = lendView({
      context,
      api,
      policy: SAMPLE,
      account: ACCOUNT,
      cluster: "prod",
      reason: "x",
      signsAsOwnRole: true,
      sight: {
        entry: async () => {
          reads += 1;
          if (reads > 1) throw new Error("EKS does not answer.");
          return undefined;
        },
      },
    });
    await expect(lost).rejects.toThrow("EKS does not answer.");
    expect(api.calls.at(-1)).toMatchObject({
      method: "POST",
      path: `/v1/requests/${active.id}/return`,
    });
  });

  it("Writes each state into a file once, although it waits twice", async () => {
    const { err } = await smoke([undefined, OURS, undefined], { pending: true, piped: true });
    const states = [...err.matchAll(/^\d.* {2}(\w+)/gm)].map(([, state]) => state);
    expect(states).toEqual(["pending", "active", "ended"]);
  });

  it("Says which facts it settles: all where Timelatch made the entry, and few where it stood", async () => {
    const { found } = await smoke([undefined, OURS, undefined]);
    const named = (all: typeof found) => all.map(({ fact }) => fact);
    expect(named(found)).toEqual([
      ...["grant-added", "session-user-id", "tag-at-creation", "username-at-creation"],
      ...["grant-removed", "lambda-clock", "zones"],
    ]);
    const standing = { isOurs: false, policies: [] };
    const other = await smoke([standing, { ...standing, policies: VIEW }, standing], {
      signsAsOwnRole: false,
    });
    expect(named(other.found)).toEqual([
      ...["grant-added", "grant-removed", "lambda-clock", "zones"],
    ]);
  });

  it.each<[string, readonly (EntrySight | undefined)[], RegExp]>([
    ["access that EKS does not show", [undefined, undefined], /active, and EKS does not show/],
    [
      "access in another scope",
      [
        undefined,
        {
          isOurs: true,
          policies: [{ name: "AmazonEKSViewPolicy", namespaces: ["payments-other"] }],
        },
      ],
      /active, and EKS does not show/,
    ],
    [
      "another policy",
      [
        undefined,
        {
          isOurs: true,
          policies: [{ name: "AmazonEKSEditPolicy", namespaces: ["payments-timelatch-smoke"] }],
        },
      ],
      /EKS does not show/,
    ],
    ["an entry without our tag", [undefined, { isOurs: false, policies: VIEW }], /without the tag/],
    ["access that was there before", [OURS], /has AmazonEKSViewPolicy there already/],
  ])("Finds %s, and stops there", async (_what, entries, says) => {
    const { found } = await smoke(entries);
    expect(found).toMatchObject([{ says: expect.stringMatching(says) }]);
    expect(found[0]?.verdict).not.toBe("holds");
  });

  it.each<[string, EntrySight, RegExp]>([
    ["access", OURS, /ended, and EKS still shows its access/],
    ["a bare entry", { isOurs: true, policies: [] }, /its access entry is still there/],
  ])("Finds %s that is left after the end", async (_what, after, says) => {
    const { found } = await smoke([undefined, OURS, after]);
    expect(found[0]?.verdict).toBe("holds");
    const [removed] = found.filter(({ fact }) => fact === "grant-removed");
    expect(removed?.verdict).toBe("contradicted");
    expect(removed?.says).toMatch(says);
  });

  it.each<[string, object, RegExp]>([
    ["a cluster on which no rule lends View", { cluster: "staging" }, /no rule lends alice/],
    [
      "somebody without a personal role",
      { lent: { ...LENT, principals: [`arn:aws:iam::${ACCOUNT}:role/people/alice`] } },
      /has no personal role in/,
    ],
  ])("Asks for nothing for %s", async (_what, options, says) => {
    const { found, calls } = await smoke([], options);
    expect(found).toMatchObject([
      { verdict: "unsettled", says: expect.stringMatching(says) },
      { fact: "zones" },
    ]);
    expect(calls.filter(({ method }) => method === "POST")).toEqual([]);
  });
});

describe("The request of a smoke test", () => {
  const chosen = (changes: object) =>
    chosenAccess({ ...LENT, rules: [{ ...EDIT_RULE, ...changes }] }, "prod");

  it("It is the whole cluster where a rule lends nothing less", () => {
    const access = { policies: ["AmazonEKSViewPolicy"], scope: "cluster" };
    expect(chosen({ access })?.access).toMatchObject({ scope: { type: "cluster" } });
  });

  it.each<[string, object]>([
    ["another policy alone", { access: { policies: ["AmazonEKSEditPolicy"], scope: "cluster" } }],
    ["groups", { access: { groups: ["admins"] } }],
    ["View on another cluster", { clusters: ["staging"] }],
    ["View as break-glass", { breakGlass: true }],
    [
      "View for more than five minutes alone",
      { duration: { ...EDIT_RULE.duration, minimumSeconds: 600 } },
    ],
    ["View outside of its hours", { hours: { isOpen: false, opensAt: null } }],
  ])("It is never %s", (_what, changes) => {
    expect(chosen(changes)).toBeUndefined();
  });

  it("docs/doctor.md says what each part does, in their order", () => {
    const page = readFileSync(inRepository("docs/doctor.md"), "utf8");
    const [, parts = ""] = page.split("## Settle");
    const rows = [...parts.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(rows.slice(0, PARTS.length)).toEqual(PARTS.map(({ name }) => name));
  });

  it("Every fact that it settles is a row of docs/first-deployment.md", () => {
    const page = readFileSync(inRepository("docs/first-deployment.md"), "utf8");
    for (const fact of Object.values(FACTS)) expect(page).toContain(`\n| ${fact} |`);
  });
});
