/** The buttons of a request: one look and one confirmation wherever they stand. */
import type { Button, ConfirmationDialog } from "@slack/types";
import type { NoticeAction } from "../domain/notices/notice.ts";
import { ACTION_ID, type ButtonValue, buttonValue } from "./actions.ts";
import { BUTTONS, type ButtonText } from "./texts/button-texts.ts";

export function requestButton(action: NoticeAction, value: ButtonValue): Button {
  const { label, style, confirm } = BUTTONS[action];
  return {
    type: "button",
    action_id: ACTION_ID[action],
    text: { type: "plain_text", text: label },
    value: buttonValue(value),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm: dialog(confirm) }),
  };
}

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
const dialog = ({ title, text, confirm, deny }: NonNullable<ButtonText["confirm"]>) =>
  ({
    title: { type: "plain_text", text: title },
    text: { type: "plain_text", text },
    confirm: { type: "plain_text", text: confirm },
    deny: { type: "plain_text", text: deny },
    style: "danger",
  }) satisfies ConfirmationDialog;
