/** Ctrl-C of an end also says what its requester can still do, or that nobody knows. */
import { describe, expect, it } from "vitest";
import type { Call } from "../../../cli/api/call.ts";
import type { Sent } from "../../../cli/changes/change.ts";
import { stoppedWaiting } from "../../../cli/changes/send-change.ts";
import { openSignals } from "../../../cli/terminal/interruption.ts";
import type {
  EffectiveAccessAnswer,
  PersonAccessAnswer,
} from "../../../shared/http/contract/person-access-answer.ts";
import { ACTIVE, PENDING, SAMPLES } from "../sample-changes.ts";
import { NOTHING_BESIDE } from "../sample-person-access.ts";
import { ALICE, idOf } from "../sample-requests.ts";
import { lateApi, PATIENT, sending } from "./stopped-command.ts";

const ENDING = { ...ACTIVE, state: "ending" } as const;
const OTHER: EffectiveAccessAnswer = {
  cluster: "prod",
  principalArn: ALICE,
  policy: "AmazonEKSViewPolicy",
  elements: ["cluster"],
  state: "there",
  by: idOf(9),
  from: null,
  until: "2026-11-24T11:00:00.000Z",
  asOf: null,
};
const REMAINING: PersonAccessAnswer = {
  person: "alice",
  at: "2026-11-24T10:05:07.000Z",
  cluster: "prod",
  access: [OTHER],
  unread: [],
  standingAsOf: "2026-11-24T09:00:00.000Z",
  ...NOTHING_BESIDE,
};
const NEXT = "  timelatch status alice --cluster prod";

const SENT_RETURN: Sent<"returnGrant"> = { ...SAMPLES.returnGrant.sent, before: ACTIVE };
const SENT_REVOKE = SAMPLES.revokeGrant.sent;

const answering =
  (access: unknown) =>
  ({ path }: Call) => {
    if (path.startsWith("/v1/people/")) return access;
    if (path === "/v1/whoami") return { person: "alice", groups: [], roles: [], identityArn: "x" };
    if (path.endsWith("/events"))
      return { events: [{ type: "return", actor: "alice", seq: ACTIVE.version + 1 }] };
    return ENDING;
  };
const interrupt = () => process.emit("SIGINT");

describe("Ctrl-C after an end has left", () => {
  it("The answer's own reading says what is still there, and as of when", async () => {
    const api = lateApi(answering(undefined));
    const { failure } = sending(api, SENT_RETURN);
    await api.left;
    interrupt();
    api.answer({ ...ENDING, remaining: REMAINING });
    const { text } = await failure;
    expect(text.findings?.[0]).toBe("As of 2026-11-24 10:05:07 UTC:");
    expect(text.findings?.[1]).toContain("alice STILL has AmazonEKSViewPolicy on all of");
    expect(text.findings?.[2]).toBe(`  timelatch return ${idOf(9)}`);
  });

  it("It reads what is still there where only a read proves the end", async () => {
    const api = lateApi(answering(REMAINING));
    const { failure } = sending(api, SENT_RETURN);
    await api.left;
    interrupt();
    interrupt();
    const { text } = await failure;
    expect(text.findings?.[0]).toBe("As of 2026-11-24 10:05:07 UTC:");
    expect(text.facts).toMatchObject({ answer: { remaining: REMAINING } });
  });

  it("A failed read is no failure of the end, and names the command that shows the rest", async () => {
    const api = lateApi((call) => {
      if (call.path.startsWith("/v1/people/")) throw new Error("no answer");
      return answering(undefined)(call);
    });
    const { failure } = sending(api, SENT_RETURN);
    await api.left;
    interrupt();
    interrupt();
    const { message, text } = await failure;
    expect(message).toContain("is stored; the request is ending.");
    expect(text.findings).toEqual(["Not read: what else alice can do on prod. See it:", NEXT]);
  });

  it.each([
    ["a return that was read before", SENT_RETURN, NEXT],
    ["a return", SAMPLES.returnGrant.sent, "  timelatch status"],
    ["a revocation", SENT_REVOKE, "  timelatch status <person>"],
  ] as const)(
    "Where nobody knows whether it was stored, it says the same: %s",
    async (_, sent, next) => {
      const api = lateApi(() => Promise.reject(new Error("no answer")));
      const { failure } = sending(api, sent as Sent<"returnGrant">, { ...PATIENT, readMs: 1 });
      await api.left;
      interrupt();
      interrupt();
      const { text } = await failure;
      expect(text.findings?.[0]).toMatch(/^Not read: what .* can (?:still )?do\b/);
      expect(text.findings?.[1]).toBe(next);
    },
  );

  it("A cancelled question lent nothing, so nothing is said of the rest", async () => {
    const api = lateApi(answering(REMAINING));
    const { failure } = sending(api, SAMPLES.cancelRequest.sent);
    await api.left;
    interrupt();
    api.answer({ ...PENDING, state: "cancelled" });
    expect((await failure).text.findings).toEqual([]);
  });
});

describe("Ctrl-C while an end waits for its proof", () => {
  it("It reads what is there by then, not what the answer said", async () => {
    const api = lateApi(answering({ ...REMAINING, access: [] }));
    const signals = openSignals();
    try {
      const last = { ...ENDING, remaining: undefined };
      const failure = await stoppedWaiting(api, SENT_RETURN, last as never, "SIGINT", signals);
      expect(failure.message).toContain("You stopped waiting.");
      expect(failure.text.findings?.[1]).toMatch(/^No other grant gives alice access on prod\./);
    } finally {
      signals.close();
    }
  });
});
