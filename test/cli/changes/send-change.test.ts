/** Ctrl-C and SIGTERM while a change is sent. */
import { describe, expect, it } from "vitest";
import type { Call } from "../../../cli/api/call.ts";
import { Failure, failureDocument } from "../../../cli/failures/failure.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { APPROVED, PENDING, SENT_APPROVAL, SENT_REQUEST } from "../sample-changes.ts";
import { aLife, idOf } from "../sample-requests.ts";
import { interruptionIn, lateApi, PATIENT, sending } from "./stopped-command.ts";

const BOB: WhoAmIAnswer = {
  person: "bob",
  groups: ["payments-leads"],
  roles: [],
  identityArn: "arn:aws:sts::111122223333:assumed-role/bob/bob",
};
const { events } = aLife();

/** Answers reads as the API does, after these events. */
const broker =
  (history: readonly unknown[] = [], who: WhoAmIAnswer = BOB) =>
  ({ path }: Call) => {
    if (path === "/v1/whoami") return who;
    if (path.endsWith("/events")) return { events: history };
    return path === "/v1/requests" ? { requests: [] } : APPROVED;
  };

const interrupt = () => process.emit("SIGINT");

describe("A change that is not interrupted", () => {
  it("A signal ends the process again after the turn in which the answer is printed", async () => {
    await new Promise(setImmediate);
    const before = process.listenerCount("SIGINT");
    const api = lateApi(broker());
    const { done } = sending(api, SENT_APPROVAL);
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    api.answer(APPROVED);
    expect(await done).toBe(APPROVED);
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    await new Promise(setImmediate);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("A refusal of the API passes through", async () => {
    const api = lateApi(broker());
    const { done } = sending(api, SENT_APPROVAL);
    const refusal = new Error("no");
    api.fail(refusal);
    await expect(done).rejects.toBe(refusal);
  });
});

describe("Ctrl-C before the change has left", () => {
  it("Nothing leaves afterwards, and the command says that nothing was sent", async () => {
    const signed = Promise.withResolvers<void>();
    const api = lateApi(broker(), signed.promise);
    let left = false;
    api.left.then(() => {
      left = true;
    });
    const { failure } = sending(api, SENT_APPROVAL);
    interrupt();
    const { exit, message } = await failure;
    expect({ exit, message }).toEqual({
      exit: "interrupted",
      message: `You stopped the command. Your approval of ${idOf(1)} had not left. Nothing was sent.`,
    });
    signed.resolve();
    await signed.promise;
    await Promise.resolve();
    expect({ left, reads: api.reads }).toEqual({ left: false, reads: [] });
  });
});

describe("Ctrl-C after the change has left", () => {
  it("The command says at once what was sent, waits for the answer, and then says what undoes it", async () => {
    const api = lateApi(broker());
    const { terminal, failure } = sending(api, SENT_APPROVAL);
    await api.left;
    interrupt();
    await Promise.resolve();
    api.answer(APPROVED);
    const { message, text, exit } = await failure;
    expect(terminal.err().replaceAll("\n", " ")).toContain(
      `Your approval of ${idOf(1)} was sent. Waiting up to 3600 s for the answer; Ctrl-C`,
    );
    expect({ exit, message }).toEqual({
      exit: "interrupted",
      message: `You stopped the command. Your approval of ${idOf(1)} is stored; the request is approved. Nothing was undone.`,
    });
    expect(text.next).toEqual(["Next: revoke it:", `  timelatch revoke ${idOf(1)}`]);
  });

  it("A refusal that comes then is said, with the API's next step", async () => {
    const api = lateApi(broker());
    const { failure } = sending(api, SENT_APPROVAL);
    await api.left;
    interrupt();
    api.fail(
      new Failure("conflict", "not-pending", {
        what: "It was cancelled.",
        notDone: "Nothing was changed.",
        next: ["Next: see it."],
      }),
    );
    const refused = await failure;
    expect(refused.exit).toBe("interrupted");
    expect(refused.message).toContain("the API refused it: It was cancelled. Nothing was changed.");
    expect(refused.text.next).toEqual(["Next: see it."]);
    expect(interruptionIn(refused)).toMatchObject({ outcome: "refused", undo: [] });
  });

  it("SIGTERM does the same, and has its own exit code", async () => {
    const api = lateApi(broker());
    const { failure } = sending(api, SENT_APPROVAL);
    await api.left;
    process.emit("SIGTERM");
    api.answer(APPROVED);
    const { exit, message } = await failure;
    expect(exit).toBe("terminated");
    expect(message).toMatch(/^SIGTERM stopped the command\. Your approval of .+ is stored;/);
  });

  it("Under --json it is one document with the answer, and the commands that undo it", async () => {
    const api = lateApi(broker());
    const { failure } = sending(api, SENT_REQUEST);
    await api.left;
    interrupt();
    api.answer(PENDING);
    expect(failureDocument(await failure)).toMatchObject({
      type: "urn:timelatch:cli:interrupted",
      exitCode: 130,
      interruption: {
        signal: "SIGINT",
        change: "createRequest",
        outcome: "done",
        undo: [`timelatch cancel ${idOf(1)}`],
        idempotencyKey: "key-1",
      },
      answer: PENDING,
    });
  });
});

describe("A change that has no answer", () => {
  /** The second Ctrl-C comes once the first is heard. */
  async function stoppedTwice(api: ReturnType<typeof lateApi>, sent = SENT_APPROVAL) {
    const { failure } = sending(api, sent);
    await api.left;
    interrupt();
    interrupt();
    return failure;
  }

  it("A second Ctrl-C ends the wait, and a read shows by version and actor that it was stored", async () => {
    const api = lateApi(broker(events));
    const failure = await stoppedTwice(api);
    expect(failure.message).toContain(`Your approval of ${idOf(1)} is stored;`);
    expect(interruptionIn(failure)).toMatchObject({ outcome: "done" });
  });

  it.each([
    ["nothing", []],
    ["what came before the version that was shown", events.map((e) => ({ ...e, seq: 1 }))],
    ["what somebody else decided", events.map((e) => ({ ...e, actor: "erin" }))],
  ])("Nobody knows where the history has only: %s", async (_what, history) => {
    const api = lateApi(broker(history));
    const failure = await stoppedTwice(api);
    expect(failure.message).toMatch(
      /was sent, and no answer came\. A read at .+ UTC did not show it\. The change may or may not have been made, or be made yet\.$/,
    );
    expect(failure.text.next).toEqual([
      "Next: see what became of it:",
      `  timelatch show ${idOf(1)}`,
      "If it was made, revoke it:",
      `  timelatch revoke ${idOf(1)}`,
    ]);
    expect(interruptionIn(failure)).toMatchObject({ outcome: "unknown" });
  });

  it("A read that fails proves nothing, and is not named", async () => {
    const api = lateApi(({ path }) => {
      if (path === "/v1/whoami") return BOB;
      throw new Error("no network");
    });
    const failure = await stoppedTwice(api);
    expect(failure.message).toContain("and no answer came. The change may or may not");
    expect(interruptionIn(failure)).not.toHaveProperty("readAt");
  });

  it("A third Ctrl-C ends the read", async () => {
    const asked = Promise.withResolvers<void>();
    const api = lateApi(({ path }) => {
      if (path === "/v1/whoami") return BOB;
      asked.resolve();
      return new Promise(() => undefined);
    });
    const stopping = stoppedTwice(api);
    await asked.promise;
    interrupt();
    expect(interruptionIn(await stopping)).toMatchObject({ outcome: "unknown" });
  });

  it("An answer that comes during the read counts", async () => {
    const asked = Promise.withResolvers<void>();
    const api = lateApi(({ path }) => {
      if (path === "/v1/whoami") return BOB;
      asked.resolve();
      return new Promise(() => undefined);
    });
    const stopping = stoppedTwice(api);
    await asked.promise;
    api.answer(APPROVED);
    expect(interruptionIn(await stopping)).toMatchObject({ outcome: "done" });
  });

  it("The command reads by itself once the time for the answer is over", async () => {
    const api = lateApi(broker(events));
    const { failure } = sending(api, SENT_APPROVAL, { ...PATIENT, answerMs: 0 });
    await api.left;
    interrupt();
    expect(interruptionIn(await failure)).toMatchObject({ outcome: "done" });
  });

  it("The command reads where the connection closed without an answer", async () => {
    const api = lateApi(broker(events));
    const { failure } = sending(api, SENT_APPROVAL);
    await api.left;
    interrupt();
    api.fail(
      new Failure("unavailable", "connection-reset", {
        what: "It closed the connection.",
        notDone: "The change may or may not have been made.",
        unsure: true,
        next: ["Next: see."],
      }),
    );
    expect(interruptionIn(await failure)).toMatchObject({ outcome: "done" });
  });

  it("A request whose fate is unknown names the key that makes no second one", async () => {
    const api = lateApi(broker());
    const { failure } = sending(api, SENT_REQUEST, { ...PATIENT, answerMs: 0 });
    await api.left;
    interrupt();
    expect((await failure).text.next).toEqual([
      "Next: see what became of it:",
      "  timelatch list",
      "To send it again without making a second one, add:",
      "  --idempotency-key key-1",
    ]);
  });

  it("A third Ctrl-C ends the question who it is, which nothing answers", async () => {
    const asked = Promise.withResolvers<void>();
    const api = lateApi(() => {
      asked.resolve();
      return new Promise(() => undefined);
    });
    const stopping = stoppedTwice(api);
    await asked.promise;
    interrupt();
    expect(interruptionIn(await stopping)).toMatchObject({ outcome: "unknown" });
    expect(api.reads).toEqual(["/v1/whoami"]);
  });

  it("A change that ends nothing asks for nobody's access", async () => {
    const api = lateApi(broker(events));
    await stoppedTwice(api);
    expect(api.reads.filter((path) => path.includes("/people/"))).toEqual([]);
  });

  it("A request that has no id yet is named by no subject, and any other by its id", async () => {
    const api = lateApi(broker());
    const { failure } = sending(api, SENT_REQUEST, { ...PATIENT, answerMs: 0 });
    await api.left;
    interrupt();
    expect(interruptionIn(await failure)).not.toHaveProperty("subject");
    const approval = await stoppedTwice(lateApi(broker(events)));
    expect(interruptionIn(approval)).toMatchObject({ subject: idOf(1) });
  });
});

describe("An answer that came after Ctrl-C", () => {
  it("Another Ctrl-C ends the question who it is, and the answer counts all the same", async () => {
    const asked = Promise.withResolvers<void>();
    const api = lateApi(() => {
      asked.resolve();
      return new Promise(() => undefined);
    });
    const { failure } = sending(api, SENT_APPROVAL);
    await api.left;
    interrupt();
    api.answer(APPROVED);
    await asked.promise;
    interrupt();
    const { text } = await failure;
    expect(interruptionIn(await failure)).toMatchObject({ outcome: "done" });
    expect(text.next[0]).toContain("its approvers and admins can revoke it:");
  });
});
