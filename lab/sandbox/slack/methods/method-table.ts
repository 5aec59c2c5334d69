import { CHAT_METHODS } from "./chat.ts";
import type { SlackMethod } from "./method.ts";
import { LINK_METHODS } from "./permalink.ts";
import { PEOPLE_METHODS } from "./users.ts";
import { VIEW_METHODS } from "./views.ts";

/** Every Web API method that is emulated, by its name; the others are `unknown_method`. */
export const METHODS: Readonly<Record<string, SlackMethod>> = {
  ...CHAT_METHODS,
  ...LINK_METHODS,
  ...VIEW_METHODS,
  ...PEOPLE_METHODS,
};
