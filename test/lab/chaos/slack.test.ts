/** Acts of people in Slack in a run, the answers that they get there, and their judgement. */
import { describe, expect, it } from "vitest";
import { verdictsOn } from "../../../lab/chaos/judge/judgements.ts";
import type { Seen } from "../../../lab/chaos/judge/seen.ts";
import type { Action } from "../../../lab/chaos/plan/action.ts";
import { makePlan } from "../../../lab/chaos/plan/make-plan.ts";
import { slackRefusals } from "../../../lab/chaos/stage/slack-refusals.ts";
import type { SandboxAddresses } from "../../../lab/sandbox/stack/start.ts";
import { at, CLEAN, GRANT, historyOf } from "./clean-run.ts";

const ADDRESSES = {} as SandboxAddresses;

describe("Acts in Slack", () => {
  it("People approve, cancel, return, revoke and ask both in Slack and with the API", () => {
    const plan = [1, 2].flatMap((seed) => makePlan(seed, 10));
    const kinds = (isInSlack: boolean) =>
      new Set(
        plan
          .filter((one) => "life" in one && "inSlack" in one === isInSlack)
          .map((one) => one.kind),
      );
    for (const kind of ["ask", "approve", "deny", "cancel", "return", "revoke"] as const) {
      expect(kinds(true)).toContain(kind);
      expect(kinds(false)).toContain(kind);
    }
    expect(kinds(true).size).toBe(6);
  });

  const acted = (action: Action, answer: string): Seen["deeds"] => [
    { action, answer, from: at(4), to: at(5) },
  ];
  const revoke = { kind: "revoke", life: 1, person: "carol", at: 0, inSlack: true } as const;
  const sentences = (seen: Partial<Seen>) =>
    verdictsOn({ ...CLEAN, presences: [], ...seen })
      .filter(({ findings }) => findings.length > 0)
      .map(({ name }) => name);
  const revoked = (proof: object) => {
    const [request, approve, step] = historyOf(
      ...([
        ["request", -1],
        ["approve", 0],
        ["revoke", 4, "carol"],
      ] as const),
    );
    const events = [request, approve, { ...step, details: { proof } }] as typeof GRANT.events;
    return { requests: [{ ...GRANT, events }] };
  };
  const judged = (deeds: Seen["deeds"], seen: Partial<Seen> = {}) =>
    sentences({ deeds, ...seen }).filter((name) => name === "answers");

  it("A click that was acknowledged and not refused is that person's step from Slack", () => {
    const done = acted(revoke, "200 in Slack");
    expect(judged(done, revoked({ signedBody: "hash" }))).toEqual([]);
    expect(judged(done, revoked({ caller: "arn" }))).toEqual(["answers"]);
    expect(judged(done)).toEqual(["answers"]);
    expect(judged(acted(revoke, "refused in Slack"))).toEqual([]);
    expect(judged(acted(revoke, "not acknowledged (operation_timeout)"))).toEqual([]);
  });

  it("A click that was acknowledged ends access as soon as an answer of the API does", () => {
    const presences = [{ ...CLEAN.presences[0], to: at(17) } as Seen["presences"][number]];
    const give = { kind: "return", life: 1, person: "alice", at: 0, inSlack: true } as const;
    const bounds = (answer: string) => sentences({ deeds: acted(give, answer), presences });
    expect(bounds("200 in Slack")).toContain("bounds");
    expect(bounds("refused in Slack")).not.toContain("bounds");
  });

  it("A request that /access confirmed is there", () => {
    const ask = (life: number) =>
      acted(
        {
          kind: "ask",
          life,
          person: "alice",
          terms: "edit-api",
          seconds: 20,
          at: 0,
          inSlack: true,
        },
        "200 in Slack",
      );
    expect([judged(ask(1)), judged(ask(2))]).toEqual([[], ["answers"]]);
  });
});

describe("Refusals in Slack", () => {
  const call = (seq: number, method: string, args: object = {}) => ({
    seq,
    method,
    arguments: args,
  });
  type Calls = ReturnType<typeof call>[];
  const log = () => {
    const calls: Calls = [];
    let pid = 1;
    const read = async (_: unknown, after: number) => calls.filter(({ seq }) => seq > after);
    const refusals = slackRefusals(() => pid, read);
    return {
      calls,
      refusals,
      restart: () => {
        pid += 1;
      },
    };
  };
  const refusal = (seq: number, user: string) => call(seq, "chat.postEphemeral", { user });

  it("Only what was posted for the person since they acted refuses them", async () => {
    const { calls, refusals } = log();
    calls.push(refusal(1, "U1"));
    const isRefused = await refusals.listen(ADDRESSES, "U1");
    calls.push(call(2, "chat.update"), refusal(3, "U2"));
    expect(await isRefused()).toBe(false);
    calls.push(refusal(4, "U1"));
    expect(await isRefused()).toBe(true);
  });

  it("A post that Slack did not take may have been a refusal of anybody", async () => {
    const { calls, refusals } = log();
    const isRefused = await refusals.listen(ADDRESSES, "U1");
    calls.push(call(1, "chat.postEphemeral"));
    expect(await isRefused()).toBe(true);
  });

  it("Earlier calls of another sandbox are not known, so each counts as a refusal", async () => {
    const { refusals, restart } = log();
    const isRefused = await refusals.listen(ADDRESSES, "U1");
    restart();
    expect(await isRefused()).toBe(true);
  });
});
