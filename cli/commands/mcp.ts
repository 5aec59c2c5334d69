import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";

/**
 * `timelatch mcp`: serves the Model Context Protocol to an agent, until its client closes standard
 * input. It loads the protocol's library only here.
 *
 * @throws Failure `usage` at a terminal, and under `--json`
 */
export async function mcp(context: Context): Promise<void> {
  if (context.screen.interactive || context.json)
    throw new Failure("usage", "usage", {
      what: "An agent's client starts timelatch mcp and speaks to it. Nobody types into it, and it has no --json.",
      notDone: "Nothing was done.",
      next: ["Next: name it in the client's configuration, as timelatch docs agents says."],
    });
  // Tells of wrong settings before a client waits for an answer.
  await context.api();
  const { serve } = await import("../mcp/serve.ts");
  await serve(context);
}
