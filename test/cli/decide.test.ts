/** Two approvers decide at once: the one who comes later reads who was faster, and when. */
import { describe, expect, it } from "vitest";
import { decide } from "../../cli/commands/decide.ts";
import { Failure } from "../../cli/failures/failure.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { answerTo, approved, asked, denied } from "./sample-requests.ts";

const PENDING = answerTo(asked());
const APPROVED = answerTo(approved(asked()));
const DENIED = answerTo(denied(asked()));

const TOO_LATE = new Failure("conflict", "illegal-transition", {
  what: "The request is approved, so deny is not possible. (illegal-transition)",
  notDone: "Nothing was changed.",
  next: ["Next: see its state with timelatch show."],
});

/** The findings of a decision that another one overtook. @param shown before it, and after it */
async function overtaken(shown: RequestAnswer, after: RequestAnswer | undefined) {
  let isSent = false;
  const api = fakeApi(({ method }) => {
    if (method === "POST") {
      isSent = true;
      throw TOO_LATE;
    }
    if (isSent && !after) throw new Error("no answer");
    return isSent ? after : shown;
  });
  const { context } = fakeTerminal({ api });
  const error: unknown = await decide(context, "deny", PENDING.id, { yes: true }).catch(
    (failure: unknown) => failure,
  );
  return (error as Failure).text;
}

describe("a request that somebody else decided", () => {
  it("The refusal says who approved it and when", async () => {
    const { what, findings } = await overtaken(PENDING, APPROVED);
    expect(what).toBe(TOO_LATE.text.what);
    expect(findings).toEqual([expect.stringMatching(/^bob approved it at .+ ago\.$/)]);
  });

  it("The refusal says who denied it", async () => {
    const { findings } = await overtaken(PENDING, DENIED);
    expect(findings).toEqual(["Denied by bob: Not tonight."]);
  });

  it("It is said before anything is sent, where it is known by then", async () => {
    const { findings, notDone } = await overtaken(APPROVED, undefined);
    expect(notDone).toBe("Nothing was sent.");
    expect(findings).toEqual([expect.stringMatching(/^bob approved it at /)]);
  });

  it("Where the request cannot be read, the refusal stays as it is", async () => {
    expect(await overtaken(PENDING, undefined)).toMatchObject({
      findings: [],
      next: TOO_LATE.text.next,
    });
  });
});
