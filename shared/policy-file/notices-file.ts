/** The media for notices besides Slack, in `access.yaml`. */
import * as z from "zod/mini";
import { isMailAddress } from "../domain/values/mail-address.ts";
import { type KeyNotes, keyWith } from "./noted.ts";

export const NOTICES_NOTES = {
  notices: {
    description: "Media for messages besides Slack.",
    default: null,
    examples: [{ email: { from: "access@example.com", configurationSet: "timelatch" } }],
  },
  "notices.email": {
    description:
      "Writes e-mail by Amazon SES to whoever has no Slack. An e-mail tells, and decides nothing.",
    default: null,
    examples: [{ from: "access@example.com", configurationSet: "timelatch" }],
  },
  "notices.email.from": {
    description:
      "The sender's address. It, its domain or one above it is an identity that SES has verified in the broker's account and region.",
    examples: ["access@example.com"],
  },
  "notices.email.configurationSet": {
    description: "The SES configuration set of each e-mail, without tracking of opens and clicks.",
    examples: ["timelatch"],
  },
} as const satisfies KeyNotes;

const key = keyWith(NOTICES_NOTES);

const MailAddress = z
  .string()
  .check(
    z.refine(
      isMailAddress,
      "Write a plain e-mail address of ASCII characters, such as access@example.com.",
    ),
  );

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateConfigurationSet.html */
const ConfigurationSet = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9_-]{1,64}$/,
      "Write the name of a configuration set: letters, digits, _ and -, at most 64.",
    ),
  );

export const NoticesFile = z.strictObject({
  email: key(
    "notices.email",
    z.optional(
      z.strictObject({
        from: key("notices.email.from", MailAddress),
        configurationSet: key("notices.email.configurationSet", ConfigurationSet),
      }),
    ),
  ),
});
