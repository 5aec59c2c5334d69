import { randomBytes } from "node:crypto";
import type { BusEvent } from "../eventbridge/state.ts";
import { AwsError, type Call, type PermissionCheck } from "../service.ts";
import type { Store } from "../store.ts";
import { mailEvent } from "./mail-event.ts";
import { type ReadMessage, readMessage } from "./message-members.ts";
import type { SesAccount, SesMessage, SesState } from "./state.ts";

export interface SesContext {
  readonly ses: Store<SesState>;
  readonly account: string;
  readonly region: string;
  /** Called with what became of a message that did not arrive, for the configuration set's destination. */
  readonly onEvent?: (event: BusEvent) => void;
}

/** How many messages it remembers. */
const REMEMBERED = 1_000;
const SECOND = 1_000;
const DAY = 86_400 * SECOND;

/** https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html */
const SIMULATOR = "simulator.amazonses.com";

/** The identity that lets somebody send as an address: the address, its domain, or a domain above it. */
export function identityOf({ identities }: SesState, address: string): string | undefined {
  const labels = (address.split("@")[1] ?? "").split(".");
  const domains = labels.map((_, at) => labels.slice(at).join("."));
  return [address, ...domains].find((each) => identities.includes(each.toLowerCase()));
}

/** Both the identity and the configuration set are asked for. */
export function sendPermissions(
  { ses, account, region }: SesContext,
  input: Call["input"],
): readonly PermissionCheck[] {
  const { from, to, configurationSet } = readMessage(input);
  const arn = (kind: string, name: string) => `arn:aws:ses:${region}:${account}:${kind}/${name}`;
  const context = { "ses:FromAddress": from, "ses:Recipients": to };
  return [
    ["identity", identityOf(ses.state, from) ?? from] as const,
    ["configuration-set", configurationSet] as const,
  ].map(([kind, name]) => ({ action: "ses:SendEmail", resource: arn(kind, name), context }));
}

/** Accepts a message, which may bounce afterwards. @throws AwsError as SES refuses */
export function sendEmail(context: SesContext, { input, now }: Call) {
  const { ses, region } = context;
  const message = readMessage(input);
  const { state } = ses;
  checkAccount(state.account);
  checkConfigurationSet(state, message);
  checkVerified(state, message, region);
  checkQuota(state, message, now.getTime());
  const id = `0102${randomBytes(14).toString("hex")}-000000`;
  const sent: SesMessage = { ...message, id, at: now.getTime(), fate: fateOf(state, message) };
  ses.change((changed) => {
    changed.messages = [...changed.messages, sent].slice(-REMEMBERED);
  });
  const event = mailEvent(context, sent, state.configurationSets[message.configurationSet]);
  if (event) context.onEvent?.(event);
  return { MessageId: id };
}

function checkAccount({ enforcement, sendingEnabled }: SesAccount): void {
  if (enforcement === "SHUTDOWN")
    throw new AwsError("AccountSuspendedException", 400, "The account's ability to send is gone.");
  if (!sendingEnabled)
    throw new AwsError("SendingPausedException", 400, "Sending is paused for this account.");
}

function checkConfigurationSet(state: SesState, { configurationSet }: ReadMessage): void {
  const set = state.configurationSets[configurationSet];
  if (!set)
    throw new AwsError(
      "NotFoundException",
      404,
      `Configuration set <${configurationSet}> does not exist.`,
    );
  if (!set.sendingEnabled)
    throw new AwsError("SendingPausedException", 400, "Sending is paused for this set.");
}

/** The text names the addresses, as AWS's does. */
function checkVerified(state: SesState, { from, to }: ReadMessage, region: string): void {
  const isSimulated = (address: string) => address.endsWith(`@${SIMULATOR}`);
  const needed = state.account.productionAccess
    ? [from]
    : [from, ...to.filter((address) => !isSimulated(address))];
  const failed = needed.filter((address) => identityOf(state, address) === undefined);
  if (failed.length > 0)
    throw new AwsError(
      "MessageRejected",
      400,
      `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failed.join(", ")}`,
    );
}

function checkQuota({ account, messages }: SesState, { to }: ReadMessage, now: number): void {
  const since = (millis: number) =>
    messages
      .filter(({ at }) => at > now - millis)
      .reduce((sum, { to: before }) => sum + before.length, to.length);
  const refused = (text: string) => new AwsError("TooManyRequestsException", 429, text);
  if (account.max24HourSend !== -1 && since(DAY) > account.max24HourSend)
    throw refused("Daily message quota exceeded.");
  if (since(SECOND) > account.maxSendRate) throw refused("Maximum sending rate exceeded.");
}

/** SES accepts mail for an address that it suppresses, and sends none. */
function fateOf({ suppressed }: SesState, { to }: ReadMessage): SesMessage["fate"] {
  const [address = ""] = to;
  if (Object.hasOwn(suppressed, address) || address === `suppressionlist@${SIMULATOR}`)
    return "suppressed";
  if (address === `bounce@${SIMULATOR}`) return "bounced";
  return address === `complaint@${SIMULATOR}` ? "complained" : "delivered";
}
