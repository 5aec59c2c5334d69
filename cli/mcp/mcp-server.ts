/** The server of the Model Context Protocol: its tools, over the API that one caller signs. */
import {
  type CallToolResult,
  isInputRequiredResult,
  type JsonSchemaValidator,
  type jsonSchemaValidator,
  McpServer,
} from "@modelcontextprotocol/server";
import * as z from "zod/mini";
import manifest from "../../package.json" with { type: "json" };
import { visibleJson } from "../../shared/domain/values/visible-text.ts";
import type { Api } from "../api/api-client.ts";
import { Failure } from "../failures/failure.ts";
import { ASKING_TOOLS } from "./asking-tools.ts";
import { clientFacts } from "./client-facts.ts";
import type { Consents } from "./consents.ts";
import { nextForAgent } from "./next-steps.ts";
import { QUOTED_NOTE, quoted } from "./quoted.ts";
import { READING_TOOLS } from "./reading-tools.ts";
import type { Tool, ToolAnswer } from "./tool.ts";

/** Every tool. None decides, delegates, administers or breaks glass. */
export const TOOLS: readonly Tool[] = [...READING_TOOLS, ...ASKING_TOOLS];

const INSTRUCTIONS = `Timelatch lends access to Kubernetes clusters for a limited time. Ask with request_access, look with my_requests, and give back with return_access. People decide: no tool approves anything, and none waits. ${QUOTED_NOTE}`;

/** How long the user has to answer, on connections of the protocol before 2026-07-28. Milliseconds. */
const ANSWER_MS = 120_000;

/**
 * Checks the fields of a user's answer. Ours asks for no field: whether they agreed is in its `action`.
 * It stands for the library's own, which the packed command leaves out.
 */
const NO_FIELDS: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (data) => ({ valid: true, data: data as T, errorMessage: undefined });
  },
};

/** Makes a server for one connection. @param consents of the process: an answer counts once in all */
export function mcpServer(api: () => Promise<Api>, consents: Consents): McpServer {
  const server = new McpServer(
    { name: "timelatch", version: manifest.version },
    {
      capabilities: { tools: {} },
      instructions: INSTRUCTIONS,
      requestState: { verify: consents.verify },
      inputRequired: { roundTimeoutMs: ANSWER_MS },
      jsonSchemaValidator: NO_FIELDS,
    },
  );
  for (const each of TOOLS) {
    const { name, title, description, annotations, input } = each;
    server.registerTool(
      name,
      { title, description, annotations, inputSchema: withJsonSchema(input) },
      async (given: unknown, context) => {
        try {
          const answer = await each.run(
            {
              api: await api(),
              client: clientFacts(server, context),
              consent: (subject, message) => consents.of(context, subject, message),
            },
            given,
          );
          return isInputRequiredResult(answer) ? answer : resultOf(answer as ToolAnswer);
        } catch (error) {
          return refusalOf(error);
        }
      },
    );
  }
  return server;
}

/** Zod's small form lacks the JSON Schema that the protocol's library reads. */
const withJsonSchema = (schema: z.ZodMiniType) => {
  const jsonSchema = () => z.toJSONSchema(schema) as Record<string, unknown>;
  return {
    "~standard": { ...schema["~standard"], jsonSchema: { input: jsonSchema, output: jsonSchema } },
  };
};

/** As data, and as text for clients that show nothing else. */
const resultOf = (answer: ToolAnswer): CallToolResult => {
  const text = visibleJson(answer);
  return { content: [{ type: "text", text }], structuredContent: JSON.parse(text) };
};

/** A refusal is an answer that the model can act on. A defect says nothing of the inside. */
function refusalOf(error: unknown): CallToolResult {
  const known = error instanceof Failure ? error : undefined;
  const answer = known
    ? { refused: known.code, detail: quoted(known.message), next: nextForAgent(known).map(stepOf) }
    : { refused: "unexpected", detail: quoted("A defect of timelatch mcp."), next: [] };
  return { ...resultOf(answer), isError: true };
}

const stepOf = (text: string) => quoted(text);
