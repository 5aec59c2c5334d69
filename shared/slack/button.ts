/** The buttons of a request: one look and one confirmation wherever they stand. */
import type { ActionsBlock, Button, ConfirmationDialog } from "@slack/types";
import type { NoticeAction, NoticeFacts } from "../domain/notices/notice.ts";
import { ACTION_ID, type ButtonValue, buttonValue, REQUEST_BLOCK } from "./actions.ts";
import { BUTTONS, type ButtonText } from "./texts/button-texts.ts";

export function requestButton(action: NoticeAction, value: ButtonValue): Button {
  const { label, style, confirm } = BUTTONS[action];
  return {
    type: "button",
    action_id: ACTION_ID[action],
    text: { type: "plain_text", text: label },
    value: buttonValue(value),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: confirmation(confirm) }),
  };
}

/** The buttons of a message, in one block; none without an action. */
export const buttonRow = (
  actions: readonly NoticeAction[],
  { requestId: id, digest }: Pick<NoticeFacts, "requestId" | "digest">,
): ActionsBlock[] =>
  actions.length === 0
    ? []
    : [
        {
          type: "actions",
          block_id: REQUEST_BLOCK,
          elements: actions.map((action) => requestButton(action, { id, digest })),
        },
      ];

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const confirmation = ({ title, text, confirm, deny }: NonNullable<ButtonText["confirm"]>) =>
  ({
    title: { type: "plain_text", text: title },
    text: { type: "plain_text", text },
    confirm: { type: "plain_text", text: confirm },
    deny: { type: "plain_text", text: deny },
    style: "danger",
  }) satisfies ConfirmationDialog;
