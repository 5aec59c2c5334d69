import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import { answer, type Context } from "../context.ts";
import { renderTable } from "../terminal/table.ts";
import { onCallColumns, onCallRows } from "../text/on-call-columns.ts";

/**
 * `timelatch on-call`: who is on call now in the schedules of one's own rules, until when, and how old that is.
 * Admins and auditors see every schedule of the policy. An older API says nothing of it, as one without schedules.
 */
export async function onCall(context: Context): Promise<void> {
  const api = await context.api();
  const { onCall: schedules = [] } = await api.send<AccessAnswer>({
    method: "GET",
    path: "/v1/access",
  });
  answer(context, { schedules }, () => {
    const rows = onCallRows(schedules);
    return rows.length === 0
      ? "No rule of access.yaml for you names a schedule.\n"
      : renderTable(rows, onCallColumns(rows, context.now()), context.screen.out);
  });
}
