/** Reads the input of `SendEmail`, and refuses what SES refuses and what is not emulated. */
import { AwsError } from "../service.ts";
import type { SesMessage } from "./state.ts";

/** A message as its sender wrote it. */
export type ReadMessage = Omit<SesMessage, "id" | "at" | "fate">;

type Json = Readonly<Record<string, unknown>>;

const badRequest = (message: string) => new AwsError("BadRequestException", 400, message);

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html */
export function readMessage(input: Json): ReadMessage {
  const { Content, FromEmailAddress, Destination, EmailTags, ConfigurationSetName } = only(
    "SendEmail",
    input,
    ["Content", "FromEmailAddress", "Destination", "EmailTags", "ConfigurationSetName"],
  );
  const { Simple } = only("Content", Content, ["Simple"]);
  const { Subject, Body, Headers } = only("Simple", Simple, ["Subject", "Body", "Headers"]);
  const { Text, Html } = only("Body", Body, ["Text", "Html"]);
  if (ConfigurationSetName === undefined)
    throw badRequest("The sandbox emulates SendEmail with a ConfigurationSetName.");
  return {
    from: addressIn(FromEmailAddress),
    to: recipientsIn(Destination),
    subject: dataIn("Subject", Subject).replace(/[\r\n]+/g, " "),
    text: dataIn("Text", Text),
    html: dataIn("Html", Html),
    headers: headersIn(Headers ?? []),
    tags: tagsIn(EmailTags ?? []),
    configurationSet: String(ConfigurationSetName),
  };
}

/** The members of an object, of which others than these are not emulated. */
function only(what: string, value: unknown, members: readonly string[]): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest(`${what} is missing or no object.`);
  const other = Object.keys(value).find((name) => !members.includes(name));
  if (other !== undefined) throw badRequest(`The sandbox does not emulate ${other} of ${what}.`);
  return value as Json;
}

const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+\.[^\s@<>,;:"()[\]\\]+$/;
/** The address in `"Name" <address>`. */
const NAMED = /^(?:"[^"\\\r\n]*" )?<([^<>]+)>$/;

function addressIn(text: unknown): string {
  const all = String(text ?? "");
  const address = NAMED.exec(all)?.[1] ?? all;
  if (ADDRESS.test(address)) return address;
  throw badRequest("Missing or illegal address.");
}

/** https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const MOST_RECIPIENTS = 50;

function recipientsIn(destination: unknown): readonly string[] {
  const { ToAddresses } = only("Destination", destination, ["ToAddresses"]);
  if (!Array.isArray(ToAddresses) || ToAddresses.length === 0)
    throw badRequest("Destination.ToAddresses is empty.");
  if (ToAddresses.length > MOST_RECIPIENTS)
    throw badRequest(`Recipient count exceeds ${MOST_RECIPIENTS}.`);
  return ToAddresses.map(addressIn);
}

/** Without a charset, SES takes 7-bit ASCII. */
function dataIn(what: string, value: unknown): string {
  const { Data, Charset } = only(what, value, ["Data", "Charset"]);
  if (typeof Data !== "string" || Data === "") throw badRequest(`${what}.Data is missing.`);
  if (Charset !== undefined && Charset !== "UTF-8")
    throw badRequest(`The sandbox does not emulate the charset ${String(Charset)}.`);
  if (Charset === undefined && /[^\p{ASCII}]/u.test(Data))
    throw badRequest(`${what}.Data has other characters than ASCII, and no Charset.`);
  return Data;
}

/** https://docs.aws.amazon.com/ses/latest/dg/header-fields.html */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...["bcc", "cc", "content-disposition", "content-type", "date", "from", "message-id"],
  ...["mime-version", "reply-to", "return-path", "subject", "to"],
]);
const HEADER_NAME = /^[\x21-\x39\x3b-\x7e]{1,126}$/;
const HEADER_VALUE = /^[\x20-\x7e]{1,995}$/;

function headersIn(list: unknown): Readonly<Record<string, string>> {
  const pairs = pairsIn("Headers", list);
  for (const [name, value] of pairs) {
    if (!HEADER_NAME.test(name) || FORBIDDEN.has(name.toLowerCase()))
      throw badRequest(`Header name ${name} is not allowed.`);
    if (!HEADER_VALUE.test(value)) throw badRequest(`Header value of ${name} is not allowed.`);
  }
  return Object.fromEntries(pairs);
}

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html */
const TAG = /^[A-Za-z0-9_-]{1,256}$/;

function tagsIn(list: unknown): Readonly<Record<string, string>> {
  const pairs = pairsIn("EmailTags", list);
  const wrong = pairs.find((pair) => !pair.every((text) => TAG.test(text)));
  if (wrong) throw badRequest(`The tag ${wrong[0]} has characters that are not allowed.`);
  return Object.fromEntries(pairs);
}

function pairsIn(what: string, list: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(list)) throw badRequest(`${what} is no list.`);
  const pairs = list.map((each) => {
    const { Name, Value } = only(what, each, ["Name", "Value"]);
    return [String(Name), String(Value)] as const;
  });
  if (new Set(pairs.map(([name]) => name.toLowerCase())).size < pairs.length)
    throw badRequest(`${what} names one twice.`);
  return pairs;
}
