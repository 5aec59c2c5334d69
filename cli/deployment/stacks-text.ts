/** The stacks of an assembly, for people. */
import type { Stream } from "../terminal/screen.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import type { AssemblyStack } from "./assembly.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const INLINE_TEMPLATE = 51_200;

const COLUMNS: readonly Column<AssemblyStack>[] = [
  { title: "stack", text: ({ name }) => name },
  { title: "account", text: ({ account }) => account },
  { title: "region", text: ({ region }) => region },
  { title: "resources", text: ({ template }) => String(resourcesOf(template).length) },
  { title: "roles", text: ({ template }) => String(rolesOf(template).length), folds: 1 },
  { title: "bytes", text: ({ bytes }) => bytes.toLocaleString("en"), folds: 1 },
];

const resourcesOf = ({ Resources = {} }: AssemblyStack["template"]) => Object.values(Resources);
const rolesOf = (template: AssemblyStack["template"]) =>
  resourcesOf(template).filter(({ Type }) => Type === "AWS::IAM::Role");

/** A table in the order of their deployment. */
export const stacksText = (stacks: readonly AssemblyStack[], out: Stream): string =>
  renderTable(stacks, COLUMNS, out);

/**
 * A sentence for each template that CloudFormation takes only from S3, among stacks that do without
 * the CDK command.
 */
export const largeTemplates = (stacks: readonly AssemblyStack[], columns: number): string =>
  stacks
    .filter(({ bytes, hasCode }) => bytes > INLINE_TEMPLATE && !hasCode)
    .map(({ name, bytes }) =>
      wrapLines(
        `Warning: the template of ${name} has ${bytes} bytes. CloudFormation takes more than ${INLINE_TEMPLATE} from S3 alone: timelatch deploy puts it there, and aws cloudformation deploy with --s3-bucket.\n`,
        columns,
      ),
    )
    .join("");

/** The same facts for programs. */
export const stackDocument = ({ name, account, region, bytes, template }: AssemblyStack) => ({
  name,
  account,
  region,
  bytes,
  resources: resourcesOf(template).length,
  roles: rolesOf(template).length,
});
