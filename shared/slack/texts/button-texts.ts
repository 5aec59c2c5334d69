/** The labels of buttons, and the questions asked before a click counts. */
import type { NoticeAction } from "../../domain/notices/notice.ts";

export interface ButtonText {
  readonly label: string;
  readonly style?: "primary" | "danger";
  /** Asked before the click counts: for what takes access away. */
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly confirm: string;
    readonly deny: string;
  };
}

const takesAway = (title: string, text: string, confirm: string) => ({
  title,
  text,
  confirm,
  deny: "Keep it",
});

export const BUTTONS: Readonly<Record<NoticeAction, ButtonText>> = {
  approve: { label: "Approve", style: "primary" },
  "approve-less": { label: "Approve for less" },
  deny: { label: "Deny", style: "danger" },
  details: { label: "Details" },
  revoke: {
    label: "Revoke",
    style: "danger",
    confirm: takesAway(
      "Revoke this access?",
      "Its removal begins at once. To get it back, it has to be asked for again.",
      "Revoke",
    ),
  },
  review: { label: "Review", style: "primary" },
  cancel: {
    label: "Cancel",
    confirm: takesAway(
      "Cancel this request?",
      "Its approval is lost. To get access, ask again.",
      "Cancel it",
    ),
  },
  escalate: { label: "Break glass", style: "danger" },
  return: {
    label: "Return",
    confirm: takesAway(
      "Return this access?",
      "Its removal begins at once. To get it back, ask again.",
      "Return it",
    ),
  },
  extend: { label: "Extend" },
  "ask-again": { label: "Ask again" },
};

/** The buttons for all that a message has and that waits. */
export const ALL_BUTTONS = {
  approve: (count: number) => `Approve all ${count}`,
  deny: (count: number) => `Deny all ${count}`,
} as const;

/** The link to the message about the request in its channel. */
export const IN_CHANNEL = "The request in its channel";

/** The text where the rule lets nobody decide in Slack. */
export const decideElsewhereText = (id: string): string =>
  `Nobody decides on this rule in Slack. Decide with timelatch approve ${id} or timelatch deny ${id}`;
