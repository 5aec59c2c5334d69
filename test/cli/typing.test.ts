/** How much people type for one grant, counted on the real command tree. */
import { beforeEach, describe, expect, it } from "vitest";
import { buildProgram } from "../../cli/program.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { type LoopbackApi, loopbackApi, type Script } from "./loopback-api.ts";
import { run } from "./run-timelatch.ts";
import { ALLOWED } from "./sample-access.ts";
import { activated, answerTo, approved, asked } from "./sample-requests.ts";

/**
 * The lines that the three of them type, each ended by Enter: the questions are answered with `y`.
 */
const ALICE_ASKS = "timelatch request -c prod -p edit -n payments-api -r 'INC-4711 stuck rollout'";
const BOB_APPROVES = "timelatch approve";
const ALICE_RETURNS = "timelatch return";
const YES = "y";
const TYPED = [ALICE_ASKS, YES, BOB_APPROVES, YES, ALICE_RETURNS, YES];

/** As a shell splits these lines. */
const words = (line: string) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "").slice(1);

describe("a grant that is asked for, approved and returned", () => {
  it("A grant takes fewer than 120 typed characters to ask, approve and return, Enter included", () => {
    const typed = TYPED.map((line) => `${line}\n`).join("");
    expect(typed.length).toBeLessThan(120);
  });

  it.each([ALICE_ASKS, BOB_APPROVES, ALICE_RETURNS])(
    "The command is understood as typed: %s",
    async (line) => {
      const program = buildProgram(fakeTerminal().context.screen, { TIMELATCH_API: "x" });
      // Without a terminal each is refused for the missing confirmation or id, not for its words.
      await expect(program.parseAsync(words(line), { from: "user" })).rejects.toMatchObject({
        exit: "usage",
        code: "not-confirmed-by-flag",
      });
    },
  );
});

describe("The calls of the typed commands", () => {
  let script: Script;
  let api: LoopbackApi;
  beforeEach(async () => {
    api = await loopbackApi((call, count) => script(call, count));
    return () => api.close();
  });

  it("The short typed command asks for the access that it means", async () => {
    script = () => ({ status: 201, body: answerTo(asked()) });
    await run([...words(ALICE_ASKS), "-y"], { env: { TIMELATCH_API: api.address } });
    expect(api.calls[0]?.body).toEqual({
      cluster: "prod",
      access: ALLOWED.access,
      reason: "INC-4711 stuck rollout",
    });
  });

  it("The short typed command returns the latest active access", async () => {
    const active = answerTo(activated(approved(asked())));
    script = ({ method }) => ({ body: method === "GET" ? { requests: [active] } : active });
    await run([...words(ALICE_RETURNS), "--latest", "-y"], { env: { TIMELATCH_API: api.address } });
    expect(api.calls.at(-1)).toMatchObject({
      method: "POST",
      path: `/v1/requests/${active.id}/return`,
    });
  });
});
