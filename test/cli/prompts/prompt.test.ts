import { describe, expect, it } from "vitest";
import { askForYes, checkConfirmable, confirm } from "../../../cli/prompts/confirm.ts";
import { fakeTerminal, typist } from "../fake-terminal.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

describe("a prompt", () => {
  it("A prompt asks again until the answer can be read", async () => {
    const person = typist();
    const asked = person.prompt.ask("Number: ", (line) =>
      line === "7" ? { value: 7 } : { wrong: "It is seven." },
    );
    await person.answer("Number: ", "8");
    await person.answer("It is seven.", " 7 ");
    expect(await asked).toBe(7);
  });

  it.each([
    ["Ctrl-C", CTRL_C],
    ["Ctrl-D", CTRL_D],
  ])(
    "A prompt ends at %s, says that nothing was sent, and restores the terminal",
    async (_key, key) => {
      const person = typist();
      const asked = person.prompt.ask("Name: ", (line) => ({ value: line }));
      expect(person.raw()).toBe(true);
      await person.press("Name: ", `half an answer${key === CTRL_D ? "\u0015" : ""}${key}`);
      await expect(asked).rejects.toMatchObject({
        exit: "interrupted",
        message: "You stopped at the prompt. Nothing was sent.",
      });
      expect(person.raw()).toBe(false);
      expect(person.shown().endsWith("\n")).toBe(true);
    },
  );

  it("A prompt ends at Ctrl-C while it waits for work", async () => {
    const person = typist();
    const waiting = person.prompt.during(new Promise(() => undefined));
    await person.press("", CTRL_C);
    await expect(waiting).rejects.toMatchObject({ exit: "interrupted" });
  });

  it("A prompt does not suggest an earlier answer at the next question", async () => {
    const person = typist();
    const first = person.prompt.ask("First: ", (line) => ({ value: line }));
    await person.answer("First: ", "one");
    await first;
    const second = person.prompt.ask("Second: ", (line) => ({ value: line }));
    await person.answer("Second: ", "\u001b[A");
    expect(await second).toBe("");
  });
});

describe("a confirmation", () => {
  it.each(["y", "Y", "yes"])("A confirmation takes %s for a yes", async (line) => {
    const person = typist();
    const asked = askForYes(person.prompt, "Send it?");
    await person.answer("Send it? [y/N] ", line);
    await expect(asked).resolves.toBeUndefined();
  });

  it.each(["", "n", "yess", "no y"])("A confirmation takes %j for a no", async (line) => {
    const person = typist();
    const asked = askForYes(person.prompt, "Send it?");
    await person.answer("Send it? [y/N] ", line);
    await expect(asked).rejects.toMatchObject({ exit: "interrupted", code: "not-confirmed" });
  });

  it("A confirmation restores the terminal after any answer", async () => {
    const person = typist();
    const { context } = fakeTerminal({ interactive: true, prompt: person.prompt });
    const asked = confirm(context, {}, "Approve this?");
    await person.answer("Approve this? [y/N] ", "n");
    await expect(asked).rejects.toMatchObject({ code: "not-confirmed" });
    expect(person.raw()).toBe(false);
  });

  it("The option --yes replaces a confirmation", async () => {
    await expect(confirm(fakeTerminal().context, { yes: true }, "?")).resolves.toBeUndefined();
    expect(() => checkConfirmable(fakeTerminal().context, { yes: true })).not.toThrow();
  });

  it("A command without a terminal and without --yes is refused, since it needs a confirmation", () => {
    expect(() => checkConfirmable(fakeTerminal().context, {})).toThrow(
      expect.objectContaining({ exit: "usage", code: "not-confirmed-by-flag" }),
    );
    expect(() => checkConfirmable(fakeTerminal({ interactive: true }).context, {})).not.toThrow();
  });
});
