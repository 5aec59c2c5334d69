import type { AuditEvent } from "../../shared/domain/requests/request.ts";
import type { EventList, RequestAnswer } from "../../shared/http/contract/answers.ts";
import { answer, type Context } from "../context.ts";
import { eventColumns } from "../event-text.ts";
import { renderFacts } from "../facts.ts";
import { pages } from "../pages.ts";
import { requestFacts } from "../request-text.ts";
import { renderTable } from "../table.ts";

/** `timelatch show`: one request whole, with its history. Under `--json`, the request. */
export async function show(context: Context, id: string): Promise<void> {
  const api = await context.api();
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
