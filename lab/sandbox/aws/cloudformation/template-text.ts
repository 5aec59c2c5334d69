/** The template that a call hands in, and what CloudFormation reads in it before it makes anything. */
import { parseDocument } from "yaml";
import type { Caller } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import { optionalText, validationError } from "./errors.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LONGEST_INLINE = 51_200;
const LONGEST_IN_S3 = 1_000_000;

export interface TemplateBody {
  readonly Description?: string;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly Description?: string;
  readonly NoEcho?: boolean;
  readonly AllowedValues?: readonly (string | number)[];
  /** The pattern for the whole value. */
  readonly AllowedPattern?: string;
}

interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Export?: { readonly Name: unknown };
}

/**
 * The template's text: given inline, read from S3 as the caller, or that of the stack as it is.
 *
 * @throws AwsError ValidationError; AccessDenied of S3
 */
export async function templateText(
  context: CloudFormationContext,
  input: Readonly<Record<string, unknown>>,
  caller: Caller,
  previous: string | undefined,
): Promise<string> {
  if (input["UsePreviousTemplate"] === "true" && previous !== undefined) return previous;
  const body = optionalText(input, "TemplateBody");
  const url = optionalText(input, "TemplateURL");
  if (body !== undefined && url !== undefined)
    throw validationError("Only one of TemplateBody or TemplateURL may be specified.");
  if (body !== undefined) return within(body, LONGEST_INLINE, "templateBody");
  if (url === undefined)
    throw validationError("Either Template URL or Template Body must be specified.");
  const { bucket, key } = objectIn(url);
  return within(await context.readObject(bucket, key, caller), LONGEST_IN_S3, "template");
}

function within(text: string, longest: number, member: string): string {
  if (Buffer.byteLength(text) <= longest) return text;
  // AWS repeats the whole template.
  throw validationError(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
  );
}

/** Path style, virtual-hosted style, and the sandbox's own port. */
const URLS = [
  /^https:\/\/s3[.-][a-z\d-]+\.amazonaws\.com\/([^/]+)\/(.+)$/,
  /^https:\/\/s3\.amazonaws\.com\/([^/]+)\/(.+)$/,
  /^https:\/\/([^/]+)\.s3\.(?:[a-z\d-]+\.)?amazonaws\.com\/(.+)$/,
  /^http:\/\/127\.0\.0\.1:\d+\/([^/]+)\/(.+)$/,
];

function objectIn(url: string): { readonly bucket: string; readonly key: string } {
  for (const pattern of URLS) {
    const [, bucket, key] = pattern.exec(url.split("?", 1)[0] ?? "") ?? [];
    if (bucket !== undefined && key !== undefined) return { bucket, key: decodeURIComponent(key) };
  }
  throw validationError(
    `S3 error: The specified URL is not a valid S3 URL: ${url.slice(0, 200)}. TemplateURL must be a supported URL.`,
  );
}

/** Without meaning here, or read elsewhere; any other section is refused. */
const SECTIONS = [
  ...["AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules"],
  ...["Conditions", "Resources", "Outputs"],
];

/** @throws AwsError ValidationError for what is neither JSON nor YAML, or has no resources */
export function parseTemplate(text: string): TemplateBody {
  const found = text.trimStart().startsWith("{") ? jsonIn(text) : yamlIn(text);
  const body = isObject(found) ? found : undefined;
  if (body === undefined) throw validationError("Template format error: unsupported structure.");
  const other = Object.keys(body).find((name) => !SECTIONS.includes(name));
  if (other !== undefined)
    throw validationError(`Template format error: the sandbox does not emulate ${other}.`);
  const resources = body["Resources"];
  if (!isObject(resources) || Object.keys(resources).length === 0)
    throw validationError("Template format error: At least one Resources member must be defined.");
  for (const [name, resource] of Object.entries(resources))
    if (!isObject(resource) || typeof resource["Type"] !== "string")
      throw validationError(
        `Template format error: [/Resources/${name}] Every Resources object must contain a Type member.`,
      );
  return body as unknown as TemplateBody;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw validationError("Template format error: JSON not well-formed.");
  }
}

/** The short form of intrinsic functions, `!Sub`, is among what is refused by its name. */
function yamlIn(text: string): unknown {
  const document = parseDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem === undefined) return document.toJS();
  throw validationError(
    `Template format error: YAML not well-formed, or more than the sandbox emulates: ${problem.message}`,
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
