// Reads how cloud-init ended: status.json, result.json, `cloud-init status` in any format, and ds-identify.log.
//
//   {"v1": {"datasource": null, "errors": ["…"]}}                    status: error
//   {"v1": {"stage": null, "init": {"errors": []}}}                  detail:
//   Found single datasource: OpenStack                               DataSourceOpenStack [net,ver=2]

import type { Span } from '../../../bundle/source.ts';
import { type Fact, factType, list, map, node, optional, string } from '../../fact-type.ts';
import { type Parsed, parser } from '../../parser.ts';
import { keySpan, readDocuments } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyValues } from '../../text/key-values.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { at, isPlain, nonEmpty, type Plain, plainOf, textOf, textsOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';

export const CloudInit = factType('CloudInit', 'How cloud-init ended, as one of its files says.', {
  node: node(),
  from: string('`status`, `result` or `ds-identify`.'),
  status: optional(string('done, running, error, disabled, degraded done …')),
  datasource: optional(string('Where the configuration came from; absent when none was found.')),
  errors: list(string(), 'Messages of what failed.'),
  recoverableErrors: list(string(), 'LEVEL: message of what was survived (cloud-init 23.4 and later).'),
  stages: map(list(string()), 'Errors by stage: init-local, init, modules-config, modules-final.'),
});

export const cloudInitStatus = parser({ reads: 'CloudInitStatus', yields: CloudInit, parse: readStatus });
export const cloudInitResult = parser({ reads: 'CloudInitResult', yields: CloudInit, parse: readStatus });

function readStatus(text: string): Parsed {
  if (!/^\s*\{/.test(text)) return readText(text);
  const { documents, problems } = readDocuments(text);
  const facts = documents.flatMap(({ value, span }) => (isPlain(value) ? [jsonFact(value, span)] : []));
  return { facts, problems };
}

function jsonFact(whole: Plain, span: Span): Fact {
  const v1 = isPlain(whole.v1) ? whole.v1 : whole;
  const stages = Object.entries(v1).flatMap(([stage, said]) =>
    isPlain(said) && Array.isArray(said.errors) ? [[stage, textsOf(said.errors)] as const] : [],
  );
  // status.json keeps the errors of each stage; result.json and the command have them all in one list.
  const errors = Array.isArray(v1.errors) ? textsOf(v1.errors) : stages.flatMap(([, messages]) => messages);
  const value = present({
    from: 'stage' in v1 || 'status' in v1 ? 'status' : 'result',
    status: nonEmpty(v1.extended_status) ?? nonEmpty(v1.status),
    datasource: nonEmpty(v1.datasource),
    errors,
    recoverableErrors: recoverableOf(v1),
    stages: Object.fromEntries(stages),
  });
  const place = errors.length > 0 ? keySpan(v1, 'errors') : undefined;
  return CloudInit.fact(span, value, place ? { at: { errors: place } } : {});
}

function recoverableOf(v1: Plain): string[] {
  const levels = [v1, ...Object.values(v1).filter(isPlain)].map((each) => plainOf(at(each, 'recoverable_errors')));
  const all = levels.flatMap((each) =>
    Object.entries(each).flatMap(([level, texts]) => textsOf(texts).map((text) => `${level}: ${text}`)),
  );
  return [...new Set(all)];
}

/** `cloud-init status --long`, where details and errors follow their key on lines of their own. */
function readText(text: string): Parsed {
  const lines = spokenLines(text);
  const pairs = keyValues(lines, ':').filter(({ line }) => /^[a-z_ ]+:/.test(line.text));
  const status = pairs.find(({ key }) => key === 'status');
  if (!status) return { facts: [], problems: failedOutput(text, 'output of cloud-init status') };
  const get = (key: string) => pairs.find((pair) => pair.key === key)?.value;
  const detail = lines.find((line) => /^DataSource\w+/.test(line.text))?.text;
  const inErrors = lines.slice(lines.findIndex((line) => /^errors:/.test(line.text)) + 1);
  const errors = get('errors') === undefined ? [] : inErrors.flatMap(({ text }) => /^\s+- (.*)$/.exec(text)?.[1] ?? []);
  const value = present({
    from: 'status',
    status: get('extended_status') ?? status.value,
    datasource: detail,
    errors,
    recoverableErrors: [],
    stages: {},
  });
  const span: Span = [status.line.number, lines.at(-1)?.number ?? status.line.number];
  return { facts: [CloudInit.fact(span, value, { at: { status: lineSpan(status.line) } })], problems: [] };
}

export const dsIdentifyLog = parser({
  reads: 'DsIdentifyLog',
  yields: CloudInit,
  parse(text) {
    const lines = spokenLines(text);
    if (!lines.some((line) => /ds-identify|DSNAME=|DSLIST=/.test(line.text))) {
      return { facts: [], problems: failedOutput(text, 'a ds-identify.log') };
    }
    // The file is appended to at each boot: the last word counts.
    const found = lines.findLast((line) =>
      /^(?:Found single datasource|Found|single entry in datasource_list).*?: ?\w|^No ds found|disabled/.test(
        line.text,
      ),
    );
    if (!found) return { facts: [], problems: [] };
    const name = /(?:datasource|datasource_list)[^:]*: ?\(?([\w, ]+)/.exec(found.text)?.[1]?.trim();
    const none = /^No ds found|disabled/.test(found.text);
    const value = present({
      from: 'ds-identify',
      status: none ? 'disabled' : undefined,
      datasource: none ? undefined : textOf(name),
      errors: [],
      recoverableErrors: [],
      stages: {},
    });
    return { facts: [CloudInit.fact(lineSpan(found), value)], problems: [] };
  },
});
