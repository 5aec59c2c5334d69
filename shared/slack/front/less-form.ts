/** The window in which an approver says how much less they approve. */
import type { Approve } from "../../domain/requests/decision.ts";
import { namespacesOf } from "../../domain/requests/lesser-terms.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Settings } from "../../domain/settings.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { decisionBody, decisionOf } from "../../http/contract/decision-body.ts";
import { buttonValue } from "../actions.ts";
import { input, type Json, modal, plain, section } from "../blocks.ts";
import type { SlackView } from "../payloads.ts";
import { FIELDS, LABELS, lessAskedText, lessDurationHint } from "../texts/form-texts.ts";
import { namesIn } from "./names-in.ts";

export const LESS_FORM = "less";

/** Both fields hold what was asked for, so that its reader only takes something away. */
export const lessForm = (request: AccessRequest): Json =>
  modal(
    LABELS.approveLess,
    [
      section(lessAskedText(request)),
      input({
        id: "duration",
        ...FIELDS.duration,
        hint: lessDurationHint(request.durationSeconds),
        element: textField(formatDuration(request.durationSeconds), 20),
      }),
      ...namespacesField(request),
      input({ id: "note", ...FIELDS.lessNote, optional: true, element: textField("", 500) }),
    ],
    {
      callback_id: LESS_FORM,
      private_metadata: buttonValue(request),
      submit: plain(LABELS.approveLess, "title"),
      close: plain(LABELS.cancel, "title"),
    },
  );

/** The most that Slack takes in a field: https://docs.slack.dev/reference/block-kit/block-elements */
const LONGEST_NAMES = 3_000;

/** Not for access without namespaces, nor for more names than a field takes: the command has those. */
const namespacesField = ({ access }: AccessRequest): readonly Json[] => {
  const asked = namespacesOf(access);
  const names = asked?.join(", ") ?? "";
  if (names === "" || names.length > LONGEST_NAMES) return [];
  const element = textField(names, LONGEST_NAMES);
  return [input({ id: "namespaces", ...FIELDS.lessNamespaces, element })];
};

const textField = (initial: string, most: number): Json => ({
  type: "plain_text_input",
  max_length: most,
  ...(initial === "" ? {} : { initial_value: initial.slice(0, most) }),
});

type LessField = "duration" | "namespaces" | "note";
type LessFaults = Readonly<Partial<Record<LessField, string>>>;

/** The approval that a window asks for, by the API's own schema; or its faults, by field. */
export function lessIn(
  settings: Settings,
  view: SlackView,
  digest: string,
): { readonly decision: Approve } | { readonly faults: LessFaults } {
  const field = (id: LessField) => view.state?.values[id]?.[id]?.value?.trim();
  const [duration, namespaces, note] = [field("duration"), field("namespaces"), field("note")];
  const read = decisionBody(settings).safeParse({
    verdict: "approve",
    digest,
    ...(note ? { note } : {}),
    less: {
      ...(duration ? { duration } : {}),
      ...(namespaces === undefined ? {} : { namespaces: namesIn(namespaces) }),
    },
  });
  if (!read.success)
    return {
      faults: Object.fromEntries(
        read.error.issues.map(({ path, message }) => [fieldAt(path), message]),
      ),
    };
  return { decision: decisionOf(read.data) as Approve };
}

const fieldAt = ([first, second]: readonly PropertyKey[]): LessField =>
  first === "note" ? "note" : second === "namespaces" ? "namespaces" : "duration";
