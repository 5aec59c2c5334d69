import { visible } from "../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { answer, type Context } from "../context.ts";
import { renderFacts } from "../terminal/facts.ts";
import { stoppedText } from "../text/stopped-text.ts";

/** `timelatch whoami`: who the API takes the caller for, and whether they are stopped. @throws Failure */
export async function whoami(context: Context): Promise<void> {
  const api = await context.api();
  const who = await api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });
  const list = (names: readonly string[]) => names.map(visible).join(", ") || "none";
  const { out } = context.screen;
  answer(context, who, () => {
    const facts = renderFacts(
      [
        [who.machine ? "Machine" : "Person", visible(who.person)],
        ...(who.machine ? ([["Owners", list(who.machine.owners)]] as const) : []),
        ["Groups", list(who.groups)],
        ["Roles", list(who.roles)],
        ...(who.decidesFor ? ([["Decides for", list(who.decidesFor)]] as const) : []),
        ...(who.suspendedDelegators ?? []).map(
          ({ person, detail }) => ["Not for", `${visible(person)}: ${visible(detail)}`] as const,
        ),
        ["Identity", visible(who.identityArn)],
        ["API", visible(api.address)],
      ],
      out,
    );
    return who.stopped ? `${facts}\n${stoppedText(who.stopped, out)}` : facts;
  });
}
