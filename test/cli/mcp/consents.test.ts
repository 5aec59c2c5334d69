/** A user's answer counts for what they were asked, in this process, and once. */
import type { InputRequiredResult, ServerContext } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { Consents } from "../../../cli/mcp/consents.ts";

const SUBJECT = { person: "alice", body: { cluster: "prod" } };

/** The context of one call: what the client sent back, as the library hands it on. */
const contextWith = (state?: unknown, action?: string, method = "tools/call") =>
  ({
    mcpReq: {
      method,
      requestState: () => state,
      inputResponses: action === undefined ? undefined : { agree: { action, content: {} } },
    },
  }) as unknown as ServerContext;

async function asked(consents: Consents): Promise<string> {
  const question = (await consents.of(contextWith(), SUBJECT, "May it?")) as InputRequiredResult;
  expect(question.inputRequests?.["agree"]).toMatchObject({
    method: "elicitation/create",
    params: { message: "May it?" },
  });
  return question.requestState ?? "";
}

describe("The answer of a user", () => {
  it.each([
    ["accept", "agreed"],
    ["decline", "declined"],
    ["cancel", "declined"],
    [undefined, "declined"],
  ])("%s means %s", async (action, said) => {
    const consents = new Consents();
    const state = await consents.verify(await asked(consents), contextWith());
    expect(await consents.of(contextWith(state, action), SUBJECT, "")).toBe(said);
  });

  it("It counts once, and only for what they were asked", async () => {
    const consents = new Consents();
    const state = await consents.verify(await asked(consents), contextWith());
    const other = { ...SUBJECT, body: { cluster: "staging" } };
    const differs = consents.of(contextWith(state, "accept"), other, "");
    await expect(differs).rejects.toMatchObject({ code: "consent-differs" });
    expect(await consents.of(contextWith(state, "accept"), SUBJECT, "")).toBe("agreed");
    const again = consents.of(contextWith(state, "accept"), SUBJECT, "");
    await expect(again).rejects.toMatchObject({ code: "consent-used" });
  });

  it("A state that was changed, is of another process, or came by another method, is refused", async () => {
    const consents = new Consents();
    const sealed = await asked(consents);
    const changed = sealed.replace(
      /^(.{20})(.)/,
      (_all, before, one) => `${before}${one === "A" ? "B" : "A"}`,
    );
    await expect(consents.verify(changed, contextWith())).rejects.toThrow();
    await expect(new Consents().verify(sealed, contextWith())).rejects.toThrow();
    const elsewhere = contextWith(undefined, undefined, "prompts/get");
    await expect(consents.verify(sealed, elsewhere)).rejects.toThrow();
    await expect(consents.verify("none", contextWith())).rejects.toThrow();
  });
});
