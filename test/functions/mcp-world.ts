/** The MCP server of the command over the whole HTTP API, over a broker in memory, with the SDK's own client. */
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { failureOfAnswer } from "../../cli/api/answer-failure.ts";
import type { Api } from "../../cli/api/api-client.ts";
import type { Call } from "../../cli/api/call.ts";
import { Consents } from "../../cli/mcp/consents.ts";
import { mcpServer } from "../../cli/mcp/mcp-server.ts";
import { ROUTES } from "../../shared/http/contract/routes.ts";
import { contextWith } from "./loaded-function.ts";

type Handler = (event: never, context: never) => Promise<unknown>;

/** The API as somebody calls it who signs with a role. Every call is kept. */
export function apiAs(handler: Handler, userArn: string) {
  const calls: Call[] = [];
  const api: Api = {
    address: "https://api.example.com",
    async send<Answer>(call: Call): Promise<Answer> {
      calls.push(call);
      const { routeKey, pathParameters } = routeOf(call);
      const answer = (await handler(
        {
          routeKey,
          rawPath: call.path,
          pathParameters,
          headers: {
            "content-type": "application/json",
            ...(call.idempotencyKey ? { "idempotency-key": call.idempotencyKey } : {}),
          },
          requestContext: {
            requestId: "gateway",
            authorizer: { iam: { userArn, callerId: userArn } },
          },
          ...(call.query ? { queryStringParameters: call.query } : {}),
          ...(call.body ? { body: JSON.stringify(call.body), isBase64Encoded: false } : {}),
        } as never,
        contextWith(() => 8_000) as never,
      )) as { statusCode: number; body: string };
      const { statusCode: status, body: text } = answer;
      if (status < 300) return JSON.parse(text) as Answer;
      const headers = new Headers({ "content-type": "application/problem+json" });
      throw failureOfAnswer(call, { status, text, headers });
    },
  };
  return { api, calls };
}

/** API Gateway's account of a path. */
function routeOf({ method, path }: Call) {
  for (const route of ROUTES) {
    const names = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
    const found = new RegExp(`^${route.path.replace(/\{[^}]+\}/g, "([^/]+)")}$`).exec(path);
    if (route.method !== method || !found) continue;
    const values = found.slice(1);
    return {
      routeKey: `${route.method} ${route.path}`,
      pathParameters: Object.fromEntries(names.map((name, at) => [name, values[at]])),
    };
  }
  return { routeKey: "$default", pathParameters: {} };
}

/** The eras of the protocol, as a client chooses between them. */
export const ERAS = ["2025", "2026"] as const;

export interface ClientOptions {
  readonly era?: (typeof ERAS)[number];
  /** The ways to ask its user that the client declares; undefined for none. */
  readonly elicitation?: Record<string, Record<string, never>>;
  /** The answer of the user. */
  readonly answers?: (message: string) => "accept" | "decline" | "cancel";
  readonly name?: string;
}

/** A client of the SDK that is connected to a server of its own. */
export async function clientOf(api: Api, options: ClientOptions = {}) {
  const { era = "2026", elicitation, answers = () => "accept", name = "some-agent" } = options;
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const consents = new Consents();
  serveStdio(() => mcpServer(async () => api, consents), { transport: theirs });
  const client = new Client(
    { name, version: "1.0" },
    {
      capabilities: elicitation ? { elicitation } : {},
      ...(era === "2026" ? { versionNegotiation: { mode: "auto" as const } } : {}),
    },
  );
  const questions: string[] = [];
  if (elicitation)
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      questions.push(params.message);
      return { action: answers(params.message), content: {} };
    });
  await client.connect(ours);
  const call = async (tool: string, args: Record<string, unknown> = {}) => {
    const {
      isError = false,
      structuredContent,
      content,
    } = await client.callTool({
      name: tool,
      arguments: args,
    });
    const [first] = content;
    const text = first?.type === "text" ? first.text : "";
    return { isError, text, said: (structuredContent ?? {}) as Record<string, never> };
  };
  return { client, call, questions };
}
