import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { EventList, RequestAnswer } from "../../shared/http/contract/answers.ts";
import { pages } from "../api/pages.ts";
import { answer, type Context } from "../context.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import { renderTable } from "../terminal/table.ts";
import { eventColumns } from "../text/event-text.ts";
import { requestFacts } from "../text/request-facts.ts";

/** `timelatch show`: one request whole, with its history. Under `--json`, the request. */
export async function show(
  context: Context,
  given: string | undefined,
  options: WhichOptions,
): Promise<void> {
  checkWhich(context, "show", given, options);
  const api = await context.api();
  const id = await whichRequest(context, api, "show", given, options);
  const path = `/v1/requests/${id}`;
  const request = await api.send<RequestAnswer>({ method: "GET", path });
  const events: AuditEvent[] = [];
  if (!context.json)
    for await (const page of pages<EventList>(api, `${path}/events`)) events.push(...page.events);
  const { out } = context.screen;
  const now = context.now();
  answer(context, request, () =>
    [
      renderFacts(requestFacts(request, now), out),
      `\n${out.paint("bold", "History")}\n`,
      renderTable(events, eventColumns(now), out),
    ].join(""),
  );
}
