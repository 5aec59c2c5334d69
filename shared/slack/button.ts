/** The buttons of a request: one look and one confirmation wherever they stand. */
import type { ActionsBlock, Button, ConfirmationDialog } from "@slack/types";
import type { NoticeAction, NoticeFacts } from "../domain/notices/notice.ts";
import {
  ACTION_ID,
  APPROVE_ALL,
  type ButtonValue,
  buttonValue,
  buttonValues,
  DENY_ALL,
  REQUEST_BLOCK,
} from "./actions.ts";
import { ALL_BUTTONS, BUTTONS, type ButtonText } from "./texts/button-texts.ts";

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

/**
 * The buttons of a message, in one block; none without an action.
 *
 * @param block the block's id, which is the only one of that name in its message
 */
export const buttonRow = (
  actions: readonly NoticeAction[],
  { requestId: id, digest }: Pick<NoticeFacts, "requestId" | "digest">,
  block: string = REQUEST_BLOCK,
): ActionsBlock[] =>
  actions.length === 0
    ? []
    : [
        {
          type: "actions",
          block_id: block,
          elements: actions.map((action) => requestButton(action, { id, digest })),
        },
      ];

/** The buttons that decide several requests at once, as each stands in the message. */
export const allButtons = (
  parts: readonly Pick<NoticeFacts, "requestId" | "digest">[],
): ActionsBlock => {
  const value = buttonValues(parts.map(({ requestId: id, digest }) => ({ id, digest })));
  const button = (action_id: string, text: string, style: "primary" | "danger"): Button => ({
    ...{ type: "button", action_id, value, style },
    text: { type: "plain_text", text },
  });
  return {
    type: "actions",
    block_id: ALL_BLOCK,
    elements: [
      button(APPROVE_ALL, ALL_BUTTONS.approve(parts.length), "primary"),
      button(DENY_ALL, ALL_BUTTONS.deny(parts.length), "danger"),
    ],
  };
};

const ALL_BLOCK = "all";

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const confirmation = ({ title, text, confirm, deny }: NonNullable<ButtonText["confirm"]>) =>
  ({
    title: { type: "plain_text", text: title },
    text: { type: "plain_text", text },
    confirm: { type: "plain_text", text: confirm },
    deny: { type: "plain_text", text: deny },
    style: "danger",
  }) satisfies ConfirmationDialog;
