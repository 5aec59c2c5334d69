/** Asking for access in Slack: the form, and the command that asks directly. */
import type { Actor } from "../../domain/policy/actor.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { visible } from "../../domain/values/visible-text.ts";
import { listAccess } from "../../usecases/requests/list-access.ts";
import { ephemeral, type Json, modal, section } from "../blocks.ts";
import type { ClickPayload, CommandPayload, SubmissionPayload } from "../payloads.ts";
import { SlackRefusal } from "../slack-errors.ts";
import { TEXTS } from "../texts/answer-texts.ts";
import { nothingDoneText } from "../texts/command-texts.ts";
import { askedLines, LABELS } from "../texts/form-texts.ts";
import { askOnce } from "./ask-once.ts";
import { type AskTerms, askOfTerms, type TermFault, withOnlyChoices } from "./ask-terms.ts";
import { termsOfCommand } from "./command-terms.ts";
import { glassForm } from "./glass-form.ts";
import { previewLines } from "./preview.ts";
import { faultsOf } from "./refusal-fields.ts";
import { blocksIn, requestForm, termsIn, withPreset } from "./request-form.ts";
import { textModal } from "./say.ts";
import type { Act, Reply, SlackFront } from "./slack-front.ts";

/** Opens the form. It is complete in one call, since the policy is in the bundle. */
export async function openForm(
  front: SlackFront,
  actor: Actor,
  triggerId: string,
  given: AskTerms = {},
): Promise<Reply> {
  const rules = listAccess(front, actor);
  const terms = withOnlyChoices(rules, given);
  const view =
    rules.length === 0
      ? textModal(TEXTS.nothingToAsk)
      : requestForm(actor, rules, terms, await previewLines(front, actor, rules, terms));
  await front.web.call("views.open", { trigger_id: triggerId, view });
  return undefined;
}

/** Shows what the choices so far would lead to. A later choice wins by the view's hash. */
export async function updateForm(
  front: SlackFront,
  { actor, payload }: Act<ClickPayload>,
): Promise<Reply> {
  const { view } = payload;
  if (!view) return undefined;
  const rules = listAccess(front, actor);
  const chosen = withOnlyChoices(rules, termsIn(view, actor, rules));
  const terms = withPreset(chosen, payload.actions[0], view);
  const update = {
    view_id: view.id,
    ...(view.hash ? { hash: view.hash } : {}),
    view: requestForm(actor, rules, terms, await previewLines(front, actor, rules, terms)),
  };
  try {
    await front.web.call("views.update", update);
  } catch (error) {
    // Another choice has changed the form since; it shows what counts now.
    if (!(error instanceof SlackRefusal && error.code === "hash_conflict")) throw error;
  }
  return undefined;
}

/** Asks. Faults stand at their fields; `view.id` makes a second submission the same request. */
export async function submitForm(
  front: SlackFront,
  { actor, payload }: Act<SubmissionPayload>,
): Promise<Reply> {
  const rules = listAccess(front, actor);
  const terms = termsIn(payload.view, actor, rules);
  const read = askOfTerms(front.settings, rules, terms);
  if ("faults" in read) return errorsAt(payload, read.faults);
  try {
    const question = await glassForm(front, actor, read.ask);
    if (question) return { response_action: "update", view: question };
    const request = await askOnce(front, actor, read.ask, `slack-view:${payload.view.id}`);
    return { response_action: "update", view: modal(LABELS.asked, [section(askedLines(request))]) };
  } catch (error) {
    const faults = error instanceof BrokerError ? faultsOf(error, read.ask) : [];
    if (faults.length === 0) throw error;
    return errorsAt(payload, faults);
  }
}

/** Asks with the words of a command, once a break-glass is confirmed. A repeated message is the same request. */
export async function askByCommand(
  front: SlackFront,
  { actor, payload }: Act<CommandPayload>,
): Promise<Reply> {
  const rules = listAccess(front, actor);
  const terms = termsOfCommand(front.settings, rules, payload.text ?? "");
  if ("wrong" in terms) return ephemeral([nothingDoneText([terms.wrong]), "", ...TEXTS.help]);
  const read = askOfTerms(front.settings, rules, terms);
  if ("faults" in read) return ephemeral(nothingDoneText(read.faults.map(({ detail }) => detail)));
  const question = await glassForm(front, actor, read.ask);
  if (question) {
    await front.web.call("views.open", { trigger_id: payload.trigger_id, view: question });
    return undefined;
  }
  const request = await askOnce(front, actor, read.ask, `slack-signed:${actor.nonce}`);
  return ephemeral(askedLines(request));
}

export const termsOfRequest = ({
  cluster,
  access,
  durationSeconds,
  reason,
  rule,
}: AccessRequest): AskTerms => ({
  cluster: cluster.name,
  ...("groups" in access
    ? { access: `g/${rule}` }
    : access.scope.type === "cluster"
      ? { access: `c/${access.policy}` }
      : { access: `n/${access.policy}`, namespaces: access.scope.namespaces.join(", ") }),
  duration: formatDuration(durationSeconds),
  reason,
});

/** A field that is not in the form cannot show its fault, so the one above it does. */
function errorsAt({ view }: SubmissionPayload, faults: readonly TermFault[]): Json {
  const blocks = blocksIn(view);
  const errors = new Map<string, string>();
  for (const { field, detail } of faults) {
    const shown = [field, "access", "cluster", "reason"].find((id) => blocks.has(id)) ?? field;
    const at = blocks.get(shown) ?? shown;
    errors.set(at, visible(errors.has(at) ? `${errors.get(at)} ${detail}` : detail));
  }
  return { response_action: "errors", errors: Object.fromEntries(errors) };
}
