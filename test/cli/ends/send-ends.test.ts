/** Ends that are sent one after the other, and those that a failure keeps back. */
import { describe, expect, it } from "vitest";
import { planEnds } from "../../../cli/ends/plan-ends.ts";
import { readOvertaken, sendEnds } from "../../../cli/ends/send-ends.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { aRequest, brokerWith } from "./sample-ends.ts";

const failed = (exit: "refused" | "conflict" | "unavailable", unsure?: boolean) =>
  new Failure(exit, "no", {
    what: "No.",
    notDone: "Nothing was done.",
    next: ["Next: run it again."],
    ...(unsure === undefined ? {} : { unsure }),
  });

/** Ends three grants of alice, of which some fail. */
async function sending(failures: Readonly<Record<number, Failure>>, piped = true) {
  const requests = [1, 2, 3].map((number) => aRequest(number, "active"));
  const onEnd = (id: string) => {
    const number = requests.findIndex((each) => each.id === id) + 1;
    const failure = failures[number];
    if (failure) throw failure;
  };
  const api = brokerWith({ requests, onEnd });
  const terminal = fakeTerminal({ api, piped });
  const plan = planEnds(requests, { person: "alice", cluster: undefined, isOwn: false });
  const sent = await sendEnds({ context: terminal.context, api, plan, note: "lost" }).catch(
    (error: unknown) => error,
  );
  // Each end stops listening for signals in the turn after its answer.
  await new Promise(setImmediate);
  return { sent, api, terminal };
}

const cut = async (failure: Failure) => {
  const { sent, api } = await sending({ 1: failed("refused"), 2: failure });
  if (!(sent instanceof Failure)) throw new Error("It was not cut short.");
  return { api, ...sent.text, code: sent.code, exit: sent.exit };
};

describe("Sending ends", () => {
  it.each([
    ["out of reach and surely not made", failed("unavailable", false), false],
    ["out of reach, without a word of whether it was made", failed("unavailable"), false],
    ["out of reach and perhaps made", failed("unavailable", true), true],
    ["refused and perhaps made all the same", failed("refused", true), true],
  ] as const)("It stops at an end that is %s, and says so", async (_, failure, unsure) => {
    const { api, ...said } = await cut(failure);
    expect(api.ends).toEqual([`revoke ${idOf(1)}`, `revoke ${idOf(2)}`]);
    expect(said).toMatchObject({ code: "ends-cut-short", exit: failure.exit, unsure });
    expect(said.what).toBe("1 of 3 ends were answered, and the next was not: No.");
    expect(said.notDone).toBe(
      unsure
        ? "That one may or may not have been made."
        : "Nothing was done of that one and of those after it.",
    );
    expect(said.findings).toEqual([
      `${unsure ? "May be ended" : "Not ended"}: ${idOf(2)}`,
      `Refused: ${idOf(1)}: No. Nothing was done.`,
      `Not sent: ${idOf(3)}`,
    ]);
    const facts = { taken: [], refused: [idOf(1)], notSent: [idOf(3)] };
    expect(said.facts).toEqual({ ends: { ...facts, ...(unsure ? { unsure: idOf(2) } : {}) } });
  });

  it("It goes on after an end that the API surely refused", async () => {
    const { sent, api } = await sending({ 2: failed("refused"), 3: failed("conflict", false) });
    expect(api.ends).toHaveLength(3);
    expect(sent).toMatchObject({
      taken: [{ end: { request: { id: idOf(1) } }, answer: { state: "ending" } }],
      refused: [{ end: { request: { id: idOf(2) } } }, { end: { request: { id: idOf(3) } } }],
    });
  });

  it("A terminal shows how far it is, and that line is removed, however it ends", async () => {
    for (const failures of [{}, { 2: failed("unavailable") }]) {
      const { terminal } = await sending(failures, false);
      const lines = terminal.written.map((text) => text.replace("\r\u001b[K", ""));
      expect(lines).toEqual([
        ...["Ending 1 of 3", "Ending 2 of 3", "Ending 3 of 3"].slice(0, failures[2] ? 2 : 3),
        "",
      ]);
    }
  });
});

describe("An end that was refused because the request had changed", () => {
  it.each(["pending", "approved", "active"] as const)(
    "It is not ended where it is %s",
    async (state) => {
      expect(await overtaken("conflict", state)).toEqual([]);
    },
  );

  it.each(["ending", "ended", "failed", "cancelled", "denied"] as const)(
    "It counts as ended where it is %s by now",
    async (state) => {
      expect(await overtaken("conflict", state)).toMatchObject([{ id: idOf(1), state }]);
    },
  );

  it("It is left as refused where it cannot be read, and where it was refused for anything else", async () => {
    expect(await overtaken("refused", "ended")).toEqual([]);
    expect(await overtaken("conflict", undefined)).toEqual([]);
  });

  /** @param state as it is read then; undefined where it cannot be read */
  async function overtaken(
    exit: "refused" | "conflict",
    state: RequestAnswer["state"] | undefined,
  ) {
    const request = aRequest(1, "active");
    const onRead = () => {
      if (state === undefined) throw failed("unavailable");
    };
    const api = brokerWith({ requests: [request], onRead, ...(state ? { states: [state] } : {}) });
    const end = { verb: "revoke", request, others: [] } as const;
    return readOvertaken({ api }, [{ end, failure: failed(exit) }]);
  }
});
