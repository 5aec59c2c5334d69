/** The small window that asks an approver why they deny. */
import type { AccessRequest } from "../../domain/requests/request.ts";
import { reasonText } from "../../http/contract/request-body.ts";
import { buttonValue } from "../actions.ts";
import { input, type Json, modal, plain, section } from "../blocks.ts";
import type { SlackView } from "../payloads.ts";
import { denyText, FIELDS, LABELS } from "../texts/form-texts.ts";

export const DENY_FORM = "deny";

export const denyForm = (request: AccessRequest): Json =>
  modal(
    LABELS.deny,
    [
      section(denyText(request)),
      input({
        id: "note",
        ...FIELDS.note,
        optional: true,
        element: { type: "plain_text_input", max_length: 500 },
      }),
    ],
    {
      callback_id: DENY_FORM,
      private_metadata: buttonValue(request),
      submit: plain(LABELS.deny, "title"),
      close: plain(LABELS.cancel, "title"),
    },
  );

/** The note, by the API's own rules for it; or its fault. */
export function noteIn(view: SlackView): { readonly note?: string; readonly fault?: string } {
  const text = view.state?.values["note"]?.["note"]?.value?.trim() ?? "";
  if (text === "") return {};
  const read = reasonText().safeParse(text);
  return read.success
    ? { note: read.data }
    : { fault: read.error.issues[0]?.message ?? LABELS.sayWhy };
}
