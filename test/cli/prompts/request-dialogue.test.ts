import { describe, expect, it } from "vitest";
import { askTerms } from "../../../cli/prompts/request-dialogue.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";
import { fakeTerminal, typist } from "../fake-terminal.ts";
import { BREAK_GLASS_RULE, EDIT_RULE, GROUPS_RULE, LENT } from "../sample-access.ts";
import { ALICE } from "../sample-requests.ts";

type Turn = readonly [question: string, line: string];

/** Answers every question in turn. The test times out on a question that never comes. */
async function dialogue(lent: AccessAnswer, turns: readonly Turn[], columns = 80) {
  const { context, written } = fakeTerminal({ columns });
  const person = typist();
  const asked = askTerms(person.prompt, context.screen.err, lent);
  for (const [question, line] of turns) await person.answer(question, line);
  const terms = await asked;
  return { terms, tables: written.join(""), shown: person.shown() };
}

const WHY = ["Reason: ", "INC-4711 stuck rollout"] as const;

describe("the prompts of timelatch request", () => {
  it("The prompts of a request accept names, from the cluster to the reason", async () => {
    const { terms, tables, shown } = await dialogue(LENT, [
      ["Cluster", "prod"],
      ["Access", "AmazonEKSEditPolicy"],
      ["Namespaces within payments-*", "payments-api, payments-web payments-api"],
      ["5m to 4h [1h]", "1h30m"],
      WHY,
    ]);
    expect(terms).toEqual({
      cluster: "prod",
      policy: "AmazonEKSEditPolicy",
      namespace: ["payments-api", "payments-web"],
      duration: "1h30m",
      reason: "INC-4711 stuck rollout",
      rule: "payments-edit",
    });
    expect(tables).toContain("at least 10 characters, with a ticket that matches");
    expect(shown).toContain("approval by bob of payments-leads");
    expect(shown).toContain("break-glass (BREAK GLASS)");
  });

  it("The prompts of a request accept numbers and the default duration, and skip questions with one answer", async () => {
    const { terms, tables } = await dialogue(LENT, [
      ["Cluster", "1"],
      ["Access", "3"],
      ["5m to 4h [1h]", ""],
      WHY,
    ]);
    expect(terms).toMatchObject({
      policy: "AmazonEKSViewPolicy",
      namespace: ["payments-api"],
      duration: "1h",
      rule: "payments-admin",
    });
    expect(tables).toContain("Namespace: payments-api (the only one)");
  });

  it.each(["5m", "4h"])(
    "The prompts of a request accept the limits of the duration: %s",
    async (duration) => {
      const lent = { ...LENT, rules: [BREAK_GLASS_RULE] };
      const { terms } = await dialogue(lent, [
        ["Enter for the whole cluster", ""],
        ["5m to 4h", duration],
        ["Reason: ", "outage"],
      ]);
      expect(terms.duration).toBe(duration);
    },
  );

  it("Enter takes the whole cluster where a rule lends that", async () => {
    const lent = { ...LENT, rules: [BREAK_GLASS_RULE] };
    const { terms, tables } = await dialogue(lent, [
      ["Namespaces, or Enter for the whole cluster: ", ""],
      ["5m to 4h [1h]", "5m"],
      ["Reason: ", "outage"],
    ]);
    expect(terms).toEqual({
      cluster: "prod",
      policy: "AmazonEKSClusterAdminPolicy",
      clusterScope: true,
      duration: "5m",
      reason: "outage",
      rule: "break-glass",
    });
    expect(tables).toContain("Cluster: prod (the only one)");
  });

  it("Namespaces may be named where a rule lends the whole cluster, and no patterns", async () => {
    const { terms, shown } = await dialogue({ ...LENT, rules: [BREAK_GLASS_RULE] }, [
      ["Namespaces, or Enter for the whole cluster: ", "kube-system payments-*"],
      ["payments-* is no name of a namespace", "kube-system, payments-api"],
      ["5m to 4h", ""],
      ["Reason: ", "outage"],
    ]);
    expect(terms).toMatchObject({ namespace: ["kube-system", "payments-api"] });
    expect(terms).not.toHaveProperty("clusterScope");
    expect(shown).toContain("payments-* is no name");
  });

  it("No scope is asked for where a rule lends exactly the whole cluster", async () => {
    const access = {
      policies: ["AmazonEKSClusterAdminPolicy"],
      scope: "cluster",
      exactly: true,
    } as const;
    const { terms } = await dialogue({ ...LENT, rules: [{ ...BREAK_GLASS_RULE, access }] }, [
      ["5m to 4h", ""],
      ["Reason: ", "outage"],
    ]);
    expect(terms).toMatchObject({ clusterScope: true });
  });

  it("The prompts of a request ask for the groups where a rule lends several", async () => {
    const { terms, shown } = await dialogue({ ...LENT, rules: [GROUPS_RULE] }, [
      ["Groups, of eks-admins, eks-viewers", ""],
      ["Name at least one", "system:masters"],
      ["does not lend system:masters", "eks-viewers"],
      ["5m to 4h", ""],
      ["Reason: ", "look"],
    ]);
    expect(terms).toMatchObject({ group: ["eks-viewers"] });
    expect(shown).toContain("Name at least one");
  });

  it("The prompts of a request ask for the principal only where the person has several", async () => {
    const admin = "arn:aws:iam::111122223333:role/people/alice-admin";
    const lent = {
      ...LENT,
      principals: [ALICE, admin],
      rules: [{ ...BREAK_GLASS_RULE, principals: [ALICE, admin] }],
    };
    const { terms } = await dialogue(lent, [
      ["Enter for the whole cluster", ""],
      ["As", admin],
      ["5m to", ""],
      ["Reason: ", "outage"],
    ]);
    expect(terms.principal).toBe(admin);
    const other = { ...lent, rules: [{ ...BREAK_GLASS_RULE, principals: [admin] }] };
    expect(
      (
        await dialogue(other, [
          ["Enter for the whole cluster", ""],
          ["5m to", ""],
          ["Reason: ", "outage"],
        ])
      ).terms.principal,
    ).toBe(admin);
  });

  const UP_TO: Readonly<Record<string, readonly Turn[]>> = {
    cluster: [],
    access: [["Cluster", "prod"]],
    namespaces: [
      ["Cluster", "prod"],
      ["Access", "1"],
    ],
    duration: [
      ["Cluster", "prod"],
      ["Access", "1"],
      ["Namespaces", "payments-api"],
    ],
    reason: [
      ["Cluster", "prod"],
      ["Access", "1"],
      ["Namespaces", "payments-api"],
      ["5m to 4h", ""],
    ],
  };

  it.each([
    ["cluster", "Cluster", "4", "Give a number from 1 to 2, or a name from the list."],
    ["cluster", "Cluster", "0", "Give a number from 1 to 2"],
    ["cluster", "Cluster", "prod2", "Give a number from 1 to 2"],
    ["access", "Access", "AmazonEKSViewPolicy", "Several have the name AmazonEKSViewPolicy"],
    ["namespaces", "Namespaces", "kube-system payments-api", "does not lend kube-system."],
    [
      "namespaces",
      "Namespaces",
      "payments-*",
      "does not lend payments-*. It lends names only, no patterns.",
    ],
    ["namespaces", "Namespaces", " , ", "Name at least one"],
    ["duration", "5m to 4h", "4h1m", "4h1m is not within 5m to 4h."],
    ["duration", "5m to 4h", "4m", "4m is not within 5m to 4h."],
    ["duration", "5m to 4h", "5m30s", "Write whole days, hours and minutes,"],
    ["duration", "5m to 4h", "-1h", "Write whole days, hours and minutes"],
    ["reason", "Reason: ", "INC-1 bad", "The reason needs at least 10 characters and has 9."],
    [
      "reason",
      "Reason: ",
      "a stuck rollout",
      "The reason names no ticket that matches ^(PAY|INC)-[0-9]+$.",
    ],
    ["reason", "Reason: ", "", "Give a reason"],
  ])(
    "The prompt for the %s, %s, does not take %j, says why, and asks again",
    async (at, question, line, why) => {
      const { context } = fakeTerminal();
      const person = typist(false);
      const asked = askTerms(person.prompt, context.screen.err, LENT);
      for (const turn of UP_TO[at] ?? []) await person.answer(...turn);
      await person.answer(question, line);
      await person.answer(why, "");
      person.prompt.close();
      await expect(asked).rejects.toMatchObject({ exit: "interrupted" });
      expect(person.shown()).toContain(why);
    },
  );

  it("The prompts of a request accept seconds, and say so, where the shortest duration has seconds", async () => {
    const rule = {
      ...BREAK_GLASS_RULE,
      duration: { ...BREAK_GLASS_RULE.duration, minimum: "15s", minimumSeconds: 15 },
    };
    const { terms, shown } = await dialogue({ ...LENT, rules: [rule] }, [
      ["Enter for the whole cluster", ""],
      ["15s to 4h [1h]", "soon"],
      ["Write whole days, hours, minutes and seconds", "15s"],
      ["Reason: ", "outage"],
    ]);
    expect(terms.duration).toBe("15s");
    expect(shown).not.toContain("hours and minutes");
  });

  it("The prompts of a request accept patterns where the rule lends them", async () => {
    const rule = {
      ...EDIT_RULE,
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["payments-*"], wildcards: true },
    };
    const { terms } = await dialogue({ ...LENT, rules: [rule] }, [
      ["Namespaces within payments-*, or patterns", "payments-api-*"],
      ["5m to 4h", ""],
      WHY,
    ]);
    expect(terms.namespace).toEqual(["payments-api-*"]);
  });

  it("The prompts leave out rules without a principal of the person, and end without any rule", async () => {
    const { context } = fakeTerminal();
    const lent = { ...LENT, rules: [{ ...EDIT_RULE, principals: [] }] };
    await expect(askTerms(typist().prompt, context.screen.err, lent)).rejects.toMatchObject({
      exit: "refused",
      code: "nothing-lent",
    });
  });

  it("The prompts of a request fit a narrow terminal", async () => {
    const { tables } = await dialogue(
      LENT,
      [
        ["Cluster", "prod"],
        ["Access", "4"],
        ["Enter for the whole cluster", ""],
        ["5m to", ""],
        ["Reason: ", "outage"],
      ],
      60,
    );
    for (const line of tables.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});
