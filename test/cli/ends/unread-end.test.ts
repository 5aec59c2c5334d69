/** `timelatch revoke` of a grant whose record others spoiled: the API notes such an end, if it is asked. */
import { expect, it } from "vitest";
import { end } from "../../../cli/commands/end.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeApi, fakeTerminal, typist } from "../fake-terminal.ts";
import { answerTo, asked, cancelled } from "../sample-requests.ts";

it.each(["notFound", "unavailable"] as const)(
  "A revoke is sent although its request cannot be read: %s",
  { timeout: 5_000 },
  async (exit) => {
    const id = "019ab5c2-0000-7000-8000-00000000000c";
    const api = fakeApi(({ method }) => {
      if (method === "GET")
        throw new Failure(exit, "request-not-found", {
          what: "It is unread.",
          notDone: "",
          next: ["Wait."],
        });
      return answerTo(cancelled(asked()));
    });
    const person = typist();
    const { context } = fakeTerminal({ interactive: true, api, prompt: person.prompt });
    void person.answer("Revoke this access now?", "y");
    await end(context, "revoke", id, {});
    expect(api.calls.map(({ method }) => method)).toContain("POST");
  },
);
