/** The window in which a requester says how much longer they need their access. */
import type { ExtensionAsk } from "../../domain/policy/judge-extension.ts";
import { LONGEST_REASON } from "../../domain/policy/reason.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Settings } from "../../domain/settings.ts";
import { extensionAskOf, extensionBody } from "../../http/contract/request-body.ts";
import { buttonValue } from "../actions.ts";
import { dateLine, input, type Json, modal, plain, section } from "../blocks.ts";
import type { SlackView } from "../payloads.ts";
import { extendedAccessText, FACTS, FIELDS, LABELS } from "../texts/form-texts.ts";

export const EXTEND_FORM = "extend";

/** The reason is that of the grant, so that its reader only changes what is no longer true. */
export const extendForm = (grant: AccessRequest): Json =>
  modal(
    LABELS.extendTitle,
    [
      section(extendedAccessText(grant)),
      ...(grant.revokeAt === null ? [] : [dateLine(FACTS.ends, grant.revokeAt)]),
      input({
        id: "duration",
        ...FIELDS.longer,
        optional: true,
        element: { type: "plain_text_input", max_length: 20 },
      }),
      input({
        id: "reason",
        ...FIELDS.reason,
        element: {
          type: "plain_text_input",
          max_length: LONGEST_REASON,
          initial_value: grant.reason.slice(0, LONGEST_REASON),
        },
      }),
    ],
    {
      callback_id: EXTEND_FORM,
      private_metadata: buttonValue(grant),
      submit: plain(LABELS.extend, "title"),
      close: plain(LABELS.cancel, "title"),
    },
  );

/** Fields of the window. */
type ExtendField = "duration" | "reason";

/** A text for each field that has a fault. */
export type ExtendFaults = Readonly<Partial<Record<ExtendField, string>>>;

/** The extension that a window asks for, by the API's own schema; or its faults, by field. */
export function extensionIn(
  settings: Settings,
  view: SlackView,
): { readonly ask: ExtensionAsk } | { readonly faults: ExtendFaults } {
  const field = (id: ExtendField) => view.state?.values[id]?.[id]?.value?.trim();
  const [duration, reason] = [field("duration"), field("reason")];
  const read = extensionBody(settings).safeParse({
    ...(duration ? { duration } : {}),
    ...(reason ? { reason } : {}),
  });
  if (read.success) return { ask: extensionAskOf(read.data) };
  return {
    faults: Object.fromEntries(read.error.issues.map(({ path, message }) => [path[0], message])),
  };
}
