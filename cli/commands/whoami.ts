import { visible } from "../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { answer, type Context } from "../context.ts";
import { renderFacts } from "../terminal/facts.ts";

/** `timelatch whoami`: who the API takes the caller for. @throws Failure */
export async function whoami(context: Context): Promise<void> {
  const api = await context.api();
  const who = await api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  const list = (names: readonly string[]) => names.map(visible).join(", ") || "none";
  answer(context, who, () =>
    renderFacts(
      [
        ["Person", visible(who.person)],
        ["Groups", list(who.groups)],
        ["Roles", list(who.roles)],
        ["Identity", visible(who.identityArn)],
        ["API", visible(api.address)],
      ],
      context.screen.out,
    ),
  );
}
