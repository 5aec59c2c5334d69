import { describe, expect, it } from "vitest";
import type { Api } from "../../cli/api/api-client.ts";
import { Failure } from "../../cli/failures/failure.ts";
import { widthOf } from "../../cli/terminal/visible-text.ts";
import { effectiveText, waitUntilEffective } from "../../cli/wait.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

const PENDING = answerTo(asked());
const ACTIVE = answerTo(activated(approved(asked())));

/** Answers one after the other; a failure is thrown. */
function answering(...answers: readonly (RequestAnswer | Failure)[]): Api {
  const left = [...answers];
  return fakeApi(() => {
    const next = left.shift();
    if (next instanceof Failure || next === undefined) throw next ?? new Error("Too many calls.");
    return next;
  });
}

describe("waiting on a terminal", () => {
  it("rewrites a single line that never wraps, and clears it in the end", async () => {
    const { context, written } = fakeTerminal({ columns: 50 });
    const answer = await waitUntilEffective(context, answering(PENDING, ACTIVE), PENDING);
    expect(answer).toEqual(ACTIVE);
    expect(written.join("")).not.toContain("\n");
    expect(written).toHaveLength(4);
    for (const line of written) expect(line.startsWith("\r\u001b[K")).toBe(true);
    for (const line of written.slice(0, 3)) {
      expect(widthOf(line.slice(4))).toBeLessThan(50);
      expect(line).toContain("(waited ");
    }
    expect(written.at(-1)).toBe("\r\u001b[K");
  });
});

describe("waiting", () => {
  const refused = new Failure("refused", "credentials-not-accepted", {
    happened: "No.",
    undone: "Nothing was done.",
    next: ["Next: sign in."],
  });

  it("is given up at once when the credentials are no longer accepted", async () => {
    const { context } = fakeTerminal();
    await expect(waitUntilEffective(context, answering(refused), PENDING)).rejects.toBe(refused);
  });

  it.each(["ending", "ended", "lapsed", "failed"] as const)(
    "is in vain for a request that is %s",
    async (state) => {
      const { context } = fakeTerminal();
      await expect(
        waitUntilEffective(context, answering(), { ...PENDING, state }),
      ).rejects.toMatchObject({ exit: "noAccess", code: `request-${state}` });
    },
  );

  it("leaves no listener for Ctrl-C behind", async () => {
    const { context } = fakeTerminal();
    const before = process.listenerCount("SIGINT");
    await waitUntilEffective(context, answering(), ACTIVE);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});

describe("what is told once access is there", () => {
  it("is until when, what remains, the margin, and how to use it", () => {
    const text = effectiveText(ACTIVE, "2026-11-24T10:05:00.000Z");
    expect(text).toMatch(/2026-11-24 11:01 UTC\)?, in 56m\./);
    expect(text.match(/11:01 UTC/g)).toHaveLength(1);
    expect(text).toMatch(/It may be taken away from .+ on; finish by then\./);
    expect(text).toContain("aws eks update-kubeconfig --region us-west-2 --name prod");
  });
});
