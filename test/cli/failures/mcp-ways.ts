/** Ways to each failure of `timelatch mcp`, which its tools answer to a model too. */
import type { ServerContext } from "@modelcontextprotocol/server";
import { failureOfNetwork } from "../../../cli/api/network-failure.ts";
import { mcp } from "../../../cli/commands/mcp.ts";
import { agentBody } from "../../../cli/mcp/ask-input.ts";
import { Consents } from "../../../cli/mcp/consents.ts";
import { TOOLS } from "../../../cli/mcp/mcp-server.ts";
import type { ToolCall } from "../../../cli/mcp/tool.ts";
import type { PreviewAnswer } from "../../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { ALLOWED } from "../sample-access.ts";
import { answerTo, asked, idOf } from "../sample-requests.ts";

const ASK = { cluster: "prod", policy: "edit", namespaces: ["payments-api"], reason: "INC-4711" };
const WHO = { person: "bob", groups: [], roles: [], identityArn: "" };

const NO_GLASS: PreviewAnswer = {
  allowed: false,
  problem: "policy-denied",
  refusals: [],
  errors: [],
  detail: "prod-glass is for break-glass, which a person asks for at a terminal.",
};

/** A tool as bob's client calls it, who asked for nothing. */
function calling(
  name: string,
  args: object,
  over: Partial<ToolCall> = {},
  preview: PreviewAnswer = ALLOWED,
) {
  const api = fakeApi(({ path }) => {
    if (path === "/v1/whoami") return WHO;
    if (path === "/v1/requests") return { requests: [] };
    return path.endsWith("/preview") ? preview : answerTo(asked());
  });
  const client = { name: "some-agent", asksForms: true };
  const call: ToolCall = { api, client, consent: async () => "declined", ...over };
  return TOOLS.find((tool) => tool.name === name)?.run(call, args);
}

/** A machine's request that is sent, and whose answer does not come in time. */
function askingInVain() {
  const late = Object.assign(new Error("late"), { name: "TimeoutError" });
  const api = fakeApi((call) => {
    if (call.path === "/v1/whoami") return { ...WHO, machine: { owners: ["olga"] } };
    if (call.path.endsWith("/preview")) return ALLOWED;
    if (call.method === "GET") return { requests: [] };
    throw failureOfNetwork(late, call, "https://api.example.com", 10_000);
  });
  return calling("request_access", ASK, { api });
}

/** An answer of the user that comes back, to a question that was about `subject`. */
async function answeredTwice(subject: object, about: object): Promise<unknown> {
  const consents = new Consents();
  const context = (state?: unknown) =>
    ({ mcpReq: { method: "tools/call", requestState: () => state } }) as unknown as ServerContext;
  const question = await consents.of(context(), subject, "May it?");
  const sealed = typeof question === "string" ? "" : (question.requestState ?? "");
  const state = await consents.verify(sealed, context());
  await consents.of(context(state), about, "");
  return consents.of(context(state), about, "");
}

export const MCP_WAYS: Readonly<Record<string, () => unknown>> = {
  "timelatch mcp at a terminal": () => mcp(fakeTerminal({ interactive: true }).context),
  "an agent that asks for another person's request": () => calling("my_requests", { id: idOf(1) }),
  "a client that cannot ask its user": () =>
    calling("request_access", ASK, { client: { name: "some-agent", asksForms: false } }),
  "a user who does not agree": () => calling("request_access", ASK),
  "a user's answer about other terms": () => answeredTwice({ of: "prod" }, { of: "staging" }),
  "a user's answer that came before": () => answeredTwice({ of: "prod" }, { of: "prod" }),
  "an agent's request that got no answer": () => askingInVain(),
  "an agent that wants a break-glass": () => calling("request_access", ASK, {}, NO_GLASS),
  "an agent's namespaces in one text": () =>
    agentBody({ ...ASK, namespaces: ["a,b"] }, { name: "some-agent", asksForms: true }),
};
