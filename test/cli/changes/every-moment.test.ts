/** Ctrl-C at each moment of each change: what the command prints is true of what was sent and stored. */
import { describe, expect, it } from "vitest";
import type { Change, ChangeName, Sent } from "../../../cli/changes/change.ts";
import { CHANGES } from "../../../cli/changes/changes.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { SAMPLES } from "../sample-changes.ts";
import { interruptionIn, lateApi, sending } from "./stopped-command.ts";

const NAMES = Object.keys(CHANGES) as readonly ChangeName[];
const rowOf = (name: ChangeName) => CHANGES[name] as unknown as Change<ChangeName, unknown>;
const sentOf = (name: ChangeName) => SAMPLES[name].sent as Sent;
const happened = (name: ChangeName) => rowOf(name).happened(SAMPLES[name].answer, sentOf(name));
const interrupt = () => void process.emit("SIGINT");

/** Nobody may read anything: only the answer of the change says what became of it. */
const unread = () => {
  throw new Error("This API answers no read.");
};
const turns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};
const refusal = new Failure("conflict", "not-pending", {
  what: "It is over.",
  notDone: "Nothing was changed.",
  next: ["Next: see it."],
});

/** The message and the outcome of a change that is stopped. @param then what comes after it has left */
async function stopped(
  name: ChangeName,
  then: (api: ReturnType<typeof lateApi>) => Promise<void> | void,
) {
  const api = lateApi(unread);
  const { failure, terminal } = sending(api, sentOf(name));
  await api.left;
  interrupt();
  await turns();
  await then(api);
  const ended = await failure;
  const { message, text } = ended;
  const outcome = interruptionIn(ended)["outcome"];
  return { said: `${terminal.err()}${message}`, message, text, outcome };
}

describe.each(NAMES)("Ctrl-C while %s is sent", (name) => {
  it("Before it leaves, it says that nothing was sent, and nothing leaves", async () => {
    const signed = Promise.withResolvers<void>();
    const api = lateApi(unread, signed.promise);
    let hasLeft = false;
    void api.left.then(() => {
      hasLeft = true;
    });
    const { failure } = sending(api, sentOf(name));
    interrupt();
    const { message } = await failure;
    signed.resolve();
    await turns();
    expect(message).toContain(`${rowOf(name).what(sentOf(name))} had not left. Nothing was sent.`);
    expect({ hasLeft, outcome: interruptionIn(await failure)["outcome"] }).toEqual({
      hasLeft: false,
      outcome: "not-sent",
    });
  });

  it("If the answer comes then, it says what happened, and nothing of what may have", async () => {
    const { said, message, outcome } = await stopped(name, (api) =>
      api.answer(SAMPLES[name].answer as object),
    );
    expect(outcome).toBe("done");
    expect(message).toContain(happened(name));
    expect(said).not.toMatch(/may or may not|nothing was sent/i);
  });

  it("If the API refuses it then, it says so, and not that it happened", async () => {
    const { message, outcome } = await stopped(name, (api) => api.fail(refusal));
    expect(outcome).toBe("refused");
    expect(message).toContain("was sent, and the API refused it: It is over. Nothing was changed.");
    expect(message).not.toContain(happened(name));
  });

  it("If nobody waits for the answer, it says neither that it happened nor that it did not", async () => {
    const { message, text, outcome } = await stopped(name, async () => {
      for (let press = 0; press < 4; press += 1) {
        interrupt();
        await turns();
      }
    });
    expect(outcome).toBe("unknown");
    expect(message).toContain("was sent, and no answer came.");
    expect(text.notDone).toBe("The change may or may not have been made, or be made yet.");
    expect(message).not.toContain(happened(name));
    expect(text.next.join(" ")).toContain(rowOf(name).see(sentOf(name)));
  });

  it("If it fails without an answer, it does not say that nothing was done", async () => {
    const lost = new Failure("unavailable", "timeout", {
      what: "No answer.",
      notDone: "The change may or may not have been made.",
      unsure: true,
      next: ["Next: look."],
    });
    const { message, outcome } = await stopped(name, async (api) => {
      api.fail(lost);
      await turns();
    });
    expect(outcome).toBe("unknown");
    expect(message).toContain("The change may or may not have been made");
  });
});
