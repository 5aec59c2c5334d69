/** Refusals as an agent reads them: they name tools or its user, and no command of a terminal. */
import { describe, expect, it } from "vitest";
import { failureOfAnswer } from "../../../cli/api/answer-failure.ts";
import { parseApiAddress } from "../../../cli/api/api-address.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { TOOLS } from "../../../cli/mcp/mcp-server.ts";
import { nextForAgent } from "../../../cli/mcp/next-steps.ts";
import { OPERATION_KINDS } from "../../../shared/http/contract/operation-kinds.ts";
import { PROBLEMS } from "../../../shared/http/contract/problems.ts";

const refusal = (code: string, status: number) =>
  failureOfAnswer(
    { method: "POST", path: "/v1/requests" },
    {
      status,
      headers: new Headers(),
      text: JSON.stringify({
        type: `urn:timelatch:problem:${code}`,
        title: "It is so",
        status,
        detail: "That is why. Nothing was stored.",
      }),
    },
  );

const NAMES = TOOLS.map(({ name }) => name);
/** The operations that tools call. */
const CALLED = [
  "whoAmI",
  "listAccess",
  "previewRequest",
  "createRequest",
  "listRequests",
  "getRequest",
  "cancelRequest",
  "returnGrant",
] as const;

describe("What an agent is told to do after a refusal", () => {
  it.each(Object.entries(PROBLEMS))("It needs no terminal: %s", (code, { status }) => {
    const steps = nextForAgent(refusal(code, status)).join("\n");
    expect(steps).toMatch(/^Next: /);
    expect(steps).not.toMatch(/timelatch|--[a-z]|run it again|AWS_/);
  });

  it("It names only tools that there are", () => {
    const words = Object.entries(PROBLEMS).flatMap(([code, { status }]) =>
      nextForAgent(refusal(code, status)).flatMap(
        (step) => step.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [],
      ),
    );
    expect(words.length).toBeGreaterThan(5);
    for (const word of words) expect(NAMES).toContain(word);
  });

  it("A refusal that a request may get names a tool, or says that only the user can act", () => {
    const codes = new Set(CALLED.flatMap((operation) => OPERATION_KINDS[operation].problems));
    // A fault of the broker's says what to look at, as for every call.
    for (const code of [...codes].filter((each) => PROBLEMS[each].status < 500)) {
      const steps = nextForAgent(refusal(code, PROBLEMS[code].status)).join(" ");
      expect({
        code,
        says: /[a-z]_[a-z]|the tool|the user|ask for|shorten|tell whoever/.test(steps),
      }).toEqual({
        code,
        says: true,
      });
    }
  });

  it("What is wrong on its own machine is for its user, with the command that mends it", () => {
    const failure = (() => {
      try {
        return parseApiAddress(undefined);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(Failure);
    const [first, second] = nextForAgent(failure as Failure);
    expect(first).toBe("Next: tell the user, who can do this at a terminal:");
    expect(second).toContain("timelatch config set api");
  });

  it("A tool's own refusal keeps its own step", () => {
    const own = new Failure("refused", "consent-declined", {
      what: "bob did not agree.",
      notDone: "Nothing was requested.",
      next: ["Next: ask the user what they want instead."],
    });
    expect(nextForAgent(own)).toEqual(own.text.next);
  });
});
