/** Acts of the chosen person on blocks, and what the page shows of the app's answer. */
import { sendAction } from "./client.mjs";
import { toast } from "./dom.mjs";
import { draftValue, draftValues, keepDraft } from "./draft.mjs";

/** The words of Slack's client about an answer that it cannot use. */
const SENTENCES = {
  operation_timeout: "The app did not answer within 3 seconds (operation_timeout).",
  dispatch_failed: "The app answered with an error (dispatch_failed).",
  invalid_acknowledgement: "The app's answer cannot be shown.",
};

/** Sends an action, and says what went wrong. */
export async function act(app, action) {
  const answer = await sendAction(action);
  if (!answer.ok && !answer.errors?.length) {
    const status = answer.status === undefined ? "" : ` Status ${answer.status}.`;
    const details = answer.messages?.join("; ") ?? "";
    const fieldErrors = Object.keys(answer.errors ?? {}).length > 0;
    if (!fieldErrors) toast(`${SENTENCES[answer.error] ?? answer.error}${status} ${details}`);
  }
  await app.refresh();
  return answer;
}

/** The functions that blocks need to be drawn in a place: a message or a view. */
export function blockUse(app, place, where, errors) {
  const values = () => draftValues(place);
  return {
    place,
    names: app.names(),
    errors,
    valueOf: (at) => draftValue(place, at),
    set: (at, value) => keepDraft(place, at, value),
    send: (at, value) =>
      act(app, {
        ...{ kind: "block_actions", user: app.user, ...where },
        ...{ block_id: at.blockId, action_id: at.actionId, values: values() },
        ...(value === undefined ? {} : { value }),
      }),
    suggest: async (at, value) => {
      const answer = await act(app, {
        ...{ kind: "block_suggestion", user: app.user, ...where },
        ...{ block_id: at.blockId, action_id: at.actionId, value },
      });
      const { options = [], option_groups: groups = [] } = answer.options ?? {};
      return [...options, ...groups.flatMap((group) => group.options)];
    },
  };
}
