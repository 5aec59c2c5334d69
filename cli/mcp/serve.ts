/** Serves the Model Context Protocol on standard input and output, in both of its eras. */
import { finished } from "node:stream/promises";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Context } from "../context.ts";
import { Consents } from "./consents.ts";
import { mcpServer } from "./mcp-server.ts";

/** Serves until the client closes standard input. Nothing but messages is written to standard output. */
export async function serve(context: Context): Promise<void> {
  const consents = new Consents();
  const handle = serveStdio(() => mcpServer(() => context.api(), consents), {
    onerror: ({ message }) => context.screen.err.write(`timelatch mcp: ${message}\n`),
  });
  await finished(process.stdin, { writable: false }).catch(() => undefined);
  await handle.close();
}
