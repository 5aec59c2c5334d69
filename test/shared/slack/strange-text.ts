import fc from "fast-check";
import { HOSTILE_TEXT } from "../../hostile-characters.ts";

/** Anything that Slack, a person or a policy could put into a text. */
export const strange = (maxLength: number) =>
  fc.string({
    unit: fc.constantFrom(
      ..."ab *_~`<>&@!#|:\"'\\\n",
      ...HOSTILE_TEXT,
      "<!channel>",
      "<@U0001>",
      "<https://evil.example|x>",
      "🚨",
    ),
    maxLength,
    size: "max",
  });
