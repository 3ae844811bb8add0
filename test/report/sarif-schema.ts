// The part of the SARIF 2.1.0 schema that a report of ours uses. What fits here fits there: the same required keys and
// types, and of the keys that are allowed only the ones we write. Held line by line against the schema of OASIS, errata 01
// (oasis-tcs/sarif-spec, Schemata/sarif-schema-2.1.0.json, commit 0a8091f): where that leaves a choice (`anyOf` of message,
// physicalLocation, region and reportingDescriptorReference) the one that we take is required here.

const text = { type: 'string' };
const index = { type: 'integer', minimum: -1 };
const line = { type: 'integer', minimum: 1 };
const level = { enum: ['none', 'note', 'warning', 'error'] };

const object = (properties: Readonly<Record<string, object>>, ...required: string[]) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const list = (items: object, uniqueItems = true) => ({ type: 'array', items, uniqueItems });

const properties = { type: 'object', properties: { tags: list(text) } };
const message = object({ text: text }, 'text');
const multiformat = object({ text: text, markdown: text }, 'text');
const artifactLocation = object({
  uri: { type: 'string', format: 'uri-reference' },
  uriBaseId: text,
  description: message,
});
const region = object({ startLine: line, endLine: line, snippet: object({ text }) }, 'startLine');
const logicalLocation = object({ name: text, fullyQualifiedName: text, kind: text, properties });
const location = object({
  id: index,
  physicalLocation: object({ artifactLocation, region }, 'artifactLocation'),
  logicalLocations: list(logicalLocation),
  message,
});
const reference = object({ id: text, index }, 'id', 'index');

const descriptor = object(
  {
    id: text,
    name: text,
    shortDescription: multiformat,
    fullDescription: multiformat,
    help: multiformat,
    defaultConfiguration: object({ level }, 'level'),
    properties,
  },
  'id',
);
const notification = object(
  { message, level, descriptor: reference, associatedRule: reference, locations: list(location) },
  'message',
);
const result = object(
  {
    ruleId: text,
    ruleIndex: index,
    kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
    level,
    message,
    locations: list(location, false),
    relatedLocations: list(location),
    partialFingerprints: { type: 'object', additionalProperties: text },
    rank: { type: 'number', minimum: -1, maximum: 100 },
    properties,
  },
  'message',
);
const driver = object(
  { name: text, version: text, rules: list(descriptor), notifications: list(descriptor), properties },
  'name',
);
const run = object(
  {
    tool: object({ driver }, 'driver'),
    invocations: list(
      object(
        { executionSuccessful: { type: 'boolean' }, toolExecutionNotifications: list(notification, false) },
        'executionSuccessful',
      ),
      false,
    ),
    originalUriBaseIds: { type: 'object', additionalProperties: artifactLocation },
    results: list(result, false),
    redactionTokens: list(text),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    properties,
  },
  'tool',
);

export const sarifSchema = object(
  { $schema: { type: 'string', format: 'uri' }, version: { enum: ['2.1.0'] }, runs: list(run, false) },
  'version',
  'runs',
);

export interface SarifPlace {
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri?: string; readonly description?: { readonly text: string } };
    readonly region?: {
      readonly startLine: number;
      readonly endLine: number;
      readonly snippet?: { readonly text: string };
    };
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
}

/** What the tests look at. */
export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly version: string;
      readonly rules: readonly {
        readonly id: string;
        readonly shortDescription: { readonly text: string };
        readonly fullDescription?: { readonly text: string };
        readonly help?: { readonly text: string; readonly markdown: string };
        readonly defaultConfiguration?: { readonly level: string };
        readonly properties: { readonly tags: readonly string[]; readonly catalog?: readonly string[] };
      }[];
      readonly notifications: readonly { readonly id: string }[];
    };
  };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: readonly {
      readonly descriptor: { readonly id: string; readonly index: number };
      readonly associatedRule?: { readonly id: string; readonly index: number };
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations?: readonly SarifPlace[];
    }[];
  }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly SarifPlace[];
    readonly relatedLocations: readonly SarifPlace[];
    readonly partialFingerprints: Readonly<Record<string, string>>;
  }[];
  readonly properties: { readonly verdicts: Readonly<Record<string, number>> };
}
