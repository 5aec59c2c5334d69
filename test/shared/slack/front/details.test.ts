/** The details of a request, as a form in Slack. */
import { expect, it } from "vitest";
import { aPolicy, aRequest } from "../../../../lab/fakes/builders.ts";
import { detailsModal } from "../../../../shared/slack/front/details.ts";

it("They say through which program its requester asked", () => {
  const shown = (more: Parameters<typeof aRequest>[0]) =>
    JSON.stringify(detailsModal({ policy: aPolicy() }, aRequest(more)));
  const program = "alice through MCP (claude-code 2.1)";
  expect(shown({ via: { protocol: "mcp", client: "claude-code 2.1" } })).toContain(program);
  expect(shown({})).not.toContain("through MCP");
});
