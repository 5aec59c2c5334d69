import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type {
  EventList,
  EvidenceAnswer,
  RequestAnswer,
} from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { evidenceOf, isForAuditors } from "../api/evidence.ts";
import { pages } from "../api/pages.ts";
import { answer, type Context } from "../context.ts";
import { checkWhich, type WhichOptions, whichRequest } from "../prompts/which-request.ts";
import { renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { blocksText } from "../text/blocks-text.ts";
import { eventColumns } from "../text/event-text.ts";
import { activityLines, callColumns, foundColumns } from "../text/evidence-text.ts";
import { requestFacts } from "../text/request-facts.ts";
import { doneFacts } from "../text/review-text.ts";

/**
 * `timelatch show`: one request whole, with its history. For auditors, what CloudTrail says of it too.
 * Under `--json`, the request, with the evidence as a member for auditors.
 */
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
  const events = context.json ? undefined : await historyOf(api, path);
  // Without a history nothing tells whether the reader is an auditor, but the API itself.
  const mayRead = events === undefined || isForAuditors(events);
  const evidence = mayRead ? await evidenceOf(api, id) : undefined;
  const { out } = context.screen;
  const now = context.now();
  // The evidence has it too.
  const done = evidence ? [] : doneFacts(request, now);
  answer(context, evidence ? { ...request, evidence } : request, () =>
    [
      renderFacts([...requestFacts(request, now), ...done], out),
      blocksText(request, now, out),
      section(out, "History"),
      renderTable(events ?? [], eventColumns(now), out),
      evidence ? evidenceText(evidence, out, now) : "",
    ].join(""),
  );
}

async function historyOf(api: Api, path: string): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = [];
  for await (const page of pages<EventList>(api, `${path}/events`)) events.push(...page.events);
  return events;
}

const section = (out: Stream, title: string) => `\n${out.paint("bold", title)}\n`;

/** The parts of the evidence that there are. */
function evidenceText({ calls, records, findings }: EvidenceAnswer, out: Stream, now: string) {
  const activity = activityLines(records, now);
  return [
    ...(calls.length === 0
      ? []
      : [section(out, "Calls to EKS"), renderTable(calls, callColumns(now, records), out)]),
    ...(findings.length === 0
      ? []
      : [section(out, "Findings"), renderTable(findings, foundColumns(now), out)]),
    ...(activity.length === 0
      ? []
      : [
          section(out, "What was done with the access"),
          wrapLines(activity.map((line) => `  ${line}\n`).join(""), out.columns),
        ]),
  ].join("");
}
